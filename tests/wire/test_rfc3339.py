"""Times as text."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.wire.rfc3339 import decode_time_ms, encode_if_known, encode_instant, encode_time, encode_times

NOON_MS = 1_767_268_800_000  # 2026-01-01T12:00:00Z


@pytest.mark.parametrize(
    ("text", "expected_ms"),
    [
        ("2026-01-01T12:00:00Z", NOON_MS),
        ("2026-01-01t12:00:00z", NOON_MS),
        ("2026-01-01 12:00:00Z", NOON_MS),
        ("2026-01-01T13:30:00+01:30", NOON_MS),
        ("2026-01-01T04:00:00-08:00", NOON_MS),
        ("2026-01-01T12:00:00-00:00", NOON_MS),
        ("2026-01-01T12:00:00.5Z", NOON_MS + 500),
        ("2026-01-01T12:00:00.1239999Z", NOON_MS + 123),
        ("2016-12-31T23:59:60Z", decode_time_ms("2017-01-01T00:00:00Z")),
        ("1969-12-31T23:59:59.999Z", -1),
    ],
)
def test_an_instant_is_read_however_it_is_written(text: str, expected_ms: int) -> None:
    assert decode_time_ms(text) == expected_ms


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-01-01",
        "2026-01-01T12:00:00",
        "2026-02-30T12:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T12:00:00+1:00",
        "2026-01-01T12:00:00+24:00",
        "2026-01-01T12:00:00 01:00",
        "0001-01-01T00:00:00+10:00Z",
        "٢٠٢٦-01-01T12:00:00Z",
        "2026-01-01T12:00:00Z\n",
    ],
)
def test_what_is_no_rfc_3339_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"must be an RFC 3339 time|not a time of the calendar"):
        decode_time_ms(text)


@given(st.integers(min_value=0, max_value=(1 << 42) - 1))
def test_a_written_time_is_what_datetime_writes(time_ms: int) -> None:
    """The standard library is the oracle; reading gives the time back."""
    oracle = datetime.fromtimestamp(time_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S") + f".{time_ms % 1000:03}Z"
    assert encode_time(time_ms) == oracle
    assert decode_time_ms(oracle) == time_ms


def test_no_times_are_written_as_none() -> None:
    assert encode_times([]) == []


def test_what_is_not_known_stays_so() -> None:
    assert (encode_if_known(None), encode_instant(None)) == (None, None)
    assert encode_if_known(NOON_MS) == encode_instant(datetime(2026, 1, 1, 12, tzinfo=UTC)) == encode_time(NOON_MS)
