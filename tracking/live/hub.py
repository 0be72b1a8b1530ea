"""All rooms that someone in this process watches: who gets which frame. No socket, no clock, no loop."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import chain, count
from typing import NamedTuple, Protocol

from tracking.domain.alerts import Alarm
from tracking.domain.counters import Counters
from tracking.domain.directory import RegionCard, VehicleCard
from tracking.domain.events import Event
from tracking.domain.latest import SOMEWHERE, Standing
from tracking.live.alarms import Alarms
from tracking.live.cursor import Cursor, decode_cursor, encode_cursor
from tracking.live.events import NO_EVENTS, EventFrame, EventLog, Missed, event_message, gap_message
from tracking.live.frames import Frame, delta_message, snapshot_message, vehicles_field
from tracking.live.room import Delta, Room, row_of, split
from tracking.storage.records import OVERLAP_MS, RecentEvents, RoomRows

SNAPSHOT_PART_ROWS = 1_000
REMEMBER_DEPARTURES_MS = 600_000

Cards = Mapping[int, VehicleCard]


class Watcher(Protocol):
    """A connection, as the hub sees it."""

    @property
    def has_credit(self) -> bool:
        """Whether it may be sent more now; once it may again, `Hub.resume` is to be called."""
        ...

    @property
    def newest_seq(self) -> int:
        """Of all that it was handed, whatever the room."""
        ...

    def deliver(self, frame: Frame) -> None:
        """Must return at once."""
        ...

    def tell(self, frames: Sequence[EventFrame]) -> None:
        """What happened, in order. Passes without credit. Must return at once."""
        ...

    def recheck(self) -> None:
        """The room's vehicle is in other regions now: who may not see it there leaves."""
        ...


class Debt(NamedTuple):
    """What a watcher lacks: `frames`, then all that changed after `position`.

    `newest` is the room's `last_seq` when they were begun: as long as it still is, the next flush tells the rest.
    """

    position: int
    newest: int
    frames: Iterable[Frame]


class Lazily:
    """Frames made when they are first taken, by whichever of their readers."""

    def __init__(self, frames: Iterator[Frame]) -> None:
        self._frames = frames
        self._made: list[Frame] = []

    def __iter__(self) -> Iterator[Frame]:
        for number in count():
            if number == len(self._made):
                if (frame := next(self._frames, None)) is None:
                    return
                self._made.append(frame)
            yield self._made[number]


@dataclass(slots=True, eq=False)
class WatchedRoom:
    """A room with its readers: `watchers` have seen all that was flushed, `held` wait for credit, `arriving` (a number) hear what
    they missed before they are in it.

    `region` is an id, None for all or for one `vehicle`, whose regions `standing` knows; `name` tells this room from every
    other one of any process; `last_seq` is its newest frame. `shared`, good until the next flush, is what those lack who have
    seen all up to a position, or nothing (None).
    """

    channel: str
    region: int | None
    name: str
    room: Room
    events: EventLog
    vehicle: int | None = None
    standing: Standing = SOMEWHERE
    watchers: set[Watcher] = field(default_factory=set)
    held: dict[Watcher, Debt] = field(default_factory=dict)
    arriving: int = 0
    last_seq: int = 0
    shared: dict[int | None, Debt] = field(default_factory=dict)
    conflated: int = 0


