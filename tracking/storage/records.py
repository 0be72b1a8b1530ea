"""The integers that a position is stored as, and the values that readers get.

Stored: lat and lon in 1e-7 degrees, speed in mm/s, course in 0.01 degrees, accuracy in cm, times in ms since 1970 UTC.
"""

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple, TypeAlias

from tracking.domain.events import Event
from tracking.domain.fix import Fix
from tracking.domain.latest import Latest
from tracking.domain.regions import NOWHERE
from tracking.domain.status import Status

OVERLAP_MS = 10_000  # longer than any commit may take, so that a watermark never passes a change still to be seen

Stored: TypeAlias = tuple[int, int, int | None, int | None, int | None]
TrackRow: TypeAlias = tuple[int, float, float, float | None, float | None, float | None]


class LatestRow(NamedTuple):
    """A latest state as it lies in the store; `changed_ms` is the database's clock."""

    latest: Latest
    received_ms: int
    changed_ms: int


class AlarmRows(NamedTuple):
    """All vehicles that are in alarm, and of those whose alerts changed at `since_ms` or later the last event and when it was stored.

    `on` is not older than `changes`.
    """

    on: AbstractSet[int]
    changes: Mapping[int, tuple[int, int]]
    since_ms: int


NO_ALARMS = AlarmRows(frozenset(), {}, 0)


class RoomRows(NamedTuple):
    """What lies in a room, or what changed there; `gone` pairs a vehicle that left and its `moved_ms` since then.

    Everything that changed before `watermark_ms` is in it or was seen before. The alarms are those of the whole fleet.
    """

    rows: list[LatestRow]
    gone: list[tuple[int, int]]
    watermark_ms: int
    alarms: AlarmRows = NO_ALARMS


class RecentEvents(NamedTuple):
    """Events by id. All that was stored from `since_ms` on is among them, or was seen before.

    Everything stored before `watermark_ms` can be read now.
    """

    events: list[Event]
    since_ms: int
    watermark_ms: int


class Visit(NamedTuple):
    """One stay in a region; `exit_ms` None: still there."""

    vehicle: int
    region: int
    enter_ms: int
    exit_ms: int | None


class ClockAhead(NamedTuple):
    """Fixes of one hour that came with a clock ahead of the server's; times are theirs."""

    fixes: int
    first_ms: int
    last_ms: int
    most_ms: int


class TrackMark(NamedTuple):
    """Changes whenever a fix is added to the range it was made for."""

    fixes: int
    first_ms: int | None
    last_ms: int | None


def stored_from_fix(fix: Fix) -> Stored:
    """lat, lon, speed, course, accuracy as integers."""
    _, _, lat, lon, speed, course, accuracy = fix
    return (
        round(lat * 1e7),
        round(lon * 1e7),
        None if speed is None else round(speed * 1000),
        None if course is None else round(course * 100) % 36_000,
        None if accuracy is None else round(accuracy * 100),
    )


def stored_fix(fix: Fix) -> Fix:
    """As it comes back from the store."""
    return Fix(fix.vehicle, *track_row(fix.fix_time_ms, *stored_from_fix(fix)))


def track_row(
    time_ms: int, lat: int, lon: int, speed: int | None, course: int | None, accuracy: int | None
) -> TrackRow:
    """fix_time_ms, lat, lon, speed_mps, course_deg, accuracy_m."""
    return (
        time_ms,
        lat / 1e7,
        lon / 1e7,
        None if speed is None else speed / 1000,
        None if course is None else course / 100,
        None if accuracy is None else accuracy / 100,
    )


def latest_row(row: tuple[int | None, ...], regions: frozenset[int] = NOWHERE) -> LatestRow:
    """From the columns `LATEST_COLUMNS`."""
    vehicle, time_ms, lat, lon, speed, course, accuracy, status, rest_ms, received_ms, changed_ms, moved_ms = row
    assert vehicle is not None and time_ms is not None and lat is not None and lon is not None
    assert received_ms is not None and changed_ms is not None and moved_ms is not None
    fix = Fix(vehicle, *track_row(time_ms, lat, lon, speed, course, accuracy))
    state = Latest(fix, None if status is None else Status(status), rest_ms, regions, moved_ms)
    return LatestRow(state, received_ms, changed_ms)


def latest_columns(latest: Latest, stored: Stored, received_ms: int, changed_ms: int) -> tuple[int | None, ...]:
    """The columns `LATEST_COLUMNS` of a state; `stored` is its fix."""
    fix, status, rest_ms, _, moved_ms = latest
    return (fix.vehicle, fix.fix_time_ms, *stored, status, rest_ms, received_ms, changed_ms, moved_ms)


def event_of(id_: int, kind: str, vehicle: int, region: int | None, time_ms: int, data: Any, changed_ms: int) -> Event:
    """SQLite keeps `data` as JSON text, PostgreSQL gives the object."""
    return Event(id_, kind, vehicle, region, time_ms, json.loads(data) if isinstance(data, str) else data, changed_ms)


LATEST_COLUMNS = (
    "vehicle, fix_time, lat_e7, lon_e7, speed_mms, course_cdeg, accuracy_cm, status, rest_time, received_time, changed_at,"
    " moved_at"
)
