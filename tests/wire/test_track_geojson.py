"""A track as GeoJSON."""

import json

from shapely.geometry import shape

from tests.wire.track_samples import make_head, make_row, written
from tracking.wire.track_geojson import SPOOL_MEMORY_BYTES, encode_track_geojson


def test_two_fixes_or_more_are_a_line_of_lon_lat() -> None:
    """RFC 7946 puts longitude first."""
    feature = json.loads(written(encode_track_geojson, [make_row(0), make_row(1, lon=11.98)], [make_row(2, lon=11.99)]))
    assert feature["type"] == "Feature"
    assert feature["geometry"] == {"type": "LineString", "coordinates": [[11.97, 57.7], [11.98, 57.7], [11.99, 57.7]]}
    assert shape(feature["geometry"]).is_valid


def test_one_fix_is_a_point() -> None:
    """A LineString needs two positions."""
    feature = json.loads(written(encode_track_geojson, [make_row()]))
    assert feature["geometry"] == {"type": "Point", "coordinates": [11.97, 57.7]}
    assert feature["properties"]["coordTimes"] == ["2026-01-01T09:00:00.000Z"]


def test_no_fix_is_no_geometry() -> None:
    feature = json.loads(written(encode_track_geojson))
    assert feature["geometry"] is None
    assert feature["properties"]["coordTimes"] == []


def test_measures_stand_in_arrays_parallel_to_the_coordinates() -> None:
    pages = [[make_row(0), make_row(1, speed_mps=4.2)], [make_row(2, course_deg=90.0, accuracy_m=5.0)]]
    assert json.loads(written(encode_track_geojson, *pages, head=make_head(limited=True)))["properties"] == {
        "vehicle": "bus-1",
        "name": "Bus 1",
        "from": "2026-01-01T09:00:00.000Z",
        "to": "2026-01-02T09:00:00.000Z",
        "limited_to_regions": True,
        "coordTimes": [f"2026-01-01T09:00:0{second}.000Z" for second in range(3)],
        "speeds_mps": [None, 4.2, None],
        "courses_deg": [None, None, 90.0],
        "accuracies_m": [None, None, 5.0],
    }


def test_a_track_larger_than_the_memory_of_a_spool_is_whole() -> None:
    """Arrays that wait on disk come back complete and in order."""
    count = SPOOL_MEMORY_BYTES // 20
    pages = [[make_row(at_s) for at_s in range(start, start + 10_000)] for start in range(0, count, 10_000)]
    properties = json.loads(written(encode_track_geojson, *pages))["properties"]
    assert len(properties["speeds_mps"]) == len(properties["coordTimes"]) == 10_000 * len(pages)
    assert properties["coordTimes"] == sorted(properties["coordTimes"])
