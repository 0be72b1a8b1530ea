"""What a guest sees through a share, by every transport: its one channel, positions alone, and nothing once it has ended."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.contrib.auth.models import User
from django.utils import timezone

from tests.transports.conftest import Process
from tests.transports.test_rights import OWN_PAGE, ask_token, greeted
from tests.transports.test_websocket import NOW_MS, item, post
from tracking.live.channels import find_channel
from tracking.live.limits import CONNECTIONS_OF_SHARE
from tracking.models import Look, Region, RegionAccess, Share, Vehicle
from tracking.transports import roster

EAST = 12.5
LIVE = "http://localhost/live/v1/"
WAYS = ("websocket", "sse", "longpoll", "poll")
OTHERS = {
    "vehicle:van": ["region:west", "region:east", "region:all", "vehicle:bus", "driver:van", "admin:ops", "vehicle:no"],
    "region:west": ["region:east", "region:all", "vehicle:van", "vehicle:bus", "driver:van", "admin:ops", "region:no"],
}


def make_share(channel: str, *, maker: str = "boss", lasts_s: float = 3600) -> str:
    """Its secret."""
    kind, _, slug = channel.partition(":")
    target = {"vehicle": Vehicle, "region": Region}[kind].objects.get(slug=slug)
    share = Share(kind=kind, maker=User.objects.get(username=maker), **{kind: target})
    share.expires_at = timezone.now() + timedelta(seconds=lasts_s)
    secret = share.renew_secret()
    share.save()
    return secret


class Reader:
    """A guest's browser on one of the WAYS; `heard` is all that it was ever told."""

    def __init__(self, process: Process, way: str, secret: str, channels: list[str]) -> None:
        self._process, self._way, self._secret, self._channels = process, way, secret, channels
        self._cursor = ""
        self._unread: list[dict[str, Any]] = []
        self.heard: list[dict[str, Any]] = []

    async def open(self) -> "Reader":
        await getattr(self, f"_open_{self._way}", self._open_nothing)()
        return self

    async def hear(self, *types: str) -> dict[str, Any]:
        """The next message of one of these types."""
        async with asyncio.timeout(10):
            while True:
                while not self._unread:
                    self._unread = await getattr(self, f"_read_{self._way}")()
                self.heard.append(self._unread.pop(0))
                if self.heard[-1]["type"] in types:
                    return self.heard[-1]

    async def _open_nothing(self) -> None: ...

    async def _open_websocket(self) -> None:
        self._socket = await self._process.connect()
        await self._socket.say(type="hello", token=self._secret)
        for number, channel in enumerate(self._channels):
            await self._socket.say(type="join", id=number, channel=channel)

    async def _read_websocket(self) -> list[dict[str, Any]]:
        message: dict[str, Any] = await self._socket.communicator.receive_json_from(timeout=5)
        if message["type"] == "error" and message["id"] is not None:
            message["channel"] = self._channels[message["id"]]
        return [message]

    async def _open_sse(self) -> None:
        """An event source cannot send headers."""
        token = (await ask_token(self._process, headers={"Authorization": f"Bearer {self._secret}"})).json()["token"]
        query = "&".join([f"token={token}", *(f"channel={channel}" for channel in self._channels)])
        scope = {"type": "http", "method": "GET", "path": "/live/v1/sse", "headers": [(b"host", b"localhost")]}
        self._events = ApplicationCommunicator(self._process.application, {**scope, "query_string": query.encode()})
        await self._events.send_input({"type": "http.request", "body": b""})
        assert (await self._events.receive_output(timeout=5))["status"] == 200

    async def _read_sse(self) -> list[dict[str, Any]]:
        part = await self._events.receive_output(timeout=5)
        lines = dict(line.split(": ", 1) for line in part["body"].decode().strip().splitlines())
        return [json.loads(lines["data"])] if "data" in lines else []

    async def _read_poll(self, wait_s: int = 0) -> list[dict[str, Any]]:
        await asyncio.sleep(0.05)
        async with self._process.http(self._secret) as client:
            query = {"channel": self._channels, "cursor": self._cursor, "wait": wait_s}
            answer = await client.get(f"{LIVE}poll", params=query)
        if answer.status_code == 401:
            return [{"type": "bye", "code": 4500}]
        if answer.status_code != 200:
            return []
        self._cursor = answer.json()["cursor"]
        messages: list[dict[str, Any]] = answer.json()["messages"]
        return messages

    async def _read_longpoll(self) -> list[dict[str, Any]]:
        return await self._read_poll(20)

    async def close(self) -> None:
        if self._way == "sse":
            await self._events.send_input({"type": "http.disconnect"})
            await self._events.wait(timeout=5)


