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


async def talk(process: Process) -> tuple[Socket, Socket]:
    """A dispatcher and the van's driver, both in the driver's room."""
    boss, driver = await process.connect("boss"), await process.connect()
    await boss.join("driver:van")
    await driver.say(type="hello", token=process.tokens["van"])
    await driver.say(type="join", id=1, channel="driver:van")
    await driver.hear("snapshot")
    return boss, driver


async def send(socket: Socket, **fields: Any) -> dict[str, Any]:
    message = {"channel": "driver:van", "key": "k", "text": "One more?", "quick_replies": ["Yes", "No"], **fields}
    await socket.say(type="send", id=7, **message)
    while (answer := await socket.hear()).get("id") != 7:
        pass
    return answer


async def test_a_message_reaches_the_driver_and_is_marked(process: Process) -> None:
    """Its sender hears that it was delivered, then that it was read."""
    boss, driver = await talk(process)
    sent = (await send(boss))["result"]["message_id"]
    told = await driver.hear("event")
    assert (told["data"]["text"], told["data"]["quick_replies"]) == ("One more?", ["Yes", "No"])
    await driver.say(type="read", id=8, message_id=sent)
    states: list[str] = []
    while "read" not in states:
        event = await boss.hear("event")
        states += [event["data"]["state"]] if event["kind"] == "receipt" else []
    assert states in (["delivered", "read"], ["read"])


async def test_an_answer_reaches_the_dispatchers(process: Process) -> None:
    boss, driver = await talk(process)
    assert (await send(driver, text="Yes", quick_replies=[]))["type"] == "ok"
    told = await boss.hear("event")
    assert (told["kind"], told["data"]["from_driver"], told["data"]["text"]) == ("message", True, "Yes")


async def test_a_repeated_send_is_told_once(process: Process) -> None:
    boss, driver = await talk(process)
    first = await send(boss)
    assert await send(boss) == first
    await send(boss, key="other", text="Next")
    texts: list[str] = []
    while "Next" not in texts:
        event = await driver.hear("event")
        texts += [event["data"]["text"]] if event["kind"] == "message" else []
    assert texts == ["One more?", "Next"]


async def test_a_driver_who_was_away_gets_its_messages(process: Process) -> None:
    boss = await process.connect("boss")
    await boss.join("driver:van")
    await send(boss)
    driver = await process.connect()
    await driver.say(type="hello", token=process.tokens["van"])
    await driver.say(type="join", id=1, channel="driver:van")
    assert (await driver.hear("event"))["data"]["text"] == "One more?"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"text": "x" * 1_001}, "bad_message"),
        ({"text": None}, "bad_message"),
        ({"key": ""}, "bad_message"),
        ({"quick_replies": "Yes"}, "bad_message"),
        ({"channel": "driver:none"}, "unknown_channel"),
        ({"channel": "region:west"}, "unknown_channel"),
    ],
)
async def test_what_cannot_be_sent_is_told(process: Process, fields: dict[str, Any], code: str) -> None:
    boss = await process.connect("boss")
    await boss.join("driver:van")
    assert (await send(boss, **fields))["code"] == code


async def test_who_may_not_write_to_a_driver_is_refused(process: Process) -> None:
    limited = await process.connect("west")
    await limited.join("region:west")
    assert (await send(limited))["code"] == "forbidden"


async def test_a_message_is_read_by_whom_it_was_written_to(process: Process) -> None:
    boss, _ = await talk(process)
    sent = (await send(boss))["result"]["message_id"]
    for message in (sent, sent + 1):
        await boss.say(type="read", id=9, message_id=message)
        assert (await boss.hear("error"))["code"] == "forbidden"


async def test_a_driver_writes_without_a_stream(process: Process) -> None:
    message = {"type": "send", "id": 1, "channel": "driver:van", "key": "k", "text": "On my way"}
    async with process.http("van") as client:
        answer = await client.post("http://localhost/live/v1/command", json=message)
        assert (answer.status_code, answer.json()["type"]) == (200, "ok")
        kept = (await client.get("messages")).json()["items"]
    assert [(item["text"], item["from_driver"]) for item in kept] == [("On my way", True)]
