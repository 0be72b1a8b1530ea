"""What readers get of the log: events and alerts; one SQL for both engines."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, TypeAlias

from tracking.domain.alerts import ALARMING, Alert
from tracking.domain.events import Event
from tracking.storage.alerts import ALARMING_ALERTS, ALERT_COLUMNS
from tracking.storage.records import OVERLAP_MS, AlarmRows, RecentEvents, event_of

EVENT_COLUMNS = "id, kind, vehicle, region, time, data, changed_at"

Conditions: TypeAlias = list[tuple[str, list[Any]]]
"""SQL that all have to hold, with the values of each."""


class LogReads(ABC):
    listed: ClassVar[str]
    """SQL after a column name: is one of the numbers in one parameter made by `as_list`."""

    @abstractmethod
    def read(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """All rows. Raises Unavailable when the database cannot answer."""

    @abstractmethod
    def as_list(self, numbers: Sequence[int]) -> Any:
        """The one parameter that `listed` takes."""

    @abstractmethod
    def now_ms(self) -> int:
        """The database's clock."""

    def load_events(
        self,
        *,
        after: int = 0,
        span: tuple[int, int] | None = None,
        regions: Sequence[int] | None = None,
        vehicle: int | None = None,
        limit: int,
    ) -> list[Event]:
        """By id: those with larger ids than `after` that happened in from ≤ time < to.

        `regions`: told in any of these; None: told anywhere or nowhere.
        """
        conditions: Conditions = [("id > ?", [after])]
        if span is not None:
            conditions.append(("time >= ? AND time < ?", [*span]))
        if regions is not None:
            asked = self.as_list(regions)
            elsewhere = f"SELECT event FROM event_place WHERE region {self.listed} AND event > ?"
            conditions.append((f"(region {self.listed} OR id IN ({elsewhere}))", [asked, asked, after]))
        if vehicle is not None:
            conditions.append(("vehicle = ?", [vehicle]))
        return self._events(conditions, "ORDER BY id LIMIT ?", limit)

    def load_recent_events(
        self, *, since_ms: int, region: int | None = None, vehicle: int | None = None, limit: int
    ) -> RecentEvents:
        """What was stored at `since_ms` or later by the store's clock; the newest when there are more than `limit`.

        `region`: told there.
        """
        watermark_ms = self.now_ms() - OVERLAP_MS
        conditions: Conditions = [("changed_at >= ?", [since_ms])]
        if region is not None:
            elsewhere = "SELECT event FROM event_place WHERE region = ? AND changed_at >= ?"
            conditions.append((f"(region = ? OR id IN ({elsewhere}))", [region, region, since_ms]))
        if vehicle is not None:
            conditions.append(("vehicle = ?", [vehicle]))
        events = self._events(conditions, "ORDER BY id DESC LIMIT ?", limit + 1)[::-1]
        if len(events) <= limit:
            return RecentEvents(events, since_ms, watermark_ms)
        return RecentEvents(events[1:], events[0].changed_ms + OVERLAP_MS, watermark_ms)

    def _events(self, conditions: Conditions, end: str, limit: int) -> list[Event]:
        return [event_of(*row) for row in self._read_where("event", EVENT_COLUMNS, conditions, end, limit)]

    def _read_where(self, table: str, columns: str, conditions: Conditions, end: str, limit: int) -> list[Any]:
        where = " AND ".join(text for text, _ in conditions)
        values = [value for _, values in conditions for value in values]
        return self.read(f"SELECT {columns} FROM {table} WHERE {where} {end}", [*values, limit])

    def load_alerts(
        self,
        *,
        after: int = 0,
        is_open: bool | None = None,
        is_acknowledged: bool | None = None,
        regions: Sequence[int] | None = None,
        vehicles: Sequence[int] | None = None,
        vehicle: int | None = None,
        from_ms: int | None = None,
        to_ms: int | None = None,
        limit: int,
    ) -> list[Alert]:
        """By id: those with larger ids than `after`; in any of `regions`, or without a region and of any of `vehicles`.

        Of those times: what lasted at some moment with from ≤ moment < to.
        """
        conditions: Conditions = [("id > ?", [after])]
        if is_open is not None:
            conditions.append((f"end_time IS {'' if is_open else 'NOT '}NULL", []))
        if is_acknowledged is not None:
            conditions.append((f"acknowledged_time IS {'NOT ' if is_acknowledged else ''}NULL", []))
        if regions is not None:
            listed = f"(region {self.listed} OR region IS NULL AND vehicle {self.listed})"
            conditions.append((listed, [self.as_list(regions), self.as_list(vehicles or [])]))
        if vehicle is not None:
            conditions.append(("vehicle = ?", [vehicle]))
        if from_ms is not None:
            conditions.append(("(end_time IS NULL OR end_time > ?)", [from_ms]))
        if to_ms is not None:
            conditions.append(("start_time < ?", [to_ms]))
        return [
            Alert(*row) for row in self._read_where("alert", ALERT_COLUMNS, conditions, "ORDER BY id LIMIT ?", limit)
        ]

    def load_alarms(self, *, since_ms: int) -> AlarmRows:
        """What changed is read first."""
        kinds = ", ".join(f"'{kind}'" for kind in sorted(ALARMING))
        changes = self.read(
            f"SELECT vehicle, max(id), max(changed_at) FROM event WHERE changed_at >= ? AND kind IN ({kinds}) GROUP BY vehicle",
            [since_ms],
        )
        on = frozenset(self.find_alarms())
        return AlarmRows(on, {vehicle: (event, changed_ms) for vehicle, event, changed_ms in changes}, since_ms)

    def find_alarms(self) -> set[int]:
        """The vehicles that are in alarm now."""
        return {vehicle for (vehicle,) in self.read(f"SELECT vehicle FROM alert WHERE {ALARMING_ALERTS}")}

    def load_retracted(self, events: Sequence[int]) -> set[int]:
        """Which of the events were taken back."""
        sql = f"SELECT event FROM retraction WHERE event {self.listed}"
        return {event for (event,) in self.read(sql, [self.as_list(events)])}
