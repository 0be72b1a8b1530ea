"""Summaries as tables for spreadsheets."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tracking.api.history_schemas import DayTotals
from tracking.domain.times import time_of
from tracking.wire.rfc3339 import decode_time_ms
from tracking.wire.table import Cell, Table

NUMBERS = ("distance_m", "moving_s", "idle_s", "stopped_s", "unseen_s", "max_speed_mps")
COUNTS = ("trips", "stops")


def totals_table(rows: Sequence[tuple[str, DayTotals]], *, zone: ZoneInfo | None) -> Table:
    """A row a vehicle and day. Times are RFC 3339 in UTC, or with a zone clock times there.

    Without a zone, which is for CSV, the regions are a column: slug, visits and seconds.
    """
    clock = "" if zone is None else f" ({zone.key})"
    fields = ["vehicle", "day", *NUMBERS, f"first_start{clock}", f"last_stop{clock}", *COUNTS]
    if zone is None:
        return Table("Days", [*fields, "regions"], [[*_row(*row, None), _regions(row[1])] for row in rows])
    return Table("Days", fields, [_row(*row, zone) for row in rows])


def region_table(rows: Sequence[tuple[str, DayTotals]]) -> Table:
    """A row a vehicle, day and region."""
    return Table(
        "Regions",
        ["vehicle", "day", "region", "visits", "seconds"],
        [
            [slug, date.fromisoformat(totals.day), stay.region, stay.visits, stay.seconds]
            for slug, totals in rows
            for stay in totals.regions
        ],
    )


def _row(slug: str, totals: DayTotals, zone: ZoneInfo | None) -> list[Cell]:
    times: list[Cell] = [totals.first_start, totals.last_stop]
    if zone is not None:
        times = [None if at is None else _clock_time(at, zone) for at in (totals.first_start, totals.last_stop)]
    numbers: list[Cell] = [getattr(totals, name) for name in NUMBERS]
    return [slug, date.fromisoformat(totals.day), *numbers, *times, *(getattr(totals, name) for name in COUNTS)]


def _clock_time(text: str, zone: ZoneInfo) -> datetime:
    at = time_of(decode_time_ms(text))
    return at.astimezone(zone).replace(tzinfo=None)


def _regions(totals: DayTotals) -> str:
    return "; ".join(f"{stay.region} {stay.visits} {stay.seconds:g}" for stay in totals.regions)
