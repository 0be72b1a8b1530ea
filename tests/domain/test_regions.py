"""Which regions a place lies in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point
from shapely.geometry import Polygon, box

from tracking.domain import regions
from tracking.domain.regions import CELLS_A_DEGREE, NOWHERE, RegionIndex

CORNERS = [(9.2, 6.25), (12.0, 1.0), (13.5, 9.0)]
POLYGONS = {
    1: box(0, 0, 2, 2),
    2: box(1, 1, 3, 3),
    7: box(0, 0, 10, 10).difference(box(4, 4, 6, 6)),
    9: box(-180, -90, -170, 90),
    11: Polygon(CORNERS),
    **{20 + i: box(i, 8, i + 1, 9) for i in range(9)},
}


def test_no_regions_means_nowhere() -> None:
    assert RegionIndex({}).containing([1.0, 2.0], [1.0, 2.0]) == [NOWHERE, NOWHERE]


def test_no_places_give_no_answer() -> None:
    assert RegionIndex(POLYGONS).containing([], []) == []


def test_regions_may_overlap_and_have_holes() -> None:
    places = RegionIndex(POLYGONS).containing([1.5, 5.0, 3.5, 50.0], [1.5, 5.0, 3.5, 50.0])
    assert places == [{1, 2, 7}, NOWHERE, {7}, NOWHERE]


degrees = st.integers(-2, 11) | st.integers(-2 * CELLS_A_DEGREE, 11 * CELLS_A_DEGREE).map(lambda n: n / CELLS_A_DEGREE)
offsets = st.floats(-2 / CELLS_A_DEGREE, 2 / CELLS_A_DEGREE) | st.just(0.0)
near = st.builds(lambda degree, offset: degree + offset, degrees, offsets)


def beside(corner: int, part: float, north: float, east: float) -> tuple[float, float]:
    """lat, lon so far from a place on the side that begins at the corner."""
    (lon_a, lat_a), (lon_b, lat_b) = CORNERS[corner - 1], CORNERS[corner]
    return lat_a + part * (lat_b - lat_a) + north, lon_a + part * (lon_b - lon_a) + east


slanted = st.builds(beside, st.integers(0, 2), st.floats(0, 1), offsets, offsets)


@given(st.lists(st.tuples(near | st.floats(-90, 90), near | st.floats(-180, 180)) | slanted, max_size=30))
def test_places_of_a_remembered_cell_are_where_they_would_be_without_it(places: list[tuple[float, float]]) -> None:
    """On borders, straight and slanted, beside them, and on the edges of squares of every width."""
    index = RegionIndex(POLYGONS)
    expected = [{key for key, shape in POLYGONS.items() if shape.contains(Point(lon, lat))} for lat, lon in places]
    for _ in range(2):
        assert index.containing([lat for lat, _ in places], [lon for _, lon in places]) == expected


def test_only_so_many_squares_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regions, "MOST_SQUARES", 2)
    places = [0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5]
    found = RegionIndex(POLYGONS).containing(places, places)
    assert found == [{1, 7}, {1, 7}, {1, 2, 7}, {2, 7}, {2, 7}, {7}, {7}]


def test_equal_sets_are_the_same_object() -> None:
    """A vehicle that has crossed nothing is told by identity."""
    index = RegionIndex(POLYGONS)
    alone = index.containing([1.5], [1.5])
    places = [1.5, 1.25, 2 - 1e-9]
    assert all(found is alone[0] for found in index.containing(places, places))
