"""What is kept beside a sealed hour so that a track is read without its fixes: the way driven, and where the vehicle was within FLOOR_M.

The byte table stands in docs/telemetry.md.
"""

import struct
import zlib
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from tracking.domain.columns import Columns, fixes_of, known
from tracking.domain.distance import GAP_MS, HourWay, hour_way, line_starts
from tracking.domain.hours import HOUR_MS
from tracking.domain.packing import BrokenBlob
from tracking.domain.quality import Floats, Ints
from tracking.domain.rest import MAX_ACCURACY_M, Fixes, Manner
from tracking.domain.simplify import at_most, importances

FLOOR_M = 5.0  # a receiver's jitter; a finer overview would be of that
STEP_M = 0.01  # of the importances that are kept
FIXES_A_POINT = (
    8  # of hours with more points than one in so many fixes only the way is kept: decoding them costs no more
)
VERSION = 1

_head = struct.Struct("<2sBBIdd3q3q")
HEAD_BYTES = _head.size


class Points(NamedTuple):
    """Fixes, hour by hour, within FLOOR_M of which all others lie at their times.

    `starts`: those with which lines begin, by index, the first among them. `importances_m`: from which tolerance on one may be left out;
    infinite for the first and last of a line and of an hour.
    """

    columns: Columns
    starts: Ints
    importances_m: Floats


class Overview(NamedTuple):
    """Of an hour. `points` may be missing."""

    way: HourWay
    points: Points | None


def make_overview(before: Columns, inside: Columns, after: Columns, manner: Manner) -> Overview | None:
    """By all fixes of the hour and of the hours beside it; None when the hour has too few that say how far it was."""
    way = hour_way(usable(before), usable(inside), usable(after), manner)
    if way is None:
        return None
    points = points_of(inside)
    return Overview(way, points if len(points.columns.times) * FIXES_A_POINT <= len(inside.times) else None)


def usable(columns: Columns) -> Fixes:
    """Without fixes of bad accuracy."""
    return fixes_of(columns).where(~(known(columns.accuracies, 100) > MAX_ACCURACY_M))


