"""The hot table of fixes on PostgreSQL: partitions by day, which queries leave out by their ranges of time."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tracking.domain.columns import UNKNOWN, Columns, OneEach
from tracking.domain.fix import Fix
from tracking.domain.hours import HOUR_MS
from tracking.domain.quality import Ints
from tracking.domain.thinned import Thinned
from tracking.storage.hot import HotFixes

KNOWN = [f"coalesce({name}, {UNKNOWN})" for name in ("lat_e7", "lon_e7", "speed_mms", "course_cdeg", "accuracy_cm")]
PACKED = "string_agg(int8send(t), ''), " + ", ".join(f"string_agg(int4send({value}), '')" for value in KNOWN)
THIN = ", ".join(
    f"string_agg({value}, '')" for value in ("int4send(vehicle)", "int8send(t)", "int4send(lat_e7)", "int4send(lon_e7)")
)

OF_VEHICLE = f"SELECT t, {', '.join(KNOWN)} FROM fix WHERE vehicle = v AND t >= ? AND t < ?"
NEWEST, OLDEST = f"({OF_VEHICLE} ORDER BY t DESC LIMIT 1)", f"({OF_VEHICLE} ORDER BY t LIMIT 1)"


class PostgresFixes(HotFixes):
    listed = "= ANY (?)"
    each = "unnest(?::int[]) AS v (value)"
    time = "t"
    late = (
        f"EXISTS (SELECT 1 FROM fix f WHERE f.vehicle = s.vehicle AND f.t >= s.hour::bigint * {HOUR_MS}"
        f" AND f.t < (s.hour::bigint + 1) * {HOUR_MS})"
    )

    @staticmethod
    def as_list(numbers: Sequence[int]) -> list[int]:
        return list(numbers)

    def columns(self, vehicle: int, from_ms: int, to_ms: int, *, limit: int, newest_first: bool = False) -> Columns:
        """PostgreSQL strings the numbers of a column together: a fifth of the cost of rows to whoever reads them."""
        (packed,) = self.fetch(
            f"SELECT {PACKED} FROM (SELECT t, lat_e7, lon_e7, speed_mms, course_cdeg, accuracy_cm FROM fix"
            f" WHERE vehicle = ? AND t >= ? AND t < ? ORDER BY t {'DESC' if newest_first else 'ASC'} LIMIT ?) f",
            [vehicle, from_ms, to_ms, limit],
        )
        columns = _columns_of(packed, ">i8", *[">i4"] * len(KNOWN))
        return Columns(*(column[::-1] if newest_first else column for column in columns))

    def one_each(self, vehicles: Sequence[int], from_ms: int, to_ms: int, *, newest: bool) -> OneEach:
        rows = self.fetch(
            f"SELECT v, f.* FROM unnest(?::int[]) v, LATERAL {NEWEST if newest else OLDEST} f",
            [list(vehicles), from_ms, to_ms],
        )
        return OneEach.of(rows)

    def around(self, vehicles: Sequence[int], from_ms: int, time_ms: int, to_ms: int) -> tuple[OneEach, OneEach]:
        """By one statement: to ask costs more than to look."""
        rows = self.fetch(
            f"SELECT v, f.* FROM unnest(?::int[]) v, LATERAL ({NEWEST} UNION ALL {OLDEST}) f",
            [list(vehicles), from_ms, time_ms, time_ms, to_ms],
        )
        found = OneEach.of(rows)
        is_before = found.times < time_ms
        return found.chosen(is_before), found.chosen(~is_before)

    def has_any(self, vehicles: Sequence[int], from_ms: int, to_ms: int) -> bool:
        of_vehicle = "SELECT 1 FROM fix WHERE vehicle = v AND t >= ? AND t < ? LIMIT 1"
        sql = f"SELECT EXISTS (SELECT 1 FROM unnest(?::int[]) v, LATERAL ({of_vehicle}) f)"
        ((found,),) = self.fetch(sql, [list(vehicles), from_ms, to_ms])
        return bool(found)

    def thinned(self, vehicles: Sequence[int], from_ms: int, to_ms: int, *, step_ms: int) -> Thinned:
        (packed,) = self.fetch(
            f"SELECT {THIN} FROM (SELECT DISTINCT ON (vehicle, step) vehicle, t, lat_e7, lon_e7 FROM (SELECT *, t / ? AS step"
            " FROM fix WHERE vehicle = ANY (?) AND t >= ? AND t < ?) f ORDER BY vehicle, step, t) f",
            [step_ms, list(vehicles), from_ms, to_ms],
        )
        return Thinned(*_columns_of(packed, ">i4", ">i8", ">i4", ">i4"))

    def marks(self, vehicles: Sequence[int], from_ms: int, to_ms: int) -> tuple[str, list[Any]]:
        sql = (
            "SELECT vehicle, count(*), min(t), max(t), NULL::bytea FROM fix"
            " WHERE vehicle = ANY (?) AND t >= ? AND t < ? GROUP BY vehicle"
        )
        return sql, [list(vehicles), from_ms, to_ms]

    def places(self, fixes: Sequence[Fix]) -> dict[tuple[int, int], tuple[int, int]]:
        vehicles, times = [fix.vehicle for fix in fixes], [fix.fix_time_ms for fix in fixes]
        rows = self.fetch(
            "SELECT vehicle, t, lat_e7, lon_e7 FROM fix JOIN unnest(?::int[], ?::bigint[]) AS k (vehicle, t)"
            " USING (vehicle, t) WHERE t BETWEEN ? AND ?",
            [vehicles, times, min(times), max(times)],
        )
        return {(vehicle, time_ms): (lat, lon) for vehicle, time_ms, lat, lon in rows}

    def oldest(self, *, after: int, before_ms: int, limit: int) -> list[tuple[int, int | None]]:
        return self.fetch(
            "SELECT l.vehicle, (SELECT t FROM fix WHERE vehicle = l.vehicle AND t < ? ORDER BY t LIMIT 1)"
            " FROM (SELECT vehicle FROM latest WHERE vehicle > ? ORDER BY vehicle LIMIT ?) l ORDER BY l.vehicle",
            [before_ms, after, limit],
        )

    def delete(self, vehicle: int, from_ms: int, to_ms: int, *, limit: int | None = None) -> tuple[str, list[Any]]:
        narrow, values = "vehicle = ? AND t >= ? AND t < ?", [vehicle, from_ms, to_ms]
        if limit is None:
            return f"DELETE FROM fix WHERE {narrow}", values
        oldest = f"SELECT t FROM fix WHERE {narrow} ORDER BY t LIMIT ?"
        return f"DELETE FROM fix WHERE {narrow} AND t IN ({oldest})", [*values, *values, limit]


def _columns_of(packed: Sequence[bytes | None], *types: str) -> list[Ints]:
    """Of numbers strung together; None is of no rows."""
    return [np.frombuffer(one or b"", kind).astype(np.int64) for one, kind in zip(packed, types, strict=True)]
