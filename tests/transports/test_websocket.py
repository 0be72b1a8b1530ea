"""Live over a WebSocket, in process."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import pytest

from tests.transports.conftest import ORIGIN, Process
from tracking.domain.access import Caller
from tracking.domain.errors import Unavailable
from tracking.live import limits
from tracking.live.credit import PROGRESS_WITHIN_S, WINDOW_FRAMES

NOW_MS = int(time.time() * 1000)


def item(at_s: float = 0, **fields: Any) -> dict[str, Any]:
    return {"vehicle": "van", "fix_time": NOW_MS + round(at_s * 1000), "lat": 57.7, "lon": 11.5, **fields}


async def post(process: Process, *items: dict[str, Any]) -> None:
    async with process.http() as client:
        response = await client.post("fixes", json=list(items))
    assert response.json()["stored"] == len(items), response.text


async def test_a_watcher_gets_the_picture_then_what_changes(process: Process) -> None:
    await post(process, item())
    socket = await process.connect("boss")
    assert socket.subprotocol == "fleet.v1.json"
    snapshot = await socket.join("region:west")
    assert [row[:4] for row in snapshot["rows"]] == [[1, NOW_MS, 57.7, 11.5]]
    assert snapshot["vehicles"]["1"]["name"] == "Van"
    await post(process, item(1, lat=57.71))
    delta = await socket.hear()
    assert (delta["type"], delta["rows"][0][:4], delta["vehicles"]) == ("delta", [1, NOW_MS + 1000, 57.71, 11.5], {})


async def test_only_vehicles_of_the_joined_region_are_sent(process: Process) -> None:
    socket = await process.connect("west")
    await socket.join("region:west")
    await post(process, item(lon=12.5), item(vehicle="bus"))
    delta = await socket.hear()
    assert [row[0] for row in delta["rows"]] == [2]


async def test_leaving_a_region_reaches_both_rooms(process: Process) -> None:
    await post(process, item())
    west, east = await process.connect("boss"), await process.connect("boss")
    await west.join("region:west")
    await east.join("region:east")
    await post(process, item(1, lon=12.5))
    assert (await west.hear())["gone"] == [1]
    entered = await east.hear()
    assert ([row[0] for row in entered["rows"]], list(entered["vehicles"])) == ([1], ["1"])


async def test_a_late_fix_is_not_sent(process: Process) -> None:
    await post(process, item())
    socket = await process.connect("boss")
    await socket.join("region:all")
    await post(process, item(-60))
    await post(process, item(1))
    while not (rows := (await socket.hear("delta"))["rows"]):  # the visit began earlier, which is told as an event
        pass
    assert [row[1] for row in rows] == [NOW_MS + 1000]


async def test_a_busy_region_is_sent_once_a_tick(process: Process) -> None:
    socket = await process.connect("boss")
    await socket.join("region:all")
    for at_s in range(10):
        await post(process, item(at_s))
    frames = [await socket.hear()]
    while frames[-1]["rows"][-1][1] < NOW_MS + 9_000:
        frames.append(await socket.hear())
    assert len(frames) < 10


async def test_a_cursor_brings_what_was_missed(process: Process) -> None:
    await post(process, item(), item(vehicle="bus"))
    first = await process.connect("boss")
    cursor = (await first.join("region:west"))["cursor"]
    await first.communicator.disconnect()
    await post(process, item(5, lon=12.5))
    again = await process.connect("boss")
    delta = await again.join("region:west", cursor=cursor)
    assert (delta["type"], delta["prev"]) == ("delta", 0)
    while not delta["gone"]:
        delta = await again.hear("delta")
    assert delta["gone"] == [1]


async def test_a_device_reports_and_is_answered_when_stored(process: Process) -> None:
    socket = await process.connect()
    await socket.say(type="hello", token=process.tokens["van"])
    assert (await socket.hear())["type"] == "welcome"
    await socket.say(type="report", id=4, fixes=[item(), item(lat=99)])
    answer = await socket.hear()
    assert (answer["type"], answer["id"], answer["result"]["stored"]) == ("ok", 4, 1)
    assert answer["result"]["refused"][0]["reason"] == "lat_out_of_range"
    assert len(process.fleet.telemetry.load_track(1, 0, 1 << 41, limit=9)) == 1


async def test_a_token_may_come_with_the_upgrade(process: Process) -> None:
    bearer = (b"authorization", f"Bearer {process.tokens['van']}".encode())
    socket = await process.connect(headers=[bearer])
    await socket.say(type="hello")
    assert (await socket.hear())["type"] == "welcome"


async def test_an_office_change_reaches_readers(process: Process) -> None:
    from asgiref.sync import sync_to_async

    from tracking.models import Vehicle

    await post(process, item())
    socket = await process.connect("boss")
    await socket.join("region:all")
    await sync_to_async(Vehicle.objects.filter(slug="van").update)(name="Red van")
    delta = await socket.hear("delta")
    assert delta["vehicles"]["1"]["name"] == "Red van"


async def test_a_left_room_is_silent(process: Process) -> None:
    socket = await process.connect("boss")
    await socket.join("region:west")
    await socket.say(type="leave", id=2, channel="region:west")
    assert (await socket.hear())["id"] == 2
    await post(process, item())
    assert await socket.communicator.receive_nothing(timeout=0.4)


@pytest.mark.parametrize(
    ("headers", "subprotocols", "code"),
    [
        ([], ["fleet.v1.json"], 4500),
        ([(b"origin", b"http://elsewhere")], ["fleet.v1.json"], 4501),
        ([(b"origin", b"http://localhost:81")], ["fleet.v1.json"], 4501),
        ([(b"authorization", b"Bearer invented")], ["fleet.v1.json"], 4500),
        ([ORIGIN], ["fleet.v9"], 4503),
    ],
)
async def test_who_may_not_talk_hears_why(process: Process, headers: Any, subprotocols: Any, code: int) -> None:
    socket = await process.connect(headers=headers, subprotocols=subprotocols)
    await socket.say(type="hello")
    bye = await socket.hear()
    assert (bye["type"], bye["code"], bye["retry_ms"]) == ("bye", code, None)
    assert await socket.closed() == code


async def test_a_cookie_from_a_foreign_page_opens_nothing(process: Process) -> None:
    cookie = (b"cookie", f"sessionid={process.sessions['boss']}".encode())
    socket = await process.connect(headers=[cookie, (b"origin", b"http://evil")])
    assert (await socket.hear())["code"] == 4501


async def test_a_cookie_without_an_origin_counts_for_nothing(process: Process) -> None:
    cookie = (b"cookie", f"sessionid={process.sessions['boss']}".encode())
    socket = await process.connect(headers=[cookie])
    await socket.say(type="hello")
    assert (await socket.hear())["code"] == 4500


async def test_a_room_outside_ones_rights_stays_shut(process: Process) -> None:
    socket = await process.connect("west")
    await socket.join("region:west")
    for channel in ("region:east", "region:all"):
        await socket.say(type="join", id=9, channel=channel)
        assert (await socket.hear())["code"] == "forbidden"


async def test_silence_is_broken_by_a_heartbeat(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    from tracking.live import limits

    monkeypatch.setattr(limits, "HEARTBEAT_S", 0)
    socket = await process.connect("boss")
    await socket.join("region:all")
    assert (await socket.hear("heartbeat"))["bus"] == "ok"


async def test_who_never_says_hello_is_sent_away(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    from tracking.live import limits

    monkeypatch.setattr(limits, "HELLO_WITHIN_S", 0)
    socket = await process.connect("boss")
    assert (await socket.hear())["code"] == 4500


async def test_who_waits_to_be_known_is_not_sent_away(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a restart all come back at once, and 4500 would end them for good."""
    admission, is_their_turn = process.fleet.admission, asyncio.Event()
    identify = admission.identify

    async def in_turn(scope: Mapping[str, Any]) -> Caller | None:
        await is_their_turn.wait()
        return await identify(scope)

    monkeypatch.setattr(admission, "identify", in_turn)
    socket = await process.connect("boss")
    (connection,) = process.fleet.feed.connections
    connection.beat(time.monotonic() + 2 * limits.HELLO_WITHIN_S)
    is_their_turn.set()
    assert (await socket.join("region:all"))["type"] == "snapshot"


