"""Instants and milliseconds are the same moments."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from tracking.domain.times import DAY_MS, ms_of, time_of


@given(st.integers(0, 1 << 42))
def test_a_moment_comes_back_as_it_went(time_ms: int) -> None:
    assert ms_of(time_of(time_ms)) == time_ms


def test_parts_of_a_millisecond_are_dropped_in_any_zone() -> None:
    time = datetime(1970, 1, 2, 2, 0, 0, 1_999, timezone(timedelta(hours=2)))
    assert ms_of(time) == DAY_MS + 1
    assert time_of(DAY_MS) == datetime(1970, 1, 2, tzinfo=UTC)
