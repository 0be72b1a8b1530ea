"""When a vehicle is at rest."""

import numpy as np
import pytest

from tests.domain.drives import START_MS, Drive, Jam, Park, Tracker, day, readings_of
from tracking.domain.rest import MANNERS, believable, legs_at_rest
from tracking.models import Vehicle

CAR = MANNERS["car"]


def rested_s(*parts: Park | Drive | Jam, tracker: Tracker | None = None) -> float:
    """How long of the parts the legs are at rest."""
    fixes = day(parts, tracker or Tracker()).readings.fixes
    return float(np.diff(fixes.times)[legs_at_rest(fixes, CAR)].sum()) / 1000


@pytest.mark.parametrize("kind", Vehicle.Kind.values)
def test_every_kind_of_vehicle_has_a_manner(kind: str) -> None:
    assert MANNERS[kind].cruise_mps < MANNERS[kind].plausible_mps


def test_two_minutes_at_a_place_are_rest() -> None:
    assert rested_s(Drive(2000), Park(150), Drive(2000)) == pytest.approx(150, abs=20)
    assert rested_s(Drive(2000), Park(90), Drive(2000)) == 0


def test_stop_and_go_is_no_rest() -> None:
    assert rested_s(Drive(2000), Jam(720), Drive(2000)) == 0


def test_a_crawl_is_no_rest_however_slow_each_two_minutes_are() -> None:
    """30 m every 110 s: within two minutes it stays in the box of a rest, within ten it goes on by 160 m."""
    assert rested_s(Drive(2000), Jam(1800, wait_s=100, go_m=30), Drive(2000)) < 300


def test_a_rest_before_a_crawl_is_one() -> None:
    assert rested_s(Drive(2000), Park(900), Jam(1200, wait_s=100, go_m=30), Drive(2000)) == pytest.approx(900, abs=130)


def test_drifting_jitter_does_not_break_a_rest() -> None:
    assert rested_s(Park(7200), tracker=Tracker(jitter_m=8, memory_s=120)) > 7000


def test_of_a_fix_away_and_its_neighbours_at_one_place_the_one_is_wrong() -> None:
    """However slow it went there: a drive away and back would have more fixes, or end elsewhere."""
    fixes = readings_of(START_MS + np.arange(5) * 240_000, [57.7] * 5, [12, 12, 12.01, 12, 12]).fixes
    assert believable(fixes, CAR).tolist() == [True, True, False, True, True]


def test_bad_accuracy_is_not_believed_and_unknown_accuracy_is() -> None:
    fixes = readings_of(START_MS + np.arange(3) * 1000, [57.7] * 3, [12.0] * 3).fixes
    assert believable(fixes, CAR, np.array([np.nan, 500.0, 5.0])).tolist() == [True, False, True]
