"""How long the writer waits from one commit to the next."""

import pytest

from tracking.ingest.writer import BRIEFEST_PACE_S, LONGEST_PACE_S, WORTH_A_COMMIT, pace_s


@pytest.mark.parametrize("fixes", [0, 1, 5_000])
def test_who_has_more_to_send_is_answered_soon(fixes: int) -> None:
    assert pace_s(fixes, since_s=60, is_urgent=True) == BRIEFEST_PACE_S


@pytest.mark.parametrize(
    ("fixes", "since_s", "wanted_s"),
    [
        (1, 60, LONGEST_PACE_S),
        (1, 0.02, LONGEST_PACE_S),
        (WORTH_A_COMMIT, 0.02, 0.02),
        (5_000, 0.02, BRIEFEST_PACE_S),
    ],
)
def test_a_commit_waits_for_what_is_worth_one_within_bounds(fixes: int, since_s: float, wanted_s: float) -> None:
    assert pace_s(fixes, since_s=since_s, is_urgent=False) == pytest.approx(wanted_s)
