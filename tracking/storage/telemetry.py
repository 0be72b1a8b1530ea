"""The telemetry store: fixes, latest states, region visits and events; one interface, two engines.

Readers may be called from any thread. A process has one writer, used by one thread.
"""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, ClassVar, Protocol

from tracking.domain.columns import Columns
from tracking.domain.events import Event, EventKind, Happening, VehicleRegions, told_in
from tracking.domain.fix import Fix
from tracking.domain.hours import HOUR_MS
from tracking.domain.latest import Latest, Standing
from tracking.domain.thinned import Thinned
from tracking.storage.alerts import AlertTables
from tracking.storage.history import History, SealedHour, fixes_each, track_rows
from tracking.storage.log_reads import EVENT_COLUMNS, LogReads
from tracking.storage.records import (
    LATEST_COLUMNS,
    OVERLAP_MS,
    ClockAhead,
    LatestRow,
    RoomRows,
    TrackMark,
    TrackRow,
    Visit,
    event_of,
    latest_row,
    stored_from_fix,
)
from tracking.storage.visits import VisitTables

FILL_FROM_1 = """
UPDATE visit SET exit_seen = exit_time;
UPDATE visit SET enter_event = (SELECT max(e.id) FROM event e WHERE e.kind = 'enter' AND e.vehicle = visit.vehicle
    AND e.region = visit.region AND e.time = visit.enter_time);
UPDATE visit SET exit_event = (SELECT max(e.id) FROM event e WHERE e.kind = 'exit' AND e.vehicle = visit.vehicle
    AND e.region = visit.region AND e.time = visit.exit_time);
INSERT INTO departure SELECT region, vehicle, max(changed_at), max(changed_at) FROM visit WHERE exit_time IS NOT NULL
    GROUP BY region, vehicle;
"""
"""What a store of version 1 knows for the columns and tables of version 2."""

LEAST_CLOSED_MS = HOUR_MS
"""No hour is sealed before it has ended for so long: newer fixes need not be looked for among what is sealed."""

PREFIXED_LATEST = ", ".join(f"l.{name}" for name in LATEST_COLUMNS.split(", "))


def places_of(events: Sequence[Event], vehicle_regions: VehicleRegions) -> list[tuple[int, int, int]]:
    """Region, time of storing and event, for those that are told where their vehicle is."""
    return [
        (region, event.changed_ms, event.id)
        for event in events
        if event.region is None
        for region in sorted(told_in(event, vehicle_regions))
    ]


class Transaction(VisitTables, AlertTables):
    """Everything in it happens or nothing; `changed_ms` stamps what it changes."""

    history: History

    @abstractmethod
    def find_latest(self, vehicles: Sequence[int]) -> dict[int, Latest]:
        """Known states, held against other writers until the end. Call it first."""

    @abstractmethod
    def hold(self, vehicle: int) -> bool:
        """Against other writers until the end; False when one of them holds it, or nothing is known of it."""

    def insert_fixes(self, batches: Sequence[Sequence[Fix]]) -> list[int]:
        """How many fixes of each batch were new; the others were known already and change nothing."""
        newest_ms = self.changed_ms - LEAST_CLOSED_MS
        old = [fix for batch in batches for fix in batch if fix.fix_time_ms < newest_ms]
        if not old or not (sealed := self.history.sealed_places(old)):
            return self._insert_hot(batches)
        return self._insert_hot([[fix for fix in batch if (fix[0], fix[1]) not in sealed] for batch in batches])

    @abstractmethod
    def _insert_hot(self, batches: Sequence[Sequence[Fix]]) -> list[int]:
        """As `insert_fixes`, of fixes none of which is sealed."""

    def load_fixes(
        self, vehicle: int, from_ms: int, to_ms: int, *, limit: int, newest_first: bool = False
    ) -> list[Fix]:
        columns = self.history.columns(vehicle, from_ms, to_ms, limit=limit, newest_first=newest_first)
        fixes = [Fix(vehicle, *row) for row in track_rows(columns)]
        return fixes[::-1] if newest_first else fixes

    @abstractmethod
    def save_latest(self, latest: Mapping[int, Latest], *, received_ms: int) -> None:
        """Where newer."""

    @abstractmethod
    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """How many rows a statement changed; SQL is written with `?` for a value."""

    def together(self) -> AbstractContextManager[Any]:
        """Within it `run` may not have run yet, and tells nothing; what fails is raised by its end."""
        return nullcontext()

    def leaving_traces(self) -> AbstractContextManager[Any]:
        """Within it what is deleted is not overwritten on disk before its place is taken, where an engine does that otherwise."""
        return nullcontext()

    @abstractmethod
    def forget(self, vehicles: Iterable[int]) -> None:
        """Their latest states were deleted in this transaction."""

    @abstractmethod
    def save_regions(self, latest: Latest) -> None:
        """Of a known state the regions alone are others, as the visits that were written say."""

    @abstractmethod
    def append_events(self, happenings: Sequence[Happening], vehicle_regions: VehicleRegions) -> list[Event]:
        """With rising ids, in the same order; they are found later in the regions in which they are told now."""

    def find_message_event(self, message: int, *, sent_ms: int) -> int | None:
        """The event that tells of it; None while none does. Certain while its vehicle is held."""
        rows = self.fetch(
            f"SELECT {EVENT_COLUMNS} FROM event WHERE time = ? AND kind = ?", [sent_ms, EventKind.MESSAGE]
        )
        return next((event.id for event in (event_of(*row) for row in rows) if event.data["message"] == message), None)


