"""Where vehicles were at an instant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import START_MS, make_each, make_fix
from tests.domain.whereabout import whereabout
from tracking.domain.fix import Fix
from tracking.domain.moment import INTERPOLATE_UP_TO_MS, whereabouts


def found(time_ms: int, before: Fix, after: Fix | None) -> tuple[float, float, bool]:
    """Lat, lon, and whether it is between two fixes."""
    columns = whereabouts(time_ms, make_each(before), make_each(*([] if after is None else [after])))
    return columns.lats.item() / 1e7, columns.lons.item() / 1e7, columns.are_between.item()


def test_it_is_on_the_way_between_two_fixes() -> None:
    """Straight and at even speed."""
    assert found(START_MS + 2_500, make_fix(lat=57.0, lon=11.0), make_fix(at_s=10, lat=57.4, lon=11.8)) == (
        57.1,
        11.2,
        True,
    )


def test_at_a_fix_it_is_at_that_fix() -> None:
    fix = make_fix(lat=57.0, lon=11.0)
    assert found(START_MS, fix, make_fix(at_s=10, lat=58.0)) == (57.0, 11.0, False)


def test_nothing_is_known_beyond_the_newest_fix() -> None:
    assert found(START_MS + 60_000, make_fix(lat=57.0, lon=11.0), None) == (57.0, 11.0, False)


def test_no_way_is_made_up_over_a_long_silence() -> None:
    """The vehicle may have stood anywhere on it."""
    late = make_fix(at_s=INTERPOLATE_UP_TO_MS / 1000 + 1, lat=58.0)
    assert found(START_MS + 1_000, make_fix(lat=57.0), late)[0] == 57.0


@pytest.mark.parametrize(("from_lon", "to_lon", "lon"), [(179.9, -179.7, -179.9), (-179.7, 179.9, 179.9)])
def test_it_takes_the_short_way_over_the_date_line(from_lon: float, to_lon: float, lon: float) -> None:
    part = 0.5 if lon < 0 else 1.0
    assert found(START_MS + round(part * 10_000), make_fix(lon=from_lon), make_fix(at_s=10, lon=to_lon))[1] == lon


LATS, LONS = st.integers(-900_000_000, 900_000_000), st.sampled_from([-1_800_000_000, 0, 119_500_001, 1_799_999_999])
PAIRS = st.lists(
    st.tuples(st.integers(0, 400), st.one_of(st.none(), st.integers(1, 400)), LATS, LATS, LONS, LONS), max_size=5
)


@given(PAIRS)
def test_of_many_each_is_where_it_would_be_alone(pairs: list[tuple[int, int | None, int, int, int, int]]) -> None:
    """Whoever else has a next fix or none."""
    before, after = [], {}
    for vehicle, (ago_s, wait_s, lat, next_lat, lon, next_lon) in enumerate(pairs):
        before.append(make_fix(vehicle=vehicle, at_s=-ago_s, lat=lat / 1e7, lon=lon / 1e7))
        if wait_s is not None:
            after[vehicle] = make_fix(vehicle=vehicle, at_s=wait_s, lat=next_lat / 1e7, lon=next_lon / 1e7)
    columns = whereabouts(START_MS, make_each(*before), make_each(*after.values()))
    for row, fix in enumerate(before):
        lat, lon, is_between = whereabout(START_MS, fix, after.get(fix.vehicle))
        assert columns.lats.item(row) / 1e7 == pytest.approx(lat, abs=1.01e-7)
        assert (columns.lons.item(row) / 1e7 - lon + 180) % 360 - 180 == pytest.approx(0, abs=1.01e-7)
        assert columns.are_between.item(row) is is_between
