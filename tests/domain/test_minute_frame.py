"""Minute frames."""

import base64
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracking.domain.columns import UNKNOWN, Columns
from tracking.domain.minute_frame import AHEAD_MS, REACH_MS, Frame, decode_frame, encode_frame, frames_of_hour
from tracking.domain.packing import BrokenBlob

START_MS = 1_795_000_000_000 // 3_600_000 * 3_600_000
SAMPLES = Path(__file__).parent.parent / "data" / "minute-frames.json"


def track(*rows: tuple[int, int, int, int | None, int | None]) -> Columns:
    """Times in ms from the hour's start, place, speed and course."""
    times, lats, lons, speeds, courses = zip(*rows, strict=True)
    return Columns.of([START_MS + time_ms for time_ms in times], lats, lons, speeds, courses, [None] * len(rows))


def rows_of(frame: Frame) -> list[tuple[int, ...]]:
    return list(zip(*(column.tolist() for column in frame), strict=True))


def test_a_frame_has_the_fix_before_and_the_one_after() -> None:
    """One at the very start is before; where there is none, the place is that of the next."""
    frames = list(
        frames_of_hour(
            START_MS,
            {
                7: track((-5_000, 100, 200, 30, None), (60_000, 110, 190, None, 40), (61_000, 111, 191, 5, 5)),
                3: track((90_000, 1, 2, 3, 4)),
            },
        )
    )
    assert len(frames) == 60
    assert rows_of(frames[0]) == [
        (3, UNKNOWN, 1, 2, UNKNOWN, UNKNOWN, 90_000, 0, 0),
        (7, 5_000, 100, 200, 30, UNKNOWN, 60_000, 10, -10),
    ]
    assert rows_of(frames[1])[1] == (7, 0, 110, 190, UNKNOWN, 40, 1_000, 1, 1)
    assert rows_of(frames[59])[0] == (3, 59 * 60_000 - 90_000, 1, 2, 3, 4, UNKNOWN, 0, 0)


def test_who_is_too_far_away_in_time_is_left_out() -> None:
    frames = list(
        frames_of_hour(START_MS, {1: track((-REACH_MS - 60_000, 1, 2, 3, 4), (AHEAD_MS + 60_001, 1, 2, 3, 4))})
    )
    assert [len(frame.vehicles) for frame in frames[:3]] == [0, 0, 1]


def test_no_fixes_are_no_frames() -> None:
    assert list(frames_of_hour(START_MS, {1: Columns.of(*[[]] * 6)})) == []


NUMBERS = st.integers(-1_000_000_000, 1_000_000_000)
ROWS = st.tuples(st.integers(-400_000, 4_000_000), NUMBERS, NUMBERS, st.none() | st.integers(0, 9), st.none())


@given(st.dictionaries(st.integers(0, 1 << 20), st.lists(ROWS, min_size=1, unique_by=lambda row: row[0]), max_size=4))
def test_frames_tell_what_a_search_would_find(tracks: dict[int, list[tuple[int, int, int, int | None, None]]]) -> None:
    """And come back from their blobs."""
    columns = {vehicle: track(*sorted(rows)) for vehicle, rows in tracks.items()}
    for minute, frame in enumerate(frames_of_hour(START_MS, columns)):
        found = {row[0]: row for row in rows_of(decode_frame(encode_frame(frame)))}
        for vehicle, rows in tracks.items():
            last = max((row for row in rows if row[0] <= minute * 60_000), default=None)
            following = min(
                (row for row in rows if minute * 60_000 < row[0] <= minute * 60_000 + AHEAD_MS), default=None
            )
            if last is None and following is None:
                assert vehicle not in found
                continue
            _, age, lat, lon, speed, _, wait, north, east = found[vehicle]
            assert age == (UNKNOWN if last is None else minute * 60_000 - last[0])
            assert wait == (UNKNOWN if following is None else following[0] - minute * 60_000)
            if last is not None:
                assert (lat, lon, None if speed == UNKNOWN else speed) == last[1:4]
            if following is not None:
                assert (lat + north, lon + east) == following[1:3]


def sample() -> Frame:
    return Frame(*(np.array(column) for column in json.loads(SAMPLES.read_text())["frame"].values()))


def test_what_an_earlier_version_wrote_is_read() -> None:
    """The file is not written anew when the writer changes."""
    document = json.loads(SAMPLES.read_text())
    assert rows_of(decode_frame(base64.b64decode(document["blob"]))) == rows_of(sample())


@settings(max_examples=200)
@given(st.data())
def test_a_changed_byte_never_gives_other_rows(data: st.DataObject) -> None:
    blob = encode_frame(sample())
    at, change = data.draw(st.integers(0, len(blob) - 1)), data.draw(st.integers(1, 255))
    try:
        found = decode_frame(blob[:at] + bytes([blob[at] ^ change]) + blob[at + 1 :])
    except BrokenBlob:
        return
    assert rows_of(found) == rows_of(sample())


def test_another_blob_is_told() -> None:
    with pytest.raises(BrokenBlob, match="not a minute frame"):
        decode_frame(b"FH" + encode_frame(sample())[2:])
