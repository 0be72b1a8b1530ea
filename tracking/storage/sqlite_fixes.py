"""The hot table of fixes on SQLite: a row under one packed key of vehicle and time."""

import json
from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np

from tracking.domain.columns import UNKNOWN, Columns, OneEach
from tracking.domain.fix import Fix
from tracking.domain.hours import HOUR_MS
from tracking.domain.quality import Ints
from tracking.domain.thinned import Thinned
from tracking.storage.hot import END_MS, TIME_BITS, HotFixes

TIME_MASK = END_MS
OF_VALUE = f"fix.key >= (v.value << {TIME_BITS} | ?) AND fix.key < (v.value << {TIME_BITS} | ?)"


def packed_key(vehicle: int, time_ms: int) -> int:
    """Orders by vehicle, then time."""
    return vehicle << TIME_BITS | (time_ms if 0 <= time_ms <= TIME_MASK else min(max(time_ms, 0), TIME_MASK))


SPEED_BIT, COURSE_BIT = 42, 26  # above an accuracy of at most 100 km, and a course below 36,000
FLOOR = 1_800_000_000  # what makes every longitude positive
FIXES_A_LOOK = 2  # read for what it costs to look for one
PLACE = f"(lat_e7 << 32) | (lon_e7 + {FLOOR})"
PACKED = (
    f"key, {PLACE}, ((coalesce(speed_mms, {UNKNOWN}) + 1) << {SPEED_BIT})"
    f" | ((coalesce(course_cdeg, {UNKNOWN}) + 1) << {COURSE_BIT}) | (coalesce(accuracy_cm, {UNKNOWN}) + 1)"
)
"""A fix as three numbers, which Python takes over for two thirds of the cost of six."""


MOTION = ", ".join(f"coalesce({name}, {UNKNOWN})" for name in ("speed_mms", "course_cdeg", "accuracy_cm"))


