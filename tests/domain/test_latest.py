"""What new fixes make of the newest known state."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import EAST, WEST, make_fix, make_latest
from tracking.domain.fix import Fix
from tracking.domain.latest import Crossing, Latest, advance
from tracking.domain.regions import NOWHERE
from tracking.domain.status import STOPPED_AFTER_S, Status

IN_WEST, IN_EAST = frozenset({WEST}), frozenset({EAST})


def after(*fixes: Fix, known: dict[int, Latest] | None = None) -> Latest:
    return advance(known or {}, fixes, [NOWHERE] * len(fixes)).latest[1]


def test_a_late_fix_never_moves_a_vehicle_back() -> None:
    known = {1: make_latest(make_fix(at_s=10))}
    changes = advance(known, [make_fix(at_s=9, lat=1.0)], [IN_WEST])
    assert (changes.latest, changes.crossings) == ({}, [])


def test_of_two_fixes_with_one_time_the_first_counts() -> None:
    assert after(make_fix(lat=1.0), make_fix(lat=2.0)).fix.lat == 1.0


def test_a_first_fix_inside_enters() -> None:
    assert advance({}, [make_fix()], [IN_WEST]).crossings == [Crossing(1, WEST, make_fix().fix_time_ms, True)]


def test_a_change_of_region_leaves_then_enters() -> None:
    known = {1: make_latest(regions=IN_WEST)}
    fix = make_fix(at_s=5)
    crossings = advance(known, [fix], [IN_EAST]).crossings
    assert [(c.region, c.entered, c.time_ms) for c in crossings] == [
        (WEST, False, fix.fix_time_ms),
        (EAST, True, fix.fix_time_ms),
    ]


def test_each_crossing_within_a_batch_counts() -> None:
    fixes = [make_fix(at_s=s) for s in (3, 1, 2)]
    crossings = advance({}, fixes, [IN_WEST, IN_WEST, NOWHERE]).crossings
    assert [(c.entered, c.time_ms - fixes[1].fix_time_ms) for c in crossings] == [
        (True, 0),
        (False, 1000),
        (True, 2000),
    ]


@pytest.mark.parametrize(
    ("speed_mps", "status"),
    [(8.0, Status.MOVING), (1.0, Status.MOVING), (0.9, Status.IDLE), (0.0, Status.IDLE), (None, None)],
)
def test_reported_speed_tells_the_status(speed_mps: float | None, status: Status | None) -> None:
    assert after(make_fix(speed_mps=speed_mps)).status is status


def test_without_speed_the_way_made_tells() -> None:
    assert after(make_fix(), make_fix(at_s=10, lat=57.701)).status is Status.MOVING
    assert after(make_fix(), make_fix(at_s=10, lat=57.70001)).status is Status.IDLE


def test_long_rest_is_a_stop_and_moving_ends_it() -> None:
    rest = [make_fix(at_s=s, speed_mps=0.0) for s in range(0, STOPPED_AFTER_S + 1, 60)]
    stopped = after(*rest)
    assert (stopped.status, stopped.rest_ms) == (Status.STOPPED, rest[0].fix_time_ms)
    assert after(make_fix(at_s=400, speed_mps=9.0), known={1: stopped}).rest_ms is None


@given(st.permutations(range(6)))
def test_a_batch_may_come_in_any_order(order: list[int]) -> None:
    places = [NOWHERE, IN_WEST, IN_WEST, IN_EAST, NOWHERE, IN_WEST]
    fixes = [make_fix(at_s=i, speed_mps=float(i)) for i in range(6)]
    assert advance({}, [fixes[i] for i in order], [places[i] for i in order]) == advance({}, fixes, places)
