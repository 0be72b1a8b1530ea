"""Fills the store of an office with a past: so many vehicles over so many made-up days in a town.

A process of its own, since it needs the office's settings; prints nothing.
"""

import argparse
import os

import numpy as np

from benchmarks.town_day import DAY_S, make_day
from tracking.domain.columns import Columns
from tracking.domain.fix import Fix
from tracking.domain.hours import HOUR_MS, hours_of
from tracking.domain.sealed_hour import encode_hour
from tracking.storage.frames import StaleHour, build_frames, save_frames
from tracking.storage.history import cut, track_rows
from tracking.storage.sealing import SEAL
from tracking.storage.telemetry import Telemetry, TelemetryWriter, Transaction

SEEDS = 20
"""Days that differ; who shares one drives it later and elsewhere."""
DAY_MS = DAY_S * 1000
SPREAD_E7 = 200_000


def columns_of(number: int, *, start_ms: int, every_s: int) -> Columns:
    """24 hours from `start_ms`; `number` counts the vehicles."""
    day = make_day(every_s=every_s, seed=number % SEEDS + 1)
    shift_ms = number // SEEDS * (DAY_S // SEEDS) * 1000
    north, east = (number % 7 - 3) * SPREAD_E7, (number % 11 - 5) * SPREAD_E7
    times = (day.times - day.times[0] + shift_ms) % DAY_MS + start_ms
    moved = day._replace(times=times, lats=day.lats + north, lons=day.lons + east)
    return Columns(*(column[np.argsort(times)] for column in moved))


def fill(*, vehicles: int, every_s: int, days: int, end_ms: int, hot_hours: int) -> None:
    """So many days before `end_ms`; each vehicle drives the same on each.

    Of all but the last `hot_hours` only sealed blobs are written, and of the day before these minute frames.
    """
    from django.conf import settings

    from tracking.models import Vehicle
    from tracking.wiring import open_telemetry

    telemetry = open_telemetry(settings.TELEMETRY_URL)
    telemetry.prepare()
    writer = telemetry.open_writer()
    ids = list(Vehicle.objects.order_by("pk").values_list("pk", flat=True)[:vehicles])
    for number, vehicle in enumerate(ids):
        day = columns_of(number, start_ms=end_ms - DAY_MS, every_s=every_s)
        hot_ms = end_ms - hot_hours * HOUR_MS
        closed, hot = cut(day, 0, hot_ms), cut(day, hot_ms, end_ms)
        with writer.transaction() as transaction:
            for back in range(days):
                seal(transaction, vehicle, day if back else closed, -back * DAY_MS)
            transaction.insert_fixes([[Fix(vehicle, *row[:4]) for row in track_rows(hot)]])
    last = end_ms // HOUR_MS - hot_hours
    for hour in range(last - DAY_MS // HOUR_MS, last):
        frame(telemetry, writer, hour)
    writer.close()


def seal(transaction: Transaction, vehicle: int, columns: Columns, shift_ms: int) -> None:
    """Hour by hour."""
    shifted = columns._replace(times=columns.times + shift_ms)
    for hour, begin, end in hours_of(shifted.times):
        part = Columns(*(column[begin:end] for column in shifted))
        times = part.times
        row = [vehicle, hour, len(times), times.item(0), times.item(-1), encode_hour(part)]
        transaction.run(SEAL, row)


def frame(telemetry: Telemetry, writer: TelemetryWriter, hour: int) -> None:
    """The minute frames of the fleet, as the product has them a minute after the hour was sealed."""
    blobs = build_frames(telemetry, hour)
    with writer.transaction() as transaction:
        transaction.run("INSERT INTO framed (hour, stamp, is_built) VALUES (?, 0, 0)", [hour])
        save_frames(transaction, StaleHour(hour, 0), blobs)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fleet_past", description=__doc__)
    parser.add_argument("--vehicles", type=int, default=200, help="(%(default)s)")
    parser.add_argument("--every-s", type=int, default=10, help="seconds between fixes (%(default)s)")
    parser.add_argument("--days", type=int, default=1, help="(%(default)s)")
    parser.add_argument("--end-ms", type=int, required=True, help="since 1970 UTC")
    parser.add_argument("--hot-hours", type=int, default=2, help="at the end, not sealed (%(default)s)")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fleet.settings")
    import django

    django.setup()
    fill(**vars(asked))


if __name__ == "__main__":
    main()
