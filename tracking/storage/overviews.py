"""Overviews of sealed hours in the store: made beside the writer, and right as long as no fix came to the hour or to those beside it.

An hour's fixes only become more, or all go: as many fixes in the same three hours are the same fixes.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tracking.domain.columns import Columns
from tracking.domain.hours import HOUR_MS
from tracking.domain.overview import HEAD_BYTES, Overview, decode_overview, encode_overview, make_overview
from tracking.domain.rest import Manner
from tracking.storage.telemetry import Telemetry, Transaction

LEAST_FIXES = 60
"""Of an hour; fewer are judged as fast as an overview is read."""

AS_MANY = (
    "(SELECT CAST(sum(n.fixes) AS bigint) FROM sealed n"
    " WHERE n.vehicle = s.vehicle AND n.hour >= s.hour - 1 AND n.hour <= s.hour + 1)"
)
SAVE = (
    "INSERT INTO overview (vehicle, hour, fixes, blob) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (vehicle, hour) DO UPDATE SET fixes = excluded.fixes, blob = excluded.blob"
)


class OverviewRow(NamedTuple):
    """`fixes`: of the hour and of both beside it."""

    vehicle: int
    hour: int
    fixes: int
    blob: bytes


class KeptHour(NamedTuple):
    """`fixes`: of the hour."""

    fixes: int
    overview: Overview


def build_overviews(telemetry: Telemetry, hour: int, manner_of: Callable[[int], Manner]) -> list[OverviewRow]:
    """Those that are missing of the hour and of the one before, which sealing this one may have changed."""
    rows = telemetry.read(
        "SELECT s.vehicle, s.hour FROM sealed s LEFT JOIN overview o ON o.vehicle = s.vehicle AND o.hour = s.hour"
        f" WHERE s.hour >= ? AND s.hour <= ? AND s.fixes >= ? AND (o.fixes IS NULL OR o.fixes <> {AS_MANY})"
        " ORDER BY s.vehicle, s.hour",
        [hour - 1, hour, LEAST_FIXES],
    )
    built = (build_overview(telemetry, vehicle, missing, manner_of(vehicle)) for vehicle, missing in rows)
    return [row for row in built if row is not None]


def build_overview(telemetry: Telemetry, vehicle: int, hour: int, manner: Manner) -> OverviewRow | None:
    """None of an hour that gets none, and while anything beside it is hot: sealing that changes it. Raises BrokenBlob."""
    if _hot_hours(telemetry, vehicle, hour - 1, hour + 2):
        return None
    beside = (hour - 1, hour, hour + 1)
    known = {one: columns for _, one, columns in telemetry.history.sealed_in((vehicle, one) for one in beside)}
    columns = [known.get(one, Columns.of(*[()] * 6)) for one in beside]
    overview = make_overview(columns[0], columns[1], columns[2], manner)
    if overview is None:
        return None
    return OverviewRow(vehicle, hour, sum(len(part.times) for part in columns), encode_overview(overview, manner))


def save_overviews(transaction: Transaction, rows: Iterable[OverviewRow]) -> int:
    """How many. What is old by now is not believed."""
    return sum(transaction.run(SAVE, row) for row in rows)


def forget_overviews(transaction: Transaction, vehicles: Sequence[int], from_hour: int, to_hour: int) -> None:
    """Of hours that are deleted, and of those beside them; both ends among them."""
    hot = transaction.history.hot
    sql = f"DELETE FROM overview WHERE vehicle {hot.listed} AND hour >= ? AND hour <= ?"
    transaction.run(sql, [hot.as_list(vehicles), from_hour, to_hour])


def believed_overviews(telemetry: Telemetry, *, after: tuple[int, int], limit: int) -> list[OverviewRow]:
    """Of the next vehicles and hours those that readers believe while nothing near them is hot."""
    rows = telemetry.read(
        "SELECT o.vehicle, o.hour, o.fixes, o.blob FROM overview o JOIN sealed s ON s.vehicle = o.vehicle AND s.hour = o.hour"
        f" WHERE (o.vehicle > ? OR (o.vehicle = ? AND o.hour > ?)) AND o.fixes = {AS_MANY}"
        " ORDER BY o.vehicle, o.hour LIMIT ?",
        [after[0], *after, limit],
    )
    return [OverviewRow(vehicle, hour, fixes, bytes(blob)) for vehicle, hour, fixes, blob in rows]


def find_overviews(
    telemetry: Telemetry, vehicle: int, hours: range, manner: Manner, *, with_points: bool
) -> dict[int, KeptHour]:
    """By hour, those that are right for all fixes that are stored."""
    ((first, last),) = telemetry.read(
        "SELECT min(hour), max(hour) FROM sealed WHERE vehicle = ? AND hour >= ? AND hour < ?",
        [vehicle, hours.start, hours.stop],
    )
    if first is None:
        return {}
    hot = _hot_hours(telemetry, vehicle, first - 1, last + 2)
    blob = "o.blob" if with_points else f"substr(o.blob, 1, {HEAD_BYTES})"
    rows = telemetry.read(
        f"SELECT s.hour, s.fixes, {blob} FROM overview o JOIN sealed s ON s.vehicle = o.vehicle AND s.hour = o.hour"
        f" WHERE o.vehicle = ? AND o.hour >= ? AND o.hour < ? AND o.fixes = {AS_MANY} ORDER BY s.hour",
        [vehicle, first, last + 1],
    )
    decoded = (
        (hour, fixes, decode_overview(bytes(blob), manner, head_only=not with_points))
        for hour, fixes, blob in rows
        if hot.isdisjoint((hour - 1, hour, hour + 1))
    )
    return {hour: KeptHour(fixes, overview) for hour, fixes, overview in decoded if overview is not None}


def _hot_hours(telemetry: Telemetry, vehicle: int, from_hour: int, to_hour: int) -> set[int]:
    span = max(from_hour, 0) * HOUR_MS, to_hour * HOUR_MS
    return set((telemetry.history.hot.thinned([vehicle], *span, step_ms=HOUR_MS).times // HOUR_MS).tolist())
