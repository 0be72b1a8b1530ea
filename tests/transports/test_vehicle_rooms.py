"""Dispatchers limited to regions follow a vehicle while it is in them, over every transport."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import pytest

from tests.transports.conftest import HOST, Process
from tests.transports.test_rights import has_watcher
from tests.transports.test_streams import Events, browser
from tests.transports.test_websocket import NOW_MS, item, post
from tracking.domain.latest import Standing
from tracking.domain.regions import NOWHERE
from tracking.live import feed
from tracking.live.events import EventFrame
from tracking.live.hub import WatchedRoom
from tracking.models import Vehicle
from tracking.transports.socketio_door import Door, Packets, Wire

EAST = 12.5
KICK = {"type": "kick", "channel": "vehicle:van", "code": "forbidden"}

Following: TypeAlias = Callable[[], Awaitable[list[dict[str, Any]]]]
"""What is heard after the first picture, up to and with the kick."""


async def follow_by_websocket(process: Process) -> Following:
    socket = await process.connect("west")
    await socket.join("vehicle:van")

    async def listen() -> list[dict[str, Any]]:
        heard = [await socket.hear()]
        while heard[-1]["type"] != "kick":
            heard.append(await socket.hear())
        return heard

    return listen


async def follow_by_sse(process: Process) -> Following:
    events = Events(process, "channel=vehicle:van", user="west")
    await events.open()
    assert [(await events.next())[1]["type"] for _ in range(2)] == ["welcome", "snapshot"]

    async def listen() -> list[dict[str, Any]]:
        heard = [(await events.next())[1]]
        while heard[-1]["type"] != "kick":
            heard.append((await events.next())[1])
        await events.close()
        return heard

    return listen


async def follow_by_poll(process: Process) -> Following:
    async def ask(cursor: str, wait_s: int) -> Any:
        async with browser(process, "west") as client:
            query = {"channel": "vehicle:van", "cursor": cursor, "wait": wait_s}
            return (await client.get("poll", params=query)).json()

    cursor = (await ask("", 0))["cursor"]
    waiting = asyncio.create_task(ask(cursor, 20))
    await has_watcher(process)

    async def listen() -> list[dict[str, Any]]:
        return list((await waiting)["messages"])

    return listen


async def follow_by_socketio(process: Process) -> Following:
    packets: asyncio.Queue[str] = asyncio.Queue()

    async def send(packet: Any) -> None:
        packets.put_nowait(packet.data)

    await process.fleet.start()
    door = Door(process.fleet, Wire(Packets("/dispatch").of, send, lambda: 0, lambda: None))
    cookie = f"sessionid={process.sessions['west']}".encode()
    scope = {"type": "http", "method": "GET", "headers": [HOST, (b"cookie", cookie)]}
    caller = await process.fleet.admission.identify(scope)
    assert caller is not None
    door.connection.session.caller = caller
    assert await door.open({}) is None
    await door.release()
    assert await door.receive("join", ({"channel": "vehicle:van"},)) == {"type": "ok", "result": {}}

    async def next_message() -> dict[str, Any]:
        async with asyncio.timeout(5):
            return dict(json.loads((await packets.get()).removeprefix("2/dispatch,"))[1])

    while (await next_message())["type"] != "snapshot":
        pass

    async def listen() -> list[dict[str, Any]]:
        heard = [await next_message()]
        while heard[-1]["type"] != "kick":
            heard.append(await next_message())
        door.gone()
        return heard

    return listen


def without_presence(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [message for message in messages if message["type"] != "presence"]


TRANSPORTS = pytest.mark.parametrize("follow", [follow_by_websocket, follow_by_sse, follow_by_poll, follow_by_socketio])


@TRANSPORTS
async def test_a_vehicle_that_leaves_is_lost_without_a_hint_of_where_it_went(process: Process, follow: Any) -> None:
    await post(process, item())
    listen = await follow(process)
    await post(process, item(1, lon=EAST))
    assert without_presence(await listen()) == [KICK]
    assert not any(room.watchers for room in process.fleet.feed.hub.rooms.values())


@TRANSPORTS
async def test_it_is_lost_as_well_while_the_bus_is_away(
    process: Process, follow: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "REPAIR_EVERY_S", 0.0)
    await post(process, item())
    listen = await follow(process)
    monkeypatch.setattr(process.fleet.feed, "publish", lambda *args, **options: None)
    await post(process, item(1, lon=EAST))
    assert without_presence(await listen()) == [KICK]


async def test_who_loses_a_room_while_joining_it_is_not_let_in(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The vehicle leaves while the events of the last day are told."""
    await post(process, item())
    live, missed = process.fleet.feed, process.fleet.feed.missed

    def leave_meanwhile(watched: WatchedRoom, cursor: str | None) -> list[EventFrame]:
        live.hub.locate(watched, Standing(NOWHERE, 1 << 42))
        live.recheck()
        return missed(watched, cursor)

    monkeypatch.setattr(live, "missed", leave_meanwhile)
    socket = await process.connect("west")
    await socket.say(type="hello")
    await socket.say(type="join", id=1, channel="vehicle:van")
    assert await socket.hear("kick") == KICK
    await post(process, item(1))
    await socket.say(type="leave", id=2, channel="vehicle:van")
    assert (await socket.hear())["code"] == "not_joined"
    assert not any(room.watchers for room in live.hub.rooms.values())


