"""Instants as datetimes, and as milliseconds since 1970 UTC."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
DAY_MS = 86_400_000
LONGEST_DAY_MS = 90_000_000  # of a calendar, as clocks go back an hour


def ms_of(time: datetime) -> int:
    """Parts of a millisecond are dropped."""
    return (time - EPOCH) // MILLISECOND


def time_of(time_ms: int) -> datetime:
    """In UTC."""
    return EPOCH + time_ms * MILLISECOND
