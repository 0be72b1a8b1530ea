"""Fills the store of an office with a past: so many vehicles on made-up days of a town, each with its own.

A process of its own, since it needs the office's settings; prints nothing.
"""

import argparse
import os
from collections.abc import Iterator

from benchmarks.town_day import DAY_S, make_day
from tracking.domain.fix import Fix

SEEDS = 20
"""Days that differ; who shares one drives it later and elsewhere."""
DAY_MS = DAY_S * 1000
SPREAD_DEG = 0.02


def day_of(vehicle: int, number: int, *, start_ms: int, every_s: int) -> Iterator[Fix]:
    """24 hours from `start_ms`; `number` counts the vehicles."""
    columns = make_day(every_s=every_s, seed=number % SEEDS + 1)
    times = columns.times - columns.times[0]
    shift_ms = number // SEEDS * (DAY_S // SEEDS) * 1000
    north, east = (number % 7 - 3) * SPREAD_DEG, (number % 11 - 5) * SPREAD_DEG
    rows = zip(
        ((times + shift_ms) % DAY_MS + start_ms).tolist(),
        (columns.lats / 1e7 + north).tolist(),
        (columns.lons / 1e7 + east).tolist(),
        (columns.speeds / 1000).tolist(),
        strict=True,
    )
    return (Fix(vehicle, time_ms, lat, lon, speed) for time_ms, lat, lon, speed in rows)


def fill(*, vehicles: int, every_s: int, days: int, end_ms: int) -> None:
    """The day before `end_ms` of so many vehicles, and of the first of them so many days; it drives the same on each."""
    from django.conf import settings

    from tracking.models import Vehicle
    from tracking.wiring import open_telemetry

    telemetry = open_telemetry(settings.TELEMETRY_URL)
    telemetry.prepare()
    writer = telemetry.open_writer()
    ids = list(Vehicle.objects.order_by("pk").values_list("pk", flat=True)[:vehicles])
    for number, vehicle in enumerate(ids):
        with writer.transaction() as transaction:
            for day in range(days if number == 0 else 1, 0, -1):
                start_ms = end_ms - day * DAY_MS
                fixes = sorted(day_of(vehicle, number, start_ms=start_ms, every_s=every_s))
                transaction.insert_fixes([fixes])
    writer.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fleet_past", description=__doc__)
    parser.add_argument("--vehicles", type=int, default=200, help="(%(default)s)")
    parser.add_argument("--every-s", type=int, default=10, help="seconds between fixes (%(default)s)")
    parser.add_argument("--days", type=int, default=1, help="of the first vehicle (%(default)s)")
    parser.add_argument("--end-ms", type=int, required=True, help="since 1970 UTC")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fleet.settings")
    import django

    django.setup()
    fill(**vars(asked))


if __name__ == "__main__":
    main()
