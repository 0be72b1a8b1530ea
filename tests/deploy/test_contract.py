"""The OpenAPI document is a promise: whatever is asked, no 500 comes, and no answer that it does not describe."""

import subprocess
import sys
from pathlib import Path

from scripts.support.children import LOOPBACK, Children
from tests.deploy.site import clean_environment, make_demo, start_server

EXAMPLES = 8  # for each operation; on top of them come the borders of every parameter
CONFIG = """
headers = {{ Authorization = "Bearer {token}" }}

[[operations]]
include-path = ["/api/v1/fixes", "/in/{{token}}"]
headers = {{ Authorization = "Bearer {device}" }}

[[operations]]
include-path = ["/api/v1/share", "/api/v1/share/track"]
headers = {{ Authorization = "Bearer {guest}" }}
"""
"""Who asks: an administrator's program, a device, a guest."""
MAKE_SHARE = """
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from tracking.models import Share, Vehicle
now = timezone.now()
share = Share(kind="trip", vehicle=Vehicle.objects.first(), maker=User.objects.get(username="admin"))
share.from_time, share.to_time, share.expires_at = now - timedelta(hours=1), now, now + timedelta(hours=1)
secret = share.renew_secret()
share.save()
print(secret)
"""
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def test_no_answer_is_a_failure_or_undocumented(tmp_path: Path) -> None:
    environment = clean_environment() | {"FLEET_DATA_DIR": str(tmp_path / "var")}
    share = ["shell", "--verbosity", "0", "-c", MAKE_SHARE]
    made = make_demo(environment, ["api_token", "admin"], ["device_token", "demo-001"], share)
    secrets = dict(zip(("token", "device", "guest"), made, strict=True))
    (tmp_path / "schemathesis.toml").write_text(CONFIG.format(**secrets))
    with Children() as children:
        port, _ = start_server(children, environment, "daphne")
        url = f"http://{LOOPBACK}:{port}/api/v1/openapi.json"
        asked = ["--output-truncate", "false", "--checks", CHECKS, "--max-examples", str(EXAMPLES)]
        bounds = ["--seed", "1", "--phases", "examples,coverage,fuzzing", "--no-color", "--continue-on-failure"]
        found = subprocess.run(
            [sys.executable, "-m", "schemathesis.cli", "run", url, *asked, *bounds, "--generation-database", "none"],
            check=False,
            cwd=tmp_path,
            env=environment | {"NO_PROXY": "*"},
            capture_output=True,
            text=True,
            timeout=300,
        )
    assert found.returncode == 0, found.stdout[-8000:] + found.stderr[-2000:]
