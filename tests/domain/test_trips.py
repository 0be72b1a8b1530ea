"""Trips and stops, against drives of which the truth is known."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from tests.domain.drives import LAT, LON, START_MS, Drive, Jam, Park, Part, Tracker, Truth, day, readings_of
from tracking.domain.journey import Readings, Trip
from tracking.domain.rest import MANNERS, Fixes
from tracking.domain.trips import Stop, detect, item_id

CAR = MANNERS["car"]
ERRAND = [Park(600), Drive(4000), Park(900), Drive(3000, 200), Park(600)]


def stops_of(items: Sequence[Stop | Trip]) -> list[Stop]:
    return [item for item in items if isinstance(item, Stop)]


def trips_of(items: Sequence[Stop | Trip]) -> list[Trip]:
    return [item for item in items if isinstance(item, Trip)]


def assert_finds(truth: Truth, *, within_s: float) -> list[Stop | Trip]:
    """Every stop of the truth and no other, its ends as near as that."""
    items = detect(truth.readings, CAR)
    found = stops_of(items)
    assert len(found) == len(truth.stops), [(stop.start_ms - START_MS, stop.end_ms - START_MS) for stop in found]
    for stop, (start_ms, end_ms) in zip(found, truth.stops, strict=True):
        assert max(abs(stop.start_ms - start_ms), abs(stop.end_ms - end_ms)) <= within_s * 1000
    return items


CASES: dict[str, list[Part]] = {
    "two drives and three stops": ERRAND,
    "a stop of two minutes and a little": [Park(300), Drive(3000), Park(130), Drive(3000), Park(300)],
    "a light of 80 s is no stop": [Park(300), Drive(2000), Park(80), Drive(2000), Park(300)],
    "three lights in a row": [Park(300), *[Drive(600), Park(70)] * 3, Drive(600), Park(300)],
    "a jam of 12 minutes is no stop": [Park(300), Drive(3000), Jam(720), Drive(3000), Park(300)],
    "a slow jam of 12 minutes": [Park(300), Drive(3000), Jam(720, wait_s=80, go_m=60), Drive(3000), Park(300)],
    "a courier, a stop every 300 m": [Park(300), *[Drive(300), Park(150)] * 5, Drive(2000), Park(300)],
    "there and back": [Park(300), Drive(5000, 90), Park(400), Drive(5000, 270), Park(300)],
    "round the block": [Park(300), *[Drive(400, towards) for towards in (0, 90, 180, 270)], Park(300)],
    "on the motorway": [Park(300), Drive(40_000, top_mps=35), Park(300)],
    "a night": [Drive(4000), Park(36_000), Drive(4000), Park(300)],
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("tracker", [Tracker(), Tracker(jitter_m=5), Tracker(jitter_m=5, memory_s=60, spikes=0.003)])
def test_a_second_apart_every_stop_is_found_and_none_invented(name: str, tracker: Tracker) -> None:
    """With jitter, fresh or drifting, and single spikes too: ends within the interval and 15 s."""
    assert_finds(day(CASES[name], tracker), within_s=1 + 15)


@pytest.mark.parametrize("every_s", [2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240])
@pytest.mark.parametrize("spikes", [0.0, 0.004])
@pytest.mark.parametrize("seed", range(3))
def test_at_every_sampling_stops_of_two_intervals_are_found(every_s: float, spikes: float, seed: int) -> None:
    """No fewer fixes than two can tell a stop from a slow drive."""
    rest_s = 30 + max(130, 2.1 * every_s)
    parts = [Park(900), Drive(4000), Park(rest_s), Drive(6000, 45), Drive(5000, 10), Park(2 * rest_s), Drive(9000, 200)]
    tracker = Tracker(every_s=every_s, jitter_m=5, spikes=spikes, seed=seed)
    assert_finds(day([*parts, Park(900)], tracker), within_s=every_s + 15)


@pytest.mark.parametrize("every_s", [1, 10, 30, 60, 120, 240])
def test_silence_while_parked_is_a_stop_where_the_first_drive_ended(every_s: float) -> None:
    """Two hours of it, and the phone is heard again some way down the road."""
    parts = [Park(600), Drive(6000), Park(7200, is_silent=True), Drive(6000, 45), Park(900)]
    truth = day(parts, Tracker(every_s=every_s, jitter_m=5))
    stop = stops_of(assert_finds(truth, within_s=every_s + 15))[1]
    last = np.searchsorted(truth.readings.fixes.times, truth.stops[1][0], side="right") - 1
    assert stop.lon == pytest.approx(truth.readings.fixes.lons[last], abs=0.0005)


def test_a_phone_that_wakes_long_after_its_departure_stopped_where_it_fell_silent() -> None:
    """The stop is not at the place where it was heard again, and the way there belongs to the trip."""
    first = day([Park(600), Drive(4000)]).readings.fixes
    second = day([Drive(4000)]).readings.fixes
    later = first.times[-1] + 7_200_000 - START_MS
    fixes = Fixes(
        np.append(first.times, second.times + later),
        np.append(first.lats, second.lats),
        np.append(first.lons, second.lons + first.lons[-1] - LON + 0.02),
    )
    _, _, stop, trip = detect(readings_of(*fixes), CAR)
    assert isinstance(stop, Stop) and isinstance(trip, Trip)
    assert (stop.lat, stop.lon) == pytest.approx((first.lats[-1], first.lons[-1]), abs=1e-6)
    assert abs(stop.start_ms - first.times[-1]) < 15_000
    assert trip.distance_m == pytest.approx(4000 + 0.02 * 111_195 * 0.534, rel=0.02)


def test_a_tunnel_is_not_a_stop() -> None:
    """In nine minutes of silence it made the way that it makes in nine minutes."""
    readings = day([Park(300), Drive(15_000, top_mps=20), Park(300)]).readings
    heard = (readings.fixes.times < START_MS + 400_000) | (readings.fixes.times > START_MS + 940_000)
    items = detect(Readings(readings.fixes.where(heard), readings.speeds_mps[heard], readings.accuracies_m[heard]), CAR)
    assert [type(item) for item in items] == [Stop, Trip, Stop]


def test_trips_and_stops_follow_each_other_without_holes() -> None:
    items = detect(day(ERRAND).readings, CAR)
    assert [type(item) for item in items] == [Stop, Trip, Stop, Trip, Stop]
    assert all(one.end_ms == another.start_ms for one, another in pairwise(items))


@pytest.mark.parametrize("tracker", [Tracker(), Tracker(jitter_m=5, memory_s=60, spikes=0.003), Tracker(every_s=30)])
def test_a_trip_tells_its_way_its_times_and_its_highest_speed(tracker: Tracker) -> None:
    """A spike of 800 m is neither way nor speed; waiting at a light is idle."""
    parts = [Park(300), Drive(5000), Park(90), Drive(5000), Park(300)]
    (trip,) = trips_of(detect(day(parts, tracker).readings, CAR))
    assert trip.distance_m == pytest.approx(10_000, rel=0.03)
    assert trip.idle_s == pytest.approx(90, abs=32)
    assert trip.moving_s + trip.idle_s + trip.unseen_s == pytest.approx((trip.end_ms - trip.start_ms) / 1000)
    assert trip.max_speed_mps == pytest.approx(12, abs=2)


def test_reported_speeds_are_hints() -> None:
    """One that fits where the vehicle was raises the highest speed, one that does not is not believed."""
    readings = day([Park(300), Drive(5000), Park(300)]).readings
    speeds = np.full(len(readings.speeds_mps), np.nan)
    speeds[450], speeds[500] = 15.0, 45.0
    (trip,) = trips_of(detect(readings._replace(speeds_mps=speeds), CAR))
    assert trip.max_speed_mps == 15.0


def test_inaccurate_fixes_are_not_asked() -> None:
    readings = day(ERRAND).readings
    lats = readings.fixes.lats.copy()
    lats[::7] += 0.004
    accuracies = np.full(len(lats), 5.0)
    accuracies[::7] = 900.0
    found = detect(Readings(readings.fixes._replace(lats=lats), readings.speeds_mps, accuracies), CAR)
    assert len(stops_of(found)) == 3


def test_what_lasts_is_open() -> None:
    parked = detect(day(ERRAND).readings, CAR)
    driving = detect(day(ERRAND[:-1]).readings, CAR)
    assert [item.is_open for item in parked] == [False] * 4 + [True]
    assert [item.is_open for item in driving] == [False] * 3 + [True]


def test_ids_are_made_of_the_vehicle_and_the_start() -> None:
    stop, trip, *_ = detect(day(ERRAND).readings, CAR)
    assert item_id(7, stop) == f"stop-7-{stop.start_ms}"
    assert item_id(7, trip) == f"trip-7-{trip.start_ms}"


@pytest.mark.parametrize("count", [0, 1])
def test_one_fix_is_neither_trip_nor_stop(count: int) -> None:
    assert detect(readings_of([START_MS] * count, [LAT] * count, [LON] * count), CAR) == []


def test_the_date_line_is_no_border() -> None:
    """A drive over 180° has the way of the same drive elsewhere."""
    here = day(ERRAND).readings
    east = here.fixes.lons - LON + 179.98
    there = here._replace(fixes=here.fixes._replace(lons=np.where(east > 180, east - 360, east)))
    ours, theirs = detect(here, CAR), detect(there, CAR)
    assert [item.start_ms for item in ours] == [item.start_ms for item in theirs]
    assert [trip.distance_m for trip in trips_of(theirs)] == pytest.approx(
        [trip.distance_m for trip in trips_of(ours)], abs=1
    )
