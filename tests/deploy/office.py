"""`manage.py serve` by itself, on SQLite."""

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

from websockets.asyncio.client import ClientConnection, connect

from scripts.support.children import LOOPBACK, Child, Children, free_port, wait_until_listening
from tests.deploy.site import ROOT, STARTS_WITHIN_S, clean_environment, migrate

ENDS_WITHIN_S = 30.0


class Office:
    """A migrated data folder with one device."""

    def __init__(self, folder: Path) -> None:
        self.environment = clean_environment() | {"FLEET_DATA_DIR": str(folder)}
        (self.token,) = migrate(self.environment, ["device_token", "van", "--create"])

    def start(self, children: Children, server: str, log: IO[bytes] | None = None, **settings: str) -> "Running":
        """Its output goes to `log`, else it is shown."""
        port = free_port()
        command = [sys.executable, "manage.py", "serve", "--port", str(port), "--server", server]
        environment = self.environment | settings
        child = children.start(command, folder=ROOT, environment=environment, log=log, errors=log)
        assert wait_until_listening(child, port, within_s=STARTS_WITHIN_S), f"{server} has not started"
        return Running(child, port, self.token)


class Running:
    def __init__(self, child: Child, port: int, token: str) -> None:
        self.child = child
        self.port = port
        self.url = f"ws://{LOOPBACK}:{port}/live/v1/ws"
        self.site = f"http://{LOOPBACK}:{port}"
        self.token = token

    @asynccontextmanager
    async def device(self) -> AsyncIterator[ClientConnection]:
        """A socket that was welcomed."""
        async with connect(self.url, subprotocols=["fleet.v1.json"], proxy=None) as socket:
            await socket.send(json.dumps({"type": "hello", "token": self.token}))
            assert json.loads(await socket.recv())["type"] == "welcome"
            yield socket

    def ended(self) -> int:
        """The exit code."""
        return self.child.wait(ENDS_WITHIN_S)
