"""What a vehicle did in a span of time."""

from dataclasses import astuple
from functools import reduce
from itertools import pairwise
from operator import add

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.drives import START_MS, Drive, Park, Tracker, day, histories
from tracking.domain.journey import Journey, Readings, Trip
from tracking.domain.rest import MANNERS
from tracking.domain.summary import Totals, totals
from tracking.domain.trips import Stop, items_of

CAR = MANNERS["car"]
PARTS = [Park(600), Drive(6000), Park(90), Drive(6000), Park(900), Drive(3000), Park(600)]


def judged(readings: Readings) -> tuple[Journey, list[Stop | Trip]]:
    journey = Journey(readings, CAR)
    return journey, items_of(journey)


def all_of(journey: Journey, items: list[Stop | Trip]) -> Totals:
    return totals(journey, items, items[0].start_ms, items[-1].end_ms + 1)


def figures(sums: Totals) -> list[float]:
    return [-1 if figure is None else figure for figure in astuple(sums)]


def test_a_span_that_holds_everything_is_the_sum_of_trips_and_stops() -> None:
    journey, items = judged(day(PARTS, Tracker(jitter_m=3)).readings)
    trips = [item for item in items if isinstance(item, Trip)]
    stops = [item for item in items if isinstance(item, Stop)]
    assert astuple(all_of(journey, items)) == pytest.approx(
        (
            sum(trip.distance_m for trip in trips),
            sum(trip.moving_s for trip in trips),
            sum(trip.idle_s for trip in trips),
            0.0,
            sum(stop.end_ms - stop.start_ms for stop in stops) / 1000,
            max(trip.max_speed_mps for trip in trips),
            trips[0].start_ms,
            stops[-1].start_ms,
            *(2, 3),
        )
    )


def test_a_trip_over_midnight_is_shared_by_its_days() -> None:
    """At the even speed of 12 m/s each day has the way that was driven in it; it is counted where it started."""
    journey, items = judged(day([Park(600), Drive(12_000), Park(600)]).readings)
    midnight_ms = START_MS + 900_000
    before, after = totals(journey, items, 0, midnight_ms), totals(journey, items, midnight_ms, 1 << 42)
    assert before.distance_m == pytest.approx(300 * 12, abs=80)
    assert after.distance_m == pytest.approx(12_000 - 300 * 12, abs=80)
    assert before.moving_s == pytest.approx(300, abs=10)
    assert (before.trips, after.trips) == (1, 0)
    assert (before.stops, after.stops) == (1, 1)
    assert after.first_start_ms is None and after.last_stop_ms is not None


def test_a_stop_over_midnight_lasts_in_both_days() -> None:
    journey, items = judged(day([Drive(3_000), Park(2_000), Drive(3_000)]).readings)
    stop = next(item for item in items if isinstance(item, Stop))
    midnight_ms = stop.start_ms + 500_000
    assert totals(journey, [stop], midnight_ms, 1 << 42) == Totals(
        stopped_s=(stop.end_ms - midnight_ms) / 1000, stops=0
    )


def test_a_spike_is_no_highest_speed() -> None:
    journey, items = judged(day(PARTS, Tracker(jitter_m=3, spikes=0.003)).readings)
    assert all_of(journey, items).max_speed_mps == pytest.approx(12, abs=2)


def test_without_trips_and_stops_there_is_nothing() -> None:
    journey, items = judged(day(PARTS).readings)
    assert totals(journey, items, 0, START_MS - 1) == Totals()


@settings(max_examples=100)
@given(histories(), st.lists(st.floats(0, 1), max_size=6))
def test_spans_add_up(readings: Readings, shares: list[float]) -> None:
    """Wherever a wild history is cut."""
    journey, items = judged(readings)
    if not items:
        return
    first_ms, last_ms = items[0].start_ms, items[-1].end_ms + 1
    cuts = sorted({first_ms, last_ms, *(round(first_ms + share * (last_ms - first_ms)) for share in shares)})
    parts = [totals(journey, items, *span) for span in pairwise(cuts)]
    assert figures(reduce(add, parts)) == pytest.approx(figures(all_of(journey, items)), rel=1e-6, abs=1e-3)
