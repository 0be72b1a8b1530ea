"""Who is connected, as the rooms show it on every transport; and the live room of operators."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User

from tests.transports.conftest import Process, Socket
from tests.transports.test_streams import Events, browser
from tracking.live import ops_line, ops_room, presence, presence_feed

pytestmark = pytest.mark.usefixtures("brisk")


@pytest.fixture
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a grace or for the next round."""
    monkeypatch.setattr(presence, "GRACE_MS", 0)
    monkeypatch.setattr(presence_feed, "TICK_S", 0.02)
    monkeypatch.setattr(ops_room, "EVERY_S", 0.05)
    monkeypatch.setattr(ops_line, "ANSWER_WITHIN_S", 0.01)


def connected(message: dict[str, Any]) -> dict[str, list[str]]:
    """The ways of those who are there, by name."""
    assert message["type"] == "presence", message
    return {person["name"]: person["transports"] for person in message["people"] if person["connections"]}


async def drive(process: Process) -> Socket:
    """The driver's phone connects."""
    socket = await process.connect()
    await socket.say(type="hello", token=process.tokens["van"])
    await socket.hear("welcome")
    return socket


async def read(process: Process, channel: str, user: str = "boss", **options: Any) -> Socket:
    """After the answer to `join`."""
    socket = await process.connect(user, **options)
    await socket.say(type="hello")
    await socket.say(type="join", id=1, channel=channel)
    assert (await socket.hear("ok"))["id"] == 1
    return socket


async def hear_text(socket: Socket) -> dict[str, Any]:
    """The next `presence`; packed frames are passed over."""
    while True:
        message = await socket.communicator.receive_output(timeout=5)
        if "text" in message and (told := json.loads(message["text"]))["type"] == "presence":
            return dict(told)


async def has_left(socket: Socket, who: str) -> dict[str, Any]:
    while True:
        for person in (await socket.hear("presence"))["people"]:
            if person["who"] == who and not person["connections"]:
                return dict(person)


@pytest.mark.parametrize("subprotocol", ["fleet.v1.json", "fleet.v1.bin"])
@pytest.mark.parametrize("channel", ["vehicle:van", "driver:van", "admin:ops"])
async def test_a_room_shows_its_people_then_who_comes_and_leaves(
    process: Process, channel: str, subprotocol: str
) -> None:
    boss = await read(process, channel, subprotocols=[subprotocol])
    whole = await hear_text(boss)
    (person,) = whole["people"]
    assert (whole["channel"], whole["whole"], person["role"], person["name"]) == (channel, True, "dispatcher", "boss")
    driver = await drive(process)
    change = await hear_text(boss)
    (person,) = change["people"]
    assert (change["whole"], person["name"], person["vehicle"], person["last_seen"]) == (False, "van", "van", None)
    await driver.communicator.disconnect()
    process.sockets.remove(driver.communicator)
    (person,) = (await hear_text(boss))["people"]
    assert (person["name"], person["connections"], person["transports"]) == ("van", 0, [])
    assert person["last_seen"] >= person["since"]


async def test_a_driver_sees_who_reads_its_room(process: Process) -> None:
    """And those who turn away."""
    driver = await drive(process)
    await driver.say(type="join", id=1, channel="driver:van")
    assert connected(await driver.hear("presence")) == {"van": ["websocket"]}
    boss = await read(process, "vehicle:van")
    assert connected(await driver.hear("presence")) == {"boss": ["websocket"]}
    await boss.say(type="leave", id=2, channel="vehicle:van")
    boss_id = await sync_to_async(lambda: User.objects.get(username="boss").pk)()
    assert (await has_left(driver, f"user:{boss_id}"))["name"] == "boss"


async def test_who_may_not_join_a_room_sees_nobody(process: Process) -> None:
    """Region rooms show no presence."""
    await drive(process)
    west = await process.connect("west")
    await west.join("region:west")
    for id_, channel in enumerate(("admin:ops", "driver:van", "vehicle:van"), 2):
        await west.say(type="join", id=id_, channel=channel)
        answer = await west.communicator.receive_json_from(timeout=5)
        assert (answer["id"], answer["code"]) == (id_, "forbidden")


