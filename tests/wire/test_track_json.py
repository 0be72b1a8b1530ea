"""A track as JSON."""

import json

from tests.wire.track_samples import START_MS, make_end, make_head, make_row, written
from tracking.wire.track_json import encode_track_json


def test_the_head_names_the_vehicle_the_range_and_the_columns() -> None:
    """A track without fixes still says what was asked for."""
    assert json.loads(written(encode_track_json)) == {
        "vehicle": "bus-1",
        "from": "2026-01-01T09:00:00.000Z",
        "to": "2026-01-02T09:00:00.000Z",
        "limited_to_regions": False,
        "fields": ["fix_time", "lat", "lon", "speed_mps", "course_deg", "accuracy_m"],
        "rows": [],
        "fixes": 0,
        "distance_m": 0.0,
        "duration_s": 0.0,
        "tolerance_m": None,
        "gaps": [],
    }


def test_rows_run_on_from_page_to_page() -> None:
    """Unknown is null, and every stored digit is there."""
    first = [make_row(0.25, lat=-0.0000001, lon=-180.0), make_row(1, lat=57.1234567)]
    document = json.loads(
        written(encode_track_json, first, [make_row(2, speed_mps=4.203, course_deg=359.99, accuracy_m=0.0)])
    )
    assert document["rows"] == [
        ["2026-01-01T09:00:00.250Z", -0.0000001, -180.0, None, None, None],
        ["2026-01-01T09:00:01.000Z", 57.1234567, 11.97, None, None, None],
        ["2026-01-01T09:00:02.000Z", 57.7, 11.97, 4.203, 359.99, 0.0],
    ]


def test_a_limited_track_says_so() -> None:
    document = json.loads(written(encode_track_json, head=make_head(limited=True)))
    assert document["limited_to_regions"] is True


def test_what_the_whole_track_tells_stands_at_the_end() -> None:
    """Gaps are pairs of times."""
    end = make_end(fixes=900, distance_m=1234.56, duration_s=8.5, tolerance_m=4.996, gaps=[(START_MS, START_MS + 500)])
    document = json.loads(written(encode_track_json, [make_row()], end=end))
    assert {name: document[name] for name in ("fixes", "distance_m", "duration_s", "tolerance_m", "gaps")} == {
        "fixes": 900,
        "distance_m": 1234.6,
        "duration_s": 8.5,
        "tolerance_m": 5.0,
        "gaps": [["2026-01-01T09:00:00.000Z", "2026-01-01T09:00:00.500Z"]],
    }
