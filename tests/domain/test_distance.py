"""How far a vehicle drove."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.drives import LAT, LON, START_MS, Drive, Park, Tracker, day, histories, readings_of
from tracking.domain.distance import GAP_MS, HourWay, Odometer, hour_way, line_starts
from tracking.domain.hours import HOUR_MS, hours_of
from tracking.domain.journey import Readings
from tracking.domain.rest import MANNERS, Fixes


def distance_m(fixes: Fixes, *, page: int = 1_000_000) -> float:
    odometer = Odometer()
    for start in range(0, len(fixes.times), page):
        part = Fixes(*(column[start : start + page] for column in fixes))
        odometer.add(part, np.full(len(part.times), np.nan))
    return odometer.total_m()


ERRAND = [Park(600), Drive(4000), Park(900), Drive(3000, 200), Park(600)]


@pytest.mark.parametrize("every_s", [1, 10, 60])
@pytest.mark.parametrize(("jitter_m", "memory_s"), [(0, 0), (5, 0), (5, 60)])
def test_the_way_of_a_drive_is_its_length(every_s: float, jitter_m: float, memory_s: float) -> None:
    """Sampled or shaken as it may be."""
    truth = day(ERRAND, Tracker(every_s=every_s, jitter_m=jitter_m, memory_s=memory_s))
    assert distance_m(truth.readings.fixes) == pytest.approx(truth.distance_m, rel=0.03)


def test_spikes_do_not_count() -> None:
    truth = day(ERRAND, Tracker(jitter_m=3, spikes=0.01, spike_m=2000))
    assert distance_m(truth.readings.fixes) == pytest.approx(truth.distance_m, rel=0.03)


@pytest.mark.parametrize("memory_s", [0, 60])
def test_a_parked_day_of_jitter_is_no_way(memory_s: float) -> None:
    truth = day([Park(86_400)], Tracker(every_s=5, jitter_m=8, memory_s=memory_s))
    assert distance_m(truth.readings.fixes) < 100


def test_silence_is_crossed_straight() -> None:
    """The way is at least so long."""
    times = START_MS + np.array([0, 10, 20, 920, 930]) * 1000
    fixes = readings_of(times, LAT + np.array([0, 1, 2, 92, 93]) * 0.001, [LON] * 5).fixes
    assert distance_m(fixes) == pytest.approx(93 * 111.195, rel=0.001)


@pytest.mark.parametrize("page", [7, 100, 1_000])
def test_pages_make_no_difference(page: int) -> None:
    fixes = day([*ERRAND, *ERRAND], Tracker(every_s=2, jitter_m=5, memory_s=60, spikes=0.01)).readings.fixes
    assert distance_m(fixes, page=page) == distance_m(fixes)


def hours(fixes: Fixes) -> dict[int, Fixes]:
    return {hour: fixes.part(begin, end) for hour, begin, end in hours_of(fixes.times)}


def ways(fixes: Fixes) -> dict[int, HourWay]:
    """What can be kept of the hours."""
    parts, none = hours(fixes), fixes.part(0, 0)
    found = {
        hour: hour_way(parts.get(hour - 1, none), parts[hour], parts.get(hour + 1, none), MANNERS["other"])
        for hour in parts
    }
    return {hour: way for hour, way in found.items() if way is not None}


@settings(max_examples=60)
@given(histories(), st.data())
def test_ways_that_were_kept_are_those_that_are_counted(readings: Readings, data: st.DataObject) -> None:
    """Whichever of them, over any range, without the fixes of hours between others that were kept."""
    fixes = readings.fixes
    kept = {hour: way for hour, way in ways(fixes).items() if data.draw(st.booleans())}
    moments = st.integers(fixes.times.item(0) - 1, fixes.times.item(-1) + 1)
    from_ms, to_ms = sorted([data.draw(moments), data.draw(moments)])
    inner = {hour: kept[hour] for hour in kept if from_ms <= hour * HOUR_MS and (hour + 1) * HOUR_MS <= to_ms}
    by_fixes = Odometer(counted=(from_ms, to_ms))
    by_ways = Odometer(kept=inner, counted=(from_ms, to_ms))
    for hour, part in hours(fixes).items():
        if from_ms // HOUR_MS - 1 <= hour <= (to_ms - 1) // HOUR_MS + 1:
            accuracies_m = np.full(len(part.times), np.nan)
            by_fixes.add(part, accuracies_m)
            if not {hour - 1, hour, hour + 1} <= inner.keys():
                by_ways.add(part, accuracies_m)
    assert by_ways.total_m() == pytest.approx(by_fixes.total_m(), abs=1e-6)


def test_what_comes_after_a_silence_is_smoothed_by_all_that_is_near_it() -> None:
    """More than REACH_FIXES of it, within the two seconds that are smoothed together."""
    hour_ms = START_MS // HOUR_MS * HOUR_MS
    times = hour_ms + np.array([*range(0, 90_000, 10_000), *range(HOUR_MS + 600_000, HOUR_MS + 601_600, 100)])
    lats = LAT + np.array([i * 0.001 for i in range(9)] + [0.02] * 8 + [0.025] * 8)
    fixes = readings_of(times, lats, [LON] * 25).fixes
    kept = {hour: way for hour, way in ways(fixes).items() if hour == hour_ms // HOUR_MS}
    assert kept
    by_ways = Odometer(kept=kept)
    by_ways.add(fixes, np.full(25, np.nan))
    assert by_ways.total_m() == pytest.approx(distance_m(fixes), abs=1e-6)


def test_lines_begin_after_gaps() -> None:
    times = np.array([0, 1000, 1000 + GAP_MS, 1001 + 2 * GAP_MS], dtype=np.int64)
    assert line_starts(times).tolist() == [0, 3]
    assert line_starts(times, before_ms=-GAP_MS).tolist() == [3]
    assert line_starts(times[:0]).tolist() == []


def test_the_way_across_the_date_line_is_short() -> None:
    lons = np.array([179.99, 179.995, -180.0, -179.995, -179.99])
    fixes = readings_of(START_MS + np.arange(5) * 60_000, np.zeros(5), lons).fixes
    assert distance_m(fixes) == pytest.approx(0.02 * 111_195, rel=0.001)


@pytest.mark.parametrize("count", [0, 1])
def test_one_fix_is_no_way(count: int) -> None:
    assert distance_m(readings_of([START_MS] * count, [LAT] * count, [LON] * count).fixes) == 0
