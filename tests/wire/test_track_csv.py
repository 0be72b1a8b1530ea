"""A track as CSV."""

import csv
import io

from tests.wire.track_samples import make_row, written
from tracking.wire.track_csv import encode_track_csv

HEADER = "fix_time,lat,lon,speed_mps,course_deg,accuracy_m\r\n"


def test_an_empty_track_is_the_header_alone() -> None:
    assert written(encode_track_csv) == HEADER


def test_lines_end_as_rfc_4180_says_and_unknown_is_empty() -> None:
    text = written(encode_track_csv, [make_row(), make_row(1, speed_mps=0.001, course_deg=90.0, accuracy_m=5.5)])
    assert text == (
        HEADER
        + "2026-01-01T09:00:00.000Z,57.7000000,11.9700000,,,\r\n"
        + "2026-01-01T09:00:01.000Z,57.7000000,11.9700000,0.001,90.00,5.50\r\n"
    )


def test_pages_follow_without_a_second_header() -> None:
    lines = csv.DictReader(io.StringIO(written(encode_track_csv, [make_row(0)], [make_row(1)]), newline=""))
    assert [line["fix_time"] for line in lines] == ["2026-01-01T09:00:00.000Z", "2026-01-01T09:00:01.000Z"]


def test_numbers_near_zero_are_not_written_with_exponents() -> None:
    assert "-0.0000001,0.0000001" in written(encode_track_csv, [make_row(lat=-1e-7, lon=1e-7)])
