"""Which texts both databases take."""

from typing import Any

import pytest

from tracking.domain.text import is_storable


@pytest.mark.parametrize("value", ["", "Heden 🚗 \t\n", None, 7, ["a", {"b": ["c", 1.5]}]])
def test_what_people_write_can_be_stored(value: Any) -> None:
    assert is_storable(value)


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "\udfff"])
def test_a_zero_and_half_of_a_pair_cannot_wherever_they_stand(text: str) -> None:
    assert not any(map(is_storable, (text, [text], {"a": [{"b": text}]}, {text: 1})))


def test_depth_is_no_trouble() -> None:
    value: Any = "\0"
    for _ in range(100_000):
        value = [value]
    assert not is_storable(value)
