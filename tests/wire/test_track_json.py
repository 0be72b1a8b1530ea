"""A track as JSON."""

import json

from tests.wire.track_samples import make_head, make_row, written
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
