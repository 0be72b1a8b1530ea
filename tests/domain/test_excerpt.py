"""A part of a track tells trips and stops as the whole of it does, away from its cuts."""

import os

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.drives import Drive, Park, day, histories
from tracking.domain.excerpt import Excerpt, judge
from tracking.domain.journey import Readings
from tracking.domain.rest import MANNERS
from tracking.domain.trips import detect

ORDERS = int(os.environ.get("FLEET_ORDER_EXAMPLES", "100"))
CAR = MANNERS["car"]


def part_of(readings: Readings, begin: int, end: int) -> Excerpt:
    """The fixes from one to before another."""
    part = slice(begin, end)
    fixes = readings.fixes.part(begin, end)
    cut = Readings(fixes, readings.speeds_mps[part], readings.accuracies_m[part])
    return Excerpt(cut, begin == 0, end == len(readings.fixes.times))


@settings(max_examples=ORDERS)
@given(histories(), st.data())
def test_a_part_tells_what_the_whole_tells_between_its_bounds(readings: Readings, data: st.DataObject) -> None:
    count = len(readings.fixes.times)
    begin = data.draw(st.integers(0, count - 1))
    end = data.draw(st.integers(begin + 1, count))
    judged = judge(part_of(readings, begin, end), CAR)
    whole = detect(readings, CAR)
    if judged.from_ms <= judged.to_ms:
        inside = [one for one in whole if judged.from_ms <= one.start_ms and one.end_ms <= judged.to_ms]
        assert judged.items == inside


def test_a_part_with_stops_far_from_its_cuts_tells_something() -> None:
    """Else the law would hold for nothing."""
    readings = day([Park(600), *[Drive(3000), Park(600)] * 12]).readings
    count = len(readings.fixes.times)
    judged = judge(part_of(readings, count // 10, count - count // 10), CAR)
    assert len(judged.items) > 10
    assert set(judged.items) < set(detect(readings, CAR))


def test_the_whole_is_its_own_excerpt() -> None:
    readings = day([Park(600), Drive(3000), Park(600)]).readings
    assert judge(Excerpt(readings, is_first=True, is_last=True), CAR).items == detect(readings, CAR)


def test_a_part_of_a_few_fixes_tells_nothing() -> None:
    judged = judge(part_of(day([Park(600), Drive(3000), Park(600)]).readings, 100, 104), CAR)
    assert (judged.items, judged.from_ms > judged.to_ms) == ([], True)
