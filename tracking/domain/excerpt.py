"""Trips and stops of a part of a track, and which of them the whole track would give as well."""

from math import inf
from typing import NamedTuple

from tracking.domain.journey import Journey, Readings, Trip
from tracking.domain.rest import Manner
from tracking.domain.trips import REACH_MS, REACH_STOPS, Stop, items_of


class Excerpt(NamedTuple):
    """`is_first`: no fix lies before it, `is_last`: none after it."""

    readings: Readings
    is_first: bool
    is_last: bool


class Judged(NamedTuple):
    """`items` by time, found in `journey`.

    Whatever the whole track has after `from_ms` and before `to_ms` is among them; infinite where that has no end.
    """

    journey: Journey
    items: list[Stop | Trip]
    from_ms: float
    to_ms: float


def judge(excerpt: Excerpt, manner: Manner) -> Judged:
    """A cut spoils what is near it: what lies between two stops far enough from both cuts is as in the whole track.

    `from_ms` is after `to_ms` when there are no such stops.
    """
    journey = Journey(excerpt.readings, manner)
    items = items_of(journey)
    first_ms, last_ms = _out_of_reach(journey)
    stops = [item for item in items if isinstance(item, Stop)]
    from_ms = min((stop.start_ms for stop in stops if stop.start_ms >= first_ms), default=inf)
    to_ms = max((stop.end_ms for stop in stops if stop.end_ms <= last_ms), default=-inf)
    from_ms, to_ms = -inf if excerpt.is_first else from_ms, inf if excerpt.is_last else to_ms
    return Judged(
        journey, [item for item in items if from_ms <= item.start_ms and item.end_ms <= to_ms], from_ms, to_ms
    )


def _out_of_reach(journey: Journey) -> tuple[float, float]:
    """Between these times no decision asks for a fix that is not there."""
    times = journey.fixes.times
    if len(times) <= REACH_STOPS:
        return inf, -inf
    return (
        max(times.item(REACH_STOPS), times.item(0) + REACH_MS),
        min(times.item(-1 - REACH_STOPS), times.item(-1) - REACH_MS),
    )
