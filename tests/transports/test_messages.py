"""Messages of dispatchers limited to regions: with vehicles that are in them now, by every way."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.transports.conftest import Process, Socket
from tests.transports.test_events import send
from tests.transports.test_rights import OWN_PAGE
from tests.transports.test_streams import browser
from tests.transports.test_websocket import item, post

EAST = 12.5
MESSAGE = {"type": "send", "id": 7, "channel": "driver:van", "key": "k", "text": "One more?"}

Say = Callable[[Process, dict[str, Any]], Awaitable[dict[str, Any]]]


async def say_by_websocket(process: Process, message: dict[str, Any]) -> dict[str, Any]:
    socket = await process.connect("west")
    await socket.say(type="hello")
    await socket.hear("welcome")
    await socket.say(**message)
    return await socket.hear()


async def say_by_command(process: Process, message: dict[str, Any]) -> dict[str, Any]:
    async with browser(process, "west") as client:
        return dict((await client.post("command", json=message, headers=OWN_PAGE)).json())


WAYS = pytest.mark.parametrize("say", [say_by_websocket, say_by_command])


async def report_back(process: Process) -> int:
    """The van's driver writes; the message's id."""
    async with process.http("van") as client:
        answer = await client.post("http://localhost/live/v1/command", json={**MESSAGE, "text": "On my way"})
    return int(answer.json()["result"]["message_id"])


async def state_of(process: Process, message: int) -> str:
    async with process.http("van") as client:
        kept = (await client.get("messages")).json()["items"]
    return next(str(one["state"]) for one in kept if one["id"] == message)


@WAYS
async def test_they_write_to_a_vehicle_in_their_regions(process: Process, say: Say) -> None:
    await post(process, item())
    answer = await say(process, MESSAGE)
    assert await state_of(process, answer["result"]["message_id"]) == "sent"


@WAYS
@pytest.mark.parametrize("items", [[], [item(lon=EAST)], [item(), item(1, lon=EAST)]])
async def test_they_do_not_write_to_one_elsewhere(process: Process, say: Say, items: list[Any]) -> None:
    if items:
        await post(process, *items)
    assert (await say(process, MESSAGE))["code"] == "forbidden"


@WAYS
async def test_they_read_what_its_driver_wrote(process: Process, say: Say) -> None:
    await post(process, item())
    id_ = await report_back(process)
    assert (await say(process, {"type": "read", "id": 9, "message_id": id_}))["type"] == "ok"
    assert await state_of(process, id_) == "read"


@WAYS
async def test_what_a_driver_elsewhere_wrote_is_not_theirs(process: Process, say: Say) -> None:
    await post(process, item(lon=EAST))
    id_ = await report_back(process)
    assert (await say(process, {"type": "read", "id": 9, "message_id": id_}))["code"] == "forbidden"
    assert await state_of(process, id_) == "sent"


async def test_who_carries_one_vehicles_phone_writes_to_another_as_a_person(process: Process) -> None:
    """A dispatcher's browser that is paired as well."""
    socket = await process.connect("boss")
    await socket.say(type="hello", token=process.tokens["van"])
    await socket.hear("welcome")
    await socket.say(**{**MESSAGE, "channel": "driver:bus"})
    await socket.hear("ok")
    async with browser(process, "boss") as client:
        kept = (await client.get("http://localhost/api/v1/messages", params={"vehicle": "bus"})).json()["items"]
    assert [(one["from_driver"], one["author"]) for one in kept] == [(False, "boss")]


async def told(socket: Socket, count: int) -> list[tuple[str, str]]:
    """Of the next messages and receipts: the channel, and the text or the state."""
    heard: list[tuple[str, str]] = []
    while len(heard) < count:
        event = await socket.hear("event")
        if event["kind"] in {"message", "receipt"}:
            heard.append((event["channel"], event["data"].get("text") or event["data"]["state"]))
    return heard


async def test_they_hear_of_messages_in_the_region_where_the_vehicle_is(process: Process) -> None:
    await post(process, item())
    writer, east, west = [await process.connect(user) for user in ("boss", "boss", "west")]
    await writer.say(type="hello")
    await east.join("region:east")
    await west.join("region:west")
    await send(writer, text="Here")
    await post(process, item(1, lon=EAST))
    await send(writer, text="There", key="there")
    await post(process, item(2))
    id_ = (await send(writer, text="Back", key="back"))["result"]["message_id"]
    async with process.http("van") as client:
        await client.post("http://localhost/live/v1/command", json={"type": "read", "id": 1, "message_id": id_})
    assert await told(west, 3) == [("region:west", "Here"), ("region:west", "Back"), ("region:west", "read")]
    assert await told(east, 1) == [("region:east", "There")]


async def test_a_message_that_was_told_in_a_region_counts_as_delivered(process: Process) -> None:
    await post(process, item())
    west = await process.connect("west")
    await west.join("region:west")
    await report_back(process)
    assert await told(west, 2) == [("region:west", "On my way"), ("region:west", "delivered")]


@pytest.mark.parametrize("telemetry", ["postgres"], indirect=True)
async def test_what_was_written_while_they_were_away_is_told_by_any_process(
    process: Process, neighbour: Process
) -> None:
    await post(process, item())
    cursor = (await (await process.connect("west")).join("region:west"))["cursor"]
    await report_back(process)
    await post(process, item(1, lon=EAST))
    again = await neighbour.connect("west")
    await again.say(type="hello")
    await again.say(type="join", id=1, channel="region:west", cursor=cursor)
    assert await told(again, 1) == [("region:west", "On my way")]
