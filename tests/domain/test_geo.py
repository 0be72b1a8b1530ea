"""Distances and polygons."""

import pytest

from tracking.domain.geo import EARTH_RADIUS_M, MAX_POLYGON_POSITIONS, distance_m, polygon_error

SQUARE = [[11.0, 57.0], [12.0, 57.0], [12.0, 58.0], [11.0, 58.0], [11.0, 57.0]]


def test_a_degree_along_a_meridian_is_111_km() -> None:
    assert distance_m(57, 12, 58, 12) == pytest.approx(111_195, abs=1)


def test_the_date_line_is_no_border() -> None:
    assert distance_m(0, 179.9, 0, -179.9) == pytest.approx(distance_m(0, -0.1, 0, 0.1))


def test_antipodes_are_half_the_circumference_apart() -> None:
    assert distance_m(0, 0, 0, 180) == pytest.approx(EARTH_RADIUS_M * 3.14159265, rel=1e-8)


def test_a_good_polygon_has_no_error() -> None:
    assert polygon_error({"type": "Polygon", "coordinates": [SQUARE]}) is None
    assert polygon_error({"type": "MultiPolygon", "coordinates": [[SQUARE]]}) is None


@pytest.mark.parametrize(
    ("geometry", "words"),
    [
        ({"type": "Point", "coordinates": [1, 2]}, "Polygon or MultiPolygon"),
        ("nonsense", "Polygon or MultiPolygon"),
        ({"type": ["Polygon"], "coordinates": []}, "Polygon or MultiPolygon"),
        ({"type": "Polygon", "coordinates": "x"}, "cannot be read"),
        ({"type": "Polygon", "coordinates": []}, "no area"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [1, 0], [0, 0]]]}, "not valid"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [200, 0], [200, 1], [0, 0]]]}, "-180…180"),
    ],
)
def test_a_bad_polygon_is_explained(geometry: object, words: str) -> None:
    assert words in str(polygon_error(geometry))


def test_a_polygon_may_not_be_endless() -> None:
    ring = [[i / 20_000, 57 + i / 20_000] for i in range(MAX_POLYGON_POSITIONS)] + [[1, 57], [0, 57]]
    assert "At most" in str(polygon_error({"type": "Polygon", "coordinates": [ring]}))
