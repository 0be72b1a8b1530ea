"""Looks after the telemetry store: its size, sealing now, whether it is whole, an archive of Parquet files."""

import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from tracking.domain.directory import Directory
from tracking.domain.errors import Unavailable
from tracking.domain.fix import Fix
from tracking.ingest.commit import commit
from tracking.ingest.sealing import Sealer
from tracking.ingest.settling import settle_marked
from tracking.management.owner import owning
from tracking.management.parquet import WrongFile, day_of, export_day, is_ready, read_day
from tracking.storage.frames import build_frames, find_stale, save_frames
from tracking.storage.inspection import DaySize, Fault, find_faults, load_sizes
from tracking.storage.office import load_directory
from tracking.storage.overviews import build_overviews, save_overviews
from tracking.storage.pruning import Do
from tracking.storage.telemetry import Telemetry, Transaction
from tracking.wiring import open_telemetry

HOURS_AT_ONCE = 100
OVERVIEWS_AT_ONCE = 500
NEEDS_PYARROW = "Parquet needs pyarrow: .venv/bin/pip install -r requirements-parquet.txt -c constraints.txt"


class Command(BaseCommand):
    help = "The telemetry store: size, seal, verify, export, import, prune."

    def add_arguments(self, parser: ArgumentParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True)
        deeds.add_parser("size", help="what it holds, by day; a server may run")
        deeds.add_parser(
            "seal", help="seals every closed hour now, and makes minute frames and overviews where they are missing"
        )
        verify = deeds.add_parser("verify", help="reads all that is sealed and compares; a server may run")
        verify.add_argument("--repair", action="store_true", help="writes anew what is derived from whole blobs")
        export = deeds.add_parser("export", help="writes a Parquet file for each UTC day; a server may run")
        export.add_argument("--to", required=True, type=Path, metavar="FOLDER")
        for name in ("first", "last"):
            export.add_argument(
                f"--{name}", type=date.fromisoformat, metavar="DAY", help="YYYY-MM-DD; else all until yesterday"
            )
        import_ = deeds.add_parser("import", help="stores what is in such files; what is there already stays")
        import_.add_argument("files", nargs="+", type=Path, metavar="FILE")
        deeds.add_parser("prune", help="deletes what is older than the retention, as manage.py prune")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["deed"] == "prune":
            call_command("prune", stdout=self.stdout)
            return
        deed: Callable[[Telemetry, dict[str, Any]], None] = getattr(self, f"do_{options['deed']}")
        telemetry = open_telemetry(settings.TELEMETRY_URL)
        telemetry.prepare()
        try:
            deed(telemetry, options)
        except (Unavailable, WrongFile) as error:
            raise CommandError(str(error)) from error
        finally:
            telemetry.close()

    def do_size(self, telemetry: Telemetry, options: dict[str, Any]) -> None:
        sizes = load_sizes(telemetry)
        head = ("day", "hot fixes", "sealed hours", "sealed fixes", "bytes a fix", "with what is derived")
        self.stdout.write("{:<12}{:>14}{:>14}{:>16}{:>14}{:>22}".format(*head))
        for size in sizes:
            self._write_size(str(day_of(size.day)), [size])
        self._write_size("all", sizes)
        ((whole,),) = telemetry.read(telemetry.bytes_sql)
        self.stdout.write(f"On disk with everything: {whole / 1e6:,.1f} MB.")

    def _write_size(self, name: str, sizes: Sequence[DaySize]) -> None:
        hot, hours, fixes, blobs, derived = (sum(size[number] for size in sizes) for number in range(1, 6))
        each = (f"{bytes_ / fixes:.2f}" if fixes else "–" for bytes_ in (blobs, blobs + derived))
        self.stdout.write("{:<12}{:>14,}{:>14,}{:>16,}{:>14}{:>22}".format(name, hot, hours, fixes, *each))

    def do_seal(self, telemetry: Telemetry, options: dict[str, Any]) -> None:
        counted = "SELECT count(*), coalesce(CAST(sum(fixes) AS bigint), 0) FROM sealed"
        before = telemetry.read(counted)[0]
        with owning(telemetry) as do:
            sealer = Sealer(closed_ms=0)
            while do(partial(_seal_slice, sealer)):
                pass
            framed = _frame_all(telemetry, do)
            overviews = _overview_all(telemetry, do)
        hours, fixes = (now - then for now, then in zip(telemetry.read(counted)[0], before, strict=True))
        self.stdout.write(
            f"Sealed {fixes:,} fixes; {hours:,} hours more than before. {framed:,} hours were looked at for minute frames,"
            f" {overviews:,} overviews were made."
        )

    def do_verify(self, telemetry: Telemetry, options: dict[str, Any]) -> None:
        faults = list(_faults_of(telemetry))
        for fault in faults:
            self.stdout.write(fault.what)
        hours, fixes = telemetry.read("SELECT count(*), coalesce(CAST(sum(fixes) AS bigint), 0) FROM sealed")[0]
        if not faults:
            self.stdout.write(f"{hours:,} sealed hours with {fixes:,} fixes are whole.")
        elif options["repair"]:
            self._repair(telemetry, faults)
        else:
            raise CommandError(f"{len(faults)} faults; --repair writes anew what is derived from whole blobs")

    def _repair(self, telemetry: Telemetry, faults: Sequence[Fault]) -> None:
        with owning(telemetry) as do:
            for fault in faults:
                if fault.repair is not None:
                    do(fault.repair)
            _frame_all(telemetry, do)
            _overview_all(telemetry, do)
        left = sum(1 for _ in _faults_of(telemetry))
        self.stdout.write(f"{len(faults) - left} repaired, {left} left.")
        if left:
            raise CommandError("what is left must come from a backup, or an archive")

    def do_export(self, telemetry: Telemetry, options: dict[str, Any]) -> None:
        _check_parquet()
        options["to"].mkdir(parents=True, exist_ok=True)
        today = datetime.now(UTC).date()
        slugs = {id_: card.slug for id_, card in load_directory().vehicles.items()}
        for size in load_sizes(telemetry):
            day = day_of(size.day)
            if (options["first"] or day) <= day <= (options["last"] or day) and (options["last"] or day < today):
                done = export_day(telemetry, slugs, size.day, options["to"])
                left_out = size.hot_fixes + size.fixes - done.fixes
                said = f"; {left_out:,} of vehicles that the office does not know left out" if left_out > 0 else ""
                self.stdout.write(
                    f"{done.path}: {done.fixes:,} fixes of {done.vehicles:,} vehicles, {done.path.stat().st_size:,} bytes{said}"
                )

    def do_import(self, telemetry: Telemetry, options: dict[str, Any]) -> None:
        _check_parquet()
        directory = load_directory()
        with owning(telemetry) as do:
            for path in options["files"]:
                stored = read = 0
                for batch in read_day(path, directory.vehicle_ids):
                    stored += do(partial(_commit, directory, batch))
                    read += len(batch)
                self.stdout.write(f"{path}: {stored:,} new fixes, {read - stored:,} known already")
            while do(partial(_settle_one, directory)):
                pass


