"""Runs the hub: opens rooms, hears the bus, flushes by the tick, repairs from the store."""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from tracking.domain.counters import Counters
from tracking.domain.directory import Directory, VehicleCard
from tracking.domain.errors import Unavailable
from tracking.domain.latest import Changes
from tracking.live import limits
from tracking.live.bus import Bus
from tracking.live.closing import CloseCode
from tracking.live.frames import Frame
from tracking.live.hub import REMEMBER_DEPARTURES_MS, Hub, WatchedRoom, Watcher
from tracking.live.news import Group, News, apply_news, group_of, news_of
from tracking.storage.telemetry import Telemetry

logger = logging.getLogger(__name__)

TICK_S = limits.TICK_MS / 1000
REPAIR_EVERY_S = 5.0
REPAIR_EVERY_WHILE_STALE_S = 1.0
KEEP_EMPTY_ROOM_S = 60.0


class Connection(Protocol):
    """What the feed needs of a transport's connection."""

    @property
    def has_credit(self) -> bool: ...

    def deliver(self, frame: Frame) -> None: ...

    def beat(self, now_s: float) -> None:
        """Called about once a second."""
        ...

    def describe(self, now_s: float) -> dict[str, Any]:
        """For operators."""
        ...

    def close(self, code: CloseCode) -> None:
        """Says bye and ends, once."""
        ...

    def recheck(self) -> None:
        """Called when rights may have changed."""
        ...


