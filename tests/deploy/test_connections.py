"""PostgreSQL takes a hundred connections; requests must not use them up."""

from pathlib import Path
from secrets import token_hex

import httpx
import psycopg

from scripts.support.children import LOOPBACK, Children
from tests.deploy.conftest import empty_database
from tests.deploy.site import clean_environment, migrate, start_server

REQUESTS = 40
MOST_CONNECTIONS = 15


def test_requests_leave_no_connection_open(tmp_path: Path, postgres_url: str) -> None:
    """Each has a thread of its own, whose connection would stay until somebody collects it."""
    with empty_database(postgres_url) as url, Children() as children:
        environment = clean_environment() | {"FLEET_DATA_DIR": str(tmp_path), "DATABASE_URL": url}
        login = {"USERNAME": "boss", "PASSWORD": token_hex(8), "EMAIL": "boss@example.org"}
        named = {f"DJANGO_SUPERUSER_{name}": value for name, value in login.items()}
        boss = ["createsuperuser", "--noinput", "--verbosity", "0"]
        _, token = migrate(environment | named, boss, ["api_token", "boss"])
        port, _ = start_server(children, environment, "uvicorn")
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=f"http://{LOOPBACK}:{port}/api/v1/", headers=headers, trust_env=False) as client:
            answers = [client.get("regions").status_code for _ in range(REQUESTS)]
        with psycopg.connect(url) as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            ).fetchone()
        assert answers == [200] * REQUESTS
        assert row is not None and row[0] <= MOST_CONNECTIONS
