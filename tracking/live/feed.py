"""Runs the hub: opens rooms, hears the bus, flushes by the tick, repairs from the store."""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from tracking.domain.alerts import Alarm
from tracking.domain.counters import Counters
from tracking.domain.directory import Directory, VehicleCard
from tracking.domain.errors import Unavailable
from tracking.domain.events import Event, VehicleRegions
from tracking.domain.fix import Fix
from tracking.domain.latest import Changes
from tracking.domain.regions import NOWHERE
from tracking.live import alarms, limits
from tracking.live.bus import Bus
from tracking.live.channels import Channel
from tracking.live.closing import CloseCode
from tracking.live.events import EventFrame
from tracking.live.frames import Frame
from tracking.live.hub import Hub, WatchedRoom, Watcher
from tracking.live.news import Group, News, apply_news, news_of
from tracking.live.places import Place, place_of
from tracking.live.rounds import next_round
from tracking.storage.telemetry import Telemetry

logger = logging.getLogger(__name__)

TICK_S = limits.TICK_MS / 1000
EARLY_S = 0.04  # news that come so late in a tick end it: waiting would cost a wake-up, and what comes next a tick
REPAIR_EVERY_S = 5.0
REPAIR_EVERY_WHILE_STALE_S = 1.0
EARLY_ROUND_S = 0.1
BEAT_EVERY_S = 1.0
KEEP_EMPTY_ROOM_S = 60.0
QUIET_S = 2 * TICK_S  # a room that was told nothing for so long is told of the next at once, and of the one after it


