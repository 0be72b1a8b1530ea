"""What is kept beside a sealed hour."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.drives import Drive, Park, Tracker, day
from tests.domain.test_simplify import tracks, worst_error_m
from tracking.domain.columns import UNKNOWN, Columns, fixes_of
from tracking.domain.distance import line_starts
from tracking.domain.hours import HOUR_MS, hours_of
from tracking.domain.overview import (
    FLOOR_M,
    Overview,
    decode_overview,
    encode_overview,
    fewer,
    joined,
    make_overview,
    points_of,
    within,
)
from tracking.domain.packing import BrokenBlob
from tracking.domain.rest import MANNERS, Fixes
from tracking.domain.simplify import TooFewPoints

CAR = MANNERS["car"]
NONE = Columns.of(*[()] * 6)


def stored(fixes: Fixes) -> Columns:
    lats, lons = (np.rint(values * 1e7).astype(np.int64) for values in (fixes.lats, fixes.lons))
    count = len(fixes.times)
    return Columns(fixes.times, lats, lons, np.arange(count) % 9 - 1, np.full(count, UNKNOWN), np.full(count, 500))


def driven_hour() -> Columns:
    """A fix a second, with a gap."""
    drives = [Park(300), *[Drive(900, towards) for towards in range(0, 800, 70)], Park(400, is_silent=True), Drive(800)]
    columns = stored(day(drives, Tracker(jitter_m=3, memory_s=60)).readings.fixes)
    return Columns(columns.times - columns.times[0] + 450_000 * HOUR_MS, *columns[1:])


def test_an_overview_comes_back_as_it_was() -> None:
    made = make_overview(NONE, driven_hour(), NONE, CAR)
    assert made is not None and made.points is not None
    blob = encode_overview(made, CAR)
    read = decode_overview(blob, CAR)
    assert read is not None and read.points is not None
    assert read.way == made.way and made.way.inner_m > 9_000
    for one, other in zip(
        (*read.points.columns, *read.points[1:]), (*made.points.columns, *made.points[1:]), strict=True
    ):
        np.testing.assert_allclose(one, other, rtol=1e-12)
    assert decode_overview(blob, CAR, head_only=True) == Overview(made.way, None)
    assert len(read.points.starts) == 2 and len(blob) < 0.8 * len(driven_hour().times)


def test_another_manner_or_version_is_no_overview() -> None:
    """The way is judged by the kind of the vehicle."""
    made = make_overview(NONE, driven_hour(), NONE, CAR)
    assert made is not None
    blob = encode_overview(made, CAR)
    assert decode_overview(blob, MANNERS["bike"]) is None
    assert decode_overview(blob[:2] + b"\x09" + blob[3:], CAR) is None


@pytest.mark.parametrize("size", [1, 60, 100])
def test_cut_bytes_are_refused(size: int) -> None:
    made = make_overview(NONE, driven_hour(), NONE, CAR)
    assert made is not None
    with pytest.raises(BrokenBlob, match="not an overview"):
        decode_overview(encode_overview(made, CAR)[:size], CAR)


def test_few_fixes_have_no_overview() -> None:
    assert make_overview(NONE, Columns(*(column[:3] for column in driven_hour())), NONE, CAR) is None


def test_sparse_fixes_keep_the_way_only() -> None:
    """Points that are most of the fixes would cost as much as these."""
    made = make_overview(NONE, Columns(*(column[::30] for column in driven_hour())), NONE, CAR)
    assert made is not None and made.points is None


@given(tracks(), st.integers(2, 130), st.floats(FLOOR_M, 500))
def test_no_error_exceeds_what_is_told(fixes: Fixes, max_points: int, tolerance_m: float) -> None:
    """Hour by hour, and the same for the hours alone as for all at once."""
    columns = stored(fixes)
    if not len(columns.times):
        return
    hourly = [points_of(Columns(*(column[a:b] for column in columns))) for _, a, b in hours_of(columns.times)]
    points, whole = joined(hourly), points_of(columns)
    assert [one.tolist() for one in points.columns] == [one.tolist() for one in whole.columns]
    assert points.starts.tolist() == whole.starts.tolist()
    assert points.columns.times[points.starts].tolist() == columns.times[line_starts(columns.times)].tolist()

    def error_m(kept: np.ndarray) -> float:
        return worst_error_m(fixes_of(columns), np.searchsorted(columns.times, points.columns.times[kept]))

    assert error_m(within(points, tolerance_m)) <= tolerance_m * 1.001 + 0.001
    try:
        kept, told_m = fewer(points, max_points)
    except TooFewPoints:
        return
    assert len(kept) <= max_points and error_m(kept) <= told_m * 1.001 + 0.001