class TelemetryWriter(Protocol):
    """Owns the one writing connection of a process."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Commits at its end, durably; raises Unavailable when the database cannot."""
        ...

    def close(self) -> None: ...


class Telemetry(LogReads):
    """Reads shared by both engines; SQL is written with `?` for a value."""

    history: History

    bytes_sql: ClassVar[str]
    """A statement for all that the store takes on disk, its log aside."""

    @abstractmethod
    def prepare(self) -> None:
        """Makes or upgrades the tables; harmless when they are there. Raises StoreMismatch for a newer store, and Unavailable."""

    @abstractmethod
    def open_writer(self) -> TelemetryWriter:
        """A new writing connection."""

    def load_track(self, vehicle: int, from_ms: int, to_ms: int, *, limit: int) -> list[TrackRow]:
        """At most `limit` fixes with from ≤ fix time < to, oldest first."""
        return track_rows(self.load_columns(vehicle, from_ms, to_ms, limit=limit))

    def load_columns(self, vehicle: int, from_ms: int, to_ms: int, *, limit: int) -> Columns:
        """What `load_track` gives, as the integers that are stored."""
        return self.history.columns(vehicle, from_ms, to_ms, limit=limit)

    def load_pages(self, vehicle: int, from_ms: int, to_ms: int, *, rows: int) -> Iterator[Columns]:
        """All fixes with from ≤ fix time < to, oldest first, in pages of `rows` to twice as many; the last may be shorter."""
        return self.history.pages(vehicle, from_ms, to_ms, rows=rows)

    def load_hours(self, vehicle: int, from_hour: int, to_hour: int, *, limit: int) -> list[SealedHour]:
        """At most `limit` of from ≤ hour < to, counted from 1970 UTC, oldest first: those whose fixes all lie in one blob.

        Other hours may have fixes, too: `load_columns` gives them.
        """
        return self.history.blobs(vehicle, from_hour, to_hour, limit=limit)

    def track_mark(self, vehicle: int, from_ms: int, to_ms: int) -> TrackMark:
        """What of the range a reader can compare later."""
        return self.history.marks([vehicle], from_ms, to_ms)[vehicle]

    def load_last(self, vehicles: Sequence[int], time_ms: int, *, within_ms: int) -> list[Fix]:
        """Of each vehicle its newest fix with time - within ≤ fix time ≤ time, if there is one."""
        return fixes_each(self.history.one_each(vehicles, time_ms - within_ms, time_ms + 1, newest=True))

    def load_next(self, vehicles: Sequence[int], time_ms: int, *, within_ms: int) -> list[Fix]:
        """Of each vehicle its oldest fix with time < fix time ≤ time + within, if there is one."""
        return fixes_each(self.history.one_each(vehicles, time_ms + 1, time_ms + within_ms + 1, newest=False))

    def load_thinned(self, vehicles: Sequence[int], from_ms: int, to_ms: int, *, step_ms: int) -> Thinned:
        """Of each vehicle the first fix in each step of from ≤ fix time < to."""
        return self.history.thinned(vehicles, from_ms, to_ms, step_ms=step_ms)

    def load_every(self, vehicles: Sequence[int], from_ms: int, to_ms: int) -> Thinned:
        """All fixes of each vehicle with from ≤ fix time < to, at once."""
        return self.history.every(vehicles, from_ms, to_ms)

    def find_clashes(self, fixes: Sequence[Fix]) -> list[int]:
        """Which of the fixes, by index, have the vehicle and time of a stored one and lie elsewhere."""
        places = self.history.places(fixes)
        return [
            index
            for index, fix in enumerate(fixes)
            if (place := places.get((fix.vehicle, fix.fix_time_ms))) is not None and place != stored_from_fix(fix)[:2]
        ]

    def tidy(self, *, before_ms: int, closed_ms: int) -> int:
        """Makes and drops what holds whole days, where an engine has that: days that ended until `before_ms`, and empty ones that ended
        `closed_ms` ago are dropped; how many. Raises Unavailable.
        """
        return 0

    @abstractmethod
    def close(self) -> None:
        """Ends the reading connections of all threads."""

    def identity(self) -> str:
        """A random text made with the store; cursors of another store do not fit this one."""
        return str(self.read("SELECT value FROM meta WHERE name = 'identity'")[0][0])

    def load_latest(self, vehicles: Sequence[int] | None = None) -> list[LatestRow]:
        """Of the given vehicles or of all; a vehicle without any fix is not listed. Regions are left empty."""
        sql = f"SELECT {LATEST_COLUMNS} FROM latest"
        if vehicles is None:
            return [latest_row(row) for row in self.read(f"{sql} ORDER BY vehicle")]
        rows = self.read(f"{sql} WHERE vehicle {self.listed} ORDER BY vehicle", [self.as_list(vehicles)])
        return [latest_row(row) for row in rows]

    def load_room(self, region: int | None, *, since_ms: int = 0, gone_within_ms: int = 0) -> RoomRows:
        """The vehicles of a region (None: of all), or with `since_ms` only what changed from then on.

        `gone` goes back to `since_ms`, or without it by `gone_within_ms`.
        """
        watermark_ms = self.now_ms() - OVERLAP_MS
        join = (
            "" if region is None else "JOIN visit v ON v.vehicle = l.vehicle AND v.region = ? AND v.exit_time IS NULL"
        )
        changed = "l.changed_at >= ?" if region is None else "(l.changed_at >= ? OR v.changed_at >= ?)"
        place = [] if region is None else [region]
        since = [since_ms] if region is None else [since_ms, since_ms]
        rows = self.read(f"SELECT {PREFIXED_LATEST} FROM latest l {join} WHERE {changed}", [*place, *since])
        gone_since_ms = since_ms or watermark_ms - gone_within_ms
        gone = [] if region is None else self._gone(region, gone_since_ms)
        return RoomRows([latest_row(row) for row in rows], gone, watermark_ms)

    def load_vehicle(self, vehicle: int | None) -> RoomRows:
        """One vehicle as a room of its own; None gives an empty one."""
        watermark_ms = self.now_ms() - OVERLAP_MS
        return RoomRows([] if vehicle is None else self.load_latest([vehicle]), [], watermark_ms)

    def _gone(self, region: int, since_ms: int) -> list[tuple[int, int]]:
        rows = self.read(
            "SELECT vehicle, moved_at FROM departure d WHERE region = ? AND changed_at >= ? AND NOT EXISTS"
            " (SELECT 1 FROM visit o WHERE o.vehicle = d.vehicle AND o.region = d.region AND o.exit_time IS NULL)",
            [region, since_ms],
        )
        return [(vehicle, moved_ms) for vehicle, moved_ms in rows]

    def load_visits(
        self, *, regions: Sequence[int], vehicle: int | None = None, from_ms: int, to_ms: int, limit: int
    ) -> list[Visit]:
        """Stays that touch from ≤ time < to in any of the regions, by enter time."""
        narrow = "" if vehicle is None else "AND vehicle = ?"
        rows = self.read(
            f"SELECT vehicle, region, enter_time, exit_time FROM visit WHERE region {self.listed} {narrow}"
            " AND enter_time < ? AND (exit_time IS NULL OR exit_time >= ?) ORDER BY enter_time, vehicle LIMIT ?",
            [self.as_list(regions), *([] if vehicle is None else [vehicle]), to_ms, from_ms, limit],
        )
        return [Visit(*row) for row in rows]

    def regions_of(self, vehicle: int) -> frozenset[int]:
        """Where the vehicle is now."""
        open_visits = "SELECT region FROM visit WHERE vehicle = ? AND exit_time IS NULL"
        rows = self.read(f"{open_visits} ORDER BY region", [vehicle])  # so SQLite takes the index of open visits alone
        return frozenset(region for (region,) in rows)

    def standing_of(self, vehicle: int) -> Standing:
        """Where the vehicle is now, and since when it is there, in one look."""
        rows = self.read(
            "SELECT l.moved_at, v.region FROM latest l LEFT JOIN visit v ON v.vehicle = l.vehicle AND v.exit_time IS NULL"
            " WHERE l.vehicle = ?",
            [vehicle],
        )
        regions = frozenset(region for _, region in rows if region is not None)
        return Standing(regions, rows[0][0] if rows else 0)

    def load_clock_ahead(self, vehicle: int, from_ms: int, to_ms: int) -> list[ClockAhead]:
        """By the hour of receiving, in the hours that the range touches."""
        sql = "SELECT fixes, first_time, last_time, most_ms FROM clock_ahead WHERE vehicle = ? AND hour >= ? AND hour <= ?"
        rows = self.read(f"{sql} ORDER BY hour", [vehicle, from_ms // HOUR_MS, (to_ms - 1) // HOUR_MS])
        return [ClockAhead(*row) for row in rows]

    def present_vehicles(self, regions: Sequence[int]) -> set[int]:
        """Vehicles that are in any of the regions now."""
        return {
            vehicle
            for (vehicle,) in self.read(
                f"SELECT DISTINCT vehicle FROM visit WHERE exit_time IS NULL AND region {self.listed}",
                [self.as_list(regions)],
            )
        }