class Hub:
    """`store` is the telemetry store's identity, part of every cursor; `process` is unique among processes.

    `names` is the office's revision whose names its rooms tell.
    """

    def __init__(
        self,
        store: str,
        process: str,
        counters: Counters | None = None,
        *,
        regions: Callable[[], Mapping[int, RegionCard]] = dict[int, RegionCard],
        names: int = 0,
    ) -> None:
        self._store = store
        self._regions = regions
        self._process = process
        self._counters = counters or Counters()
        self.alarms = Alarms()
        self._opened = 0
        self._seq = 0
        self._names = names
        self.rooms: dict[str, WatchedRoom] = {}

    def open_room(
        self,
        channel: str,
        region: int | None,
        rows: RoomRows,
        events: RecentEvents = NO_EVENTS,
        *,
        vehicle: int | None = None,
        standing: Standing = SOMEWHERE,
    ) -> WatchedRoom:
        """`rows`: all that is in it, with the departures of the last REMEMBER_DEPARTURES_MS; `events`: of REMEMBER_EVENTS_MS.

        `standing`: where the vehicle is.
        """
        self._opened += 1
        room = Room(horizon_ms=rows.watermark_ms - REMEMBER_DEPARTURES_MS)
        name = f"{self._process}{self._opened:x}"
        watched = WatchedRoom(channel, region, name, room, EventLog(events), vehicle, standing)
        self.rooms[channel] = watched
        self.merge(watched, rows)
        room.take_delta()
        return watched

    def merge(self, watched: WatchedRoom, rows: RoomRows, events: RecentEvents = NO_EVENTS) -> None:
        """What the store says wins over what the bus may have lost."""
        room, alarms = watched.room, self.alarms
        self.touch(alarms.merge(rows.alarms))
        self.note(watched, events.events)
        watched.events.advance(events, position=room.position)
        for vehicle, moved_ms in rows.gone:
            room.drop(vehicle, moved_ms=moved_ms, changed_ms=rows.watermark_ms + OVERLAP_MS)
        for latest, _, stored_ms in rows.rows:
            changed_ms = max(stored_ms, alarms.changed_ms(latest.fix.vehicle))
            room.put(row_of(latest), moved_ms=latest.moved_ms, changed_ms=changed_ms)
        room.watermark_ms = max(room.watermark_ms, rows.watermark_ms)
        room.forget_departures(before_ms=room.watermark_ms - REMEMBER_DEPARTURES_MS)

    def hear(self, told: Mapping[int, Alarm]) -> None:
        """Alarms were raised or lifted: readers of all rooms hear of it with the next flush."""
        self.touch(self.alarms.hear(told))

    def touch(self, vehicles: Iterable[int]) -> None:
        for vehicle in vehicles:
            for watched in self.rooms.values():
                watched.room.touch(vehicle, changed_ms=self.alarms.changed_ms(vehicle))

    def note(self, watched: WatchedRoom, events: Iterable[Event]) -> None:
        """Readers are told with the next flush, once of each."""
        for event in events:
            if watched.events.is_new(event):
                watched.events.add(event, position=watched.room.step())

    def locate(self, watched: WatchedRoom, standing: Standing) -> None:
        """The room's vehicle is there, unless something newer is known: who may not follow it leaves before the next flush."""
        if standing.moved_ms <= watched.standing.moved_ms:
            return
        before, watched.standing = watched.standing, standing
        if standing.regions != before.regions:
            for watcher in [*watched.watchers, *watched.held]:
                watcher.recheck()

    def join(
        self, watched: WatchedRoom, watcher: Watcher, cursor: str | None, cards: Cards, *, told: int | None = None
    ) -> None:
        """The watcher gets what it lacks now, and every later frame; `told`: it has all events up to this position.

        Events come first, so that no cursor is ahead of them.
        """
        self.leave(watched, watcher)
        self._tell(watched, cards)
        missed = self._missed(watched, cursor) if told is None else watched.events.after(told)
        watcher.tell(self._event_frames(watched, missed, cards))
        delta = self._resumed(watched, cursor)
        debt = None if delta is None else self._debt(watched, self._news(watched, delta, cards))
        self._pay(watched, watcher, debt or self._shared(watched, None, cards), cards)

    def listen(self, watched: WatchedRoom, watcher: Watcher) -> None:
        """The watcher gets every later frame, and nothing of before."""
        watched.watchers.add(watcher)

    def leave(self, watched: WatchedRoom, watcher: Watcher) -> None:
        watched.watchers.discard(watcher)
        watched.held.pop(watcher, None)

    def resume(self, watched: WatchedRoom, watcher: Watcher, cards: Cards) -> None:
        """The watcher has credit again: what it lacks comes merged."""
        if watcher in watched.held:
            self._tell(watched, cards)  # while it is held
        if (debt := watched.held.pop(watcher, None)) is not None:
            self._pay(watched, watcher, debt, cards)

    def _pay(self, watched: WatchedRoom, watcher: Watcher, debt: Debt, cards: Cards) -> None:
        frames = iter(debt.frames)
        while watcher.has_credit:
            if (frame := next(frames, None)) is not None:
                watcher.deliver(frame if frame.seq > watcher.newest_seq else frame.anew(seq=self._next_seq()))
            elif debt.newest == watched.last_seq:
                watched.watchers.add(watcher)
                return
            else:
                debt = self._shared(watched, debt.position, cards)
                frames = iter(debt.frames)
        watched.held[watcher] = debt._replace(frames=frames)

    def _shared(self, watched: WatchedRoom, position: int | None, cards: Cards) -> Debt:
        """Of all who have seen the same, made once a tick: many come at once, or fall behind at once."""
        if (debt := watched.shared.get(position)) is None:
            delta = None if position is None else watched.room.after(position)
            debt = watched.shared[position] = self._debt(watched, Lazily(self._news(watched, delta, cards)))
        return debt

    def _debt(self, watched: WatchedRoom, frames: Iterable[Frame]) -> Debt:
        return Debt(watched.room.position, watched.last_seq, frames)

    def flush(self, watched: WatchedRoom, cards: Cards) -> bool:
        """Hands one frame with all news to every watcher that has credit; False when there was none."""
        room = watched.room
        if not room.has_news:
            return False
        self._tell(watched, cards)
        watched.shared.clear()
        before = Debt(room.flushed_position, watched.last_seq, ())
        prev, watched.last_seq = watched.last_seq, self._next_seq()
        frame = self._delta(watched, room.take_delta(), seq=watched.last_seq, prev=prev, cards=cards)
        broke = [watcher for watcher in watched.watchers if not watcher.has_credit]
        watched.watchers.difference_update(broke)
        for watcher in broke:
            watched.held[watcher] = before
        watched.conflated += len(watched.held)
        self._counters.conflated += len(watched.held)
        for watcher in list(watched.watchers):  # one that reads too slowly leaves while it is served
            watcher.deliver(frame)
        return True

    def _tell(self, watched: WatchedRoom, cards: Cards) -> None:
        """Hands the events that came to every watcher, all at once: a fleet may cross a border together."""
        if frames := self._event_frames(watched, watched.events.take_untold(), cards):
            for watcher in [*watched.watchers, *watched.held]:
                watcher.tell(frames)

    def rename(self, vehicles: Sequence[int], *, names: int) -> None:
        """Their cards changed with this revision of the office: readers hear of it with the next flush."""
        self._names = names
        for watched in self.rooms.values():
            watched.room.rename(vehicles)

    def forget(self, vehicles: AbstractSet[int]) -> None:
        """They were deleted: readers hear with the next flush that they are gone."""
        for watched in self.rooms.values():
            room = watched.room
            for vehicle in room.rows.keys() & vehicles:
                room.forget(vehicle, changed_ms=room.watermark_ms + OVERLAP_MS)

    def answer(self, watched: WatchedRoom, cursor: str | None, cards: Cards) -> Iterator[Frame]:
        """What a reader with this cursor lacks: one delta, or a snapshot in parts, made as they are taken."""
        return self._news(watched, self._resumed(watched, cursor), cards)

    def _resumed(self, watched: WatchedRoom, cursor: str | None) -> Delta | None:
        delta = self._since(watched, decode_cursor(cursor) if cursor else None)
        if cursor:
            self._counters.resumes["snapshot" if delta is None else "delta"] += 1
        return delta

    def lacks(self, watched: WatchedRoom, cursor: str, cards: Cards) -> Iterator[Frame]:
        """The events missed and then as `answer`; nothing for a reader that has seen everything."""
        told = self.missed(watched, cursor, cards)
        delta = self._since(watched, decode_cursor(cursor))
        if delta is not None and not delta and not told:
            return iter(())
        return chain(told, self._news(watched, delta, cards))

    def missed(self, watched: WatchedRoom, cursor: str | None, cards: Cards) -> list[EventFrame]:
        """The events that a reader with this cursor may not have seen."""
        return self._event_frames(watched, self._missed(watched, cursor), cards)

    def _missed(self, watched: WatchedRoom, cursor: str | None) -> Missed:
        """A reader without a cursor begins now; one that follows a vehicle begins with all that is remembered."""
        seen = decode_cursor(cursor) if cursor else None
        if seen is None or seen.store != self._store:
            return Missed([] if watched.vehicle is None else watched.events.since(0).events)
        position = dict(seen.rooms).get(watched.name)
        return watched.events.since(seen.seen_ms) if position is None else watched.events.after(position)

    def _event_frames(self, watched: WatchedRoom, missed: Missed, cards: Cards) -> list[EventFrame]:
        channel, regions, cursor = watched.channel, self._regions(), self.cursor(watched)
        messages = []
        if missed.since_ms is not None:
            messages.append(gap_message(missed.since_ms, seq=self._next_seq(), channel=channel))
        messages += [
            event_message(event, seq=self._next_seq(), channel=channel, cards=cards, regions=regions)
            for event in missed.events
        ]
        return [EventFrame(message, cursor=cursor) for message in messages]

    def _since(self, watched: WatchedRoom, seen: Cursor | None) -> Delta | None:
        """None when it cannot be told, as of names that changed while another process was asked."""
        if seen is None or seen.store != self._store:
            return None
        room = watched.room
        position = dict(seen.rooms).get(watched.name)
        exact = None if position is None else room.after(position)
        if exact is None and seen.names == self._names:
            return room.since(seen.seen_ms)
        return exact

    def _news(self, watched: WatchedRoom, delta: Delta | None, cards: Cards) -> Iterator[Frame]:
        if delta is None:
            return self._snapshot(watched, cards)
        return iter((self._delta(watched, delta, seq=self._next_seq(), prev=0, cards=cards),))

    def _delta(self, watched: WatchedRoom, delta: Delta, *, seq: int, prev: int, cards: Cards) -> Frame:
        return Frame(
            delta_message(
                seq=seq,
                prev=prev,
                channel=watched.channel,
                cursor=self.cursor(watched),
                rows=self.alarms.shown(delta.rows),
                gone=delta.gone,
                vehicles=vehicles_field(delta.named, cards),
            ),
            calm_rows=delta.rows,
        )

    def _snapshot(self, watched: WatchedRoom, cards: Cards) -> Iterator[Frame]:
        """The cursor is that of its beginning; vehicles that leave or come while it is taken are left to the delta after it."""
        cursor, rows = self.cursor(watched), watched.room.rows
        parts = split(list(rows), SNAPSHOT_PART_ROWS)
        for number, vehicles in enumerate(parts, 1):
            present = [rows[vehicle] for vehicle in vehicles if vehicle in rows]
            yield Frame(
                snapshot_message(
                    seq=self._next_seq(),
                    channel=watched.channel,
                    cursor=cursor,
                    rows=self.alarms.shown(present),
                    vehicles=vehicles_field((row[0] for row in present), cards),
                    part=number,
                    parts=len(parts),
                ),
                calm_rows=present,
            )

    def cursor(self, watched: WatchedRoom) -> str:
        """All of the room has been seen up to now."""
        room = watched.room
        rooms = ((watched.name, room.position),)
        return encode_cursor(Cursor(self._store, room.watermark_ms, rooms, self._names))

    def _next_seq(self) -> int:
        self._seq += 1
        return self._seq
