"""Which regions a place lies in."""

from hypothesis import given
from hypothesis import strategies as st
from shapely import Point
from shapely.geometry import box

from tracking.domain.regions import FEW, NOWHERE, RegionIndex

POLYGONS = {
    1: box(0, 0, 2, 2),
    2: box(1, 1, 3, 3),
    7: box(0, 0, 10, 10).difference(box(4, 4, 6, 6)),
    9: box(-180, -90, -170, 90),
    **{20 + i: box(i, 8, i + 1, 9) for i in range(9)},
}


def test_no_regions_means_nowhere() -> None:
    assert RegionIndex({}).containing([1.0, 2.0], [1.0, 2.0]) == [NOWHERE, NOWHERE]


def test_no_places_give_no_answer() -> None:
    assert RegionIndex(POLYGONS).containing([], []) == []


def test_regions_may_overlap_and_have_holes() -> None:
    places = RegionIndex(POLYGONS).containing([1.5, 5.0, 3.5, 50.0], [1.5, 5.0, 3.5, 50.0])
    assert places == [{1, 2, 7}, NOWHERE, {7}, NOWHERE]


@given(st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), max_size=3 * FEW))
def test_a_batch_gives_what_each_place_alone_would(places: list[tuple[float, float]]) -> None:
    expected = [{key for key, shape in POLYGONS.items() if shape.contains(Point(lon, lat))} for lat, lon in places]
    assert RegionIndex(POLYGONS).containing([lat for lat, _ in places], [lon for _, lon in places]) == expected


def test_equal_sets_are_the_same_object_however_many_are_asked() -> None:
    """A vehicle that has crossed nothing is told by identity."""
    index = RegionIndex(POLYGONS)
    alone = index.containing([1.5], [1.5])
    assert all(regions is alone[0] for regions in index.containing([1.5] * (FEW + 1), [1.5] * (FEW + 1)))
