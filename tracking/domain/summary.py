"""What a vehicle did in a span of time: the parts of its trips and stops that lie in it, added up."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from tracking.domain.journey import Journey, Trip
from tracking.domain.quality import Floats
from tracking.domain.trips import Stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Trips and stops count where they start, so that spans add up. Times are None, and the speed is 0, where there was no trip or stop."""

    distance_m: float = 0.0
    moving_s: float = 0.0
    idle_s: float = 0.0
    unseen_s: float = 0.0
    stopped_s: float = 0.0
    max_speed_mps: float = 0.0
    first_start_ms: int | None = None
    last_stop_ms: int | None = None
    trips: int = 0
    stops: int = 0

    def __add__(self, later: "Totals") -> "Totals":
        """Of two spans, the second one later."""
        return Totals(
            distance_m=self.distance_m + later.distance_m,
            moving_s=self.moving_s + later.moving_s,
            idle_s=self.idle_s + later.idle_s,
            unseen_s=self.unseen_s + later.unseen_s,
            stopped_s=self.stopped_s + later.stopped_s,
            max_speed_mps=max(self.max_speed_mps, later.max_speed_mps),
            first_start_ms=later.first_start_ms if self.first_start_ms is None else self.first_start_ms,
            last_stop_ms=self.last_stop_ms if later.last_stop_ms is None else later.last_stop_ms,
            trips=self.trips + later.trips,
            stops=self.stops + later.stops,
        )


def totals(journey: Journey, items: Iterable[Stop | Trip], from_ms: int, to_ms: int) -> Totals:
    """Of the span from ≤ time < to; `items` by time, as found in the journey."""
    whole = Totals()
    for item in items:
        if item.start_ms < to_ms and item.end_ms >= from_ms:
            whole += (
                _stop_totals(item, from_ms, to_ms)
                if isinstance(item, Stop)
                else _trip_totals(journey, item, from_ms, to_ms)
            )
    return whole


def _stop_totals(stop: Stop, from_ms: int, to_ms: int) -> Totals:
    starts = from_ms <= stop.start_ms
    return Totals(
        stopped_s=(min(to_ms, stop.end_ms) - max(from_ms, stop.start_ms)) / 1000,
        last_stop_ms=stop.start_ms if starts else None,
        stops=int(starts),
    )


def _trip_totals(journey: Journey, trip: Trip, from_ms: int, to_ms: int) -> Totals:
    """Where it is cut within a leg, the leg is driven evenly."""
    starts = from_ms <= trip.start_ms
    times = journey.fixes.times
    first = max(0, int(np.searchsorted(times, trip.start_ms, side="right")) - 1)
    last = int(np.searchsorted(times, trip.end_ms, side="left"))
    legs = journey.legs(first, last, start_ms=trip.start_ms, end_ms=trip.end_ms)
    begin_ms, end_ms = max(from_ms, trip.start_ms), min(to_ms, trip.end_ms)

    def part(amounts: Floats) -> float:
        """Of the amounts of the legs, what lies in the span."""
        sums = np.concatenate(([0.0], np.cumsum(amounts)))
        before, until = np.interp([begin_ms, end_ms], legs.knots_ms, sums).tolist()
        return float(until if starts else until - before)

    idle_s, unseen_s = part(legs.seconds(legs.is_idle)), part(legs.seconds(legs.is_unseen))
    way_m = float(legs.ways_m.sum())
    touched = (legs.knots_ms[:-1] < end_ms) & (legs.knots_ms[1:] > begin_ms)
    reported = journey.reported_mps[first : last + 1][(legs.knots_ms >= begin_ms) & (legs.knots_ms <= end_ms)]
    return Totals(
        distance_m=trip.distance_m * part(legs.ways_m) / way_m if way_m else 0.0,
        moving_s=max(0.0, (end_ms - begin_ms) / 1000 - idle_s - unseen_s),
        idle_s=idle_s,
        unseen_s=unseen_s,
        max_speed_mps=float(max(legs.speeds_mps[touched].max(initial=0), reported.max(initial=0))),
        first_start_ms=trip.start_ms if starts else None,
        trips=int(starts),
    )
