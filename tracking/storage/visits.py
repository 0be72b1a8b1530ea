"""What a transaction reads and writes of visits and of the marks of what is still to be settled; one SQL for both engines."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from tracking.domain.fix import Fix
from tracking.domain.hours import HOUR_MS
from tracking.domain.latest import Latest
from tracking.domain.visits import KeptVisit, Stay
from tracking.storage.records import LATEST_COLUMNS, latest_row


class Mark(NamedTuple):
    """Fixes of one hour whose visits are to be computed anew: from ≤ fix time ≤ to."""

    vehicle: int
    hour: int
    from_ms: int
    to_ms: int


def marks_of(fixes: Iterable[Fix]) -> list[Mark]:
    """One for each vehicle and hour."""
    found: dict[tuple[int, int], Mark] = {}
    for fix in fixes:
        vehicle, time_ms = fix.vehicle, fix.fix_time_ms
        key = (vehicle, time_ms // HOUR_MS)
        mark = found.get(key) or Mark(*key, time_ms, time_ms)
        found[key] = mark._replace(from_ms=min(mark.from_ms, time_ms), to_ms=max(mark.to_ms, time_ms))
    return sorted(found.values())


class VisitTables(ABC):
    """The vehicles' states have to be held by `find_latest`."""

    changed_ms: int
    listed: str

    @abstractmethod
    def fetch(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """All rows of a statement, in which `?` stands for a value; none of one that gives no rows."""

    @abstractmethod
    def as_list(self, numbers: Sequence[int]) -> Any:
        """The one parameter that `listed` takes."""

    @abstractmethod
    def load_fixes(
        self, vehicle: int, from_ms: int, to_ms: int, *, limit: int, newest_first: bool = False
    ) -> list[Fix]:
        """With from ≤ fix time < to."""

    def load_all_latest(self) -> list[Latest]:
        """Of all vehicles, with the regions they are in; not held."""
        inside: dict[int, set[int]] = {}
        for vehicle, region in self.fetch("SELECT vehicle, region FROM visit WHERE exit_time IS NULL"):
            inside.setdefault(vehicle, set()).add(region)
        rows = self.fetch(f"SELECT {LATEST_COLUMNS} FROM latest")
        return [latest_row(row, frozenset(inside.get(row[0], ()))).latest for row in rows]

    def find_visits(self, vehicle: int, *, from_ms: int, to_ms: int) -> list[KeptVisit]:
        """Those that a fix after `from_ms` may have proved over, and that began until `to_ms`; by enter time."""
        rows = self.fetch(
            "SELECT id, region, enter_time, exit_time, exit_seen, enter_event, exit_event FROM visit"
            " WHERE vehicle = ? AND (exit_seen IS NULL OR exit_seen > ?) AND enter_time <= ? ORDER BY enter_time, region",
            [vehicle, from_ms, to_ms],
        )
        return [KeptVisit(row[0], Stay(*row[1:5]), *row[5:]) for row in rows]

    def find_untold(self, vehicles: Sequence[int] | None = None) -> list[tuple[int, KeptVisit, int]]:
        """Open visits that no event told of, with their vehicle and its newest fix time."""
        narrow = "" if vehicles is None else f"AND v.vehicle {self.listed}"
        rows = self.fetch(
            "SELECT v.vehicle, l.fix_time, v.id, v.region, v.enter_time FROM visit v JOIN latest l ON l.vehicle = v.vehicle"
            f" WHERE v.exit_time IS NULL AND v.enter_event IS NULL {narrow} ORDER BY v.enter_time, v.vehicle, v.region",
            [] if vehicles is None else [self.as_list(vehicles)],
        )
        return [(vehicle, KeptVisit(id_, Stay(region, enter)), newest) for vehicle, newest, id_, region, enter in rows]

    def write_visits(self, vehicle: int, visits: Iterable[KeptVisit]) -> None:
        """New ones, or new words about those with an id."""
        for id_, (region, enter, left, seen), enter_event, exit_event in visits:
            values = [vehicle, region, enter, left, seen, enter_event, exit_event, self.changed_ms]
            if id_ is None:
                self.fetch(
                    "INSERT INTO visit (vehicle, region, enter_time, exit_time, exit_seen, enter_event, exit_event, changed_at)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    values,
                )
            else:
                self.fetch(
                    "UPDATE visit SET vehicle = ?, region = ?, enter_time = ?, exit_time = ?, exit_seen = ?,"
                    " enter_event = ?, exit_event = ?, changed_at = ? WHERE id = ?",
                    [*values, id_],
                )

    def drop_visits(self, ids: Iterable[int]) -> None:
        for id_ in ids:
            self.fetch("DELETE FROM visit WHERE id = ?", [id_])

    def move(self, vehicle: int, *, moved_ms: int) -> None:
        """Its regions are others since then."""
        self.fetch("UPDATE latest SET moved_at = ? WHERE vehicle = ?", [moved_ms, vehicle])

    def depart(self, vehicle: int, regions: Iterable[int], *, moved_ms: int) -> None:
        """It is in these no more."""
        for region in sorted(regions):
            self.fetch(
                "INSERT INTO departure (region, vehicle, moved_at, changed_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (region, vehicle) DO UPDATE SET moved_at = excluded.moved_at, changed_at = excluded.changed_at",
                [region, vehicle, moved_ms, self.changed_ms],
            )

    def mark(self, marks: Iterable[Mark]) -> None:
        """They are to be settled; a mark of the same hour grows."""
        for mark in marks:
            self.fetch(
                "INSERT INTO unsettled (vehicle, hour, from_time, to_time) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (vehicle, hour) DO UPDATE SET from_time = CASE WHEN excluded.from_time < unsettled.from_time"
                " THEN excluded.from_time ELSE unsettled.from_time END, to_time = CASE WHEN excluded.to_time >"
                " unsettled.to_time THEN excluded.to_time ELSE unsettled.to_time END",
                mark,
            )

    def find_marks(self, *, limit: int) -> list[Mark]:
        """Of one vehicle, which is held from now on and which nobody else holds; the oldest hours first."""
        vehicle = self.hold_marked()
        if vehicle is None:
            return []
        rows = self.fetch(
            "SELECT vehicle, hour, from_time, to_time FROM unsettled WHERE vehicle = ? ORDER BY hour LIMIT ?",
            [vehicle, limit],
        )
        return [Mark(*row) for row in rows]

    @abstractmethod
    def hold_marked(self) -> int | None:
        """A vehicle with marks that no other process holds."""

    def unmark(self, mark: Mark) -> None:
        self.fetch("DELETE FROM unsettled WHERE vehicle = ? AND hour = ?", [mark.vehicle, mark.hour])

    def note_retractions(self, events: Iterable[tuple[int, int]]) -> None:
        """Pairs of the event taken back and the one that says so."""
        for retracted, by in events:
            self.fetch("INSERT INTO retraction (event, by_event) VALUES (?, ?) ON CONFLICT DO NOTHING", [retracted, by])

    def note_ahead(self, fixes: Iterable[Fix], *, received_ms: int) -> None:
        """Counts fixes whose clock was ahead, by vehicle and hour of receiving."""
        for fix in fixes:
            self.fetch(
                "INSERT INTO clock_ahead (vehicle, hour, fixes, first_time, last_time, most_ms) VALUES (?, ?, 1, ?, ?, ?)"
                " ON CONFLICT (vehicle, hour) DO UPDATE SET fixes = clock_ahead.fixes + 1, last_time = excluded.last_time,"
                " most_ms = CASE WHEN excluded.most_ms > clock_ahead.most_ms THEN excluded.most_ms ELSE clock_ahead.most_ms END",
                [
                    fix.vehicle,
                    received_ms // HOUR_MS,
                    fix.fix_time_ms,
                    fix.fix_time_ms,
                    fix.fix_time_ms - received_ms,
                ],
            )
