"""The fixes of a store wherever they lie: hot rows and sealed hours as one history.

A fix is in one of the two. Hot rows are read first, so that one which is sealed between the two looks is seen twice and not missed; what
was seen twice counts once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from tracking.domain.columns import UNKNOWN, Columns, OneEach
from tracking.domain.fix import Fix
from tracking.domain.hours import HOUR_MS
from tracking.domain.sealed_hour import decode_hour, decode_hours, decode_places
from tracking.domain.thinned import Thinned
from tracking.storage.hot import HotFixes
from tracking.storage.records import TrackMark, TrackRow, track_row

HourKey: TypeAlias = tuple[int, int]
"""vehicle, and hour since 1970 UTC."""

FIRST_HOURS, MOST_HOURS = 3, 16  # sealed hours read by a statement: 25 KB each at a fix a second
NOTHING: Mapping[int, int] = {}
BLOBS = 64  # the same, where each belongs to another vehicle


class SealedHour(NamedTuple):
    """A blob of docs/telemetry.md as it lies in the store."""

    hour: int
    fixes: int
    blob: bytes


class ClosedHour(NamedTuple):
    """All fixes of a vehicle and hour, in time order."""

    vehicle: int
    hour: int
    columns: Columns


class History:
    """Ranges are from ≤ fix time < to."""

    def __init__(self, hot: HotFixes) -> None:
        self.hot = hot
        self._fetch = hot.fetch

    def columns(self, vehicle: int, from_ms: int, to_ms: int, *, limit: int, newest_first: bool = False) -> Columns:
        """In time order; `newest_first`: the newest `limit` of the range."""
        if from_ms >= to_ms:  # a statement about nothing costs PostgreSQL as much as any
            return Columns.of(*[()] * 6)
        hot = self.hot.columns(vehicle, from_ms, to_ms, limit=limit, newest_first=newest_first)
        if len(hot.times) >= limit:
            from_ms, to_ms = (hot.times.item(0), to_ms) if newest_first else (from_ms, hot.times.item(-1) + 1)
        parts, count = [], 0
        for part in self._hours(vehicle, from_ms, to_ms, newest_first=newest_first):
            parts.append(part)
            count += len(part.times)
            if count >= limit:
                break
        if not parts:
            return hot
        found = merged([*(parts[::-1] if newest_first else parts), hot])
        chosen = slice(max(len(found.times) - limit, 0), None) if newest_first else slice(limit)
        return Columns(*(column[chosen] for column in found))

    def pages(self, vehicle: int, from_ms: int, to_ms: int, *, rows: int) -> Iterator[Columns]:
        """All of the range in time order, in pages of `rows` rows to twice as many; the last may be shorter."""
        waiting: list[Columns] = []
        for part in self._parts(vehicle, from_ms, to_ms, rows):
            waiting.append(part)
            if sum(len(part.times) for part in waiting) >= rows:
                yield from _in_twice(Columns.joined(waiting), rows)
                waiting = []
        if waiting:
            yield Columns.joined(waiting)

    def _parts(self, vehicle: int, from_ms: int, to_ms: int, rows: int) -> Iterator[Columns]:
        """What is sealed by the hour, each blob read once, with what is hot up to its end."""
        while from_ms < to_ms:
            hot = self.hot.columns(vehicle, from_ms, to_ms, limit=rows)
            end_ms = to_ms if len(hot.times) < rows else hot.times.item(-1) + 1
            for hour in self._hours(vehicle, from_ms, end_ms):
                if len(hour.times):
                    begun, hot = _divided(hot, hour.times.item(-1) + 1)
                    yield merged([hour, begun])
            if len(hot.times):
                yield hot
            from_ms = end_ms

    def _hours(self, vehicle: int, from_ms: int, to_ms: int, *, newest_first: bool = False) -> Iterator[Columns]:
        """What is sealed of the range, hour by hour."""
        low, high = max(from_ms, 0) // HOUR_MS, (to_ms - 1) // HOUR_MS
        size, order = FIRST_HOURS, "DESC" if newest_first else "ASC"
        while low <= high:
            rows = self._fetch(
                "SELECT hour, blob FROM sealed WHERE vehicle = ? AND hour >= ? AND hour <= ?"
                f" ORDER BY hour {order} LIMIT ?",
                [vehicle, low, high, size],
            )
            for columns in decode_hours(blob for _, blob in rows):
                yield cut(columns, from_ms, to_ms)
            if len(rows) < size:
                return
            low, high = (low, rows[-1][0] - 1) if newest_first else (rows[-1][0] + 1, high)
            size = min(2 * size, MOST_HOURS)

    def one_each(self, vehicles: Sequence[int], from_ms: int, to_ms: int, *, newest: bool) -> OneEach:
        """Of each vehicle the newest or oldest of the range, if there is one; in order of vehicles."""
        if not vehicles:
            return OneEach.of([])
        hot = self.hot.one_each(vehicles, from_ms, to_ms, newest=newest)
        found = dict(zip(hot.vehicles.tolist(), hot.times.tolist(), strict=True))
        ends = self.sealed_ends(vehicles, from_ms, to_ms, newest=newest, found=found)
        sealed = OneEach.of([(vehicle, *(column.item() for column in end)) for vehicle, end in ends])
        return OneEach.nearest([sealed, hot], newest=newest)

    def sealed_ends(
        self, vehicles: Sequence[int], from_ms: int, to_ms: int, *, newest: bool, found: Mapping[int, int] = NOTHING
    ) -> Iterator[tuple[int, Columns]]:
        """Of each vehicle the newest or oldest sealed row of the range, where one may be nearer to that end than the time `found`."""
        for vehicle, _, columns in self.sealed_in(self._hours_to_ask(vehicles, found, from_ms, to_ms, newest=newest)):
            part = cut(columns, from_ms, to_ms)
            if len(part.times):
                yield vehicle, Columns(*(column[-1:] if newest else column[:1] for column in part))

    def _hours_to_ask(
        self, vehicles: Sequence[int], found: Mapping[int, int], from_ms: int, to_ms: int, *, newest: bool
    ) -> Iterator[HourKey]:
        """Of each vehicle the one sealed hour that may have a fix nearer to the asked end; a look into the index each."""
        of_vehicle = (
            "FROM sealed WHERE vehicle = v.value AND hour >= ? AND hour <= ? AND first_time < ? AND last_time >= ?"
        )
        rows = self._fetch(
            f"SELECT s.vehicle, s.hour, s.first_time, s.last_time FROM {self.hot.each} JOIN sealed s ON s.vehicle = v.value"
            f" AND s.hour = (SELECT hour {of_vehicle} ORDER BY hour {'DESC' if newest else 'ASC'} LIMIT 1)",
            [self.hot.as_list(vehicles), max(from_ms, 0) // HOUR_MS, (to_ms - 1) // HOUR_MS, to_ms, from_ms],
        )
        for vehicle, hour, first_ms, last_ms in rows:
            time_ms = found.get(vehicle)
            if time_ms is None or (last_ms > time_ms if newest else first_ms < time_ms):
                yield vehicle, hour

    def thinned(self, vehicles: Sequence[int], from_ms: int, to_ms: int, *, step_ms: int) -> Thinned:
        """Of each vehicle the first fix in each step."""
        hot = self.hot.thinned(vehicles, from_ms, to_ms, step_ms=step_ms)
        keys = self._fetch(
            f"SELECT vehicle, hour FROM sealed WHERE vehicle {self.hot.listed} AND hour >= ? AND hour <= ?",
            [self.hot.as_list(vehicles), max(from_ms, 0) // HOUR_MS, (to_ms - 1) // HOUR_MS],
        )
        return Thinned.joined([hot, *self._thinned_hours(keys, from_ms, to_ms, step_ms)]).first_of_steps(step_ms)

    def every(self, vehicles: Sequence[int], from_ms: int, to_ms: int) -> Thinned:
        """All fixes of each vehicle, by one statement for what is sealed."""
        hot = self.hot.thinned(vehicles, from_ms, to_ms, step_ms=1)
        rows = self._fetch(
            f"SELECT vehicle, blob FROM sealed WHERE vehicle {self.hot.listed} AND hour >= ? AND hour <= ? ORDER BY vehicle, hour",
            [self.hot.as_list(vehicles), max(from_ms, 0) // HOUR_MS, (to_ms - 1) // HOUR_MS],
        )
        if not rows:
            return hot
        hours = Thinned.of_hours([vehicle for vehicle, _ in rows], list(decode_places(blob for _, blob in rows)))
        sealed = hours.within(from_ms, to_ms)
        return Thinned.joined([sealed, hot]).first_of_steps(1) if len(hot.times) else sealed

    def _thinned_hours(self, keys: Iterable[HourKey], from_ms: int, to_ms: int, step_ms: int) -> Iterator[Thinned]:
        """Many hours at once, each part by itself."""
        for narrow, values in by_fewer(keys, self.hot):
            rows = self._fetch(f"SELECT vehicle, blob FROM sealed WHERE {narrow} ORDER BY vehicle, hour", values)
            if rows:
                hours = Thinned.of_hours(
                    [vehicle for vehicle, _ in rows], list(decode_places(blob for _, blob in rows))
                )
                yield hours.within(from_ms, to_ms).first_of_steps(step_ms)

    def marks(self, vehicles: Sequence[int], from_ms: int, to_ms: int) -> dict[int, TrackMark]:
        """By one statement, so that nothing is counted twice. Of hours that lie in the range as a whole the table tells enough."""
        hot, values = self.hot.marks(vehicles, from_ms, to_ms)
        hours = [self.hot.as_list(vehicles), max(from_ms, 0) // HOUR_MS, (to_ms - 1) // HOUR_MS, from_ms, to_ms]
        of_hours = f"FROM sealed WHERE vehicle {self.hot.listed} AND hour >= ? AND hour <= ?"
        rows = self._fetch(
            f"{hot} UNION ALL"
            " SELECT vehicle, CAST(sum(fixes) AS bigint), min(first_time), max(last_time), NULL"
            f" {of_hours} AND first_time >= ? AND last_time < ? GROUP BY vehicle UNION ALL"
            f" SELECT vehicle, 0, NULL, NULL, blob {of_hours} AND (first_time < ? OR last_time >= ?)",
            [*values, *hours, *hours],
        )
        marks = {vehicle: TrackMark(0, None, None) for vehicle in vehicles}
        for vehicle, fixes, first_ms, last_ms, blob in rows:
            mark = (
                TrackMark(fixes, first_ms, last_ms) if blob is None else mark_of(cut(decode_hour(blob), from_ms, to_ms))
            )
            marks[vehicle] = joined_mark(marks[vehicle], mark)
        return marks

    def who_has(self, vehicles: Sequence[int], from_ms: int, to_ms: int) -> set[int]:
        """Those with a fix in the range. Reads none that is sealed, but of an hour of which the range is a part."""
        if from_ms >= to_ms:
            return set()
        if from_ms // HOUR_MS == (to_ms - 1) // HOUR_MS:
            return set(self.one_each(vehicles, from_ms, to_ms, newest=True).vehicles.tolist())
        hot = set(self.hot.one_each(vehicles, from_ms, to_ms, newest=True).vehicles.tolist())
        rows = self._fetch(
            f"SELECT v.value FROM {self.hot.each} WHERE EXISTS (SELECT 1 FROM sealed WHERE vehicle = v.value"
            " AND hour >= ? AND hour <= ? AND first_time < ? AND last_time >= ?)",
            [self.hot.as_list(vehicles), max(from_ms, 0) // HOUR_MS, (to_ms - 1) // HOUR_MS, to_ms, from_ms],
        )
        return hot.union(vehicle for (vehicle,) in rows)

    def places(self, fixes: Sequence[Fix]) -> dict[tuple[int, int], tuple[int, int]]:
        """What is stored under the vehicles and times of the fixes: by these, lat and lon in 1e-7 degrees."""
        if not fixes:
            return {}
        hot = self.hot.places(fixes)
        return self.sealed_places(fix for fix in fixes if (fix.vehicle, fix.fix_time_ms) not in hot) | hot

    def sealed_places(self, fixes: Iterable[Fix]) -> dict[tuple[int, int], tuple[int, int]]:
        """As `places`, of what is sealed."""
        times: dict[HourKey, set[int]] = defaultdict(set)
        for fix in fixes:
            times[fix.vehicle, fix.fix_time_ms // HOUR_MS].add(fix.fix_time_ms)
        found = {}
        for vehicle, hour, columns in self.sealed_in(times):
            wanted = np.isin(columns.times, list(times[vehicle, hour]))
            part = (column[wanted].tolist() for column in columns[:3])
            found.update({(vehicle, time_ms): (lat, lon) for time_ms, lat, lon in zip(*part, strict=True)})
        return found

    def sealed_in(self, keys: Iterable[HourKey]) -> Iterator[tuple[int, int, Columns]]:
        """Of those hours that are sealed: vehicle, hour, fixes."""
        for narrow, values in by_fewer(keys, self.hot):
            rows = self._fetch(f"SELECT vehicle, hour, blob FROM sealed WHERE {narrow}", values)
            decoded = decode_hours(blob for _, _, blob in rows)
            yield from ((vehicle, hour, columns) for (vehicle, hour, _), columns in zip(rows, decoded, strict=True))

    def blobs(self, vehicle: int, from_hour: int, to_hour: int, *, limit: int) -> list[SealedHour]:
        """Of from ≤ hour < to those hours that are sealed and whose fixes are all in their blob, oldest first."""
        rows = self._fetch(
            "SELECT hour, fixes, blob FROM sealed s WHERE vehicle = ? AND hour >= ? AND hour < ?"
            f" AND NOT {self.hot.late} ORDER BY hour LIMIT ?",
            [vehicle, from_hour, to_hour, limit],
        )
        return [SealedHour(hour, fixes, bytes(blob)) for hour, fixes, blob in rows]


def by_fewer(keys: Iterable[HourKey], hot: HotFixes) -> Iterator[tuple[str, list[Any]]]:
    """Conditions, with their values, for some of the hours each: by vehicle or by hour, whichever takes fewer."""
    of_vehicle: dict[int, list[int]] = defaultdict(list)
    of_hour: dict[int, list[int]] = defaultdict(list)
    for vehicle, hour in keys:
        of_vehicle[vehicle].append(hour)
        of_hour[hour].append(vehicle)
    is_by_hour = len(of_hour) < len(of_vehicle)
    one, many = ("hour", "vehicle") if is_by_hour else ("vehicle", "hour")
    for key, others in (of_hour if is_by_hour else of_vehicle).items():
        for begin in range(0, len(others), BLOBS):
            yield f"{one} = ? AND {many} {hot.listed}", [key, hot.as_list(others[begin : begin + BLOBS])]


def cut(columns: Columns, from_ms: int, to_ms: int) -> Columns:
    """Its rows of the range."""
    begin, end = np.searchsorted(columns.times, [from_ms, to_ms]).tolist()
    return columns if end - begin == len(columns.times) else Columns(*(column[begin:end] for column in columns))


def _divided(columns: Columns, time_ms: int) -> tuple[Columns, Columns]:
    """Its rows before a time, and the others."""
    at = int(np.searchsorted(columns.times, time_ms))
    return Columns(*(column[:at] for column in columns)), Columns(*(column[at:] for column in columns))


def _in_twice(columns: Columns, rows: int) -> Iterator[Columns]:
    """In pieces of twice `rows`, and the rest."""
    for begin in range(0, len(columns.times), 2 * rows):
        yield Columns(*(column[begin : begin + 2 * rows] for column in columns))


def merged(parts: Sequence[Columns]) -> Columns:
    """One in time order; of rows of the same time that of the first part stays. Each part is in time order already."""
    parts = [part for part in parts if len(part.times)] or list(parts[:1])
    joined = parts[0] if len(parts) == 1 else Columns.joined(parts)
    if (np.diff(joined.times) > 0).all():
        return joined
    _, chosen = np.unique(joined.times, return_index=True)
    return Columns(*(column[chosen] for column in joined))


def mark_of(columns: Columns) -> TrackMark:
    times = columns.times
    return TrackMark(len(times), times.item(0), times.item(-1)) if len(times) else TrackMark(0, None, None)


def joined_mark(first: TrackMark, second: TrackMark) -> TrackMark:
    """Of ranges that share no fix."""
    if not first.fixes or not second.fixes:
        return first if first.fixes else second
    moments = [time_ms for mark in (first, second) for time_ms in mark[1:] if time_ms is not None]
    return TrackMark(first.fixes + second.fixes, min(moments), max(moments))


def track_rows(columns: Columns) -> list[TrackRow]:
    times, lats, lons, *others = (column.tolist() for column in columns)
    known = ([None if one == UNKNOWN else one for one in column] for column in others)
    return [track_row(*row) for row in zip(times, lats, lons, *known, strict=True)]


def fixes_each(ends: OneEach) -> list[Fix]:
    rows = track_rows(Columns(*ends[1:]))
    return [Fix(vehicle, *row) for vehicle, row in zip(ends.vehicles.tolist(), rows, strict=True)]
