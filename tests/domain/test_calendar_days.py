"""Days of a calendar in a zone."""

from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.domain.calendar_days import day_of, days_between
from tracking.domain.hours import HOUR_MS

ZONES = ["UTC", "Europe/Stockholm", "America/Havana", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia"]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Stockholm", date(2026, 3, 28), 24),
        ("Europe/Stockholm", date(2026, 3, 29), 23),
        ("Europe/Stockholm", date(2026, 10, 25), 25),
        ("UTC", date(2026, 3, 29), 24),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),  # clocks went from 0:00 to 1:00
        ("America/Sao_Paulo", date(2018, 2, 17), 25),  # and from 24:00 back to 23:00
        ("America/Havana", date(2026, 11, 1), 25),  # 0:30 came twice
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Pacific/Apia", date(2011, 12, 30), 0),  # left out
    ],
)
def test_days_are_as_long_as_the_clocks_say(zone: str, day: date, hours: float) -> None:
    found = day_of(day, ZoneInfo(zone))
    assert found.to_ms - found.from_ms == hours * HOUR_MS


def test_a_day_begins_at_midnight_of_its_zone() -> None:
    found = day_of(date(2026, 7, 1), ZoneInfo("Europe/Stockholm"))
    assert datetime.fromtimestamp(found.from_ms / 1000, UTC).isoformat() == "2026-06-30T22:00:00+00:00"


@given(st.integers(1_200_000_000, 1_800_000_000), st.integers(1, 40 * 86_400), st.sampled_from(ZONES))
def test_days_touch_the_range_and_follow_each_other_without_holes(from_s: int, length_s: int, name: str) -> None:
    from_ms, to_ms = from_s * 1000, (from_s + length_s) * 1000
    days = list(days_between(from_ms, to_ms, ZoneInfo(name)))
    assert days[0].from_ms <= from_ms < days[0].to_ms
    assert days[-1].from_ms < to_ms <= days[-1].to_ms
    assert all(one.to_ms == another.from_ms for one, another in pairwise(days))
