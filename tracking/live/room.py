"""What is known of one live room: the newest row of each vehicle in it, and what its readers have not seen yet."""

from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import NamedTuple, TypeAlias

from tracking.domain.latest import Latest

FIELDS = ("vehicle", "fix_time", "lat", "lon", "speed_mps", "course_deg", "status")

Row: TypeAlias = tuple[int, int, float, float, float | None, float | None, int | None]
"""Values in the order of FIELDS; the time in ms since 1970 UTC."""


def row_of(latest: Latest) -> Row:
    """Rounded to what a map can show: 1e-6 degrees (0.11 m), 0.01 m/s, 0.1 degrees."""
    vehicle, time_ms, lat, lon, speed, course, _ = latest.fix
    return (
        vehicle,
        time_ms,
        round(lat * 1e6) / 1e6,  # four times as fast as to round to a number of digits
        round(lon * 1e6) / 1e6,
        None if speed is None else round(speed * 100) / 100,
        None if course is None else round(course * 10) % 3600 / 10,
        latest.status,
    )


class Change(NamedTuple):
    """When a row changed: the room's position then, and the store's clock."""

    position: int
    changed_ms: int


class Departure(NamedTuple):
    """When a vehicle left (its `moved_ms`), and when the room and the store learned of it."""

    moved_ms: int
    position: int
    changed_ms: int


class Delta(NamedTuple):
    """`named`: vehicles in `rows` that readers may not know by name yet."""

    rows: list[Row]
    gone: list[int]
    named: list[int]

    def __bool__(self) -> bool:
        return bool(self.rows or self.gone)


class Room:
    """Of rows the latest wins by fix time, of coming and leaving the newer by `moved_ms`, whatever the order and number of
    arrivals; every operation is idempotent.

    `position` counts changes. Departures are remembered since `horizon_ms`; what changed later can be told from memory. All
    that changed before `watermark_ms` (the store's clock) is known.
    """

    def __init__(self, *, horizon_ms: int) -> None:
        self.rows: dict[int, Row] = {}
        self.position = 0
        self.flushed_position = 0
        self.horizon_ms = horizon_ms
        self.watermark_ms = horizon_ms
        self._horizon_position = 0
        self._changed: dict[int, Change] = {}
        self._moved: dict[int, int] = {}
        self._left: dict[int, Departure] = {}
        self._named: dict[int, int] = {}

    def put(self, row: Row, *, changed_ms: int, moved_ms: int = 0) -> None:
        """A vehicle is in the room, here; `moved_ms`: since when it is in its regions."""
        vehicle = row[0]
        known = self.rows.get(vehicle)
        if known is None:
            left = self._left.get(vehicle)
            if left is not None and moved_ms < left.moved_ms:
                return
            self._named[vehicle] = self.position + 1
            self._moved[vehicle] = moved_ms
        else:
            self._moved[vehicle] = max(moved_ms, self._moved[vehicle])
            if row[1] <= known[1]:
                return
        self.rows[vehicle] = row
        self._left.pop(vehicle, None)
        self._note(vehicle, changed_ms)

    def _note(self, vehicle: int, changed_ms: int) -> None:
        """Keeps `_changed` in the order of positions."""
        self.position += 1
        self._changed.pop(vehicle, None)
        self._changed[vehicle] = Change(self.position, changed_ms)

    def drop(self, vehicle: int, *, moved_ms: int, changed_ms: int) -> None:
        """A vehicle left the room at `moved_ms`, unless a row says that it came back later."""
        left = self._left.get(vehicle)
        if vehicle in self.rows:
            if self._moved[vehicle] >= moved_ms:
                return
            del self.rows[vehicle], self._changed[vehicle], self._named[vehicle], self._moved[vehicle]
            self.position += 1
            self._left[vehicle] = Departure(moved_ms, self.position, changed_ms)
        elif left is None or left.moved_ms < moved_ms:
            self._left[vehicle] = Departure(moved_ms, self.position if left is None else left.position, changed_ms)

    def forget(self, vehicle: int, *, changed_ms: int) -> None:
        """A vehicle that is here was deleted."""
        self.drop(vehicle, moved_ms=self._moved[vehicle] + 1, changed_ms=changed_ms)

    def touch(self, vehicle: int, *, changed_ms: int) -> None:
        """Readers are to see its row again, if it is here: what is shown of it beside the row has changed."""
        if (change := self._changed.get(vehicle)) is not None:
            self._note(vehicle, max(changed_ms, change.changed_ms))

    def rename(self, vehicles: Iterable[int]) -> None:
        """Their cards changed: readers hear of it with the next delta."""
        for vehicle in self.rows.keys() & set(vehicles):
            self._note(vehicle, self._changed[vehicle].changed_ms)
            self._named[vehicle] = self.position

    def step(self) -> int:
        """Something happened that no row tells: the next delta's cursor is behind it."""
        self.position += 1
        return self.position

    @property
    def has_news(self) -> bool:
        return self.position > self.flushed_position

    def take_delta(self) -> Delta:
        """What changed since the last call."""
        delta = self._after(self.flushed_position)
        self.flushed_position = self.position
        return delta

    def after(self, position: int) -> Delta | None:
        """All that changed after a position of this room; None when that is beyond memory. Costs what changed."""
        return self._after(position) if self._horizon_position <= position <= self.position else None

    def _after(self, position: int) -> Delta:
        moved = takewhile(lambda v: self._changed[v].position > position, reversed(self._changed))
        rows = [self.rows[v] for v in moved]
        gone = list(takewhile(lambda v: self._left[v].position > position, reversed(self._left)))
        return Delta(rows, gone, [row[0] for row in rows if self._named[row[0]] > position])

    def since(self, seen_ms: int) -> Delta | None:
        """All that changed at `seen_ms` or later by the store's clock; None when that is beyond memory."""
        if seen_ms < self.horizon_ms:
            return None
        rows = [self.rows[v] for v, change in self._changed.items() if change.changed_ms >= seen_ms]
        gone = [v for v, left in self._left.items() if left.changed_ms >= seen_ms]
        return Delta(rows, gone, [row[0] for row in rows])

    def forget_departures(self, *, before_ms: int) -> None:
        """Memory of departures is bounded by their age, once readers were told."""
        self.horizon_ms = max(self.horizon_ms, before_ms)
        told = [(v, left) for v, left in self._left.items() if left.position <= self.flushed_position]
        for vehicle, left in [(v, left) for v, left in told if left.changed_ms < before_ms]:
            self._horizon_position = max(self._horizon_position, left.position)
            del self._left[vehicle]


def split(items: Sequence[int], size: int) -> list[Sequence[int]]:
    """Parts of at most `size`; one empty part when there are no items."""
    return [items[i : i + size] for i in range(0, len(items), size)] or [items]
