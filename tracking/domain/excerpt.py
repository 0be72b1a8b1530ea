"""Trips and stops of a part of a track, and which of them the whole track would give as well."""

from math import inf
from typing import NamedTuple

from tracking.domain.rest import Manner, believable
from tracking.domain.trips import REACH_MS, REACH_STOPS, Readings, Stop, Trip, detect


class Excerpt(NamedTuple):
    """`is_first`: no fix lies before it, `is_last`: none after it."""

    readings: Readings
    is_first: bool
    is_last: bool


class Judged(NamedTuple):
    """By time. Whatever the whole track has after `from_ms` and before `to_ms` is among the items; infinite where they have no end."""

    items: list[Stop | Trip]
    from_ms: float
    to_ms: float


def judge(excerpt: Excerpt, manner: Manner) -> Judged:
    """A cut spoils what is near it: what lies between two stops far enough from both cuts is as in the whole track.

    `from_ms` is after `to_ms` when there are no such stops.
    """
    items = detect(excerpt.readings, manner)
    first_ms, last_ms = _out_of_reach(excerpt, manner)
    stops = [item for item in items if isinstance(item, Stop)]
    from_ms = min((stop.start_ms for stop in stops if stop.start_ms >= first_ms), default=inf)
    to_ms = max((stop.end_ms for stop in stops if stop.end_ms <= last_ms), default=-inf)
    from_ms, to_ms = -inf if excerpt.is_first else from_ms, inf if excerpt.is_last else to_ms
    return Judged([item for item in items if from_ms <= item.start_ms and item.end_ms <= to_ms], from_ms, to_ms)


def _out_of_reach(excerpt: Excerpt, manner: Manner) -> tuple[float, float]:
    """Between these times no decision asks for a fix that is not there."""
    readings = excerpt.readings
    times = readings.fixes.times[believable(readings.fixes, manner, readings.accuracies_m)]
    if len(times) <= REACH_STOPS:
        return inf, -inf
    return (
        max(times.item(REACH_STOPS), times.item(0) + REACH_MS),
        min(times.item(-1 - REACH_STOPS), times.item(-1) - REACH_MS),
    )
