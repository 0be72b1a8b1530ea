"""One process of the product, and somebody for each kind of credential."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from tests.transports.conftest import HOST, ORIGIN, Process, layer, process
from tests.transports.test_websocket import item, post
from tracking.models import ApiToken, DeviceToken, Message, Region, RegionAccess, Share, Token, Vehicle
from tracking.storage.sqlite import SqliteTelemetry
from tracking.storage.telemetry import Telemetry

__all__ = ["layer", "process"]

Headers = list[tuple[bytes, bytes]]


class Guards:
    """Whoever may knock: by the name of a column of the table, the headers that they send."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.headers: dict[str, Headers] = {"nobody": []}

    def fill(self) -> None:
        """`west` is limited to the region West and may share, `all` may watch everything, `clerk` is staff and may watch nothing."""
        van, boss, west = (
            Vehicle.objects.get(slug="van"),
            User.objects.get(username="boss"),
            User.objects.get(username="west"),
        )
        everything, clerk = User.objects.create_user("all"), User.objects.create_user("clerk", is_staff=True)
        everything.user_permissions.add(Permission.objects.get(codename="watch_everything"))
        west.user_permissions.add(Permission.objects.get(codename="add_share"))
        share = {"kind": "region", "region": Region.objects.get(slug="west"), "maker": boss}
        later, earlier = (timezone.now() + timedelta(hours=hours) for hours in (1, -1))
        self._bring("guest", Share(pk=11, expires_at=later, **share))
        self._bring("guest revoked", Share(pk=12, expires_at=later, **share), is_revoked=True)
        self._bring("guest expired", Share(pk=13, expires_at=earlier, **share))
        self._bring("nobody's", Share(pk=1, expires_at=later, **share))
        del self.headers["nobody's"]
        Message.objects.create(pk=1, vehicle=van, from_driver=True, key="k", text="Hello", sent_at=timezone.now())
        self._bring("device", DeviceToken(vehicle=van))
        self._bring("device revoked", DeviceToken(vehicle=van), is_revoked=True)
        self._bring("gateway", DeviceToken())
        self._bring("token west", ApiToken(user=west))
        self._bring("token all", ApiToken(user=everything))
        self._bring("token revoked", ApiToken(user=everything), is_revoked=True)
        for user in (west, everything, clerk, boss):
            self.headers[user.username] = _cookie(user)
        self.headers["logged out"] = _cookie(everything, is_logged_out=True)

    def _bring(self, name: str, token: Token, *, is_revoked: bool = False) -> None:
        secret = token.renew_secret()
        token.save()
        if is_revoked:
            token.revoke()
        self.headers[name] = [(b"authorization", f"Bearer {secret}".encode())]

    async def knock(self, who: str, method: str, path: str, *, query: str = "", body: bytes = b"") -> int:
        """The status of the answer; of a WebSocket 101, or the code with which it ends."""
        if method == "WS":
            return await self._knock_by_socket(who, path)
        path = path.replace("{token}", self._secret_of(who))
        sent = [HOST, ORIGIN, (b"x-fleet", b"1"), (b"content-type", b"application/json"), *self.headers[who]]
        scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "headers": sent}
        scope |= {"query_string": query.encode(), "http_version": "1.1", "scheme": "http", "client": ("203.0.113.5", 5)}
        scope |= {"server": ("localhost", 80), "root_path": "", "asgi": {"version": "3.0"}}
        return await _status_of(self.process.application, scope, body)

    def _secret_of(self, who: str) -> str:
        """That of the header, for who writes it into the address."""
        return next(
            (value.decode().partition(" ")[2] for _, value in self.headers[who] if b"Bearer" in value), "nonsense"
        )

    async def _knock_by_socket(self, who: str, path: str) -> int:
        socket = WebsocketCommunicator(self.process.application, path, [HOST, ORIGIN, *self.headers[who]])
        await socket.connect(timeout=5)
        await socket.send_json_to({"type": "hello"})
        answer = await socket.receive_json_from(timeout=5)
        with suppress(asyncio.CancelledError):
            await socket.disconnect()
        return 101 if answer["type"] == "welcome" else int(answer["code"])


def _cookie(user: User, *, is_logged_out: bool = False) -> Headers:
    browser = Client()
    browser.force_login(user)
    key = browser.cookies["sessionid"].value
    if is_logged_out:
        browser.logout()
    return [(b"cookie", f"sessionid={key}".encode())]


async def _status_of(application: Any, scope: dict[str, Any], body: bytes) -> int:
    """Leaves as soon as the answer begins: some never end."""
    incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    incoming.put_nowait({"type": "http.request", "body": body, "more_body": False})
    status = asyncio.get_running_loop().create_future()

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start" and not status.done():
            status.set_result(message["status"])
            incoming.put_nowait({"type": "http.disconnect"})

    call = asyncio.create_task(application(scope, incoming.get, send))
    async with asyncio.timeout(20):
        found = int(await status)
        with suppress(asyncio.CancelledError):
            await call
    return found


@pytest.fixture
def telemetry(tmp_path: Path) -> Iterator[Telemetry]:
    """Who may come in does not depend on the engine."""
    store = SqliteTelemetry(tmp_path / "telemetry.sqlite3")
    store.prepare()
    yield store
    store.close()


@pytest.fixture
async def guards(process: Process) -> Guards:
    made = Guards(process)
    await sync_to_async(made.fill)()
    assert await sync_to_async(RegionAccess.objects.count)() == 1
    await post(process, item(), item(vehicle="bus", lon=12.5))
    return made
