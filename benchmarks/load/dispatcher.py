"""A dispatcher's page without a map: a live connection by the client package, and what it knows."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from fleet_client import LiveWatcher
from fleet_client.watch import Frame

HOLDS_WITHIN_S = 60.0
POLL_S = 0.02

Rows = dict[str, dict[int, list[Any]]]
"""Rows by channel and vehicle."""


class Picture:
    """What snapshots and deltas have told of some channels."""

    def __init__(self, channels: Sequence[str]) -> None:
        self.rows: Rows = {channel: {} for channel in channels}
        self._incomplete = set(channels)

    @property
    def is_complete(self) -> bool:
        return not self._incomplete

    def apply(self, frame: Frame) -> None:
        rows = self.rows[frame["channel"]]
        if frame["type"] == "snapshot" and frame["part"] == 1:
            rows.clear()
        for row in frame["rows"]:
            if row[0] not in rows or row[1] > rows[row[0]][1]:
                rows[row[0]] = row
        for vehicle in frame.get("gone", ()):
            rows.pop(vehicle, None)
        if frame["type"] == "delta" or frame["part"] == frame["parts"]:
            self._incomplete.discard(frame["channel"])


class Dispatcher:
    """`connections` has the name of each connection it has had."""

    def __init__(self, url: str, channels: Sequence[str], *, headers: Mapping[str, str], origin: str) -> None:
        self.connections: set[str] = set()
        self._picture = Picture(channels)
        self._watcher = LiveWatcher(url, channels, headers=headers, origin=origin)

    @property
    def rows(self) -> Rows:
        return self._picture.rows

    async def watch(self) -> None:
        """For ever."""
        async for frame in self._watcher.frames():
            self.connections.add(self._watcher.welcome["connection"])
            self._picture.apply(frame)

    async def until_complete(self) -> None:
        await holds(lambda: self._picture.is_complete)


async def fresh_rows(dispatcher: Dispatcher) -> Rows:
    """What a dispatcher who has just come sees."""
    async with running(dispatcher.watch()):
        await dispatcher.until_complete()
    return dispatcher.rows


def newest_of(rows: Rows) -> dict[int, int]:
    """Fix times (ms) by vehicle."""
    return {vehicle: row[1] for room in rows.values() for vehicle, row in room.items()}


async def holds(condition: Callable[[], bool]) -> None:
    """Returns once it does. Raises TimeoutError."""
    async with asyncio.timeout(HOLDS_WITHIN_S):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(POLL_S)


@asynccontextmanager
async def running(work: Awaitable[None]) -> AsyncIterator[None]:
    """Ended with the block; what it raised is raised then."""
    task = asyncio.ensure_future(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled():
            task.result()