async def come_in(process: Process, way: str, channel: str, *more: str, **options: Any) -> Reader:
    secret = await sync_to_async(make_share)(channel, **options)
    return await Reader(process, way, secret, [channel, *more]).open()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("channel", OTHERS)
async def test_a_guest_sees_one_channel_and_no_other(process: Process, channel: str, way: str) -> None:
    await post(process, item(), item(vehicle="bus", lon=EAST))
    guest = await come_in(process, way, channel, *OTHERS[channel])
    refused = {(await guest.hear("error"))["channel"]: guest.heard[-1]["code"] for _ in OTHERS[channel]}
    assert refused == dict.fromkeys(OTHERS[channel], "forbidden")
    picture = next((one for one in guest.heard if one["type"] == "snapshot"), None) or await guest.hear("snapshot")
    assert [row[0] for row in picture["rows"]] == [1]
    await guest.close()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("channel", OTHERS)
async def test_a_guest_hears_of_positions_alone(process: Process, channel: str, way: str) -> None:
    """Neither of crossings and messages, nor who is there; of vehicles neither plate nor slug nor driver."""
    await Vehicle.objects.filter(slug="van").aupdate(plate="ABC 123", name="White van", driver="Anna")
    await post(process, item())
    guest = await come_in(process, way, channel)
    picture = await guest.hear("snapshot")
    colour = (await Vehicle.objects.aget(slug="van")).colour
    assert picture["vehicles"]["1"] == {"slug": "1", "name": "White van", "plate": "", "kind": "car", "colour": colour}
    boss = await process.connect("boss")
    await boss.join(channel)
    await post(process, item(10, lon=EAST), item(20))
    async with process.http("van") as driver:
        message = {"type": "send", "id": 7, "channel": "driver:van", "key": "k", "text": "On my way"}
        assert (await driver.post(f"{LIVE}command", json=message)).status_code == 200
    heard = [await boss.communicator.receive_json_from(timeout=5) for _ in range(4)]
    await post(process, item(30))
    while [row[1] for row in picture["rows"]] != [NOW_MS + 30_000]:
        picture = await guest.hear("delta", "snapshot")
    assert {one["type"] for one in heard} & {"event", "presence"}
    assert {one["type"] for one in guest.heard} <= {"welcome", "ok", "snapshot", "delta", "heartbeat"}
    assert "ABC 123" not in json.dumps(guest.heard) and '"van"' not in json.dumps(guest.heard)
    await guest.close()


async def test_a_guest_is_nobody_s_presence(process: Process) -> None:
    boss = await process.connect("boss")
    await boss.join("vehicle:van")
    guest = await come_in(process, "websocket", "vehicle:van")
    await guest.hear("ok")
    await (await process.connect("west")).join("region:west")
    channel = find_channel("admin:ops", process.fleet.directory)
    assert channel is not None
    people = process.fleet.presence.people(channel) or []
    assert {person.who.partition(":")[0] for person in people} == {"user"}


def revoke() -> None:
    Share.objects.filter(maker__username="boss").update(revoked_at=timezone.now())


def disable_maker() -> None:
    User.objects.filter(username="boss").update(is_active=False)


def delete_maker() -> None:
    User.objects.filter(username="boss").delete()


@pytest.mark.parametrize("way", ["websocket", "sse", "longpoll"])
@pytest.mark.parametrize("withdraw", [revoke, disable_maker, delete_maker])
async def test_a_withdrawn_share_ends_its_connections(process: Process, withdraw: Callable[[], None], way: str) -> None:
    await post(process, item())
    guest, other = [await come_in(process, way, "vehicle:van", maker=maker) for maker in ("boss", "west")]
    for one in (guest, other):
        await one.hear("snapshot")
    reading = asyncio.create_task(guest.hear("bye"))
    await asyncio.sleep(0.1)
    await sync_to_async(withdraw)()
    assert (await reading)["code"] in ({4505, 4500} if way == "longpoll" else {4505})
    await post(process, item(1))
    assert (await other.hear("delta"))["rows"][0][1] == NOW_MS + 1000
    await other.close()


@pytest.mark.parametrize("way", ["websocket", "sse"])
async def test_a_share_that_expires_ends_its_connections(process: Process, way: str) -> None:
    await post(process, item())
    guest = await come_in(process, way, "vehicle:van", lasts_s=2)
    await guest.hear("snapshot")
    assert (await guest.hear("bye"))["code"] == 4005


@pytest.mark.parametrize("way", WAYS)
async def test_an_expired_share_opens_nothing(process: Process, way: str) -> None:
    secret = await sync_to_async(make_share)("vehicle:van", lasts_s=-1)
    if way == "sse":
        assert (await ask_token(process, headers={"Authorization": f"Bearer {secret}"})).status_code == 401
        return
    guest = await Reader(process, way, secret, ["vehicle:van"]).open()
    assert (await guest.hear("bye"))["code"] == 4500


