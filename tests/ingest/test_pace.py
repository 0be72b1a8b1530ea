"""How long the writer waits from one commit to the next."""

import pytest

from tracking.ingest.writer import BRIEFEST_PACE_S, LONGEST_PACE_S, WORTH_A_COMMIT, pace_s


@pytest.mark.parametrize("fixes_per_s", [0.0, 1.0, 1e6])
def test_who_has_more_to_send_is_answered_soon(fixes_per_s: float) -> None:
    assert pace_s(fixes_per_s, turns_per_s=0, is_urgent=True) == BRIEFEST_PACE_S


@pytest.mark.parametrize(
    ("fixes_per_s", "wanted_s"),
    [(0.0, LONGEST_PACE_S), (50.0, LONGEST_PACE_S), (WORTH_A_COMMIT / 0.02, 0.02), (1e6, BRIEFEST_PACE_S)],
)
def test_a_commit_waits_for_what_is_worth_one_within_bounds(fixes_per_s: float, wanted_s: float) -> None:
    assert pace_s(fixes_per_s, turns_per_s=100, is_urgent=False) == pytest.approx(wanted_s)


@pytest.mark.parametrize("turns_per_s", [0.0, 8.5, 17.0])
def test_what_comes_together_and_seldom_waits_for_nothing(turns_per_s: float) -> None:
    assert pace_s(50, turns_per_s=turns_per_s, is_urgent=False) == 0
