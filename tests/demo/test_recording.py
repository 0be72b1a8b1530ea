"""A recording is read row by row, whatever stands in it, and played in its own time."""

import csv
import gzip
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.demo.recording import (
    RecordingError,
    Row,
    Survey,
    Timeline,
    in_time_order,
    read_rows,
    slug_from,
    slugs_for,
    survey,
    time_ms_from_text,
)

HEADER = "vehicle_id,fix_time,lat,lon,speed_mps,heading_deg,accuracy_m,route"
NOW_MS = 1_800_000_000_000
START_MS = 1_700_000_000_000


def read(folder: Path, *lines: str, header: str = HEADER) -> list[Row]:
    path = folder / "recording.csv"
    path.write_text("\n".join([header, *lines]), encoding="utf-8")
    return list(read_rows(path))


def make_row(at_s: float | None = 0, vehicle_id: str = "a") -> Row:
    return Row(2, vehicle_id, None if at_s is None else START_MS + round(at_s * 1000), {})


def make_timeline(rows: Iterable[Row], *, speed: float = 60, shift: bool = True) -> Timeline:
    return Timeline(survey(iter(rows), now_ms=NOW_MS), speed=speed, shift=shift, by_time=False, now_ms=NOW_MS)


def due(rows: list[Row], *, speed: float = 60) -> list[float]:
    timeline = make_timeline(rows, speed=speed)
    return [timeline.due_s(row) for row in rows]


def test_a_row_carries_what_the_api_takes(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "8940,2016-11-25T17:53:40Z,30.42,-97.66,7.1,270,5,route 1")
    values: dict[str, object] = {"lat": 30.42, "lon": -97.66, "speed_mps": 7.1, "course_deg": 270.0, "accuracy_m": 5.0}
    assert row == Row(2, "8940", 1480096420000, values)


def test_empty_means_unknown(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "8940,2016-11-25T17:53:40Z,30.42,-97.66,,,,")
    assert row.values == {"lat": 30.42, "lon": -97.66}


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "57.7,extra,11.9,7,2026-01-01T00:00:00Z", header="\ufeffLat,x, lon ,vehicle_id,fix_time")
    assert (row.vehicle_id, row.values) == ("7", {"lat": 57.7, "lon": 11.9})


@pytest.mark.parametrize("text", ["abc", "nan", "-inf", "1e999"])
def test_what_is_no_number_is_passed_on_for_the_server_to_refuse(tmp_path: Path, text: str) -> None:
    (row,) = read(tmp_path, f"7,2026-01-01T00:00:00Z,{text},11.9")
    assert row.values == {"lat": text, "lon": 11.9}


def test_a_time_that_cannot_be_read_is_passed_on(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "7,yesterday,57.7,11.9")
    assert (row.time_ms, row.values) == (None, {"lat": 57.7, "lon": 11.9, "fix_time": "yesterday"})


def test_a_row_beyond_reading_still_counts(tmp_path: Path) -> None:
    """It has its line, so that it can be told which."""
    rows = read(tmp_path, f"7,2026-01-01T00:00:00Z,{'9' * 201},11.9", "x" * (csv.field_size_limit() + 1), "7,,57,11")
    assert [(row.line, row.values is None) for row in rows] == [(2, True), (3, True), (4, False)]


def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    assert len(read(tmp_path, "7,2026-01-01T00:00:00Z,57.7,11.9", "", "8,2026-01-01T00:00:00Z,57.7,11.9", "")) == 2


def test_missing_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="missing: lat, lon"):
        read(tmp_path, header="vehicle_id,fix_time")


def test_packed_files_are_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "recording.csv.gz"
    path.write_bytes(gzip.compress(f"{HEADER}\n7,2026-01-01T00:00:00Z,57.7,11.9".encode()))
    assert len(list(read_rows(path))) == 1


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-9], lambda data: b"no gzip", lambda data: data[:20] + b"\0\1" * 9]
)
def test_a_broken_file_is_an_error_not_a_short_recording(tmp_path: Path, damage: object) -> None:
    path = tmp_path / "recording.csv.gz"
    path.write_bytes(damage(gzip.compress(f"{HEADER}\n7,2026-01-01T00:00:00Z,57.7,11.9".encode())))  # type: ignore[operator]
    with pytest.raises(RecordingError):
        list(read_rows(path))


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RecordingError):
        list(read_rows(tmp_path / "none.csv"))


@pytest.mark.parametrize(
    ("text", "time_ms"),
    [
        ("1970-01-01T00:00:01Z", 1_000),
        ("1970-01-01T01:00:01.5+01:00", 1_500),
        ("1970-01-01 00:00:01", 1_000),
        ("1480096420000", 1_480_096_420_000),
        ("", None),
        ("12:00", None),
        ("2026-13-01T00:00:00Z", None),
    ],
)
def test_times_are_iso_8601_or_milliseconds(text: str, time_ms: int | None) -> None:
    assert time_ms_from_text(text) == time_ms


