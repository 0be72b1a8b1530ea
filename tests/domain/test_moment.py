"""Where a vehicle was at an instant."""

import pytest

from tests.builders import START_MS, make_fix
from tracking.domain.moment import INTERPOLATE_UP_TO_MS, whereabout


def test_it_is_on_the_way_between_two_fixes() -> None:
    """Straight and at even speed."""
    found = whereabout(START_MS + 2_500, make_fix(lat=57.0, lon=11.0), make_fix(at_s=10, lat=57.4, lon=11.8))
    assert (found.lat, found.lon, found.is_between) == (57.1, 11.2, True)


def test_at_a_fix_it_is_at_that_fix() -> None:
    fix = make_fix(lat=57.0, lon=11.0)
    assert whereabout(START_MS, fix, make_fix(at_s=10, lat=58.0)) == (fix, 57.0, 11.0, False)


def test_nothing_is_known_beyond_the_newest_fix() -> None:
    fix = make_fix(lat=57.0, lon=11.0)
    assert whereabout(START_MS + 60_000, fix, None) == (fix, 57.0, 11.0, False)


def test_no_way_is_made_up_over_a_long_silence() -> None:
    """The vehicle may have stood anywhere on it."""
    fix = make_fix(lat=57.0)
    late = make_fix(at_s=INTERPOLATE_UP_TO_MS / 1000 + 1, lat=58.0)
    assert whereabout(START_MS + 1_000, fix, late).lat == 57.0


@pytest.mark.parametrize(("from_lon", "to_lon", "lon"), [(179.9, -179.7, -179.9), (-179.7, 179.9, 179.9)])
def test_it_takes_the_short_way_over_the_date_line(from_lon: float, to_lon: float, lon: float) -> None:
    part = 0.5 if lon < 0 else 1.0
    found = whereabout(START_MS + round(part * 10_000), make_fix(lon=from_lon), make_fix(at_s=10, lon=to_lon))
    assert found.lon == pytest.approx(lon)
