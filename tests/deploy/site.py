"""A whole installation on loopback: processes of the server, and a proxy with the configuration that is deployed."""

import json
import os
import re
import ssl
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from scripts.support.children import Child, Children, free_port, wait_until_listening
from tests.deploy.proxies import ACCESS_LOG, ROOT, Proxy

CERTS_PAGE = ROOT / "deploy" / "certs" / "README.md"
STARTS_WITHIN_S = 60.0
EACH = """
import io, json, sys
from contextlib import redirect_stdout
import django
from django.core.management import call_command
django.setup()
said = []
for words in json.loads(sys.argv[1]):
    with redirect_stdout(io.StringIO()) as out:
        call_command(*words)
    said.append(out.getvalue().strip())
print(json.dumps(said))
"""
SETTINGS_PREFIX = ("FLEET_", "DATABASE_URL", "TELEMETRY_URL", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS", "DEBUG")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    http_port: int
    https_port: int
    web_ports: Sequence[int]
    processes: Sequence[Child]
    """One for each of `web_ports`."""
    token: str
    """Of a device of `demo-001`."""
    certificate: Path
    tls: ssl.SSLContext
    """Trusts the site's certificate and no other."""

    @property
    def access_log(self) -> Path:
        """nginx's; haproxy as deployed writes none."""
        return self.certificate.with_name(ACCESS_LOG)

    @property
    def host(self) -> str:
        return f"localhost:{self.https_port}"

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=f"https://{self.host}", verify=self.tls, trust_env=False)

    def log_in(self, client: httpx.Client) -> httpx.Response:
        """As the dispatcher who sees everything."""
        client.get("/login/")
        form = {"username": "dispatcher", "password": "fleet-demo", "csrfmiddlewaretoken": client.cookies["csrftoken"]}
        return client.post("/login/", data=form, headers={"Referer": f"https://{self.host}/login/"})


def make_site(
    children: Children, folder: Path, *, proxy: Proxy, settings: Mapping[str, str], servers: Sequence[str]
) -> Site:
    """Migrated and seeded; one process for each of `servers` (daphne or uvicorn)."""
    environment = clean_environment() | {"FLEET_DATA_DIR": str(folder / "var"), "FLEET_BEHIND_TLS": "1", **settings}
    (token,) = make_demo(environment, ["device_token", "demo-001"])
    started = [start_server(children, environment, server) for server in servers]
    web_ports = [port for port, _ in started]
    http_port, https_port = free_port(), free_port()
    make_certificate(folder)
    proxy.start(children, folder, http_port=http_port, https_port=https_port, web_ports=web_ports)
    return Site(
        http_port=http_port,
        https_port=https_port,
        web_ports=web_ports,
        processes=[child for _, child in started],
        token=token,
        certificate=folder / "fullchain.pem",
        tls=ssl.create_default_context(cafile=folder / "fullchain.pem"),
    )


def clean_environment() -> dict[str, str]:
    """This process's own, without settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS_PREFIX)}


def manage(environment: Mapping[str, str], *arguments: str) -> str:
    """What the command of manage.py printed, without the white space around it."""
    return manage_all(environment, arguments)[0]


def manage_all(environment: Mapping[str, str], *commands: Sequence[str]) -> list[str]:
    """Several in one process, which starts once and looks nothing over; what each printed."""
    program = [sys.executable, "-c", EACH, json.dumps(commands)]
    settings = {"DJANGO_SETTINGS_MODULE": "fleet.settings"}
    done = subprocess.run(program, cwd=ROOT, env={**environment, **settings}, check=True, stdout=subprocess.PIPE)
    said: list[str] = json.loads(done.stdout)
    return said


def migrate(environment: Mapping[str, str], *commands: Sequence[str]) -> list[str]:
    """A new database, then `commands`; what these printed."""
    return manage_all(environment, ["migrate", "--verbosity", "0"], *commands)[1:]


def make_demo(environment: Mapping[str, str], *commands: Sequence[str]) -> list[str]:
    """A new database with the demo's office, then `commands`; what these printed."""
    return migrate(environment, ["seed_demo", "--quiet"], *commands)[1:]


def start_server(
    children: Children, environment: Mapping[str, str], server: str, *, port: int | None = None
) -> tuple[int, Child]:
    """Its port (None: any) and itself."""
    port = port or free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(port), "--server", server]
    child = children.start(command, folder=ROOT, environment=environment)
    assert wait_until_listening(child, port, within_s=STARTS_WITHIN_S), f"{server} has not started"
    return port, child


def make_certificate(folder: Path) -> None:
    """By the very command that the page gives."""
    command = re.search(r"^openssl req .+$", CERTS_PAGE.read_text(), re.MULTILINE)
    assert command is not None
    subprocess.run(command[0], shell=True, cwd=folder, check=True, capture_output=True)
