"""One process of the product, without a server: the ASGI application over a real store."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from channels.layers import InMemoryChannelLayer
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import User
from django.test import Client

from fleet.asgi import django_application
from tracking.models import DeviceToken, Region, RegionAccess, Vehicle
from tracking.storage.telemetry import Telemetry
from tracking.wiring import Fleet, make_application

ORIGIN = (b"origin", b"http://localhost")
HOST = (b"host", b"localhost")


def make_square(west: float, east: float) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[[west, 57], [east, 57], [east, 58], [west, 58], [west, 57]]]}


class Process:
    """A van and a bus, regions West and East; `boss` sees all, `west` one region."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self.application = make_application(fleet, django_application)
        self.sessions: dict[str, str] = {}
        self.tokens: dict[str, str] = {}
        self.sockets: list[WebsocketCommunicator] = []

    def fill(self) -> None:
        van = Vehicle.objects.create(pk=1, slug="van", name="Van")
        Vehicle.objects.create(pk=2, slug="bus", name="Bus")
        west = Region.objects.create(slug="west", name="West", polygon=make_square(11, 12), min_stay_s=0)
        Region.objects.create(slug="east", name="East", polygon=make_square(12, 13), min_stay_s=0)
        for name, vehicle in (("gateway", None), ("van", van)):
            token = DeviceToken(label=name, vehicle=vehicle)
            self.tokens[name] = token.renew_secret()
            token.save()
        boss = User.objects.create_superuser("boss")
        limited = User.objects.create_user("west")
        RegionAccess.objects.create(user=limited, region=west)
        for user in (boss, limited):
            browser = Client()
            browser.force_login(user)
            self.sessions[user.username] = browser.cookies["sessionid"].value

    async def stop(self) -> None:
        """A socket that was waited for in vain is cancelled; that must not end the clearing up, nor the tests that follow."""
        for socket in self.sockets:
            with suppress(asyncio.CancelledError):
                await socket.disconnect()
        await self.fleet.stop()

    def http(self, token: str | None = "gateway") -> httpx.AsyncClient:
        """A device that posts fixes; a name of `tokens`, or a token of its own."""
        secret = self.tokens.get(token or "", token)
        headers = {} if secret is None else {"Authorization": f"Bearer {secret}"}
        transport = httpx.ASGITransport(app=self.application)
        return httpx.AsyncClient(transport=transport, base_url="http://localhost/api/v1/", headers=headers)

    async def connect(
        self,
        user: str | None = None,
        *,
        headers: list[tuple[bytes, bytes]] | None = None,
        subprotocols: Any = ("fleet.v1.json",),
    ) -> "Socket":
        """A socket; with a `user` as that user's browser opens it."""
        sent = [HOST, *(headers or [])]
        if user is not None:
            sent += [ORIGIN, (b"cookie", f"sessionid={self.sessions[user]}".encode())]
        communicator = WebsocketCommunicator(self.application, "/live/v1/ws", sent, subprotocols=list(subprotocols))
        self.sockets.append(communicator)
        connected, subprotocol = await communicator.connect(timeout=5)
        assert connected
        return Socket(communicator, subprotocol)


class Socket:
    def __init__(self, communicator: WebsocketCommunicator, subprotocol: str | None) -> None:
        self.communicator = communicator
        self.subprotocol = subprotocol

    async def say(self, **message: Any) -> None:
        await self.communicator.send_json_to(message)

    async def hear(self, type_: str | None = None) -> dict[str, Any]:
        """The next message but events and presence; with `type_` the next of that type, others are passed over."""
        while True:
            message: dict[str, Any] = await self.communicator.receive_json_from(timeout=5)
            if message["type"] == type_ or (type_ is None and message["type"] not in {"event", "presence"}):
                return message

    async def closed(self) -> int:
        """The code of the close frame that comes next."""
        message = await self.communicator.receive_output(timeout=5)
        assert message["type"] == "websocket.close", message
        return int(message["code"])

    async def join(self, channel: str, **fields: Any) -> dict[str, Any]:
        """Says hello and joins; gives the first state frame."""
        await self.say(type="hello")
        assert (await self.hear())["type"] == "welcome"
        await self.say(type="join", id=1, channel=channel, **fields)
        answer = await self.hear()
        assert answer == {"type": "ok", "id": 1, "result": {}}, answer
        return await self.hear()


@pytest.fixture
def layer() -> InMemoryChannelLayer:
    return InMemoryChannelLayer()


@pytest.fixture
async def process(transactional_db: None, telemetry: Telemetry, layer: InMemoryChannelLayer) -> AsyncIterator[Process]:
    from asgiref.sync import sync_to_async

    made = Process(Fleet(telemetry, layer, retention_days=400))
    await sync_to_async(made.fill)()
    yield made
    await made.stop()


@pytest.fixture
async def neighbour(process: Process, telemetry: Telemetry, layer: InMemoryChannelLayer) -> AsyncIterator[Process]:
    """Another process of the same site; its store has to be PostgreSQL."""
    made = Process(Fleet(telemetry, layer, retention_days=400))
    made.sessions, made.tokens = process.sessions, process.tokens
    yield made
    await made.stop()
