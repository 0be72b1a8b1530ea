"""What sealing costs: CPU a fix, how long a slice keeps commits waiting, bytes a fix; and what storing costs beside it."""

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.kill9 import database_url
from benchmarks.machine import tree_cpu_s, wait_until_quiet
from benchmarks.report import median_of, number, print_goal, print_head, print_table
from benchmarks.servers import temporary_folder
from benchmarks.town_day import make_day
from tracking.domain.columns import Columns
from tracking.domain.fix import Fix
from tracking.domain.hours import HOUR_MS, hours_of
from tracking.domain.latest import Latest
from tracking.domain.regions import NOWHERE
from tracking.ingest.sealing import SLICE, Sealer
from tracking.storage.history import track_rows
from tracking.storage.postgres import PostgresTelemetry
from tracking.storage.sqlite import SqliteTelemetry
from tracking.storage.telemetry import Telemetry, TelemetryWriter

VEHICLES = 120
COMMIT_FIXES = 5_000
ENGINES = ("sqlite", "postgres")
METHOD = f"""
{VEHICLES} vehicles, a fix a second for an hour each (an hour of the made-up day of `history`), stored {COMMIT_FIXES:,} a
transaction, once as of now and once as of last year, which are looked for among sealed hours; then those of last year
sealed in slices of {SLICE.fixes:,} fixes, an hour at least. CPU of this process and of the database's for its connection,
µs a fix; slices as a commit sees them that waits for one, with the commit to disk.
"""


def run(*, rounds: int) -> None:
    print_head("sealing: closed hours become blobs", METHOD)
    runs: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for _ in range(rounds):
        for engine in ENGINES:
            wait_until_quiet()
            with temporary_folder() as folder, opened(engine, folder) as telemetry:
                runs[engine].append(measure(telemetry))
    what = {
        "now_us": "storing, fixes of now",
        "old_us": "storing, fixes of last year",
        "seal_us": "sealing",
        "median_ms": "a slice, median ms",
        "longest_ms": "a slice, longest ms",
        "hot_bytes": "bytes a fix, hot",
        "bytes": "bytes a fix, sealed",
    }
    rows = [[text, *(number(median_of(runs[engine], name)) for engine in ENGINES)] for name, text in what.items()]
    print_table(["what", *ENGINES], rows)
    for engine, goal in zip(ENGINES, (7.5, 9), strict=True):
        print_goal(f"sealing, {engine}", median_of(runs[engine], "seal_us"), goal=1.5, unit=" µs", at_least=False)
        print_goal(f"bytes a fix, {engine}", median_of(runs[engine], "bytes"), goal=goal, at_least=False)


@contextmanager
def opened(engine: str, folder: Path) -> Iterator[Telemetry]:
    with database_url(engine) as url:
        telemetry: Telemetry = PostgresTelemetry(url) if url else SqliteTelemetry(folder / "telemetry.sqlite3")
        telemetry.prepare()
        yield telemetry
        telemetry.close()


def measure(telemetry: Telemetry) -> dict[str, float]:
    day = make_day()
    now_ms = telemetry.now_ms() // HOUR_MS * HOUR_MS
    fixes_now, fixes_old = hours_from(day, now_ms), hours_from(day, now_ms - 365 * 24 * HOUR_MS)
    count = len(fixes_old)
    writer = telemetry.open_writer()
    with writer.transaction() as transaction:
        states = {vehicle: Latest(Fix(vehicle, now_ms, 0, 0), None, None, NOWHERE, 0) for vehicle in range(VEHICLES)}
        transaction.save_latest(states, received_ms=now_ms)
    old_s = store(telemetry, writer, fixes_old)
    hot_bytes = size_of(telemetry, "fix")
    slices_s, seal_s = seal_all(telemetry, writer)
    blobs = size_of(telemetry, "sealed")
    now_s = store(telemetry, writer, fixes_now)
    writer.close()
    return {
        "now_us": 1e6 * now_s / count,
        "old_us": 1e6 * old_s / count,
        "seal_us": 1e6 * seal_s / count,
        "median_ms": 1e3 * float(np.median(slices_s)),
        "longest_ms": 1e3 * max(slices_s),
        "hot_bytes": hot_bytes / count,
        "bytes": blobs / count,
    }


def hours_from(day: Columns, start_ms: int) -> list[Fix]:
    """Each vehicle drives another hour of the day, all in the hour that begins at `start_ms`; in order of time."""
    fixes = []
    for vehicle in range(VEHICLES):
        hour, begin, end = hours_of(day.times)[vehicle % 24]
        part = Columns(*(column[begin:end] for column in day))
        part = part._replace(times=part.times + (start_ms - hour * HOUR_MS))
        fixes += [Fix(vehicle, *row) for row in track_rows(part)]
    return sorted(fixes, key=lambda fix: fix.fix_time_ms)


def store(telemetry: Telemetry, writer: TelemetryWriter, fixes: list[Fix]) -> float:
    """CPU seconds."""
    began_s = cpu_s(writer)
    for begin in range(0, len(fixes), COMMIT_FIXES):
        with writer.transaction() as transaction:
            transaction.insert_fixes([fixes[begin : begin + COMMIT_FIXES]])
    return cpu_s(writer) - began_s


def seal_all(telemetry: Telemetry, writer: TelemetryWriter) -> tuple[list[float], float]:
    """How long each slice took, and CPU seconds of all."""
    began_s, sealer, slices_s, is_done = cpu_s(writer), Sealer(closed_ms=24 * HOUR_MS), [], False
    while not is_done:
        slice_s = time.monotonic()
        with writer.transaction() as transaction:
            is_done = sealer(transaction) is None
        slices_s.append(time.monotonic() - slice_s)
    return slices_s, cpu_s(writer) - began_s


def cpu_s(writer: TelemetryWriter) -> float:
    with writer.transaction() as transaction:
        is_postgres = transaction.listed == PostgresTelemetry.listed
        server = tree_cpu_s(transaction.fetch("SELECT pg_backend_pid()")[0][0]) if is_postgres else 0.0
    return time.process_time() + server


def size_of(telemetry: Telemetry, table: str) -> int:
    """With its indexes."""
    if isinstance(telemetry, SqliteTelemetry):
        (size,) = telemetry.read(
            "SELECT sum(pgsize) FROM dbstat WHERE name IN (SELECT name FROM sqlite_schema WHERE tbl_name = ?)", [table]
        )[0]
        return int(size)
    sql = "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c WHERE c.relname = ? OR c.relname ~ ?"
    return int(telemetry.read(sql, [table, f"^{table}_[0-9]{{8}}$"])[0][0])
