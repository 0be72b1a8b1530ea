"""How large a store is, and whether what was sealed is whole."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from tracking.domain.columns import Columns
from tracking.domain.hours import HOUR_MS
from tracking.domain.minute_frame import AHEAD_MS, HOUR_MINUTES, REACH_MS
from tracking.domain.overview import agree, decode_overview
from tracking.domain.packing import BrokenBlob
from tracking.domain.reach import Reach, covers
from tracking.domain.rest import Manner
from tracking.domain.sealed_hour import decode_hour
from tracking.domain.times import DAY_MS
from tracking.storage.frames import build_frames, mark_frames
from tracking.storage.history import ClosedHour
from tracking.storage.overviews import OverviewRow, believed_overviews, build_overview, forget_overviews
from tracking.storage.reach import write_reaches
from tracking.storage.telemetry import Telemetry, Transaction

DAY_HOURS = 24
PAGE_HOURS = 500


class DaySize(NamedTuple):
    """Of one UTC day since 1970. `derived_bytes`: of reaches, overviews and minute frames."""

    day: int
    hot_fixes: int
    hours: int
    fixes: int
    blob_bytes: int
    derived_bytes: int


class Fault(NamedTuple):
    """`repair` where the fixes are right, and only what was derived from them is not."""

    what: str
    repair: Callable[[Transaction], int] | None = None


def load_sizes(telemetry: Telemetry) -> list[DaySize]:
    """Reads all hot rows; in order of days."""
    sums = {
        "hot": f"SELECT {telemetry.history.hot.time} / {DAY_MS} AS day, count(*) FROM fix GROUP BY 1",
        "sealed": f"SELECT hour / {DAY_HOURS} AS day, count(*), CAST(sum(fixes) AS bigint), CAST(sum(length(blob)) AS bigint)"
        " FROM sealed GROUP BY 1",
        "reach": f"SELECT hour / {DAY_HOURS} AS day, CAST(sum(40 + length(cells)) AS bigint) FROM reach GROUP BY 1",
        "overview": f"SELECT hour / {DAY_HOURS} AS day, CAST(sum(length(blob)) AS bigint) FROM overview GROUP BY 1",
        "frame": f"SELECT minute / {HOUR_MINUTES * DAY_HOURS} AS day, CAST(sum(length(blob)) AS bigint) FROM frame GROUP BY 1",
    }
    found = {name: {row[0]: row[1:] for row in telemetry.read(sql)} for name, sql in sums.items()}
    hot, sealed, *derived = found.values()
    none = (0, 0, 0)
    return [
        DaySize._make(
            [day, hot.get(day, none)[0], *sealed.get(day, none), sum(part.get(day, none)[0] for part in derived)]
        )
        for day in sorted(set().union(*found.values()))
    ]


def find_faults(telemetry: Telemetry, manner_of: Callable[[int], Manner]) -> Iterator[Fault]:
    """Blobs against their rows, reaches, frames and overviews against the fixes; a server may run meanwhile, and seal."""
    key = (-1, -1)
    sql = (
        "SELECT s.vehicle, s.hour, s.fixes, s.first_time, s.last_time, s.blob, r.west, r.south, r.east, r.north, r.cells"
        " FROM sealed s LEFT JOIN reach r ON r.vehicle = s.vehicle AND r.hour = s.hour"
        " WHERE s.vehicle > ? OR (s.vehicle = ? AND s.hour > ?) ORDER BY s.vehicle, s.hour LIMIT ?"
    )
    while rows := telemetry.read(sql, [key[0], *key, PAGE_HOURS]):
        for vehicle, hour, fixes, first_ms, last_ms, blob, *reach in rows:
            yield from _faults_of(vehicle, hour, (fixes, first_ms, last_ms), blob, reach)
        key = rows[-1][0], rows[-1][1]
    yield from _faults_of_frames(telemetry)
    yield from _faults_of_overviews(telemetry, manner_of)


def _faults_of(
    vehicle: int, hour: int, told: tuple[int, int, int], blob: bytes, reach: list[int | bytes | None]
) -> Iterator[Fault]:
    name = f"vehicle {vehicle}, hour {hour}"
    try:
        columns = decode_hour(blob)
    except BrokenBlob as error:
        yield Fault(f"{name}: {error}")
        return
    if (wrong := _wrong_rows(columns, hour, told)) is not None:
        yield Fault(f"{name}: {wrong}")
    elif reach[0] is None or not covers(Reach(*reach), columns):  # type: ignore[arg-type]
        yield Fault(
            f"{name}: its reach does not hold all of its fixes", partial(_derive, ClosedHour(vehicle, hour, columns))
        )


def _wrong_rows(columns: Columns, hour: int, told: tuple[int, int, int]) -> str | None:
    times = columns.times
    if not len(times) or (len(times), times.item(0), times.item(-1)) != told:
        return "number of fixes, first or last time are not those of the blob"
    if (times // HOUR_MS != hour).any() or not (np.diff(times) > 0).all():
        return "fixes of another hour, or not in order"
    return None


def _faults_of_frames(telemetry: Telemetry) -> Iterator[Fault]:
    """Where something hot is about, frames may have less of it than what would be made now."""
    vehicles = [vehicle for (vehicle,) in telemetry.read("SELECT DISTINCT vehicle FROM sealed")]
    for (hour,) in telemetry.read("SELECT hour FROM framed WHERE is_built = 1 ORDER BY hour"):
        minutes = [hour * HOUR_MINUTES, (hour + 1) * HOUR_MINUTES]
        sql = "SELECT blob FROM frame WHERE minute >= ? AND minute < ? ORDER BY minute"
        blobs = [bytes(blob) for (blob,) in telemetry.read(sql, minutes)]
        span = hour * HOUR_MS - REACH_MS, (hour + 1) * HOUR_MS + AHEAD_MS
        is_hot = telemetry.history.hot.has_any(vehicles, *span)
        if len(blobs) not in (0, HOUR_MINUTES) or not (is_hot or blobs == build_frames(telemetry, hour)):
            yield Fault(f"hour {hour}: its minute frames are not those of its fixes", partial(_unframe, hour))


def _faults_of_overviews(telemetry: Telemetry, manner_of: Callable[[int], Manner]) -> Iterator[Fault]:
    """What readers do not believe is none: of other fixes than are stored, near something hot, or made by another manner."""
    key = (-1, -1)
    while page := believed_overviews(telemetry, after=key, limit=PAGE_HOURS):
        for row in page:
            if not _is_right(telemetry, row, manner_of(row.vehicle)):
                name = f"vehicle {row.vehicle}, hour {row.hour}"
                yield Fault(f"{name}: its overview is not that of its fixes", partial(_forget_overview, row))
        key = page[-1][:2]


def _is_right(telemetry: Telemetry, row: OverviewRow, manner: Manner) -> bool:
    """Also where it cannot be told: fixes came meanwhile, or a blob is broken, which is a fault of its own."""
    try:
        told = decode_overview(row.blob, manner)
    except BrokenBlob:
        return False
    try:
        built = None if told is None else build_overview(telemetry, row.vehicle, row.hour, manner)
    except BrokenBlob:
        return True
    if told is None or built is None or built.fixes != row.fixes:
        return True
    true = decode_overview(built.blob, manner)
    return true is not None and agree(told, true)


def _forget_overview(row: OverviewRow, transaction: Transaction) -> int:
    forget_overviews(transaction, [row.vehicle], row.hour, row.hour)
    return 1


def _derive(closed: ClosedHour, transaction: Transaction) -> int:
    transaction.find_latest([closed.vehicle])
    write_reaches(transaction, [closed])
    mark_frames(transaction, [closed])
    return 1


def _unframe(hour: int, transaction: Transaction) -> int:
    """They are made anew as if a fix had come late."""
    transaction.run("UPDATE framed SET is_built = 0, stamp = stamp + 1 WHERE hour = ?", [hour])
    minutes = [hour * HOUR_MINUTES, (hour + 1) * HOUR_MINUTES]
    transaction.run("DELETE FROM frame WHERE minute >= ? AND minute < ?", minutes)
    return 1
