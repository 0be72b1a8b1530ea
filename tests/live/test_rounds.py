"""Rounds of a second."""

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from tracking.live.rounds import until_round_s


@given(st.floats(0, 1e6), st.sampled_from([0.25, 1.0, 5.0]))
def test_all_rounds_end_together(now_s: float, every_s: float) -> None:
    wait_s = until_round_s(now_s, every_s)
    assert 0.49 * every_s < wait_s < 1.51 * every_s
    rounds = (now_s + wait_s) / every_s
    assert rounds == approx(round(rounds), abs=1e-6)


def test_a_timer_that_is_early_ends_no_round_twice() -> None:
    assert until_round_s(41.9995, 1.0) == approx(1.0005)
    assert until_round_s(42.0, 1.0) == approx(1.0)
