"""A track as GeoJSON."""

import json

from shapely.geometry import shape

from tests.wire.track_samples import make_end, make_head, make_row, written
from tracking.wire.spools import SPOOL_MEMORY_BYTES
from tracking.wire.track_geojson import encode_track_geojson


def test_a_track_is_lines_of_lon_lat() -> None:
    """RFC 7946 puts longitude first."""
    feature = json.loads(written(encode_track_geojson, [make_row(0), make_row(1, lon=11.98)], [make_row(2, lon=11.99)]))
    assert feature["type"] == "Feature"
    assert feature["geometry"] == {
        "type": "MultiLineString",
        "coordinates": [[[11.97, 57.7], [11.98, 57.7], [11.99, 57.7]]],
    }
    assert shape(feature["geometry"]).is_valid


def test_a_gap_ends_a_line() -> None:
    """Times and measures are cut as the coordinates are."""
    pages = [[make_row(0), make_row(1), make_row(900)], [make_row(901)], [make_row(2000), make_row(2001)]]
    feature = json.loads(written(encode_track_geojson, *pages, starts=[0, 2, 4]))
    assert [len(line) for line in feature["geometry"]["coordinates"]] == [2, 2, 2]
    assert [[time[14:19] for time in line] for line in feature["properties"]["coordTimes"]] == [
        ["00:00", "00:01"],
        ["15:00", "15:01"],
        ["33:20", "33:21"],
    ]


def test_a_fix_alone_between_gaps_stands_twice() -> None:
    """A line needs two positions."""
    feature = json.loads(
        written(encode_track_geojson, [make_row(0, speed_mps=1), make_row(900), make_row(901)], starts=[0, 1])
    )
    assert feature["geometry"]["coordinates"] == [[[11.97, 57.7]] * 2] * 2
    assert feature["properties"]["speeds_mps"] == [[1.0, 1.0], [None, None]]


def test_no_fix_is_no_geometry() -> None:
    feature = json.loads(written(encode_track_geojson))
    assert feature["geometry"] is None
    assert feature["properties"]["coordTimes"] == []


def test_measures_stand_in_arrays_parallel_to_the_coordinates() -> None:
    pages = [[make_row(0), make_row(1, speed_mps=4.2)], [make_row(2, course_deg=90.0, accuracy_m=5.0)]]
    end = make_end(fixes=3, duration_s=2.0)
    assert json.loads(written(encode_track_geojson, *pages, head=make_head(limited=True), end=end))["properties"] == {
        "vehicle": "bus-1",
        "name": "Bus 1",
        "from": "2026-01-01T09:00:00.000Z",
        "to": "2026-01-02T09:00:00.000Z",
        "limited_to_regions": True,
        "coordTimes": [[f"2026-01-01T09:00:0{second}.000Z" for second in range(3)]],
        "speeds_mps": [[None, 4.2, None]],
        "courses_deg": [[None, None, 90.0]],
        "accuracies_m": [[None, None, 5.0]],
        "fixes": 3,
        "distance_m": 0.0,
        "duration_s": 2.0,
        "tolerance_m": None,
        "gaps": [],
    }


def test_a_track_larger_than_the_memory_of_a_spool_is_whole() -> None:
    """Arrays that wait on disk come back complete and in order."""
    count = SPOOL_MEMORY_BYTES // 20
    pages = [[make_row(at_s) for at_s in range(start, start + 10_000)] for start in range(0, count, 10_000)]
    properties = json.loads(written(encode_track_geojson, *pages))["properties"]
    (speeds,), (times,) = properties["speeds_mps"], properties["coordTimes"]
    assert len(speeds) == len(times) == 10_000 * len(pages)
    assert times == sorted(times)
