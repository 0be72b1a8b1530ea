"""How often something happens."""

import pytest

from tracking.domain.rate import STEADY_S, rate_per_s


@pytest.mark.parametrize("every_s", [0.01, 0.118, 3.0])
def test_an_even_flow_is_soon_known(every_s: float) -> None:
    known = 0.0
    for _ in range(1 + round(6 * STEADY_S / every_s)):
        known = rate_per_s(known, 10, every_s)
    assert known == pytest.approx(10 / every_s, rel=0.01)


def test_a_burst_changes_little_and_a_pause_says_that_there_was_one() -> None:
    assert rate_per_s(1_000, 139, 0.038) < 1_250
    assert rate_per_s(1_000, 1, 60) == pytest.approx(1 / 60)


def test_no_time_at_all_divides_by_nothing() -> None:
    assert rate_per_s(0.0, 10, 0.0) == pytest.approx(10 / STEADY_S, rel=0.01)
