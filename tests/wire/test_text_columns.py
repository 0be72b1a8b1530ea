"""Columns of integers as text."""

from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tracking.domain.columns import UNKNOWN
from tracking.wire.rfc3339 import encode_times
from tracking.wire.text_columns import degrees_text, measures_text, only_where, times_text, written


def rows(*parts: object) -> list[str]:
    return written(*parts, b"\n").decode().splitlines()  # type: ignore[arg-type]


@given(st.lists(st.integers(-1_800_000_000, 1_800_000_000), min_size=1))
def test_degrees_keep_every_digit(values: list[int]) -> None:
    texts = rows(*degrees_text(np.array(values)))
    assert [Decimal(text) * 10_000_000 for text in texts] == values
    assert [text.partition(".")[0] in {str(int(text.partition(".")[0])), "-0"} for text in texts] == [True] * len(
        values
    )


@given(st.lists(st.integers(0, (1 << 42) - 1), min_size=1, max_size=20))
def test_times_are_those_of_rfc_3339(values: list[int]) -> None:
    """Also from one end of the calendar to the other."""
    assert rows(*times_text(np.array(values))) == encode_times(values)


@given(st.lists(st.none() | st.integers(0, 10_000_000), min_size=1), st.sampled_from([2, 3]))
def test_measures_keep_every_digit_and_unknown_is_told(values: list[int | None], decimals: int) -> None:
    stored = np.array([UNKNOWN if value is None else value for value in values])
    texts = rows(*measures_text(stored, decimals, unknown=b"null"))
    assert [None if text == "null" else Decimal(text) * 10**decimals for text in texts] == values


def test_parts_can_be_left_out_of_rows() -> None:
    chosen = np.array([True, False])
    assert rows(b"<", *only_where(chosen, b"v=", *measures_text(np.array([1_500, 2]), 3)), b">") == ["<v=1.500>", "<>"]