async def test_an_event_stream_shows_presence(process: Process) -> None:
    events = Events(process, "channel=vehicle:van&channel=admin:ops")
    await events.open()
    seen = [(await events.next())[1] for _ in range(4)]
    assert [message["type"] for message in seen] == ["welcome", "snapshot", "presence", "presence"]
    assert connected(seen[2]) == connected(seen[3]) == {"boss": ["sse"]}
    await drive(process)
    told: list[dict[str, Any]] = []
    while {message["type"] for message in told} != {"presence", "ops"}:
        told.append((await events.next())[1])
    assert {"van": ["websocket"]} in [connected(message) for message in told if message["type"] == "presence"]
    await events.close()


async def poll(client: httpx.AsyncClient, channel: str, cursor: str = "", **fields: str) -> httpx.Response:
    return await client.get("poll", params={"channel": channel, "cursor": cursor, **fields})


@pytest.mark.parametrize(
    ("channel", "types"),
    [("vehicle:van", ["welcome", "snapshot", "presence"]), ("admin:ops", ["welcome", "presence"])],
)
async def test_a_poll_is_shown_everybody_whenever_somebody_has_changed(
    process: Process, channel: str, types: list[str]
) -> None:
    async with browser(process) as client:
        first = (await poll(client, channel)).json()
        assert [message["type"] for message in first["messages"]] == types
        assert connected(first["messages"][-1]) == {"boss": ["poll"]}
        assert (await poll(client, channel, first["cursor"])).status_code == 304
        waiting = asyncio.create_task(poll(client, channel, first["cursor"], wait="20"))
        await drive(process)
        (message,) = (await waiting).json()["messages"]
        assert message["whole"] and connected(message) == {"boss": ["poll"], "van": ["websocket"]}
        assert (await poll(client, channel, (await waiting).json()["cursor"])).status_code == 304


async def test_who_polls_is_one_and_stays(process: Process) -> None:
    """However often, and between the answers."""
    driver = await drive(process)
    await driver.say(type="join", id=1, channel="driver:van")
    await driver.hear("presence")
    async with browser(process) as client:
        for _ in range(3):
            await poll(client, "vehicle:van")
    (person,) = (await driver.hear("presence"))["people"]
    assert (person["name"], person["connections"], person["transports"]) == ("boss", 1, ["poll"])


async def test_operators_hear_what_every_process_does(process: Process) -> None:
    boss = await read(process, "admin:ops")
    reports = [await boss.hear("ops") for _ in range(2)]
    for report in reports:
        (told,) = report["processes"]
        assert (report["channel"], told["process"]) == ("admin:ops", process.fleet.operator.process)
        assert [connection["rooms"] for connection in told["connections"]] == [["admin:ops"]]


async def test_an_operator_without_credit_is_not_told(process: Process) -> None:
    """And is again once it has acknowledged."""
    slow, other = await process.connect("boss"), await read(process, "admin:ops")
    await slow.say(type="hello", window=1)
    await slow.say(type="join", id=1, channel="region:all")
    seq = (await slow.hear("snapshot"))["seq"]
    await slow.say(type="join", id=2, channel="admin:ops")
    for _ in range(2):
        await other.hear("ops")
    await slow.say(type="leave", id=3, channel="region:all")
    assert [(await slow.hear())["id"] for _ in range(2)] == [2, 3]
    await slow.say(type="ack", seq=seq)
    assert (await slow.hear())["type"] == "ops"


async def test_who_is_not_staff_any_more_is_put_out(process: Process) -> None:
    boss = await read(process, "admin:ops")
    await boss.hear("ops")
    await sync_to_async(User.objects.filter(username="boss").update)(is_staff=False)
    assert await boss.hear("kick") == {"type": "kick", "channel": "admin:ops", "code": "forbidden"}
    await drive(process)
    await boss.say(type="leave", id=9, channel="admin:ops")
    assert (await boss.communicator.receive_json_from(timeout=5))["code"] == "not_joined"