def _check_parquet() -> None:
    if not is_ready():
        raise CommandError(NEEDS_PYARROW)


def _seal_slice(sealer: Sealer, transaction: Transaction) -> int:
    return sealer(transaction) is not None


def _frame_all(telemetry: Telemetry, do: Do) -> int:
    framed = 0
    while stale := find_stale(telemetry, quiet_ms=-1_000, limit=HOURS_AT_ONCE):
        done = sum(
            bool(do(partial(save_frames, stale=hour, blobs=build_frames(telemetry, hour.hour)))) for hour in stale
        )
        framed += done
        if not done:
            break
    return framed


def _overview_all(telemetry: Telemetry, do: Do) -> int:
    """Those that are missing, also of hours that were sealed before there were any; an hour of the fleet is held at a time."""
    manner_of, saved = load_directory().manner_of, 0
    for (hour,) in telemetry.read("SELECT DISTINCT hour FROM sealed ORDER BY hour"):
        rows = build_overviews(telemetry, hour, manner_of)
        for begin in range(0, len(rows), OVERVIEWS_AT_ONCE):
            saved += do(partial(save_overviews, rows=rows[begin : begin + OVERVIEWS_AT_ONCE]))
    return saved


def _faults_of(telemetry: Telemetry) -> Iterator[Fault]:
    return find_faults(telemetry, load_directory().manner_of)


def _commit(directory: Directory, batch: Sequence[Fix], transaction: Transaction) -> int:
    received_ms = time.time_ns() // 1_000_000
    return sum(commit(transaction, [batch], index=directory.index, received_ms=received_ms).stored)


def _settle_one(directory: Directory, transaction: Transaction) -> int:
    return settle_marked(transaction, directory.index) is not None