def points_of(columns: Columns) -> Points:
    """What an hour gives is the same whatever lies beside it."""
    times = columns.times
    is_start = np.zeros(len(times), dtype=np.bool_)
    is_start[line_starts(times)] = True
    pieces = np.flatnonzero(is_start | (np.diff(times // HOUR_MS, prepend=-1) != 0))
    found = importances(fixes_of(columns), pieces, FLOOR_M)
    kept = np.flatnonzero(found > FLOOR_M)
    steps_m = np.ceil(found[kept] / STEP_M) * STEP_M
    return Points(Columns(*(column[kept] for column in columns)), np.flatnonzero(is_start[kept]), steps_m)


def joined(parts: Sequence[Points], *, breaks: Collection[int] = (0,)) -> Points:
    """Of hours that follow one another; at least one. With the parts `breaks` lines begin, however near the one before ends."""
    columns = Columns.joined(part.columns for part in parts)
    offsets = np.cumsum([0, *(len(part.columns.times) for part in parts)])
    starts = np.concatenate([part.starts + offset for part, offset in zip(parts, offsets, strict=False)])
    firsts = offsets[[index for index in range(1, len(parts)) if index not in breaks]]
    is_near = columns.times[firsts] - columns.times[firsts - 1] <= GAP_MS
    return Points(
        columns, np.setdiff1d(starts, firsts[is_near]), np.concatenate([part.importances_m for part in parts])
    )


def fewer(points: Points, max_points: int) -> tuple[Ints, float]:
    """Which to keep, by index, and an error that no fix exceeds. Raises TooFewPoints."""
    count = len(points.importances_m)
    if count <= max_points:
        return np.arange(count), FLOOR_M
    if 2 * np.isinf(points.importances_m).sum() <= max_points:
        tolerance_m = float(np.partition(points.importances_m, -max_points - 1)[-max_points - 1])
        return np.flatnonzero(points.importances_m > tolerance_m), tolerance_m
    kept, tolerance_m = at_most(fixes_of(points.columns), points.starts, max_points)
    return kept, tolerance_m + FLOOR_M


def within(points: Points, tolerance_m: float) -> Ints:
    """Which to keep, by index, so that no error is larger than what is FLOOR_M or more."""
    return np.flatnonzero(points.importances_m > tolerance_m)


def encode_overview(overview: Overview, manner: Manner) -> bytes:
    """Whoever asks by another manner gets none."""
    way, points = overview
    rows = np.zeros((8, 0), np.int32) if points is None else _rows(points)
    differences = np.diff(rows, axis=1, prepend=np.zeros((8, 1), np.int32))
    planes = differences.astype("<i4").view(np.uint8).reshape(-1, 4).T.tobytes()
    places = (
        round(value * 1e7) if index else value for end in (way.first, way.last) for index, value in enumerate(end)
    )
    head = _head.pack(b"FO", VERSION, points is not None, _mark(manner), way.inner_m, way.seam_m, *places)
    return head + zlib.compress(planes, 1)


def agree(one: Overview, other: Overview) -> bool:
    """Another machine may add in another order: distances may differ by a step."""
    is_same_way = one.way[2:] == other.way[2:] and np.allclose(one.way[:2], other.way[:2], rtol=0, atol=STEP_M)
    if one.points is None or other.points is None:
        return bool(is_same_way) and one.points is other.points
    return bool(is_same_way) and _agree_in_points(one.points, other.points)


def _agree_in_points(one: Points, other: Points) -> bool:
    if len(one.columns.times) != len(other.columns.times):
        return False
    is_same = all(map(np.array_equal, (*one.columns, one.starts), (*other.columns, other.starts)))
    return is_same and bool(np.allclose(one.importances_m, other.importances_m, rtol=0, atol=1.5 * STEP_M))


def _rows(points: Points) -> Ints:
    """In 32 bits, which is enough for the time in an hour and for places; differences may run over."""
    columns, starts, importances_m = points
    is_start = np.isin(np.arange(len(columns.times)), starts)
    steps = np.where(np.isinf(importances_m), 0, np.rint(importances_m / STEP_M))
    return np.stack([columns.times % HOUR_MS, *columns[1:], is_start, steps]).astype(np.int32)


def _mark(manner: Manner) -> int:
    return zlib.crc32(repr(manner).encode())


def decode_overview(blob: bytes, manner: Manner, *, head_only: bool = False) -> Overview | None:
    """None of another version, or made by another manner; `head_only`: without points. Raises BrokenBlob."""
    try:
        magic, version, has_points, mark, inner_m, seam_m, *places = _head.unpack_from(blob)
        if magic != b"FO" or version != VERSION or mark != _mark(manner):
            return None
        first, last = ((end[0], end[1] / 1e7, end[2] / 1e7) for end in (places[:3], places[3:]))
        way = HourWay(inner_m, seam_m, first, last)
        return Overview(
            way, _points(zlib.decompress(blob[_head.size :]), first[0]) if has_points and not head_only else None
        )
    except (struct.error, zlib.error, ValueError) as error:
        raise BrokenBlob(f"These bytes are not an overview: {error}.") from error


def _points(planes: bytes, time_ms: int) -> Points:
    differences = np.frombuffer(planes, np.uint8).reshape(4, -1).T.copy().view("<i4").reshape(8, -1)
    rows = np.cumsum(differences, axis=1, dtype=np.int32).astype(np.int64)
    rows[0] += time_ms // HOUR_MS * HOUR_MS
    importances_m = np.where(rows[7] == 0, np.inf, rows[7] * STEP_M)
    return Points(Columns(*rows[:6]), np.flatnonzero(rows[6]), importances_m)