class Connection(Protocol):
    """What the feed needs of a transport's connection."""

    @property
    def has_credit(self) -> bool: ...

    @property
    def newest_seq(self) -> int: ...

    @property
    def is_apart(self) -> bool:
        """It is a WebSocket that lives on without a call of the application."""
        ...

    def deliver(self, frame: Frame) -> None: ...

    def tell(self, frames: Sequence[EventFrame]) -> None: ...

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
        self._places: dict[str, Place] = {}
        self._early: dict[str, list[News]] = {}
        self._timers: dict[str, asyncio.TimerHandle | asyncio.Handle] = {}
        self._flushed_s: dict[str, float] = {}
        self._empty_since_s: dict[str, float] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._gapped: dict[str, WatchedRoom] = {}
        self._gap = asyncio.Event()
        self.connections: set[Connection] = set()
        self._awaited: set[int] = set()
        self._next_look_s = 0.0

    async def start(self) -> None:
        """Harmless when it runs already. Raises Unavailable when the store cannot be read."""
        if self._starting is None or (self._starting.done() and self._hub is None):
            self._starting = asyncio.create_task(self._start())
        await asyncio.shield(self._starting)

    async def _start(self) -> None:
        identity = await asyncio.to_thread(self._telemetry.identity)
        await self.bus.start()
        await self.bus.follow(alarms.GROUP, lambda word: self._on_alarms(alarms.told_in(word)))
        self._hub = Hub(
            identity,
            secrets.token_hex(3),
            self._counters,
            regions=lambda: self._directory().regions,
            names=self._directory().revision,
        )
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

    async def open_room(self, channel: Channel) -> WatchedRoom:
        """Subscribe first, snapshot second. Raises Unavailable."""
        name = channel.name
        if name in self.hub.rooms:
            self._empty_since_s.pop(name, None)
            return self.hub.rooms[name]
        if name not in self._opening:
            self._places[name] = place_of(channel)
            opening = self._opening[name] = asyncio.create_task(self._open(name, self._places[name]))
            opening.add_done_callback(lambda _: self._opening.pop(name))
        return await asyncio.shield(self._opening[name])

    async def _open(self, channel: str, place: Place) -> WatchedRoom:
        self._early[channel] = []
        try:
            await self.bus.join(place.group)
            rows, events = await asyncio.to_thread(place.load, self._telemetry)
            standing = await asyncio.to_thread(place.load_standing, self._telemetry)
        except Unavailable:
            await self._forget(channel)
            raise
        finally:
            early = self._early.pop(channel)
        watched = self.hub.open_room(channel, place.region, rows, events, vehicle=place.vehicle, standing=standing)
        self._apply(watched, early)
        self._schedule_all()
        return watched

    async def _forget(self, channel: str) -> None:
        """Its news are no longer heard, unless another room lives on them."""
        group = self._places.pop(channel).group
        if all(place.group != group for place in self._places.values()):
            await self.bus.leave(group)

    def missed(self, watched: WatchedRoom, cursor: str | None) -> list[EventFrame]:
        """The events that a reader with this cursor may not have seen."""
        return self.hub.missed(watched, cursor, self._cards())

    @contextmanager
    def kept_open(self, watched: WatchedRoom) -> Iterator[None]:
        """For a reader who is told its events at his pace, and is in the room only then."""
        watched.arriving += 1
        try:
            yield
        finally:
            watched.arriving -= 1

    def enter(self, watched: WatchedRoom, connection: Connection, cursor: str | None, *, told: int) -> None:
        """`told`: the room's position when `missed` was asked."""
        self.hub.join(watched, connection, cursor, self._cards(), told=told)

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

    def regions_of(self, channel: Channel) -> frozenset[int]:
        """Where the vehicle of a channel is now that somebody here has joined."""
        watched = self.hub.rooms.get(channel.name)
        return NOWHERE if watched is None else watched.standing.regions

    async def locate(self, vehicle: int) -> frozenset[int]:
        """Where any vehicle is now, as the store says. Raises Unavailable."""
        return await asyncio.to_thread(self._telemetry.regions_of, vehicle)

    def publish(
        self,
        changes: Changes,
        events: Sequence[Event],
        *,
        changed_ms: int,
        vehicle_regions: VehicleRegions,
        told_alarms: Mapping[int, Alarm],
    ) -> None:
        """Tells this process at once, all others over the bus."""
        if told_alarms:
            self._on_alarms(told_alarms)
            self.bus.say(alarms.GROUP, alarms.word_of(told_alarms))
        here = {place.group for place in self._places.values()}
        news = news_of(
            changes,
            changed_ms,
            events,
            vehicle_regions,
            is_heard=lambda group: group in here or self.bus.may_be_heard(group),
        )
        self._awaited -= changes.latest.keys()
        for group, item in news.items():
            self._on_news(group, [item])
        self.bus.publish(news)

    def awaits_any(self, fixes: Sequence[Fix]) -> bool:
        """Whether the last news of a vehicle of them came to a quiet room here: the next are worth a wake-up of their own."""
        return bool(self._awaited) and any(fix.vehicle in self._awaited for fix in fixes)

    def expect_look(self, at_s: float) -> None:
        """Most of what has not been read by now will be read then, by the loop's clock."""
        self._next_look_s = at_s

    def rename(self, before: Directory, after: Directory) -> None:
        """Readers hear of changed names and colours, and of vehicles that are no more."""
        if self._hub is None:
            return
        cards = before.vehicles
        changed = [vehicle for vehicle, card in after.vehicles.items() if cards.get(vehicle) != card]
        self._hub.rename(changed, names=after.revision)
        self._hub.forget(cards.keys() - after.vehicles.keys())
        self._schedule_all()

    def recheck(self) -> None:
        """Rights may have changed."""
        for connection in list(self.connections):
            connection.recheck()

    def _cards(self) -> Mapping[int, VehicleCard]:
        return self._directory().vehicles

    def _on_news(self, group: Group, batches: list[News]) -> None:
        for channel, early in self._early.items():
            if self._places[channel].group == group:
                early.extend(batches)
        for watched in self._rooms_of(group):
            news = self._apply(watched, batches)
            if self._schedule(watched) >= QUIET_S:
                self._awaited |= {row[0] for item in news for row, _ in item.rows}

    def _on_alarms(self, told: Mapping[int, Alarm]) -> None:
        if self._hub is not None:
            self._hub.hear(told)
            self._schedule_all()

    def _apply(self, watched: WatchedRoom, batches: list[News]) -> list[News]:
        """What of them is about the room."""
        news = self._places[watched.channel].narrow(batches)
        apply_news(watched.room, news)
        if watched.vehicle is not None:
            for _, standing in (entry for item in news for entry in item.standings):
                self.hub.locate(watched, standing)
        self.hub.note(watched, (event for item in news for event in item.events))
        return news

    def _rooms_of(self, group: Group) -> list[WatchedRoom]:
        return [watched for channel, watched in self.hub.rooms.items() if self._places[channel].group == group]

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

    def _schedule_all(self) -> None:
        for watched in self.hub.rooms.values():
            self._schedule(watched)

    def _schedule(self, watched: WatchedRoom) -> float:
        """At once after a quiet tick, near the end of the running one, or when little more will be heard before; else when it ends.

        Gives the seconds since the room was last told anything, 0 where nothing is to be told.
        """
        if not watched.room.has_news:
            return 0.0
        channel, loop = watched.channel, asyncio.get_running_loop()
        now_s = loop.time()
        since_s = now_s - self._flushed_s.get(channel, 0.0)
        wait_s = TICK_S - since_s
        timer = self._timers.get(channel)
        if wait_s <= EARLY_S or now_s + wait_s <= self._next_look_s:
            if timer is not None:
                timer.cancel()
            self._timers[channel] = loop.call_soon(self._flush, watched)
        elif timer is None:
            self._timers[channel] = loop.call_later(wait_s, self._flush, watched)
        return since_s

    def _flush(self, watched: WatchedRoom) -> None:
        del self._timers[watched.channel]
        self._flushed_s[watched.channel] = asyncio.get_running_loop().time()
        began_s = time.perf_counter()
        self.hub.flush(watched, self._cards())
        self._counters.tick_s.observe(time.perf_counter() - began_s)

    async def _keep_repaired(self) -> None:
        repaired_s = time.monotonic()
        while True:
            await next_round(REPAIR_EVERY_WHILE_STALE_S)
            if not self.bus.is_stale and time.monotonic() - repaired_s < REPAIR_EVERY_S - EARLY_ROUND_S:
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
        if (place := self._places.get(watched.channel)) is None:
            return
        try:
            rows, events = await asyncio.to_thread(
                place.load,
                self._telemetry,
                rows_since_ms=watched.room.watermark_ms,
                events_since_ms=watched.events.watermark_ms,
            )
            standing = await asyncio.to_thread(place.load_standing, self._telemetry)
        except Unavailable as error:
            logger.warning("room %s was not repaired: %s", watched.channel, error)
            return
        self.hub.locate(watched, standing)
        self.hub.merge(watched, rows, events)
        self._schedule_all()

    async def _close_empty_rooms(self) -> None:
        now_s = time.monotonic()
        for channel, watched in list(self.hub.rooms.items()):
            if watched.watchers or watched.held or watched.arriving:
                continue
            if now_s - self._empty_since_s.setdefault(channel, now_s) >= KEEP_EMPTY_ROOM_S:
                del self.hub.rooms[channel], self._empty_since_s[channel]
                self._flushed_s.pop(channel, None)
                await self._forget(channel)

    async def _beat(self) -> None:
        while True:
            await next_round(BEAT_EVERY_S)
            now_s = time.monotonic()
            for connection in list(self.connections):
                connection.beat(now_s)
