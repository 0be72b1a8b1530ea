"""A watcher sees every channel without gaps, across lost connections."""

from contextlib import aclosing
from typing import Any

import pytest

from fleet_client import LiveWatcher, NotAuthorised, Rejected
from tests.clients.fake_server import TOKEN, WRONG_TOKEN, FakeLive

ROOM = "region:haga"
HANG_UP: list[dict[str, Any]] = []


def snapshot(seq: int, *, part: int = 1, parts: int = 1, rows: int = 0) -> dict[str, Any]:
    return {
        "type": "snapshot",
        "seq": seq,
        "cursor": f"c{seq}",
        "part": part,
        "parts": parts,
        "rows": [[vehicle, 0, 57.7, 11.9, None, None, None] for vehicle in range(rows)],
        "vehicles": {},
    }


def delta(seq: int, *, prev: int) -> dict[str, Any]:
    return {"type": "delta", "seq": seq, "prev": prev, "cursor": f"c{seq}", "rows": [], "gone": [], "vehicles": {}}


async def seen(live: FakeLive, count: int) -> list[tuple[str, int]]:
    """Type and number of the next frames."""
    frames = []
    async with aclosing(LiveWatcher(live.url, [ROOM], token=TOKEN).frames()) as stream:
        async for frame in stream:
            frames.append((frame["type"], frame["seq"]))
            if len(frames) == count:
                break
    return frames


def joins(live: FakeLive) -> list[str | None]:
    return [message.get("cursor") for message in live.heard if message["type"] == "join"]


async def test_frames_come_as_they_are_sent(live: FakeLive) -> None:
    live.frames = [[snapshot(1), delta(2, prev=1), delta(3, prev=2)]]
    assert await seen(live, 3) == [("snapshot", 1), ("delta", 2), ("delta", 3)]


async def test_after_a_lost_connection_it_goes_on_from_its_cursor(live: FakeLive) -> None:
    live.frames = [[snapshot(1), delta(2, prev=1)], HANG_UP, [delta(1, prev=0), delta(2, prev=1)]]
    assert await seen(live, 4) == [("snapshot", 1), ("delta", 2), ("delta", 1), ("delta", 2)]
    assert joins(live) == [None, "c2"]


async def test_a_gap_is_filled_by_joining_again(live: FakeLive) -> None:
    """What comes before the fresh answer is passed over."""
    live.frames = [[snapshot(1), delta(5, prev=4), delta(6, prev=5)], [delta(7, prev=0), delta(8, prev=7)]]
    assert await seen(live, 3) == [("snapshot", 1), ("delta", 7), ("delta", 8)]
    assert joins(live) == [None, "c1"]


async def test_the_cursor_of_half_a_snapshot_is_not_used(live: FakeLive) -> None:
    live.frames = [[snapshot(1, part=1, parts=2)], HANG_UP, [snapshot(1)]]
    assert await seen(live, 2) == [("snapshot", 1), ("snapshot", 1)]
    assert joins(live) == [None, None]


async def test_frames_are_acknowledged_in_time(live: FakeLive) -> None:
    """The server stops after eight without."""
    live.frames = [[snapshot(1), *(delta(seq, prev=seq - 1) for seq in range(2, 10))]]
    await seen(live, 9)
    await live.wait_until(lambda: [message["seq"] for message in live.heard if message["type"] == "ack"] == [4, 8])


async def test_a_large_frame_is_acknowledged_at_once(live: FakeLive) -> None:
    """The server stops after 256 KiB without, which two parts of a snapshot may have."""
    live.frames = [[snapshot(1, parts=2, rows=1_000), snapshot(2, part=2, parts=2, rows=200)]]
    await seen(live, 2)
    await live.wait_until(lambda: [message["seq"] for message in live.heard if message["type"] == "ack"] == [1])


async def test_who_may_not_watch_is_told(live: FakeLive) -> None:
    live.frames = [[{"type": "error", "code": "forbidden", "reason": "not yours"}]]
    with pytest.raises(Rejected, match="forbidden"):
        await seen(live, 1)


async def test_a_wrong_token_is_not_tried_again(live: FakeLive) -> None:
    with pytest.raises(NotAuthorised):
        await anext(LiveWatcher(live.url, [ROOM], token=WRONG_TOKEN).frames())
