"""The usual way of history: rows by the ORM, out as dictionaries through Django's JSON encoder. Prints what it cost."""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django
from django.core.serializers.json import DjangoJSONEncoder

from benchmarks.town_day import make_day

BATCH = 5_000


def main() -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from benchmarks.peers.usual.models import Position

    call_command("migrate", run_syncdb=True, verbosity=0)
    day = make_day()
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    rows = [
        Position(
            vehicle="van",
            fix_time=epoch + timedelta(milliseconds=time_ms),
            lat=lat / 1e7,
            lon=lon / 1e7,
            speed_mps=speed / 1000,
            course_deg=None if course < 0 else course / 100,
            accuracy_m=accuracy / 100,
        )
        for time_ms, lat, lon, speed, course, accuracy in zip(*(column.tolist() for column in day), strict=True)
    ]
    figures = {"store_us": 1e6 * _cost(lambda: Position.objects.bulk_create(rows, batch_size=BATCH)) / len(rows)}
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    figures["bytes"] = (Path(os.environ["PEER_DIR"]) / "usual.sqlite3").stat().st_size / len(rows)
    figures["json_ms"] = 1e3 * _cost(_document)
    json.dump(figures, sys.stdout)


def _document() -> str:
    from benchmarks.peers.usual.models import Position

    fields = ("fix_time", "lat", "lon", "speed_mps", "course_deg", "accuracy_m")
    return json.dumps(
        list(Position.objects.filter(vehicle="van").order_by("fix_time").values(*fields)), cls=DjangoJSONEncoder
    )


def _cost(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


if __name__ == "__main__":
    main()
