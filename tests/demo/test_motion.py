"""A drive keeps to its line, its limits and the laws of motion."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.demo.motion import CRAWL_MPS, Manner, Moment, Motion, Piece, bend_mps
from tracking.domain.geo import distance_m

MANNER = Manner(1.5, 2.0, 25.0)
STEP_S = 0.1

offsets = st.integers(-30, 30).map(lambda step: step * 1e-4)
lines = (
    st.lists(st.tuples(offsets, offsets), min_size=2, max_size=12)
    .map(lambda steps: [(57.7 + lat, 11.9 + lon) for lat, lon in steps])
    .filter(lambda line: all(a != b for a, b in pairwise(line)))
)


@st.composite
def motions(draw: st.DrawFn) -> tuple[Motion, list[float]]:
    line = draw(lines)
    limits_mps = draw(st.lists(st.floats(4, 30), min_size=len(line) - 1, max_size=len(line) - 1))
    rests_s = draw(st.dictionaries(st.integers(1, max(1, len(line) - 2)), st.floats(1, 60)))
    halts_s = {i: rest_s for i, rest_s in rests_s.items() if i < len(line) - 1}
    return Motion(line, limits_mps, halts_s, MANNER), limits_mps


def moments(motion: Motion) -> list[Moment]:
    return [motion.at(i * STEP_S) for i in range(int(motion.duration_s / STEP_S) + 2)]


@given(drawn=motions())
def test_speed_is_true_to_the_way_made(drawn: tuple[Motion, list[float]]) -> None:
    """Between two moments it makes no more way than its higher speed and acceleration allow."""
    for before, after in pairwise(moments(drawn[0])):
        way_m = distance_m(before.lat, before.lon, after.lat, after.lon)
        assert way_m <= (max(before.speed_mps, after.speed_mps) + MANNER.slowing_down_mps2 * STEP_S) * STEP_S * 1.01
        assert abs(after.speed_mps - before.speed_mps) <= MANNER.slowing_down_mps2 * STEP_S + 1e-6


@given(drawn=motions())
def test_it_keeps_the_limits(drawn: tuple[Motion, list[float]]) -> None:
    motion, limits_mps = drawn
    assert max(moment.speed_mps for moment in moments(motion)) <= min(MANNER.top_mps, max(limits_mps)) + 1e-6


@given(drawn=motions())
def test_it_starts_and_ends_at_rest_and_has_no_course_there(drawn: tuple[Motion, list[float]]) -> None:
    motion, _ = drawn
    for moment in (motion.at(-1), motion.at(0), motion.at(motion.duration_s), motion.at(motion.duration_s + 9)):
        assert (moment.speed_mps, moment.course_deg) == (0, None)
    assert all((moment.course_deg is None) == (moment.speed_mps == 0) for moment in moments(motion))


def test_on_a_long_street_it_reaches_the_limit() -> None:
    motion = Motion([(57.7, 11.9), (57.71, 11.9)], [14.0], {}, MANNER)
    middle = motion.at(motion.duration_s / 2)
    assert tuple(middle) == pytest.approx((57.705, 11.9, 14.0, 0.0), abs=1e-4)


def test_at_a_red_light_it_waits() -> None:
    line = [(57.7, 11.9), (57.701, 11.9), (57.702, 11.9)]
    free, held = Motion(line, [10.0, 10.0], {}, MANNER), Motion(line, [10.0, 10.0], {1: 30.0}, MANNER)
    waiting = [moment for moment in moments(held)[10:-30] if moment.speed_mps == 0]
    assert len(waiting) * STEP_S == pytest.approx(30, abs=0.3)
    assert {(moment.lat, moment.lon) for moment in waiting} == {line[1]}
    assert held.duration_s > free.duration_s + 30


@pytest.mark.parametrize(
    ("turn_deg", "low_mps", "high_mps"), [(0, 20, 20), (30, 7, 20), (90, 3, 6), (180, CRAWL_MPS, 2)]
)
def test_it_slows_down_for_a_bend(turn_deg: float, low_mps: float, high_mps: float) -> None:
    assert low_mps <= bend_mps(Piece(100, 350, 20), Piece(100, (350 + turn_deg) % 360, 20)) <= high_mps
