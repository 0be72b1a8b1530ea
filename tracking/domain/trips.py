"""Trips and stops of a vehicle: a pure function of its fixes.

A stop is a rest of `stop_s` or more (see `stops`); trips lie between stops. Every decision looks at the fixes of some minutes
around it, so a part of the track gives, away from its ends, what the whole track gives (see `excerpt`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracking.domain.journey import Journey, Readings, Trip
from tracking.domain.rest import Manner
from tracking.domain.stops import Rest, find_stops

REACH_MS = 900_000  # twice the longest time over which a fix decides about another
REACH_STOPS = 4  # and it decides about others over fewer fixes; every stop has one of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """`is_open`: it lasts as far as is known."""

    start_ms: int
    end_ms: int
    lat: float
    lon: float
    is_open: bool = False


def item_id(vehicle: int, item: Stop | Trip) -> str:
    """The same as long as it starts at the same moment."""
    return f"{'stop' if isinstance(item, Stop) else 'trip'}-{vehicle}-{item.start_ms}"


def detect(readings: Readings, manner: Manner) -> list[Stop | Trip]:
    """By time, without holes between the first and the last fix."""
    return items_of(Journey(readings, manner))


def items_of(journey: Journey) -> list[Stop | Trip]:
    """As `detect`."""
    if len(journey.fixes.times) < 2:
        return []
    return list(_items(journey, find_stops(journey.fixes, journey.manner)))


def _items(journey: Journey, stops: Sequence[Rest]) -> Iterator[Stop | Trip]:
    times = journey.fixes.times
    newest = len(times) - 1
    if not stops:
        trip = journey.trip(0, newest, start_ms=times.item(0), end_ms=times.item(-1), is_open=True)
        if trip.distance_m > 0:
            yield trip
        return
    first, last = stops[0], stops[-1]
    if first.first > 0:
        yield journey.trip(0, first.first, start_ms=times.item(0), end_ms=first.start_ms, is_open=False)
    for stop, following in zip(stops, [*stops[1:], None], strict=True):
        yield _stop(stop, is_open=stop.last == newest)
        if following is not None and stop.end_ms < following.start_ms:
            yield journey.trip(
                stop.last, following.first, start_ms=stop.end_ms, end_ms=following.start_ms, is_open=False
            )
    if last.last < newest:
        yield journey.trip(last.last, newest, start_ms=last.end_ms, end_ms=times.item(-1), is_open=True)


def _stop(rest: Rest, *, is_open: bool) -> Stop:
    lat, lon = rest.came
    return Stop(start_ms=rest.start_ms, end_ms=rest.end_ms, lat=lat, lon=lon, is_open=is_open)