def test_a_row_is_due_when_the_newest_time_so_far_comes() -> None:
    """Gaps stay gaps; a row from before is sent at once, after those that stood before it."""
    assert due([make_row(0), make_row(60), make_row(30), make_row(7_200), make_row(None)]) == [0, 1, 1, 120, 120]


@given(times=st.lists(st.floats(0, 1e6), min_size=1), speed=st.floats(0.1, 1e4))
def test_no_row_is_due_before_the_one_above_it_or_before_its_time(times: list[float], speed: float) -> None:
    rows = [make_row(at_s) for at_s in times]
    dues = due(rows, speed=speed)
    assert dues == sorted(dues)
    timeline = make_timeline(rows, speed=speed)
    assert all(
        timeline.sent_ms(row.time_ms or 0) <= NOW_MS + due_s * 1000 + 1 for row, due_s in zip(rows, dues, strict=True)
    )


def test_a_broken_clock_does_not_hold_up_the_replay() -> None:
    """The receivers' zero of 1980 and a date in 2099 are sent as they are; nothing waits for them."""
    rows = [Row(2, "a", 315_964_800_000, {}), make_row(0), Row(3, "a", 4_070_908_800_000, {}), make_row(60)]
    assert due(rows) == [0, 0, 0, 1]
    assert make_timeline(rows).sent_ms(315_964_800_000) == 315_964_800_000


def test_shifted_times_shrink_with_the_speed() -> None:
    timeline = make_timeline([make_row(0), make_row(600)], speed=60)
    assert timeline.sent_ms(START_MS + 600_000) == NOW_MS + 10_000


def test_at_full_speed_the_newest_row_is_now_and_nothing_shrinks() -> None:
    rows = [make_row(0), make_row(600), make_row(300)]
    timeline = make_timeline(rows, speed=0)
    assert [timeline.sent_ms(row.time_ms or 0) - NOW_MS for row in rows] == [-600_000, 0, -300_000]
    assert due(rows, speed=0) == [0, 0, 0]


def test_unshifted_times_stay() -> None:
    assert make_timeline([make_row(0)], shift=False).sent_ms(START_MS + 5) == START_MS + 5


def test_a_survey_counts_rows_and_names_vehicles_once() -> None:
    rows = [make_row(5, "b"), make_row(9, "a"), make_row(None, "b"), make_row(2, "")]
    seen = survey(iter(rows), now_ms=NOW_MS)
    first_ms, oldest_ms, newest_ms = START_MS + 5_000, START_MS + 2_000, START_MS + 9_000
    assert seen == Survey({"b": None, "a": None}, 4, 1, first_ms, oldest_ms, newest_ms)


@pytest.mark.parametrize(("times", "in_order"), [((1, 5, 3, 9), True), ((), True), ((5, 1, 2, 3), False)])
def test_a_file_grouped_by_vehicle_is_not_in_order_of_arrival(times: tuple[int, ...], in_order: bool) -> None:
    assert survey((make_row(at_s) for at_s in times), now_ms=NOW_MS).is_in_order_of_arrival is in_order


def test_in_order_of_time_vehicles_run_at_once() -> None:
    rows = [make_row(at_s, vehicle) for vehicle in "ab" for at_s in (60, 0, 120)]
    ordered = in_time_order(iter(rows))
    seen = survey(iter(rows), now_ms=NOW_MS)
    timeline = Timeline(seen, speed=60, shift=True, by_time=True, now_ms=NOW_MS)
    assert [(row.vehicle_id, timeline.due_s(row)) for row in ordered] == [(v, s) for s in (0, 1, 2) for v in "ab"]
    assert timeline.sent_ms(START_MS) == NOW_MS


@pytest.mark.parametrize(
    ("text", "slug"), [("8940", "8940"), ("Bus-1_a", "Bus-1_a"), ("Buss Åby 7", "buss-aby-7"), ("公交", "")]
)
def test_slugs_are_made_of_ids(text: str, slug: str) -> None:
    assert slug_from(text) == slug


@given(ids=st.lists(st.text(min_size=1, max_size=80), unique=True), prefix=st.sampled_from(["", "austin-"]))
def test_every_vehicle_has_a_slug_of_its_own(ids: list[str], prefix: str) -> None:
    slugs = slugs_for(ids, prefix=prefix)
    assert list(slugs) == ids
    assert len(set(slugs.values())) == len(ids)
    assert all(slug_from(slug) == slug and 1 <= len(slug) <= 64 for slug in slugs.values())
