"""Minute frames in the store: which hours have them, and which lost them to fixes that came late.

A frame that is there is right: what seals or deletes an hour deletes, in the same transaction, every frame that it could change. Fixes that
are hot are in no frame, or also there; readers look for them first.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from tracking.domain.columns import Columns
from tracking.domain.hours import HOUR_MS
from tracking.domain.minute_frame import AHEAD_MS, HOUR_MINUTES, REACH_MS, encode_frame, frames_of_hour
from tracking.storage.history import ClosedHour, History
from tracking.storage.hot import END_MS
from tracking.storage.telemetry import Telemetry, Transaction

REACH_HOURS = REACH_MS // HOUR_MS
LAST_HOUR = END_MS // HOUR_MS
FIXES_A_ROW = 5
"""An hour with fewer fixes for each row of its frames (a vehicle and minute) gets none: they would be larger than its blobs."""
ONE_AT_A_TIME = "UPDATE meta SET value = value WHERE name = 'identity'"
"""Else two processes might wait for each other's hours."""
NEXT_HOUR = "SELECT min(s.hour) FROM sealed s WHERE s.vehicle = v.value AND s.hour > ?"
FOLLOWING = f"SELECT max(coalesce(({NEXT_HOUR}), {LAST_HOUR})) FROM"


class StaleHour(NamedTuple):
    """An hour without frames; another `stamp` when it was touched again."""

    hour: int
    stamp: int


def mark_frames(transaction: Transaction, closed: Sequence[ClosedHour]) -> None:
    """Of the vehicle's hours, and of those in which their fixes are the newest before, or the next."""
    each, hours = transaction.history.hot.each, [hour for _, hour, _ in closed]
    transaction.run(
        f"INSERT INTO framed (hour, stamp, is_built) SELECT v.value, 0, 0 FROM {each} WHERE true ON CONFLICT (hour) DO NOTHING",
        [transaction.as_list(hours)],
    )
    is_soon = closed[0].columns.times.item(0) < hours[0] * HOUR_MS + AHEAD_MS
    forget_frames(transaction, [closed[0].vehicle], hours[0] - int(is_soon), hours[-1])


def forget_frames(transaction: Transaction, vehicles: Sequence[int], from_hour: int, hour: int) -> None:
    """From an hour to the next one, after `hour`, that is sealed of each of the vehicles."""
    transaction.run(ONE_AT_A_TIME)
    last = f"({FOLLOWING} {transaction.history.hot.each})"
    following = [hour, transaction.as_list(vehicles)]
    now = transaction.changed_ms
    transaction.run(
        "UPDATE framed SET is_built = 0, stamp = CASE WHEN stamp >= ? THEN stamp + 1 ELSE ? END"
        f" WHERE hour >= ? AND hour <= {last}",
        [now, now, from_hour, *following],
    )
    transaction.run(
        f"DELETE FROM frame WHERE minute >= ? AND minute < ({last} + 1) * {HOUR_MINUTES}",
        [from_hour * HOUR_MINUTES, *following],
    )


def find_stale(telemetry: Telemetry, *, quiet_ms: int, limit: int) -> list[StaleHour]:
    """The newest first, of those that were left alone for so long."""
    rows = telemetry.read(
        "SELECT hour, stamp FROM framed WHERE is_built = 0 AND stamp <= ? ORDER BY hour DESC LIMIT ?",
        [telemetry.now_ms() - quiet_ms, limit],
    )
    return [StaleHour(*row) for row in rows]


def build_frames(telemetry: Telemetry, hour: int) -> list[bytes]:
    """Sixty, or none where so few fixes are sealed that frames do not pay."""
    sealed = telemetry.read("SELECT coalesce(CAST(sum(fixes) AS bigint), 0) FROM sealed WHERE hour = ?", [hour])
    rows = telemetry.read(
        "SELECT DISTINCT vehicle FROM sealed WHERE hour >= ? AND hour <= ?", [hour - REACH_HOURS - 1, hour + 1]
    )
    vehicles = [vehicle for (vehicle,) in rows]
    if not sealed[0][0] or sealed[0][0] < FIXES_A_ROW * HOUR_MINUTES * len(vehicles):
        return []
    return [encode_frame(frame) for frame in frames_of_hour(hour * HOUR_MS, _tracks(telemetry.history, vehicles, hour))]