async def test_a_lost_bus_message_is_repaired_from_the_store(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    from tracking.live import feed

    monkeypatch.setattr(feed, "REPAIR_EVERY_S", 0.1)
    socket = await process.connect("boss")
    await socket.join("region:all")
    monkeypatch.setattr(process.fleet.feed.bus, "publish", lambda news: None)
    await post(process, item())
    assert [row[0] for row in (await socket.hear("delta"))["rows"]] == [1]


async def test_a_reader_that_acknowledges_nothing_gets_no_more_and_is_closed(process: Process) -> None:
    """In the end: what it lacks is kept as a place to go on from, not as frames."""
    socket = await process.connect("boss")
    await socket.join("region:west")
    (connection,) = process.fleet.feed.connections
    for at_s in range(1, WINDOW_FRAMES):
        await post(process, item(at_s))
        frame = await socket.hear()
    assert not connection.has_credit
    for at_s in (20, 21, 22):
        await post(process, item(at_s))
        await asyncio.sleep(limits.TICK_MS / 1000)
    await socket.say(type="ack", seq=frame["seq"])
    merged = await socket.hear()
    assert (merged["prev"], merged["rows"][0][1]) == (0, NOW_MS + 22_000)
    for at_s in range(30, 30 + WINDOW_FRAMES - 1):
        await post(process, item(at_s))
        await socket.hear()
    connection.beat(time.monotonic() + PROGRESS_WITHIN_S + 1)
    assert (await socket.hear("bye"))["code"] == 4002
    assert await socket.closed() == 4002


async def test_packed_frames_are_sent_to_who_asks_for_them(process: Process) -> None:
    await post(process, item())
    socket = await process.connect("boss", subprotocols=("fleet.v1.bin", "fleet.v1.json"))
    assert socket.subprotocol == "fleet.v1.bin"
    await socket.say(type="hello")
    await socket.say(type="join", id=1, channel="region:west")
    assert [(await socket.hear())["type"] for _ in range(2)] == ["welcome", "ok"]
    frame = await socket.communicator.receive_from(timeout=5)
    assert isinstance(frame, bytes) and frame[:2] == bytes([1, 1])


async def test_a_server_without_its_store_asks_to_come_back(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> str:
        raise Unavailable("away")

    monkeypatch.setattr(process.fleet.telemetry, "identity", away)
    socket = await process.connect("boss")
    bye = await socket.hear()
    assert (bye["code"], bye["resume"]) == (4001, True)
    monkeypatch.undo()
    assert (await (await process.connect("boss")).join("region:all"))["type"] == "snapshot"


async def test_a_room_that_cannot_be_read_is_busy(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any, **options: Any) -> Any:
        raise Unavailable("away")

    socket = await process.connect("boss")
    await socket.join("region:west")
    with monkeypatch.context() as broken:
        broken.setattr(process.fleet.telemetry, "load_room", away)
        await socket.say(type="join", id=5, channel="region:east")
        error = await socket.hear()
    assert (error["id"], error["code"], error["retry_after_s"]) == (5, "busy", 1)
    await socket.say(type="join", id=6, channel="region:east")
    assert (await socket.hear())["type"] == "ok"


async def test_tokens_that_cannot_be_looked_up_are_not_refused(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import DatabaseError

    from tracking.storage import office_keeper

    def away(*known: Any) -> Any:
        raise DatabaseError("away")

    await process.fleet.start()
    monkeypatch.setattr(office_keeper, "load_office", away)
    socket = await process.connect()
    await socket.say(type="hello", token="new")
    assert (await socket.hear())["code"] == 4001
    async with process.http("new") as client:
        assert (await client.post("fixes", json=item())).status_code == 503