@pytest.mark.parametrize("telemetry", ["postgres"], indirect=True)
async def test_it_is_lost_whichever_process_stores_the_fix(process: Process, neighbour: Process) -> None:
    await post(neighbour, item())
    listen = await follow_by_websocket(process)
    await post(neighbour, item(1, lon=EAST))
    assert without_presence(await listen()) == [KICK]


@pytest.mark.parametrize("channel", ["vehicle:van", "driver:van", "vehicle:none"])
async def test_a_vehicle_elsewhere_looks_like_one_that_does_not_exist(process: Process, channel: str) -> None:
    await post(process, item(lon=EAST))
    socket = await process.connect("west")
    await socket.join("region:west")
    await socket.say(type="join", id=7, channel=channel)
    answer = await socket.hear("error")
    assert (answer["id"], answer["code"]) == (7, "forbidden")
    async with browser(process, "west") as client:
        _, refusal = (await client.get("poll", params={"channel": channel})).json()["messages"]
    assert (refusal["code"], refusal["channel"], refusal["reason"]) == ("forbidden", channel, answer["reason"])


async def test_a_vehicle_that_comes_back_can_be_followed_again(process: Process) -> None:
    await post(process, item())
    socket = await process.connect("west")
    await socket.join("vehicle:van")
    await socket.say(type="join", id=2, channel="region:west")
    await socket.hear("snapshot")
    await post(process, item(1, lon=EAST))
    await socket.hear("kick")
    await post(process, item(2))
    while not (await socket.hear("delta"))["rows"]:
        pass
    await socket.say(type="join", id=3, channel="vehicle:van")
    assert (await socket.hear("snapshot"))["rows"][0][1] == NOW_MS + 2000


async def test_of_other_regions_a_follower_hears_nothing(process: Process) -> None:
    await post(process, item(lon=EAST), item(1))
    heard: dict[str, list[str]] = {}
    for user in ("boss", "west"):
        socket = await process.connect(user)
        await socket.join("vehicle:van")
        await post(process, item(2 if user == "boss" else 3, lon=11.6))
        async with browser(process, user) as client:
            messages = (await client.get("poll", params={"channel": "vehicle:van"})).json()["messages"]
        heard[user] = [f"{m['kind']} {m['region']}" for m in messages if m["type"] == "event"]
    assert heard == {"boss": ["enter east", "exit east", "enter west"], "west": ["enter west"]}


async def test_a_deleted_vehicle_is_gone_from_every_room(process: Process) -> None:
    await post(process, item())
    socket = await process.connect("boss")
    await socket.join("region:west")
    await Vehicle.objects.filter(slug="van").adelete()
    assert (await socket.hear("delta"))["gone"] == [1]
