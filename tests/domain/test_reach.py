"""Which cells a vehicle touched."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import all_of
from tracking.domain.columns import Columns
from tracking.domain.reach import MOST_CELLS, Reach, boxes_of, reach_of, stretched
from tracking.domain.reach import may_touch as may_touch_one
from tracking.domain.within import Bounds, stretches


def track(*rows: tuple[float, float, float]) -> Columns:
    """Seconds, lat and lon."""
    times, lats, lons = zip(*rows, strict=True)
    places = [round(lat * 1e7) for lat in lats], [round(lon * 1e7) for lon in lons]
    return Columns.of([round(1000 * s) for s in times], *places, *[[None] * len(rows)] * 3)


def may_touch(reach: Reach, bounds: Bounds) -> bool:
    return may_touch_one(reach, boxes_of(bounds))


def box_at(lat: float, lon: float, *, half: float = 0.001) -> Bounds:
    return Bounds(lon - half, lat - half, lon + half, lat + half)


AROUND_A_CORNER = reach_of(track((0, 57.70, 11.90), (100, 57.70, 11.95), (200, 57.75, 11.95), (900, 57.75, 11.80)))


def test_what_lies_on_the_way_is_touched_and_what_lies_beside_it_is_not() -> None:
    """In a silence there is no way."""
    assert may_touch(AROUND_A_CORNER, box_at(57.70, 11.92)) and may_touch(AROUND_A_CORNER, box_at(57.73, 11.95))
    assert not may_touch(AROUND_A_CORNER, box_at(57.73, 11.92)) and not may_touch(AROUND_A_CORNER, box_at(57.69, 11.9))
    assert not may_touch(AROUND_A_CORNER, box_at(57.75, 11.87)) and may_touch(AROUND_A_CORNER, box_at(57.75, 11.8))


def test_a_box_may_hold_all_of_it() -> None:
    assert may_touch(AROUND_A_CORNER, Bounds(-180, -90, 180, 90))


def test_a_way_over_the_date_line_is_short() -> None:
    reach = reach_of(track((0, 1, 179.99), (10, 1, -179.99)))
    assert may_touch(reach, Bounds(179.999, 0.9, -179.999, 1.1)) and may_touch(reach, box_at(1, -179.991))
    assert not may_touch(reach, box_at(1, 0)) and not may_touch(reach, box_at(1, -179.98))


def test_a_spike_around_the_earth_takes_few_bytes() -> None:
    """Cells are larger then."""
    reach = reach_of(track((0, 57.7, 11.95), (1, 0, 0), (2, -89.9, 179.9), (3, 57.7, 11.95)))
    assert len(reach.cells) <= 20 + MOST_CELLS // 8
    assert may_touch(reach, box_at(57.7, 11.95)) and not may_touch(reach, box_at(57.7, -100))


FIXES = st.tuples(st.integers(1, 400), st.integers(-500, 500), st.integers(-500, 500))


@settings(max_examples=300)
@given(
    st.lists(FIXES, min_size=1, max_size=10),
    st.tuples(*[st.integers(-500, 500)] * 2, *[st.integers(1, 300)] * 2),
    st.sampled_from([(57.7, 11.95), (0.0, 180.0), (-0.001, -0.001)]),
    st.sampled_from([1e-4, 1e-2]),
)
def test_who_was_inside_is_never_missed(
    fixes: list[tuple[int, int, int]], box: tuple[int, int, int, int], middle: tuple[float, float], scale: float
) -> None:
    lat, lon = middle

    def turned(east: float) -> float:
        return (lon + east * scale + 180) % 360 - 180

    times = np.cumsum([wait for wait, _, _ in fixes]).tolist()
    columns = track(*((s, lat + y * scale, turned(x)) for s, (_, y, x) in zip(times, fixes, strict=True)))
    south, west, high, wide = box
    bounds = Bounds(turned(west), lat + south * scale, turned(west + wide), lat + (south + high) * scale)
    if stretches(bounds, all_of(columns), within_ms=86_400_000):
        assert may_touch(reach_of(columns), bounds)


def test_a_way_that_leads_on_may_touch_all_in_between() -> None:
    """The short way around the earth."""
    reach = stretched(reach_of(track((0, 57.7, 179.9))), 578_000_000, -1_799_000_000)
    assert may_touch(reach, box_at(57.75, 179.95)) and may_touch(reach, box_at(57.75, -179.95))
    assert not may_touch(reach, box_at(57.75, 179.8)) and not may_touch(reach, box_at(57.75, 0))
