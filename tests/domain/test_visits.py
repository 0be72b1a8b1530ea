"""Visits as the fixes tell them: cases of hysteresis, borders, passing through and spikes."""

import pytest
from shapely.geometry import box

from tests.builders import START_MS, make_fix
from tests.domain.stays import stays_of
from tracking.domain.fix import Fix
from tracking.domain.regions import RegionIndex
from tracking.domain.visits import Stay, margin_m, regions_at

YARD = 1
METRE_DEG = 1 / 111_195
INDEX = RegionIndex({YARD: box(0, 0, 1_000 * METRE_DEG, 1_000 * METRE_DEG)})
"""A square of 1 km on the equator, where a metre is as long in both directions."""


def at(x_m: float, t_s: float, *, y_m: float = 500, accuracy_m: float | None = None) -> Fix:
    """So far east of the yard's western border."""
    return make_fix(at_s=t_s, lat=y_m * METRE_DEG, lon=x_m * METRE_DEG, accuracy_m=accuracy_m)


def visits(*fixes: Fix) -> list[tuple[float, float | None]]:
    """Enter and exit in seconds; None while it lasts."""
    return [
        ((stay.enter_ms - START_MS) / 1000, None if stay.exit_ms is None else (stay.exit_ms - START_MS) / 1000)
        for stay in stays_of(INDEX, fixes)
    ]


CASES = {
    "a first fix inside enters at its own time": ([at(10, 0)], [(0, None)]),
    "the border is crossed between two fixes": ([at(-10, 0), at(30, 4)], [(1, None)]),
    "the border is left between two fixes": ([at(30, 0), at(-50, 8)], [(0, 3)]),
    "a fix right outside is not enough to leave": ([at(10, 0), at(-14, 1), at(10, 2), at(-14, 3)], [(0, None)]),
    "one further out is": ([at(10, 0), at(-10, 2), at(-30, 4)], [(0, 1)]),
    "a poor fix must lie further out": ([at(10, 0), at(-90, 5, accuracy_m=100)], [(0, None)]),
    "yet no accuracy holds for ever": ([at(10, 0), at(-210, 10, accuracy_m=5_000)], [(0, 0.455)]),
    "the time of leaving is that of the last fix inside, however long it takes to tell": (
        [at(10, 0), at(-10, 2), at(-12, 50), at(-10, 90), at(-60, 100)],
        [(0, 1)],
    ),
    "entering needs no margin": ([at(-10, 0), at(1, 11)], [(10, None)]),
    "after a long silence nobody knows when": ([at(-100, 0), at(100, 601)], [(601, None)]),
    "nor when it left": ([at(100, 0), at(-100, 601), at(-100, 700)], [(0, 0)]),
    "just not too long": ([at(-100, 0), at(100, 600)], [(300, None)]),
    "passing through between two fixes is a visit": ([at(-100, 0), at(1_100, 60)], [(5, 55)]),
    "over a corner as well": ([at(-100, 0, y_m=100), at(100, 20, y_m=-100)], []),
    "and within": ([at(-100, 0, y_m=200), at(200, 30, y_m=-100)], [(10, 20)]),
    "with more than two minutes between none is told": ([at(-100, 0), at(1_100, 121)], []),
    "a short step passes through nothing": ([at(-12, 0, y_m=12), at(12, 5, y_m=-6)], []),
    "a single spike out ends no visit": ([at(500, 0), at(5_000, 1), at(510, 2)], [(0, None)]),
    "a single spike in is no visit": ([at(-500, 0), at(500, 1), at(-510, 2)], []),
    "a newest fix is believed until the next": ([at(-500, 0), at(500, 1)], [(1, None)]),
    "a jump that is borne out is none": ([at(5_000, 0), at(500, 1), at(510, 2)], [(1, None)]),
    "the way of a jump is no line": ([at(-20_000, 0), at(500, 100), at(520, 101)], [(100, None)]),
    "nor does it pass through": ([at(-20_000, 0), at(20_000, 100), at(20_010, 101)], []),
    "on the border is outside": ([at(0, 0)], []),
    "no fixes, no visits": ([], []),
}


@pytest.mark.parametrize(("fixes", "expected"), CASES.values(), ids=CASES)
def test_visits_of(fixes: list[Fix], expected: list[tuple[float, float | None]]) -> None:
    found = visits(*fixes)
    assert [left is None for _, left in found] == [left is None for _, left in expected]
    assert [time_s or 0 for pair in found for time_s in pair] == pytest.approx(
        [time_s or 0 for pair in expected for time_s in pair], abs=0.002
    )


@pytest.mark.parametrize(("accuracy_m", "margin"), [(None, 15), (3.0, 15), (40.0, 40), (200.0, 200), (99_000.0, 200)])
def test_the_margin_is_the_accuracy_within_bounds(accuracy_m: float | None, margin: float) -> None:
    assert margin_m(at(0, 0, accuracy_m=accuracy_m)) == margin


def test_over_the_date_line_no_region_lies() -> None:
    """A way from 179.9° to -179.9° would cross the whole map."""
    west, east = make_fix(lat=0.004, lon=179.9999), make_fix(at_s=10, lat=0.004, lon=-179.9999)
    assert stays_of(INDEX, [west, east]) == []


def test_a_fix_is_in_a_region_until_one_proves_that_it_was_left() -> None:
    stay = Stay(YARD, 10, 20, 30)
    assert [regions_at([stay], ms) for ms in (9, 10, 29, 30)] == [set(), {YARD}, {YARD}, set()]
    assert regions_at([Stay(YARD, 10)], 99) == {YARD}
