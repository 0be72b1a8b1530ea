"""Days of a calendar as spans of time; in zones with summer time some have 23 or 25 hours."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


class Day(NamedTuple):
    """From its first moment to the next day's, in ms since 1970 UTC."""

    date: date
    from_ms: int
    to_ms: int


def day_of(day: date, zone: ZoneInfo) -> Day:
    """A day that begins while clocks are put forward begins at that moment; one that a zone left out is empty."""
    return Day(day, _midnight_ms(day, zone), _midnight_ms(day + ONE_DAY, zone))


def days_between(from_ms: int, to_ms: int, zone: ZoneInfo) -> Iterator[Day]:
    """Those that touch from ≤ time < to, whole."""
    next_ = day_of(datetime.fromtimestamp(from_ms / 1000, zone).date() - ONE_DAY, zone)
    while next_.from_ms < to_ms:
        if next_.to_ms > max(from_ms, next_.from_ms):
            yield next_
        next_ = day_of(next_.date + ONE_DAY, zone)


def _midnight_ms(day: date, zone: ZoneInfo) -> int:
    return round(datetime.combine(day, time(), zone).timestamp()) * 1000
