"""What guests see of a shared trip."""

from hypothesis import given
from hypothesis import strategies as st

from tracking.domain.distance import GAP_MS
from tracking.domain.geo import distance_m
from tracking.domain.shares import TRIM_M, Place, parts_of

M_DEG = 1 / 111_195  # of latitude


def way(*metres_north: float, every_ms: int = 10_000) -> list[Place]:
    """Northwards from the equator."""
    return [(number * every_ms, metres * M_DEG, 0.0) for number, metres in enumerate(metres_north)]


def test_an_untrimmed_trip_is_one_line() -> None:
    trip = way(0, 100, 200)
    assert parts_of(trip, is_trimmed=False) == [trip]


def test_a_line_ends_at_a_gap() -> None:
    trip = way(0, 100, every_ms=GAP_MS + 1)
    assert parts_of(trip, is_trimmed=False) == [[trip[0]], [trip[1]]]
    assert len(parts_of(way(0, 100, every_ms=GAP_MS), is_trimmed=False)) == 1


def test_a_trimmed_trip_lacks_its_ends() -> None:
    trip = way(0, 150, 299, 301, 500, 699, 701, 1000)
    assert parts_of(trip, is_trimmed=True) == [trip[3:6]]


def test_a_way_back_past_the_start_does_not_tell_where_it_was() -> None:
    trip = way(0, 500, 100, 900, 2000)
    assert parts_of(trip, is_trimmed=True) == [[trip[1]], [trip[3]]]


def test_a_short_trip_is_trimmed_to_nothing() -> None:
    assert parts_of(way(0, 100, 250), is_trimmed=True) == []
    assert parts_of([], is_trimmed=True) == []


@given(st.lists(st.tuples(st.floats(-80, 80), st.floats(-180, 180)), max_size=30))
def test_no_trimmed_place_is_near_an_end(places: list[tuple[float, float]]) -> None:
    trip = [(number * 1000, lat, lon) for number, (lat, lon) in enumerate(places)]
    shown = [place for part in parts_of(trip, is_trimmed=True) for place in part]
    assert all(distance_m(*place[1:], *end[1:]) >= TRIM_M for place in shown for end in (trip[0], trip[-1]))
    assert shown == [place for place in trip if place in shown]
