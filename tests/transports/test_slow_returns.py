"""Coming back over a network so slow that what was missed takes longer to tell than rooms and streams last by themselves."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.transports.conftest import Process
from tests.transports.test_streams import browser
from tests.transports.test_websocket import item, post
from tracking.live import feed
from tracking.transports import connection, sse

ROUND_S = 0.01


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty rooms are closed at once, and every event is waited for."""
    monkeypatch.setattr(feed, "KEEP_EMPTY_ROOM_S", 0.0)
    monkeypatch.setattr(feed, "REPAIR_EVERY_S", 0.0)
    monkeypatch.setattr(feed, "REPAIR_EVERY_WHILE_STALE_S", ROUND_S)
    monkeypatch.setattr(connection, "REPLAY_AT_ONCE", 1)


class Slow:
    """An event stream from `cursor` on whose client takes no event before `gate` is open."""

    def __init__(self, process: Process, cursor: str) -> None:
        headers = [(b"host", b"localhost"), (b"cookie", f"sessionid={process.sessions['boss']}".encode())]
        query = f"channel=region:west&cursor={cursor}".encode()
        self.scope = {
            "type": "http",
            "method": "GET",
            "path": "/live/v1/sse",
            "query_string": query,
            "headers": headers,
        }
        self.gate, self.left = asyncio.Event(), asyncio.Event()
        self.holds_event = asyncio.Event()
        self._told: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Mapping[str, Any]) -> None:
        data = next((line[6:] for line in message.get("body", b"").split(b"\n") if line.startswith(b"data: ")), None)
        told = {"type": "other"} if data is None else json.loads(data)
        if told["type"] == "event":
            self.holds_event.set()
            await self.gate.wait()
        if not message.get("more_body", True):
            told = {"type": "end"}
        self._told.put_nowait(told)

    async def next(self, *types: str) -> dict[str, Any]:
        async with asyncio.timeout(5):
            while (told := await self._told.get())["type"] not in types:
                pass
        return told


@asynccontextmanager
async def come_back(process: Process) -> AsyncIterator[Slow]:
    """After a van entered the region; the event of that is under way."""
    async with browser(process) as client:
        cursor = (await client.get("poll", params={"channel": "region:west"})).json()["cursor"]
    await post(process, item())
    slow = Slow(process, cursor)
    serving = asyncio.create_task(process.application(slow.scope, slow.receive, slow.send))
    async with asyncio.timeout(5):
        await slow.holds_event.wait()
    yield slow
    slow.left.set()
    slow.gate.set()
    await serving


async def test_a_room_stays_open_for_who_still_hears_its_events(process: Process) -> None:
    async with come_back(process) as slow:
        await asyncio.sleep(10 * ROUND_S)
        slow.gate.set()
        assert (await slow.next("event"))["kind"] == "enter"
        await slow.next("delta")
        await post(process, item(1))
        assert (await slow.next("delta"))["rows"][0][1] == item(1)["fix_time"]


async def test_a_stream_is_not_cut_among_the_events_that_were_missed(process: Process) -> None:
    """Its cursor moves with the frame behind them."""
    async with come_back(process) as slow:
        (here,) = process.fleet.feed.connections
        here.beat(time.monotonic() + sse.LONGEST_S)
        slow.gate.set()
        await slow.next("event")
        assert (await slow.next("delta", "end"))["type"] == "delta"
        here.beat(time.monotonic() + sse.LONGEST_S)
        await slow.next("end")


async def test_a_stream_that_is_given_up_while_its_rooms_open_leaves_nothing(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """daphne gives up the call of a client that has left for ten seconds."""
    await process.fleet.start()
    opening, opened = asyncio.Event(), asyncio.Event()
    open_really = process.fleet.feed._open

    async def open_slowly(*args: Any) -> Any:
        opening.set()
        await opened.wait()
        return await open_really(*args)

    monkeypatch.setattr(process.fleet.feed, "_open", open_slowly)
    slow = Slow(process, "")
    serving = asyncio.create_task(process.application(slow.scope, slow.receive, slow.send))
    await opening.wait()
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    opened.set()
    assert not process.fleet.feed.connections
    await asyncio.sleep(10 * ROUND_S)
    socket = await process.connect("boss")
    await socket.join("region:west")
    await post(process, item())
    assert [row[0] for row in (await socket.hear("delta"))["rows"]] == [1]