@pytest.mark.parametrize("way", ["websocket", "sse", "longpoll"])
async def test_a_vehicle_that_leaves_its_maker_s_regions_leaves_the_share(process: Process, way: str) -> None:
    await post(process, item())
    guest = await come_in(process, way, "vehicle:van", maker="west")
    await guest.hear("snapshot")
    await post(process, item(1, lon=EAST))
    kick = await guest.hear("kick", "delta", "error")
    assert (kick["type"], kick["code"]) == ("kick", "forbidden") or kick.get("code") == "forbidden"
    assert str(EAST) not in json.dumps(guest.heard)
    await guest.close()


@pytest.mark.parametrize("way", ["websocket", "sse", "longpoll"])
async def test_a_region_taken_from_the_maker_is_taken_from_guests(process: Process, way: str) -> None:
    await post(process, item())
    guest = await come_in(process, way, "region:west", maker="west")
    await guest.hear("snapshot")
    await RegionAccess.objects.all().adelete()
    assert (await guest.hear("kick", "error"))["code"] == "forbidden"
    await guest.close()


COMMANDS = [
    {"type": "send", "id": 1, "channel": "driver:van", "key": "k", "text": "Hello"},
    {"type": "send", "id": 1, "channel": "vehicle:van", "key": "k", "text": "Hello"},
    {"type": "read", "id": 1, "message_id": 1},
    {"type": "report", "id": 1, "fixes": [item()]},
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: f"{one['type']} {one.get('channel', '')}")
async def test_a_guest_says_nothing(process: Process, command: dict[str, Any]) -> None:
    await post(process, item())
    async with process.http("van") as driver:
        message = {"type": "send", "id": 7, "channel": "driver:van", "key": "k", "text": "On my way"}
        command = {**command}
        sent = (await driver.post(f"{LIVE}command", json=message)).json()["result"]["message_id"]
    if "message_id" in command:
        command["message_id"] = sent
    secret = await sync_to_async(make_share)("vehicle:van")
    async with process.http(secret) as client:
        answer = await client.post(f"{LIVE}command", json=command)
    assert answer.json()["type"] == "error" and answer.json()["code"] in {"forbidden", "unknown_channel"}


async def test_a_dispatcher_who_opens_a_link_sees_what_it_shows(process: Process) -> None:
    """The browser sends the session's cookie along."""
    secret = await sync_to_async(make_share)("vehicle:van")
    socket = await process.connect("boss")
    await greeted(socket, token=secret)
    await socket.say(type="join", id=1, channel="region:all")
    assert (await socket.hear())["code"] == "forbidden"


async def test_a_stream_token_of_a_share_is_renewed_and_not_minted_from_itself(process: Process) -> None:
    secret, other = [await sync_to_async(make_share)("vehicle:van") for _ in range(2)]
    tokens = [
        (await ask_token(process, headers={"Authorization": f"Bearer {one}"})).json()["token"]
        for one in (secret, other)
    ]
    again = await ask_token(process, headers={"Authorization": f"Bearer {tokens[0]}", **OWN_PAGE})
    assert again.status_code == 401
    socket = await process.connect()
    await greeted(socket, token=tokens[0])
    await socket.say(type="auth", id=1, token=secret)
    assert (await socket.hear())["type"] == "ok"
    await socket.say(type="auth", id=2, token=tokens[1])
    assert (await socket.hear())["code"] == 4500


async def test_the_oldest_of_too_many_guests_goes(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    assert CONNECTIONS_OF_SHARE == 100
    monkeypatch.setattr(roster, "CONNECTIONS_OF_SHARE", 2)
    secret = await sync_to_async(make_share)("vehicle:van")
    sockets = [await process.connect() for _ in range(3)]
    for socket in sockets:
        assert (await greeted(socket, token=secret))["type"] == "welcome"
    assert (await sockets[0].hear("bye"))["code"] == 4506


async def test_who_looks_live_is_in_the_audit(process: Process) -> None:
    for way in ("websocket", "poll"):
        guest = await come_in(process, way, "region:west")
        await guest.hear("snapshot")
    await sync_to_async(process.fleet.looks.stop)()
    looks = [(look.kind, look.who.partition(",")[0], look.region) async for look in Look.objects.all()]
    assert looks == [("share", "boss", "west")] * 2


async def test_a_share_opens_no_other_door(process: Process) -> None:
    secret = await sync_to_async(make_share)("region:west")
    async with process.http(secret) as client:
        posted = await client.post("fixes", json=[item()])
        read = [
            await client.get(path) for path in ("vehicles", "vehicles/van", "regions", "events", "messages", "shares")
        ]
    assert {answer.status_code for answer in [posted, *read]} == {401}
