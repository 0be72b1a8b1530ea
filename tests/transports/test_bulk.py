"""Large posts go in turn; small ones pass them."""

import asyncio
import json
import time
from contextlib import AsyncExitStack

import pytest

from tests.transports.conftest import Process
from tracking.domain.errors import Overloaded
from tracking.transports import bulk
from tracking.transports.bulk import AT_ONCE, LARGE_BYTES, BulkLane
from tracking.transports.posting import expected_bytes

LARGE, SMALL = LARGE_BYTES + 1, LARGE_BYTES


async def pass_through(lane: BulkLane, size_bytes: int, order: list[str], name: str) -> None:
    async with lane.turn(size_bytes):
        order.append(name)


async def test_who_is_large_waits_for_a_place_and_who_is_small_does_not() -> None:
    lane, order = BulkLane(), list[str]()
    async with AsyncExitStack() as stack:
        for _ in range(AT_ONCE):
            await stack.enter_async_context(lane.turn(LARGE))
        waiting = [asyncio.create_task(pass_through(lane, LARGE, order, name)) for name in ("first", "second")]
        await pass_through(lane, SMALL, order, "small")
        assert order == ["small"]
    await asyncio.gather(*waiting)
    assert order == ["small", "first", "second"]


async def test_a_full_lane_says_when_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST_WAITING_BYTES", LARGE - 1)
    with pytest.raises(Overloaded, match=f"0 bytes of large posts wait; at most {LARGE - 1} may") as full:
        await pass_through(BulkLane(), LARGE, [], "late")
    assert full.value.retry_after_s == 5


async def test_who_waits_in_vain_is_sent_away_and_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    lane = BulkLane()
    async with AsyncExitStack() as stack:
        for _ in range(AT_ONCE):
            await stack.enter_async_context(lane.turn(LARGE))
        monkeypatch.setattr(bulk, "PATIENCE_S", 0.01)
        with pytest.raises(Overloaded, match="no turn within"):
            await pass_through(lane, LARGE, [], "late")
    await asyncio.gather(*(pass_through(lane, LARGE, [], "next") for _ in range(3 * AT_ONCE)))


@pytest.mark.parametrize(("headers", "expected"), [({}, 100), ({b"content-encoding": b"gzip"}, 800)])
def test_a_compressed_body_counts_as_what_it_holds(headers: dict[bytes, bytes], expected: int) -> None:
    assert expected_bytes(b"x" * 100, headers) == expected


async def test_many_backlogs_at_once_are_stored_whole(process: Process) -> None:
    now_ms = time.time_ns() // 1_000_000
    bodies = [
        json.dumps(
            [
                {"vehicle": "van", "fix_time": now_ms - 100 * (250 * b + i), "lat": 57.7, "lon": 11.95}
                for i in range(250)
            ]
        )
        for b in range(3 * AT_ONCE)
    ]
    async with process.http() as client:
        answers = await asyncio.gather(*(client.post("fixes", content=body) for body in bodies))
    assert [answer.json()["stored"] for answer in answers] == [250] * len(bodies)
    assert len(bodies[0]) > LARGE_BYTES
