"""Trips and stops of any range are those of the whole track, with both engines."""

from collections.abc import Sequence
from itertools import count

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.domain.drives import START_MS, Drive, Park, Tracker, day, histories
from tracking.api import trip_reading
from tracking.api.trip_reading import Piece, TooManyFixes, TripReading, readings_of
from tracking.domain.fix import Fix
from tracking.domain.journey import Readings, Trip
from tracking.domain.rest import MANNERS
from tracking.domain.trips import Stop, detect
from tracking.storage.telemetry import Telemetry

CAR = MANNERS["car"]
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
MONTH_MS = 30 * DAY_MS
vehicles = count(1)


def stored(telemetry: Telemetry, readings: Readings) -> int:
    """The vehicle they are stored for."""
    vehicle = next(vehicles)
    columns = (column.tolist() for column in readings.fixes)
    fixes = [Fix(vehicle, time_ms, lat, lon) for time_ms, lat, lon in zip(*columns, strict=True)]
    writer = telemetry.open_writer()
    with writer.transaction() as transaction:
        transaction.insert_fixes([fixes])
    writer.close()
    return vehicle


def within_a_month(readings: Readings) -> Readings:
    """The same order and about the same rhythm, as far as 30 days allow."""
    times = readings.fixes.times
    if times[-1] - times[0] <= MONTH_MS:
        return readings
    share = MONTH_MS / float(times[-1] - times[0])
    closer = times[0] + np.rint((times - times[0]) * share).astype(np.int64) + np.arange(len(times))
    return readings._replace(fixes=readings.fixes._replace(times=closer))


def items_of(pieces: Sequence[Piece]) -> list[Stop | Trip]:
    """Each once, by time; they must be the same in all pieces that they touch."""
    found = {(type(item), item.start_ms): item for piece in pieces for item in piece.items}
    assert all(item in found.values() for piece in pieces for item in piece.items)
    return sorted(found.values(), key=lambda item: (item.start_ms, item.end_ms))


def touching(items: Sequence[Stop | Trip], from_ms: int, to_ms: int) -> list[Stop | Trip]:
    return [item for item in items if item.start_ms < to_ms and item.end_ms >= from_ms]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories().map(within_a_month), st.data())
def test_any_range_lists_what_the_whole_track_has_there(
    telemetry: Telemetry, readings: Readings, data: st.DataObject
) -> None:
    """Wild histories; ranges of a moment, an hour, a day, all; two neighbouring ranges list no more than both together."""
    vehicle = stored(telemetry, readings)
    whole = detect(readings_of(telemetry.load_columns(vehicle, 0, 1 << 41, limit=1_000)), CAR)
    first_ms, last_ms = readings.fixes.times[[0, -1]].tolist()
    moments = st.integers(first_ms - HOUR_MS, last_ms + HOUR_MS)
    lengths = st.sampled_from([1, HOUR_MS, DAY_MS, MONTH_MS])
    for from_ms, length_ms in data.draw(st.lists(st.tuples(moments, lengths), min_size=3, max_size=6)):
        pieces = list(TripReading(telemetry, vehicle, CAR).pieces((from_ms, from_ms + length_ms)))
        assert items_of(pieces) == touching(whole, from_ms, from_ms + length_ms)


@pytest.mark.parametrize("every_s", [10, 60])
def test_a_day_lists_the_same_as_in_its_week(telemetry: Telemetry, every_s: float) -> None:
    """A week of drives over many midnights, read by day, by two days and at once."""
    chance = np.random.default_rng(7)
    parts = []
    for _ in range(60):
        parts += [Drive(chance.uniform(2_000, 30_000), chance.uniform(0, 360)), Park(chance.uniform(200, 20_000))]
    vehicle = stored(telemetry, day(parts, Tracker(every_s=every_s, jitter_m=5)).readings)
    reading = TripReading(telemetry, vehicle, CAR)
    first_ms = START_MS - START_MS % DAY_MS
    week = items_of(list(reading.pieces((first_ms, first_ms + 7 * DAY_MS))))
    assert len(week) > 80
    for days in (1, 2):
        for begin in range(0, 7, days):
            asked = (first_ms + begin * DAY_MS, first_ms + min(7, begin + days) * DAY_MS)
            assert items_of(list(reading.pieces(asked))) == touching(week, *asked)


def test_each_span_that_may_be_seen_is_judged_for_itself(telemetry: Telemetry) -> None:
    """As if the other fixes did not exist."""
    readings = day([Park(900), Drive(9_000), Park(900), Drive(9_000), Park(900)], Tracker(every_s=5)).readings
    vehicle = stored(telemetry, readings)
    spans = [(START_MS + 300_000, START_MS + 1_200_000), (START_MS + 2_000_000, START_MS + 3_000_000)]
    found = items_of(list(TripReading(telemetry, vehicle, CAR, spans).pieces((0, 1 << 41))))
    apart = [detect(readings_of(telemetry.load_columns(vehicle, *span, limit=1_000)), CAR) for span in spans]
    assert found == [*apart[0], *apart[1]]


def test_a_long_rest_is_read_back_to_its_beginning(telemetry: Telemetry) -> None:
    """Parked for three weeks with a fix every ten minutes; an hour in the middle of it is asked for."""
    parts = [Park(900), Drive(9_000), Park(900), Drive(9_000), Park(21 * 86_400), Drive(9_000), Park(900), Drive(9_000)]
    vehicle = stored(telemetry, day(parts, Tracker(every_s=600)).readings)
    whole = detect(readings_of(telemetry.load_columns(vehicle, 0, 1 << 41, limit=10_000)), CAR)
    asked = (START_MS + 10 * DAY_MS, START_MS + 10 * DAY_MS + HOUR_MS)
    (stop,) = items_of(list(TripReading(telemetry, vehicle, CAR).pieces(asked)))
    assert stop in whole and stop.end_ms - stop.start_ms > 20 * DAY_MS


def test_more_fixes_between_two_stops_than_can_be_judged_are_refused(
    telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trip_reading, "MAX_FIXES", 1_000)
    vehicle = stored(telemetry, day([Park(2_000), Drive(900), Park(200)]).readings)
    with pytest.raises(TooManyFixes):
        list(TripReading(telemetry, vehicle, CAR).pieces((START_MS, START_MS + 1)))


def test_pages_of_the_store_are_put_together(telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch) -> None:
    readings = day([Park(300), Drive(3_000), Park(300)]).readings
    vehicle = stored(telemetry, readings)
    (piece,) = TripReading(telemetry, vehicle, CAR).pieces((START_MS, START_MS + HOUR_MS))
    monkeypatch.setattr(trip_reading, "PAGE_ROWS", 7)
    (again,) = TripReading(telemetry, vehicle, CAR).pieces((START_MS, START_MS + HOUR_MS))
    assert again.items == piece.items
    assert np.array_equal(again.journey.fixes.times, readings.fixes.times)
