"""Minute frames: the whole fleet at the start of a minute as one blob; its columns stand in docs/telemetry.md."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from tracking.domain.columns import UNKNOWN, Columns
from tracking.domain.packing import Layout, pack
from tracking.domain.quality import Ints
from tracking.domain.times import DAY_MS
from tracking.domain.unpacking import unpack, unpack_each

MINUTE_MS = 60_000
HOUR_MINUTES = 60
REACH_MS = 7 * DAY_MS  # how far back a frame looks for the newest fix; the most that a moment may ask for
AHEAD_MS = 360_000  # and for the next one: what moment.INTERPOLATE_UP_TO_MS needs at any instant of the minute


class Frame(NamedTuple):
    """By vehicle. Of the newest fix up to the minute's start its age in ms, UNKNOWN where there is none, and the stored integers.

    `waits` are the ms until the oldest fix after the start, UNKNOWN where none comes soon; steps lead to it, 0 where there is none.
    Where the age is unknown, the place is that of the next fix.
    """

    vehicles: Ints
    ages: Ints
    lats: Ints
    lons: Ints
    speeds: Ints
    courses: Ints
    waits: Ints
    lat_steps: Ints
    lon_steps: Ints


LAYOUT = Layout(
    what="minute frame",
    magic=b"FM",
    version=1,
    max_rows=1 << 21,
    columns=Frame._fields,
    may_be_unknown=frozenset(("ages", "speeds", "courses", "waits")),
    turning="courses",
)


def encode_frame(frame: Frame) -> bytes:
    return pack(LAYOUT, frame)


def decode_frame(blob: bytes) -> Frame:
    """Raises BrokenBlob with a sentence."""
    return Frame(*unpack(LAYOUT, blob))


def decode_frames(blobs: Iterable[bytes]) -> Iterator[Frame]:
    """Of each, in order; of many for less than one by one. Raises BrokenBlob with a sentence."""
    return (Frame(*columns) for columns in unpack_each(LAYOUT, blobs))


def frames_of_hour(start_ms: int, tracks: Mapping[int, Columns]) -> Iterator[Frame]:
    """The 60 frames of an hour. `tracks`: of each vehicle the newest fix before the hour, those of it, and those soon after."""
    starts = start_ms + MINUTE_MS * np.arange(HOUR_MINUTES)
    rows = [_of_vehicle(vehicle, tracks[vehicle], starts) for vehicle in sorted(tracks) if len(tracks[vehicle].times)]
    if not rows:
        return
    whole = np.stack(rows, axis=2)
    for minute in whole.transpose(1, 0, 2):
        (seen,) = np.nonzero((minute[1] != UNKNOWN) | (minute[6] != UNKNOWN))
        yield Frame(*np.ascontiguousarray(minute[:, seen]))


def _of_vehicle(vehicle: int, track: Columns, starts: Ints) -> Ints:
    """A row for each column of a frame, a value for each minute."""
    times = track.times
    after = np.searchsorted(times, starts, side="right")
    before = np.maximum(after - 1, 0)
    ages = np.where(after > 0, starts - times[before], UNKNOWN)
    ages = np.where(ages <= REACH_MS, ages, UNKNOWN)
    after = np.minimum(after, len(times) - 1)
    waits = np.where(times[after] > starts, times[after] - starts, UNKNOWN)
    waits = np.where(waits <= AHEAD_MS, waits, UNKNOWN)
    at = np.where(ages == UNKNOWN, after, before)
    has_next, has_last = waits != UNKNOWN, ages != UNKNOWN
    return np.stack(
        [
            np.full(len(starts), vehicle),
            ages,
            track.lats[at],
            track.lons[at],
            np.where(has_last, track.speeds[at], UNKNOWN),
            np.where(has_last, track.courses[at], UNKNOWN),
            waits,
            np.where(has_next, track.lats[after] - track.lats[at], 0),
            np.where(has_next, track.lons[after] - track.lons[at], 0),
        ]
    )
