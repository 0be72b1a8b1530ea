"""Messages of dispatchers limited to regions: about vehicles that are in them now, by every way."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.transports.conftest import Process
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
