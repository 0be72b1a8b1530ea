"""Waiting between tries is bounded, and random so that not all come back at once."""

import pytest

from fleet_client.backoff import retry_delay_s


@pytest.fixture
def quick() -> None:
    """The true bounds, not those of the other tests."""


@pytest.mark.parametrize(("attempt", "bound_s"), [(0, 0.5), (1, 1), (3, 4), (10, 30), (10_000, 30)])
def test_the_bound_doubles_up_to_half_a_minute(attempt: int, bound_s: float) -> None:
    assert retry_delay_s(attempt, chance=lambda: 1.0) == bound_s
    assert retry_delay_s(attempt, chance=lambda: 0.0) == 0


def test_what_the_server_asks_for_comes_on_top() -> None:
    assert retry_delay_s(0, at_least_s=7, chance=lambda: 0.0) == 7
