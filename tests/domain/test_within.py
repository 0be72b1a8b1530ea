"""When a vehicle was in a box."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import START_MS, make_each, make_fix
from tests.domain.whereabout import whereabout
from tracking.domain.fix import Fix
from tracking.domain.thinned import Thinned
from tracking.domain.within import Bounds, stretches

DAY_MS = 86_400_000
BOX = Bounds(11.9, 57.6, 12.0, 57.8)


def is_inside(bounds: Bounds, lat: float, lon: float) -> bool:
    return bounds.south <= lat <= bounds.north and (lon - bounds.west) % 360 <= bounds.width_deg


def inside(fixes: list[Fix], *, bounds: Bounds = BOX, within_ms: int = DAY_MS) -> list[tuple[float, float]]:
    """Seconds from START_MS."""
    found = stretches(bounds, Thinned.of_each(make_each(*fixes)), within_ms=within_ms)
    return [((begin - START_MS) / 1000, (end - START_MS) / 1000) for begin, end in found.get(1, [])]


def test_no_fixes_are_no_stretch() -> None:
    assert inside([]) == []


def test_a_border_is_crossed_on_the_straight_way() -> None:
    """The last millisecond inside counts."""
    there = [make_fix(lon=11.8), make_fix(at_s=100, lon=12.0), make_fix(at_s=200, lon=12.2)]
    assert inside(there) == [(50.0, 100.001)]


def test_a_way_past_a_corner_counts_without_a_fix_inside() -> None:
    fixes = [make_fix(lat=57.7, lon=11.8), make_fix(at_s=100, lat=57.7, lon=12.2), make_fix(at_s=900, lat=50.0)]
    assert inside(fixes) == [(25.0, 50.001)]


def test_in_a_longer_silence_it_stays_at_its_last_fix() -> None:
    assert inside([make_fix(), make_fix(at_s=3_600, lon=12.5)]) == [(0.0, 3_600.0)]
    assert inside([make_fix(lon=12.5), make_fix(at_s=3_600)], within_ms=60_000) == [(3_600.0, 3_660.001)]


def test_after_too_long_a_silence_it_is_nowhere() -> None:
    assert inside([make_fix(), make_fix(at_s=100)], within_ms=10_000) == [(0.0, 10.001), (100.0, 110.001)]


@pytest.mark.parametrize(("west", "east"), [(179.5, -179.5), (-180.5 % -360, -179.5)])
def test_a_box_may_lie_over_the_date_line(west: float, east: float) -> None:
    fixes = [make_fix(lon=179.0), make_fix(at_s=100, lon=-179.0), make_fix(at_s=200, lon=-178.0)]
    bounds = Bounds(west, 57.0, east, 58.0)
    assert inside(fixes, bounds=bounds)[0][1] == 75.001


def test_the_whole_earth_is_a_box() -> None:
    fixes = [make_fix(lon=179.0), make_fix(at_s=100, lon=-179.0)]
    assert inside(fixes, bounds=Bounds(-180, -90, 180, 90)) == [(0.0, 86_500.001)]


def test_each_vehicle_has_stretches_of_its_own() -> None:
    """No way leads from the last fix of one to the first of the next."""
    fixes = [
        make_fix(vehicle=v, at_s=s, lon=lon) for v, s, lon in ((1, 0, 11.8), (1, 9, 11.95), (2, 10, 12.1), (3, 20, 12))
    ]
    found = stretches(BOX, Thinned.of_each(make_each(*fixes)), within_ms=1_000)
    assert {vehicle: len(spans) for vehicle, spans in found.items()} == {1: 1, 3: 1}
    assert found[3] == [(START_MS + 20_000, START_MS + 21_001)]


PLACES = st.tuples(st.integers(1, 400), st.integers(-20, 20), st.integers(-20, 20))


@settings(max_examples=200)
@given(
    st.lists(PLACES, min_size=1, max_size=12), st.sampled_from([12.0, 180.0, -180.0]), st.sampled_from([200, 90_000])
)
def test_it_is_inside_exactly_while_the_moment_places_it_there(
    steps: list[tuple[int, int, int]], middle: float, within_s: int
) -> None:
    """At every second, but for the millisecond in which a border is crossed."""
    at_s, fixes = 0, []
    for wait_s, lat, lon in steps:
        at_s += wait_s
        fixes.append(make_fix(at_s=at_s, lat=57.7 + lat / 100, lon=(middle + lon / 100 + 180) % 360 - 180))
    bounds = Bounds((middle - 0.0501 + 180) % 360 - 180, 57.6499, (middle + 0.0501 + 180) % 360 - 180, 57.7501)
    found = inside(fixes, bounds=bounds, within_ms=within_s * 1000)
    for second in range(0, at_s + within_s + 10, 1 if at_s < 500 and within_s < 500 else 37):
        time_ms = START_MS + second * 1000
        before = max(
            (fix for fix in fixes if fix.fix_time_ms <= time_ms), default=None, key=lambda fix: fix.fix_time_ms
        )
        if before is None or time_ms - before.fix_time_ms > within_s * 1000:
            expected = False
        else:
            after = min(
                (fix for fix in fixes if fix.fix_time_ms > time_ms), default=None, key=lambda fix: fix.fix_time_ms
            )
            lat, lon, _ = whereabout(time_ms, before, after)
            expected = is_inside(bounds, lat, lon)
        assert any(begin <= second < end for begin, end in found) == expected, second
