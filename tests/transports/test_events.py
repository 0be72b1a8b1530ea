"""Events over the live connection."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.transports.conftest import Process, Socket
from tests.transports.test_websocket import item, post
from tracking.live import feed


async def events_of(socket: Socket, count: int) -> list[dict[str, Any]]:
    return [await socket.hear("event") for _ in range(count)]


def what(event: dict[str, Any]) -> tuple[str, int, str | None]:
    return event["kind"], event["vehicle"], event["region"]


async def test_each_room_is_told_what_happens_in_it(process: Process) -> None:
    everywhere, west, van = [await process.connect("boss") for _ in range(3)]
    await everywhere.join("region:all")
    await west.join("region:west")
    await van.join("vehicle:van")
    await post(process, item())
    await post(process, item(1, lon=12.5), item(1, vehicle="bus"))
    assert [what(event) for event in await events_of(west, 3)] == [
        ("enter", 1, "west"),
        ("exit", 1, "west"),
        ("enter", 2, "west"),
    ]
    assert [what(event) for event in await events_of(van, 3)] == [
        ("enter", 1, "west"),
        ("exit", 1, "west"),
        ("enter", 1, "east"),
    ]
    assert {what(event) for event in await events_of(everywhere, 4)} >= {("enter", 2, "west"), ("enter", 1, "east")}


async def test_a_vehicle_room_has_its_own_position_alone(process: Process) -> None:
    await post(process, item(), item(vehicle="bus"))
    socket = await process.connect("boss")
    await socket.join("region:all")
    await socket.say(type="join", id=2, channel="vehicle:van")
    snapshot = await socket.hear("snapshot")
    assert [row[0] for row in snapshot["rows"]] == [1]
    await post(process, item(1, vehicle="bus"))
    await post(process, item(2))
    delta = await socket.hear("delta")
    while delta["channel"] != "vehicle:van":
        delta = await socket.hear("delta")
    assert [row[0] for row in delta["rows"]] == [1]


async def test_what_happened_while_away_is_told_on_return(process: Process) -> None:
    """Before the frame whose cursor is behind it."""
    socket = await process.connect("boss")
    snapshot = await socket.join("region:west")
    await socket.communicator.disconnect()
    await post(process, item())
    again = await process.connect("boss")
    await again.say(type="hello")
    await again.say(type="join", id=1, channel="region:west", cursor=snapshot["cursor"])
    assert what(await again.hear("event")) == ("enter", 1, "west")
    assert (await again.hear())["type"] == "delta"


async def test_a_lost_bus_loses_no_event(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "REPAIR_EVERY_S", 0.0)
    socket = await process.connect("boss")
    await socket.join("region:west")
    monkeypatch.setattr(process.fleet.feed, "publish", lambda *args, **options: None)
    await post(process, item())
    assert what(await socket.hear("event")) == ("enter", 1, "west")


async def test_packed_readers_get_events_as_text(process: Process) -> None:
    socket = await process.connect("boss", subprotocols=["fleet.v1.bin"])
    await socket.say(type="hello")
    await socket.say(type="join", id=1, channel="region:west")
    await until(socket, lambda message: "bytes" in message)
    await post(process, item())
    event = await until(socket, lambda message: '"event"' in message.get("text", ""))
    assert what(json.loads(event["text"])) == ("enter", 1, "west")


async def until(socket: Socket, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The next message of the server that is it."""
    while True:
        message: dict[str, Any] = await socket.communicator.receive_output(timeout=5)
        if is_it(message):
            return message
