"""Plays a recorded CSV file through a running server's public door."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from fleet_client import Reporter
from tracking.demo.recording import (
    RecordingError,
    Row,
    Timeline,
    in_time_order,
    read_rows,
    slugs_for,
    survey,
    time_ms_from_text,
)
from tracking.management.door import (
    SLOT_S,
    Tally,
    add_door_arguments,
    gateway_token,
    open_reporter,
    run_until_stopped,
)
from tracking.models import Vehicle

FIXES_PER_REPORT = 500
UNREADABLE = "unreadable_row"
GAP_SHOWN_S = 5.0


class Command(BaseCommand):
    help = (
        "Sends the rows of FILE (CSV or CSV.gz with vehicle_id, fix_time, lat, lon and optionally speed_mps, heading_deg, "
        "accuracy_m) to a running server, live, S times as fast as they were recorded, gaps included. Times without an offset "
        "are UTC. Makes unknown vehicles."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        add_door_arguments(parser)
        parser.add_argument(
            "--speed", type=float, default=60, metavar="S", help="0: as fast as the server acknowledges (%(default)g)"
        )
        times = parser.add_mutually_exclusive_group()
        times.add_argument(
            "--shift-to-now",
            action="store_true",
            help="the default: the first row happens now, and times between rows shrink S-fold as well, so that what is "
            "seen live hangs together; with --speed 0 the newest row happens now and nothing shrinks",
        )
        times.add_argument("--as-is", action="store_true", help="keep the times of the file")
        parser.add_argument(
            "--order",
            choices=["auto", "file", "time"],
            default="auto",
            help="file: rows are sent as they stand, late ones late; time: by fix_time, so that vehicles run at once; auto: "
            "by time if most rows are older than one before them, as in a file grouped by vehicle (%(default)s)",
        )
        parser.add_argument("--from", metavar="TIME", help="without the rows that are older, such as a thin first hour")
        parser.add_argument("--limit", type=int, metavar="N", help="only the first N rows")
        parser.add_argument("--prefix", default="", help="goes before each vehicle_id to make the vehicle's slug")
        parser.add_argument("--max-seconds", type=float, metavar="S", help="end after so long, wherever it is")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["speed"] < 0:
            raise CommandError("--speed must not be negative")
        if options["from"] and time_ms_from_text(options["from"]) is None:
            raise CommandError("--from must be a time as in the file, like 2016-11-25T11:00:00Z")
        try:
            seen = survey(self._rows(options), now_ms=_now_ms())
        except RecordingError as error:
            raise CommandError(str(error)) from error
        by_time = options["order"] == "time" or (options["order"] == "auto" and not seen.is_in_order_of_arrival)
        slugs = slugs_for(list(seen.vehicle_ids), prefix=options["prefix"])
        made = make_missing(slugs)
        order = "fix time" if by_time else "the file"
        self.stdout.write(
            f"replay: {seen.rows:,} rows of {len(slugs):,} vehicles, {made:,} of them new, in the order of {order}"
        )
        timeline = Timeline(seen, speed=options["speed"], shift=not options["as_is"], by_time=by_time, now_ms=_now_ms())
        player = Player(timeline, slugs, rows=seen.rows, end_s=options["max_seconds"])
        rows = self._rows(options)

        async def run(token: str) -> None:
            async with open_reporter(options["door"], options["url"], token, wait_s=options["wait"]) as reporter:
                await player.play(iter(in_time_order(rows)) if by_time else rows, reporter)

        with gateway_token(options["token"], label="replay") as token:
            try:
                run_until_stopped(lambda: run(token))
            finally:
                self._print(player, seen.rows)
        if lost := player.read - player.tally.total:
            raise CommandError(f"{lost:,} rows are not accounted for")

    def _rows(self, options: dict[str, Any]) -> Iterator[Row]:
        rows = read_rows(options["file"])
        if options["from"]:
            from_ms = time_ms_from_text(options["from"]) or 0
            rows = (row for row in rows if row.time_ms is None or row.time_ms >= from_ms)
        return islice(rows, options["limit"])

    def _print(self, player: "Player", rows: int) -> None:
        left = f"; {rows - player.read:,} not sent" if rows > player.read else ""
        self.stdout.write(f"replay: {player.tally}, of {player.read:,} rows{left}")
        for reason, (line, detail) in player.samples.items():
            self.stdout.write(f"  {reason}, first in line {line}: {detail}")


class Player:
    """One pass through the file: the `tally` accounts for all rows that were `read`, unless something went wrong."""

    def __init__(self, timeline: Timeline, slugs: Mapping[str, str], *, rows: int, end_s: float | None) -> None:
        self._timeline = timeline
        self._slugs = slugs
        self._rows = rows
        self._end_s = float("inf") if end_s is None else end_s
        self.tally = Tally()
        self.read = 0
        self.samples: dict[str, tuple[int, str]] = {}

    async def play(self, rows: Iterator[Row], reporter: Reporter) -> None:
        """Returns when the last row is answered. Raises ClientError."""
        with tqdm(total=self._rows, unit=" rows", disable=None) as bar:
            await self._play(rows, reporter, bar)

    async def _play(self, rows: Iterator[Row], reporter: Reporter, bar: "tqdm[Any]") -> None:
        began_s = time.monotonic()
        batch: list[Row] = []
        for row in rows:
            due_s = self._timeline.due_s(row)
            if due_s > time.monotonic() - began_s or len(batch) == FIXES_PER_REPORT:
                await self._send(batch, reporter, bar)
                batch = []
            while (left_s := min(due_s, self._end_s) - (time.monotonic() - began_s)) > 0:
                bar.set_postfix_str(f"next row in {left_s:.0f} s" if left_s > GAP_SHOWN_S else "", refresh=True)
                await asyncio.sleep(min(max(left_s, SLOT_S), GAP_SHOWN_S))
            if time.monotonic() - began_s >= self._end_s:
                break
            batch.append(row)
        await self._send(batch, reporter, bar)

    async def _send(self, batch: list[Row], reporter: Reporter, bar: "tqdm[Any]") -> None:
        """Returns when all of it is stored or refused."""
        self.read += len(batch)
        sendable = [row for row in batch if row.values is not None]
        for row in batch:
            if row.values is None:
                self._refuse(row, UNREADABLE, "neither the server nor this program can make a fix of it")
        if sendable:
            result = await reporter.report([self._fix(row) for row in sendable])
            self.tally.add(result)
            for one in result.refused:
                self.samples.setdefault(one.reason, (sendable[one.index].line, one.detail))
        bar.update(len(batch))

    def _fix(self, row: Row) -> dict[str, object]:
        fix = dict(row.values or {})
        if row.vehicle_id:
            fix["vehicle"] = self._slugs[row.vehicle_id]
        if row.time_ms is not None:
            fix["fix_time"] = self._timeline.sent_ms(row.time_ms)
        return fix

    def _refuse(self, row: Row, reason: str, detail: str) -> None:
        self.tally.refused[reason] += 1
        self.samples.setdefault(reason, (row.line, detail))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def make_missing(slugs: dict[str, str]) -> int:
    """Vehicles that the office does not know; gives how many."""
    known = set(Vehicle.objects.values_list("slug", flat=True))
    new = [
        Vehicle(slug=slug, name=name[:100], kind=Vehicle.Kind.BUS) for name, slug in slugs.items() if slug not in known
    ]
    Vehicle.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)