def _tracks(history: History, vehicles: Sequence[int], hour: int) -> dict[int, Columns]:
    """Of what is sealed: the newest row before the hour, those of it, and the oldest after it, if it comes soon."""
    start_ms, end_ms = hour * HOUR_MS, (hour + 1) * HOUR_MS
    parts: dict[int, list[Columns]] = defaultdict(list)
    for vehicle, row in history.sealed_ends(vehicles, start_ms - REACH_MS, start_ms, newest=True):
        parts[vehicle].append(row)
    for vehicle, _, columns in history.sealed_in((vehicle, hour) for vehicle in vehicles):
        parts[vehicle].append(columns)
    for vehicle, row in history.sealed_ends(vehicles, end_ms, end_ms + AHEAD_MS, newest=False):
        parts[vehicle].append(row)
    return {vehicle: Columns.joined(found) for vehicle, found in parts.items()}


def save_frames(transaction: Transaction, stale: StaleHour, blobs: Sequence[bytes]) -> int:
    """1, or 0 when the hour was touched after it had been found, or somebody else was faster."""
    empty = "DELETE FROM framed WHERE hour = ? AND stamp = ? AND NOT EXISTS (SELECT 1 FROM sealed s WHERE s.hour = framed.hour)"
    if not blobs and transaction.run(empty, stale):
        return 1
    if not transaction.run("UPDATE framed SET is_built = 1 WHERE hour = ? AND stamp = ? AND is_built = 0", stale):
        return 0
    for minute, blob in enumerate(blobs, stale.hour * HOUR_MINUTES):
        transaction.run("INSERT INTO frame (minute, blob) VALUES (?, ?)", [minute, blob])
    return 1


def window_stamps(
    telemetry: Telemetry, vehicles: Sequence[int], from_ms: int, to_ms: int, *, within_ms: int
) -> list[tuple[int, int]] | None:
    """Hours and stamps that are others once a fix changes what is told of from ≤ time < to; None while any of it is hot.

    Ask before what they stand for is read, so that it is never older than they are.
    """
    if telemetry.history.hot.has_any(vehicles, from_ms - within_ms, to_ms + AHEAD_MS):
        return None
    hours = range(from_ms // HOUR_MS, -(-to_ms // HOUR_MS))
    rows = telemetry.read(
        "SELECT hour, stamp FROM framed WHERE hour >= ? AND hour < ? AND is_built = 1 ORDER BY hour",
        [hours.start, hours.stop],
    )
    return [(hour, stamp) for hour, stamp in rows] if len(rows) == len(hours) else None


def window_marks(
    telemetry: Telemetry, vehicles: Sequence[int], from_ms: int, to_ms: int, *, within_ms: int
) -> list[Sequence[Any]]:
    """What is another once a fix changes what is told of from ≤ time < to, also while some of it is hot.

    Counts what is hot in it, by one statement with the stamps of all that is sealed, so that what is sealed meanwhile is not in both.
    Before it only the newest hot fix is told. Ask before what they stand for is read.
    """
    hot = telemetry.history.hot
    marks, values = hot.marks(vehicles, from_ms, to_ms + AHEAD_MS)
    hours = [(from_ms - within_ms) // HOUR_MS, (to_ms + AHEAD_MS) // HOUR_MS]
    stamps = "SELECT hour, stamp, -1, -1, NULL FROM framed WHERE hour >= ? AND hour <= ?"
    rows = telemetry.read(f"{marks} UNION ALL {stamps} ORDER BY 1, 2, 3", [*values, *hours])
    before = hot.one_each(vehicles, from_ms - within_ms, from_ms, newest=True)
    return [*rows, sorted(zip(before.vehicles.tolist(), before.times.tolist(), strict=True))]