class LiveFeed:
    """One in a process; lives in one event loop, started on first use."""

    def __init__(
        self, telemetry: Telemetry, layer: Any, *, directory: Callable[[], Directory], counters: Counters
    ) -> None:
        self._telemetry = telemetry
        self._counters = counters
        self._directory = directory
        self.bus = Bus(layer, on_news=self._on_news, on_gap=self._on_gap)
        self._hub: Hub | None = None
        self._starting: asyncio.Task[None] | None = None
        self._opening: dict[str, asyncio.Task[WatchedRoom]] = {}
        self._early: dict[Group, list[News]] = {}
        self._timers: dict[str, asyncio.TimerHandle | asyncio.Handle] = {}
        self._flushed_s: dict[str, float] = {}
        self._empty_since_s: dict[str, float] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._gapped: dict[str, WatchedRoom] = {}
        self._gap = asyncio.Event()
        self.connections: set[Connection] = set()

    async def start(self) -> None:
        """Harmless when it runs already. Raises Unavailable when the store cannot be read."""
        if self._starting is None or (self._starting.done() and self._hub is None):
            self._starting = asyncio.create_task(self._start())
        await asyncio.shield(self._starting)

    async def _start(self) -> None:
        identity = await asyncio.to_thread(self._telemetry.identity)
        await self.bus.start()
        self._hub = Hub(identity, secrets.token_hex(3), self._counters)
        self._tasks = [
            asyncio.create_task(self._keep_repaired()),
            asyncio.create_task(self._close_gaps()),
            asyncio.create_task(self._beat()),
        ]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for timer in self._timers.values():
            timer.cancel()
        if self._hub is not None:
            await self.bus.stop()

    @property
    def hub(self) -> Hub:
        assert self._hub is not None, "start() first"
        return self._hub

    async def open_room(self, channel: str, region: int | None) -> WatchedRoom:
        """Subscribe first, snapshot second. Raises Unavailable."""
        if channel in self.hub.rooms:
            self._empty_since_s.pop(channel, None)
            return self.hub.rooms[channel]
        if channel not in self._opening:
            self._opening[channel] = asyncio.create_task(self._open(channel, region))
        try:
            return await asyncio.shield(self._opening[channel])
        finally:
            if (task := self._opening.get(channel)) is not None and task.done():
                del self._opening[channel]

    async def _open(self, channel: str, region: int | None) -> WatchedRoom:
        group = group_of(region)
        self._early[group] = []
        try:
            await self.bus.join(group)
            rows = await asyncio.to_thread(self._telemetry.load_room, region, gone_within_ms=REMEMBER_DEPARTURES_MS)
        except Unavailable:
            await self.bus.leave(group)
            raise
        finally:
            early = self._early.pop(group)
        watched = self.hub.open_room(channel, region, rows)
        apply_news(watched.room, early)
        return watched

    def enter(self, watched: WatchedRoom, connection: Connection, cursor: str | None) -> None:
        self.hub.join(watched, connection, cursor, self._cards())

    def resume(self, channel: str, connection: Connection) -> None:
        """The connection has credit again."""
        if (watched := self.hub.rooms.get(channel)) is not None:
            self.hub.resume(watched, connection, self._cards())

    def lacks(self, watched: WatchedRoom, cursor: str) -> Iterator[Frame]:
        """The frames that a reader with this cursor has not seen; "" has seen nothing."""
        return self.hub.lacks(watched, cursor, self._cards())

    def listen(self, watched: WatchedRoom, watcher: Watcher) -> None:
        """Tells of every later frame, and of nothing before."""
        self.hub.listen(watched, watcher)

    def leave(self, channel: str, connection: Watcher) -> None:
        watched = self.hub.rooms.get(channel)
        if watched is not None:
            self.hub.leave(watched, connection)

    def publish(self, changes: Changes, *, changed_ms: int) -> None:
        """Tells all processes, this one included, over the bus."""
        if changes.latest:
            self.bus.publish(news_of(changes, changed_ms))

    def rename(self, before: Mapping[int, VehicleCard], after: Mapping[int, VehicleCard]) -> None:
        """Readers hear of changed names and colours."""
        if self._hub is None:
            return
        changed = [vehicle for vehicle, card in after.items() if before.get(vehicle) != card]
        for watched in self._hub.rooms.values():
            watched.room.rename(changed)
            self._schedule(watched)

    def recheck(self) -> None:
        """Rights may have changed."""
        for connection in list(self.connections):
            connection.recheck()

    def _cards(self) -> Mapping[int, VehicleCard]:
        return self._directory().vehicles

    def _on_news(self, group: Group, batches: list[News]) -> None:
        if group in self._early:
            self._early[group] += batches
            return
        for watched in self._rooms_of(group):
            apply_news(watched.room, batches)
            self._schedule(watched)

    def _rooms_of(self, group: Group) -> list[WatchedRoom]:
        return [watched for watched in self.hub.rooms.values() if group_of(watched.region) == group]

    def _on_gap(self, group: Group) -> None:
        for watched in self._rooms_of(group):
            self._counters.gaps["lost_news"] += 1
            self._gapped[watched.channel] = watched
        self._gap.set()

    async def _close_gaps(self) -> None:
        """One read at a time: gaps that come meanwhile are closed together by the next."""
        while True:
            await self._gap.wait()
            self._gap.clear()
            gapped, self._gapped = self._gapped, {}
            try:
                for watched in gapped.values():
                    await self._repair(watched)
            except Exception:
                logger.exception("a gap stays open until the next repair round")

    def _schedule(self, watched: WatchedRoom) -> None:
        """At once after a quiet tick, else when the running tick ends."""
        channel = watched.channel
        if channel in self._timers or not watched.room.has_news:
            return
        loop = asyncio.get_running_loop()
        wait_s = self._flushed_s.get(channel, 0.0) + TICK_S - loop.time()
        if wait_s <= 0:
            self._timers[channel] = loop.call_soon(self._flush, watched)
        else:
            self._timers[channel] = loop.call_later(wait_s, self._flush, watched)

    def _flush(self, watched: WatchedRoom) -> None:
        del self._timers[watched.channel]
        self._flushed_s[watched.channel] = asyncio.get_running_loop().time()
        began_s = time.perf_counter()
        self.hub.flush(watched, self._cards())
        self._counters.tick_s.observe(time.perf_counter() - began_s)

    async def _keep_repaired(self) -> None:
        repaired_s = time.monotonic()
        while True:
            await asyncio.sleep(REPAIR_EVERY_WHILE_STALE_S)
            if not self.bus.is_stale and time.monotonic() - repaired_s < REPAIR_EVERY_S:
                continue
            repaired_s = time.monotonic()
            try:
                for watched in list(self.hub.rooms.values()):
                    await self._repair(watched)
                await self._close_empty_rooms()
            except Exception:
                logger.exception("a repair round failed")

    async def _repair(self, watched: WatchedRoom) -> None:
        """Reads what changed since the room's watermark."""
        try:
            rows = await asyncio.to_thread(
                self._telemetry.load_room, watched.region, since_ms=watched.room.watermark_ms
            )
        except Unavailable as error:
            logger.warning("room %s was not repaired: %s", watched.channel, error)
            return
        self.hub.merge(watched, rows)
        self._schedule(watched)

    async def _close_empty_rooms(self) -> None:
        now_s = time.monotonic()
        for channel, watched in list(self.hub.rooms.items()):
            if watched.watchers or watched.held:
                continue
            if now_s - self._empty_since_s.setdefault(channel, now_s) >= KEEP_EMPTY_ROOM_S:
                del self.hub.rooms[channel], self._empty_since_s[channel]
                self._flushed_s.pop(channel, None)
                await self.bus.leave(group_of(watched.region))

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            now_s = time.monotonic()
            for connection in list(self.connections):
                connection.beat(now_s)
