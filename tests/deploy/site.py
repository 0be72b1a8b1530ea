"""A whole installation on loopback: processes of the server, and a proxy with the configuration that is deployed."""

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
    manage(environment, "migrate", "--verbosity", "0")
    manage(environment, "seed_demo", "--quiet")
    token = manage(environment, "device_token", "demo-001").strip()
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
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


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
