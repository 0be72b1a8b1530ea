"""Fills the usual table and asks it what the product is asked; prints what it cost. `python -m … FIXES`."""

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django
import numpy as np
import shapely

from benchmarks.cpu import Meter
from benchmarks.fleet_day import BOX, FIRST, HOUR, INSTANT_MS, batches, make_fleet, worst_error_m
from tracking.domain.columns import fixes_of
from tracking.domain.geo import DEGREE_M

MAX_POINTS = 2_000
FIELDS = ("vehicle", "lat", "lon", "speed_mps", "course_deg", "accuracy_m")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(time_ms: int) -> datetime:
    return EPOCH + timedelta(milliseconds=time_ms)


def main(fixes: int) -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from benchmarks.peers.store.models import Position

    call_command("migrate", run_syncdb=True, verbosity=0)
    fleet = make_fleet(fixes)
    meter = Meter(_backends(connection))
    figures: dict[str, float] = {"insert_us": _fill(fleet, meter)}
    figures["rows"] = Position.objects.count()
    figures["bytes"] = _bytes(connection) / figures["rows"]
    figures["json_ms"] = meter.cost_ms(_document)
    figures |= _points(fleet, meter)
    figures["box_ms"] = meter.cost_ms(_in_box)
    figures["instant_ms"] = meter.cost_ms(_at_instant)
    _, deleted_s = meter.cost_s(Position.objects.filter(fix_time__lt=moment(HOUR[1])).delete)
    figures["delete_us"] = 1e6 * deleted_s / (figures["rows"] - Position.objects.count())
    json.dump(figures, sys.stdout)


def _backends(connection: Any) -> list[int]:
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return [cursor.fetchone()[0]]


def _fill(fleet: Any, meter: Meter) -> float:
    """CPU µs a row of `bulk_create` alone: the hour of everybody, and the day of the first."""
    from benchmarks.peers.store.models import Position

    spent_s, rows = 0.0, 0
    others = {vehicle: track for vehicle, track in fleet.items() if vehicle != FIRST}
    parts = [batches({FIRST: fleet[FIRST]}), batches(others, from_ms=HOUR[0], to_ms=HOUR[1]) if others else []]
    for batch in (batch for part in parts for batch in part):
        made = [
            Position(fix_time=moment(fix[1]), **dict(zip(FIELDS, (fix[0], *fix[2:]), strict=True))) for fix in batch
        ]
        _, seconds = meter.cost_s(lambda: Position.objects.bulk_create(made))  # noqa: B023
        spent_s, rows = spent_s + seconds, rows + len(made)
    return 1e6 * spent_s / rows


def _bytes(connection: Any) -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")
            cursor.execute("SELECT pg_total_relation_size('store_position')")
            return int(cursor.fetchone()[0])
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(os.environ["PEER_DATABASE"].removeprefix("sqlite:///")).stat().st_size


def _document() -> bytes:
    from rest_framework.renderers import JSONRenderer
    from rest_framework.serializers import ModelSerializer

    from benchmarks.peers.store.models import Position

    class Written(ModelSerializer):  # type: ignore[type-arg]
        class Meta:
            model = Position
            exclude = ("id",)

    rows = Position.objects.filter(vehicle=FIRST).order_by("fix_time")
    return bytes(JSONRenderer().render(Written(rows, many=True).data))


def _points(fleet: Any, meter: Meter) -> dict[str, float]:
    """By shape (Douglas-Peucker in GEOS); finding the tolerance that leaves so many is not counted."""
    fixes = fixes_of(fleet[FIRST])
    squeeze = float(np.cos(np.radians(fixes.lats.mean())))
    low, high = 0.0, 200.0
    for _ in range(25):
        middle = (low + high) / 2
        few = _simplified(squeeze, middle)
        low, high = (middle, high) if shapely.get_num_points(few) > MAX_POINTS else (low, middle)
    few = _simplified(squeeze, high)
    kept = np.rint(shapely.get_coordinates(few, include_z=True)[:, 2]).astype(np.int64)
    return {
        "points_ms": meter.cost_ms(lambda: _simplified(squeeze, high)),
        "points_error_m": worst_error_m(fixes, kept),
    }


def _simplified(squeeze: float, tolerance_m: float) -> Any:
    from benchmarks.peers.store.models import Position

    rows = Position.objects.filter(vehicle=FIRST).order_by("fix_time").values_list("lon", "lat")
    places = np.array(list(rows))
    line = shapely.LineString(np.column_stack([places[:, 0] * squeeze, places[:, 1], np.arange(len(places))]))
    return line.simplify(tolerance_m / DEGREE_M, preserve_topology=False)


def _in_box() -> list[int]:
    from benchmarks.peers.store.models import Position

    west, south, east, north = BOX
    begin, end = map(moment, HOUR)
    inside = Position.objects.filter(
        fix_time__gte=begin, fix_time__lt=end, lat__gte=south, lat__lte=north, lon__gte=west, lon__lte=east
    )
    return list(inside.values_list("vehicle", flat=True).distinct())


def _at_instant() -> list[Any]:
    """The newest row of each vehicle up to it: the times first, then the rows."""
    from django.db.models import Max

    from benchmarks.peers.store.models import Position

    newest = Position.objects.filter(fix_time__lte=moment(INSTANT_MS)).values("vehicle").annotate(at=Max("fix_time"))
    wanted = {(row["vehicle"], row["at"]) for row in newest}
    found = Position.objects.filter(fix_time__in=[at for _, at in wanted])
    return [row for row in found if (row.vehicle, row.fix_time) in wanted]


if __name__ == "__main__":
    main(int(sys.argv[1]))
