"""The deployed configurations of nginx and haproxy, with other ports and folders."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from scripts.support.children import LOOPBACK, Children, wait_until_listening

ROOT = Path(__file__).resolve().parents[2]
NGINX_CONF = ROOT / "deploy" / "nginx.conf"
HAPROXY_CFG = ROOT / "deploy" / "haproxy.cfg"
ACCESS_LOG = "access.log"
STARTS_WITHIN_S = 60.0


class Proxy(Protocol):
    def start(
        self, children: Children, folder: Path, *, http_port: int, https_port: int, web_ports: Sequence[int]
    ) -> None:
        """`folder` has the certificate."""
        ...


class Nginx:
    def __init__(self, program: str) -> None:
        self._program = program

    def start(
        self, children: Children, folder: Path, *, http_port: int, https_port: int, web_ports: Sequence[int]
    ) -> None:
        """Inside the least that it needs around it."""
        text = replaced(
            NGINX_CONF,
            {
                "server web:8000;": " ".join(f"server {LOOPBACK}:{port};" for port in web_ports),
                "listen 80;": f"listen {LOOPBACK}:{http_port};",
                "listen 443 ssl": f"listen {LOOPBACK}:{https_port} ssl",
                "/etc/nginx/certs": str(folder),
            },
        )
        paths = "".join(
            f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        path = folder / "nginx.conf"
        path.write_text(
            f"daemon off; pid {folder}/nginx.pid; error_log stderr; events {{}}\n"
            f"http {{ access_log {folder}/{ACCESS_LOG}; {paths}\n{text}}}\n"
        )
        # As whoever runs the tests, whose files its workers have to read.
        run_as = ["-g", "user root;"] if os.geteuid() == 0 else []
        command = [self._program, "-c", str(path), "-p", str(folder), *run_as]
        start(children, command, check=[*command, "-t"], folder=folder, port=https_port)


class Haproxy:
    def __init__(self, program: str) -> None:
        self._program = program

    def start(
        self, children: Children, folder: Path, *, http_port: int, https_port: int, web_ports: Sequence[int]
    ) -> None:
        deployed = "    server web1 127.0.0.1:8001\n    server web2 127.0.0.1:8002\n"
        servers = "".join(f"    server web{i} {LOOPBACK}:{port}\n" for i, port in enumerate(web_ports, 1))
        text = replaced(
            HAPROXY_CFG,
            {
                deployed: servers,
                "bind :80\n": f"bind {LOOPBACK}:{http_port}\n",
                "bind :443 ssl": f"bind {LOOPBACK}:{https_port} ssl",
                "/etc/haproxy/certs": str(folder),
            },
        )
        pair = [(folder / name).read_bytes() for name in ("fullchain.pem", "privkey.pem")]
        (folder / "haproxy.pem").write_bytes(b"".join(pair))
        path = folder / "haproxy.cfg"
        path.write_text(text)
        command = [self._program, "-db", "-f", str(path)]
        start(children, command, check=[*command, "-c"], folder=folder, port=https_port)


def replaced(path: Path, changes: Mapping[str, str]) -> str:
    """Every change must find its place."""
    text = path.read_text()
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def start(children: Children, command: Sequence[str], *, check: Sequence[str], folder: Path, port: int) -> None:
    checked = subprocess.run(check, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    child = children.start(command, folder=folder)
    assert wait_until_listening(child, port, within_s=STARTS_WITHIN_S), f"{command[0]} has not started"
