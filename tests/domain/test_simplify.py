"""Fewer fixes that still tell where a vehicle was."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.domain.drives import LAT, LON, START_MS, Drive, Park, Tracker, day, readings_of
from tracking.domain.distance import GAP_MS, line_starts
from tracking.domain.geo import distances_m
from tracking.domain.quality import Ints
from tracking.domain.rest import Fixes
from tracking.domain.simplify import TooFewPoints, at_most, within_tolerance

FIRST = np.zeros(1, dtype=np.int64)
CITY = [*[Drive(700, towards) for towards in range(0, 720, 40)], Park(1200), *[Drive(300, 90), Park(20)] * 9]


@st.composite
def tracks(draw: st.DrawFn) -> Fixes:
    """Of any rhythm and shape, with gaps and across 180°."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    count = draw(st.integers(0, 120))
    elapsed = chance.choice([1, 1000, 60_000, 400_000], count, p=[0.1, 0.7, 0.15, 0.05])
    lats = draw(st.sampled_from([0, 57, -84])) + np.cumsum(chance.normal(0, 0.0003, count))
    lons = draw(st.sampled_from([12, 180, -180])) + np.cumsum(chance.normal(0, 0.0003, count))
    return readings_of(START_MS + np.cumsum(elapsed), lats, (lons + 180) % 360 - 180).fixes


def starts_of(fixes: Fixes) -> list[int]:
    """The times at which lines begin."""
    return fixes.times[line_starts(fixes.times)].tolist()


def worst_error_m(fixes: Fixes, kept: Ints) -> float:
    """How far any fix lies from where the kept ones place it at its time."""
    lons = np.unwrap(fixes.lons, period=360)
    lats_then = np.interp(fixes.times, fixes.times[kept], fixes.lats[kept])
    lons_then = np.interp(fixes.times, fixes.times[kept], lons[kept])
    return float(distances_m(fixes.lats, lons, lats_then, lons_then).max(initial=0))


def test_a_city_drive_of_an_hour_needs_few_fixes() -> None:
    fixes = day(CITY, Tracker(jitter_m=3, memory_s=60)).readings.fixes
    kept, tolerance_m = at_most(fixes, line_starts(fixes.times), 200)
    assert len(kept) <= 200 < len(fixes.times) / 10
    assert worst_error_m(fixes, kept) <= tolerance_m * 1.001 < 25


def test_an_even_drive_is_its_ends() -> None:
    """Though a bend in time counts: slowing down on a straight street is kept."""
    even = readings_of(START_MS + np.arange(99) * 1000, LAT + np.arange(99) * 1e-4, [LON] * 99).fixes
    stays = even._replace(lats=np.minimum(even.lats, even.lats[50]))
    assert within_tolerance(even, FIRST, 1).tolist() == [0, 98]
    assert within_tolerance(stays, FIRST, 1).tolist() == [0, 50, 98]


@given(tracks(), st.floats(0.05, 500))
def test_no_error_exceeds_the_tolerance(fixes: Fixes, tolerance_m: float) -> None:
    kept = within_tolerance(fixes, line_starts(fixes.times), tolerance_m)
    assert not len(fixes.times) or worst_error_m(fixes, kept) <= tolerance_m * 1.001 + 0.001


@given(tracks(), st.integers(2, 130))
def test_no_error_exceeds_what_is_told(fixes: Fixes, max_points: int) -> None:
    try:
        kept, tolerance_m = at_most(fixes, line_starts(fixes.times), max_points)
    except TooFewPoints:
        return
    assert len(kept) <= max_points
    assert not len(fixes.times) or worst_error_m(fixes, kept) <= tolerance_m * 1.001 + 0.001


@given(tracks(), st.floats(0.05, 500), st.floats(1, 10))
def test_a_larger_tolerance_keeps_a_part_of_the_same_fixes(fixes: Fixes, tolerance_m: float, times: float) -> None:
    assert set(within_tolerance(fixes, line_starts(fixes.times), tolerance_m * times)) <= set(
        within_tolerance(fixes, line_starts(fixes.times), tolerance_m)
    )


@given(tracks(), st.floats(0.05, 500))
def test_simplifying_again_changes_nothing(fixes: Fixes, tolerance_m: float) -> None:
    kept = within_tolerance(fixes, line_starts(fixes.times), tolerance_m)
    again = Fixes(fixes.times[kept], fixes.lats[kept], fixes.lons[kept])
    assume(starts_of(again) == starts_of(fixes))  # a long rest of many fixes is two, which look like a gap
    assert within_tolerance(again, line_starts(again.times), tolerance_m).tolist() == list(range(len(kept)))


@settings(max_examples=50)
@given(tracks(), st.floats(0.05, 500))
def test_ends_and_both_sides_of_gaps_stay(fixes: Fixes, tolerance_m: float) -> None:
    kept = set(fixes.times[within_tolerance(fixes, line_starts(fixes.times), tolerance_m)].tolist())
    starts = line_starts(fixes.times)
    assert {*fixes.times[starts].tolist(), *fixes.times[starts[1:] - 1].tolist(), *fixes.times[-1:].tolist()} <= kept


def test_more_gaps_than_points_are_refused() -> None:
    """Leaving one out would draw a line across it."""
    fixes = readings_of(START_MS + np.arange(10) * (GAP_MS + 1), [LAT] * 10, [LON] * 10).fixes
    with pytest.raises(TooFewPoints, match="at least 10"):
        at_most(fixes, line_starts(fixes.times), 9)


def test_few_fixes_are_all_kept() -> None:
    fixes = readings_of(START_MS + np.arange(5) * 1000, [LAT] * 5, [LON] * 5).fixes
    assert (
        at_most(fixes, line_starts(fixes.times), 5)[0].tolist(),
        at_most(fixes, line_starts(fixes.times), 5)[1],
    ) == ([0, 1, 2, 3, 4], 0.0)
    assert at_most(fixes, line_starts(fixes.times), 2)[0].tolist() == [0, 4]