class SqliteFixes(HotFixes):
    listed = "IN (SELECT value FROM json_each(?))"
    each = "json_each(?) v"
    time = f"(key & {TIME_MASK})"
    late = (
        f"EXISTS (SELECT 1 FROM fix WHERE key >= (s.vehicle << {TIME_BITS} | s.hour * {HOUR_MS})"
        f" AND key < (s.vehicle << {TIME_BITS} | (s.hour + 1) * {HOUR_MS}))"
    )

    @staticmethod
    def as_list(numbers: Sequence[int]) -> str:
        return json.dumps(list(numbers))

    def columns(self, vehicle: int, from_ms: int, to_ms: int, *, limit: int, newest_first: bool = False) -> Columns:
        rows = self.fetch(
            f"SELECT {PACKED} FROM fix WHERE key >= ? AND key < ? ORDER BY key {'DESC' if newest_first else 'ASC'} LIMIT ?",
            [packed_key(vehicle, from_ms), packed_key(vehicle, to_ms), limit],
        )
        return unpacked(rows[::-1] if newest_first else rows)

    def one_each(self, vehicles: Sequence[int], from_ms: int, to_ms: int, *, newest: bool) -> OneEach:
        rows = self.fetch(
            f"SELECT v.value, f.key & ?, f.lat_e7, f.lon_e7, {MOTION} FROM json_each(?) v"
            f" JOIN fix f ON f.key = (SELECT fix.key FROM fix WHERE {OF_VALUE}"
            f" ORDER BY fix.key {'DESC' if newest else 'ASC'} LIMIT 1)",
            [TIME_MASK, self.as_list(vehicles), max(from_ms, 0), min(to_ms, TIME_MASK)],
        )
        return OneEach.of(rows)

    def has_any(self, vehicles: Sequence[int], from_ms: int, to_ms: int) -> bool:
        sql = f"SELECT EXISTS (SELECT 1 FROM json_each(?) v CROSS JOIN fix WHERE {OF_VALUE})"
        ((found,),) = self.fetch(sql, [self.as_list(vehicles), max(from_ms, 0), min(to_ms, TIME_MASK)])
        return bool(found)

    def thinned(self, vehicles: Sequence[int], from_ms: int, to_ms: int, *, step_ms: int) -> Thinned:
        """To read all costs less than to look for one in each step, where there are few more than steps."""
        low_ms, high_ms = max(from_ms, 0), min(to_ms, TIME_MASK)
        most = FIXES_A_LOOK * len(vehicles) * (-(-high_ms // step_ms) - low_ms // step_ms)
        of_all = f"FROM json_each(?) v CROSS JOIN fix WHERE {OF_VALUE}"
        values = [self.as_list(vehicles), low_ms, high_ms]
        ((count,),) = self.fetch(f"SELECT count(*) FROM (SELECT 1 {of_all} LIMIT ?)", [*values, most + 1])
        if count > most:
            return self._looked_up(vehicles, low_ms, high_ms, step_ms)
        keys, places = _columns_of(self.fetch(f"SELECT fix.key, {PLACE} {of_all}", values) if count else [], 2)
        found = Thinned(keys >> TIME_BITS, keys & TIME_MASK, *_parted(places))
        return Thinned.joined([found]).first_of_steps(step_ms)

    def _looked_up(self, vehicles: Sequence[int], from_ms: int, to_ms: int, step_ms: int) -> Thinned:
        """One look into the index for each vehicle and step: of a fix a second 59 of 60 are never read. Who has none is left out before."""
        rows = self.fetch(
            "WITH RECURSIVE steps (t, next) AS (SELECT ?1, (?1 / ?4 + 1) * ?4"
            " UNION ALL SELECT next, next + ?4 FROM steps WHERE next < ?2),"
            " seen AS MATERIALIZED (SELECT value FROM json_each(?3) v WHERE EXISTS (SELECT 1 FROM fix"
            f" WHERE key >= (v.value << {TIME_BITS} | ?1) AND key < (v.value << {TIME_BITS} | ?2)))"
            " SELECT v.value, f.key & ?5, f.lat_e7, f.lon_e7 FROM seen v CROSS JOIN steps s CROSS JOIN fix f"
            f" WHERE f.key = (SELECT key FROM fix WHERE key >= (v.value << {TIME_BITS} | s.t)"
            f" AND key < (v.value << {TIME_BITS} | min(s.next, ?2)) ORDER BY key LIMIT 1)",
            [from_ms, to_ms, self.as_list(vehicles), step_ms, TIME_MASK],
        )
        return Thinned.joined([Thinned.of(rows)])

    def marks(self, vehicles: Sequence[int], from_ms: int, to_ms: int) -> tuple[str, list[Any]]:
        """To group all rows costs seven times as much."""
        of_vehicle = (
            f"FROM fix WHERE key >= (v.value << {TIME_BITS} | r.low) AND key < (v.value << {TIME_BITS} | r.high)"
        )
        sql = (
            f"SELECT v.value, (SELECT count(*) {of_vehicle}), (SELECT min(key) {of_vehicle}) & {TIME_MASK},"
            f" (SELECT max(key) {of_vehicle}) & {TIME_MASK}, NULL FROM json_each(?) v, (SELECT ? AS low, ? AS high) r"
        )
        return sql, [self.as_list(vehicles), max(from_ms, 0), min(to_ms, TIME_MASK)]

    def places(self, fixes: Sequence[Fix]) -> dict[tuple[int, int], tuple[int, int]]:
        keys = [packed_key(fix.vehicle, fix.fix_time_ms) for fix in fixes]
        rows = self.fetch(f"SELECT key, lat_e7, lon_e7 FROM fix WHERE key {self.listed}", [self.as_list(keys)])
        return {(key >> TIME_BITS, key & TIME_MASK): (lat, lon) for key, lat, lon in rows}

    def oldest(self, *, after: int, before_ms: int, limit: int) -> list[tuple[int, int | None]]:
        return self.fetch(
            f"SELECT l.vehicle, (SELECT key & {TIME_MASK} FROM fix WHERE key >= l.vehicle << {TIME_BITS}"
            f" AND key < (l.vehicle << {TIME_BITS} | ?) ORDER BY key LIMIT 1)"
            " FROM latest l WHERE l.vehicle > ? ORDER BY l.vehicle LIMIT ?",
            [min(max(before_ms, 0), TIME_MASK), after, limit],
        )

    def delete(self, vehicle: int, from_ms: int, to_ms: int, *, limit: int | None = None) -> tuple[str, list[Any]]:
        keys = [packed_key(vehicle, from_ms), packed_key(vehicle, to_ms)]
        if limit is None:
            return "DELETE FROM fix WHERE key >= ? AND key < ?", keys
        oldest = "SELECT key FROM fix WHERE key >= ? AND key < ? ORDER BY key LIMIT ?"
        return f"DELETE FROM fix WHERE key IN ({oldest})", [*keys, limit]


def unpacked(rows: Sequence[tuple[int, int, int]]) -> Columns:
    """Of PACKED."""
    keys, places, motions = _columns_of(rows, 3)
    return Columns(
        keys & TIME_MASK,
        *_parted(places),
        (motions >> SPEED_BIT) - 1,
        (motions >> COURSE_BIT & 0xFFFF) - 1,
        (motions & ((1 << COURSE_BIT) - 1)) - 1,
    )


def _columns_of(rows: Sequence[tuple[int, ...]], width: int) -> Ints:
    packed = np.fromiter(chain.from_iterable(rows), np.int64, width * len(rows)).reshape(-1, width)
    return np.ascontiguousarray(packed.T)


def _parted(places: Ints) -> tuple[Ints, Ints]:
    """Lat and lon of PLACE."""
    return places >> 32, (places & 0xFFFF_FFFF) - FLOOR
