"""What new fixes make of the newest known state."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import EAST, WEST, make_directory, make_fix, make_latest
from tracking.domain.fix import Fix
from tracking.domain.latest import Doubt, Latest, advance, moved
from tracking.domain.regions import NOWHERE
from tracking.domain.status import STOPPED_AFTER_S, Status

IN_WEST, IN_EAST = frozenset({WEST}), frozenset({EAST})


INDEX = make_directory().index


def after(*fixes: Fix, known: dict[int, Latest] | None = None) -> Latest:
    return advance(known or {}, fixes, [NOWHERE] * len(fixes), INDEX)[0][1]


def doubt_after(*lons: float, known: Latest | None = None) -> Doubt | None:
    """One fix each 10 s at these longitudes; the first region is entered at 11, 12 begins the second."""
    fixes = [make_fix(at_s=10 * i, lon=lon) for i, lon in enumerate(lons, 1)]
    places = INDEX.containing([fix.lat for fix in fixes], list(lons))
    return advance({} if known is None else {1: known}, fixes, places, INDEX)[1].get(1)


def test_a_late_fix_never_moves_a_vehicle_back() -> None:
    known = {1: make_latest(make_fix(at_s=10))}
    assert advance(known, [make_fix(at_s=9, lat=1.0)], [IN_WEST], INDEX) == ({}, {})


def test_of_two_fixes_with_one_time_the_first_counts() -> None:
    assert after(make_fix(lat=1.0), make_fix(lat=2.0)).fix.lat == 1.0


def test_a_first_fix_inside_is_to_be_looked_at_and_one_outside_is_not() -> None:
    doubt = doubt_after(11.95)
    assert doubt is not None and doubt.last is None and len(doubt.fixes) == 1
    assert doubt_after(14.0) is None


@pytest.mark.parametrize(
    ("lon", "is_plain"), [(11.999, True), (12.0001, False), (12.01, False)], ids=["inside", "in the next too", "left"]
)
def test_who_stays_inside_is_not_looked_at(lon: float, is_plain: bool) -> None:
    known = make_latest(make_fix(lon=11.9985), regions=IN_WEST)
    assert (doubt_after(lon, known=known) is None) == is_plain


def test_from_the_first_doubt_on_all_fixes_are_kept_and_the_regions_stay() -> None:
    known = make_latest(make_fix(lon=11.998), regions=IN_WEST, moved_ms=7)
    doubt = doubt_after(11.9985, 12.001, 12.0015, known=known)
    assert doubt is not None and doubt.last is not None
    assert (doubt.last.lon, doubt.regions, [fix.lon for fix in doubt.fixes]) == (11.9985, IN_WEST, [12.001, 12.0015])


def test_other_regions_are_newer_than_those_before() -> None:
    """Even when the store's clock was set back."""
    first = moved(make_latest(), IN_WEST, changed_ms=500)
    assert [moved(first, IN_EAST, changed_ms=ms).moved_ms for ms in (400, 600)] == [501, 600]


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
    shuffled = advance({}, [fixes[i] for i in order], [places[i] for i in order], INDEX)
    assert shuffled == advance({}, fixes, places, INDEX)
