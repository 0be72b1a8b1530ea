"""The believable fixes of a track, and what each trip makes of the legs between two of them."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tracking.domain.distance import SMOOTH_MS, path_m
from tracking.domain.geo import distances_m, legs_m
from tracking.domain.quality import Bools, Floats, Ints
from tracking.domain.rest import Fixes, Manner, believable, smoothed
from tracking.domain.stops import Place

IDLE_MPS = 1.0
SPEED_SPAN_MS = 7_000  # speeds are measured from so long before a leg to so long after it: jitter of 5 m is 0.5 m/s
DENSE_SPAN_S = 30.0  # over a longer span the measured speed is a mean, and says nothing against a higher one
REPORTED_OVER = 1.3  # a reported speed may be so many times the measured one, and 3 m/s more
REPORTED_OVER_MPS = 3.0


class Readings(NamedTuple):
    """The columns of a track that trips are made of; nan is unknown."""

    fixes: Fixes
    speeds_mps: Floats
    accuracies_m: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """`moving_s`, `idle_s` and `unseen_s` (in gaps) make up its time. `is_open`: it goes on as far as is known."""

    start_ms: int
    end_ms: int
    start: Place
    end: Place
    distance_m: float
    moving_s: float
    idle_s: float
    unseen_s: float
    max_speed_mps: float
    is_open: bool = False


class Legs(NamedTuple):
    """Of a trip. `knots_ms`: when each began, and the last one ended; `ways_m` in smoothed positions."""

    knots_ms: Ints
    ways_m: Floats
    speeds_mps: Floats
    is_idle: Bools
    is_unseen: Bools

    def seconds(self, chosen: Bools) -> Floats:
        """How long each leg took; 0 where it is not chosen."""
        return np.where(chosen, np.diff(self.knots_ms) / 1000, 0.0)


class Journey:
    """The believable fixes of a track, with what trips need of them."""

    def __init__(self, readings: Readings, manner: Manner) -> None:
        good = believable(readings.fixes, manner, readings.accuracies_m)
        self.fixes = readings.fixes.where(good)
        self.smooth = smoothed(self.fixes, SMOOTH_MS)
        self.manner = manner
        self._measure(readings.speeds_mps[good])

    def _measure(self, reported_mps: Floats) -> None:
        fixes, times = self.fixes, self.fixes.times
        first = np.searchsorted(times, times[:-1] - SPEED_SPAN_MS, side="left")
        last = np.searchsorted(times, times[1:] + SPEED_SPAN_MS, side="right") - 1
        ways_m = distances_m(fixes.lats[first], fixes.lons[first], fixes.lats[last], fixes.lons[last])
        spans_s = (times[last] - times[first]) / 1000
        self.leg_speeds_mps: Floats = ways_m / spans_s
        allowed_mps = np.where(
            spans_s <= DENSE_SPAN_S, REPORTED_OVER * self.leg_speeds_mps + REPORTED_OVER_MPS, self.manner.plausible_mps
        )
        after, before = np.append(allowed_mps, 0), np.append(0, allowed_mps)
        is_good = reported_mps <= np.maximum(after, before)
        self.reported_mps: Floats = np.where(is_good, reported_mps, 0)

    def trip(self, first: int, last: int, *, start_ms: int, end_ms: int, is_open: bool) -> Trip:
        """From the last fix of a stop to the first of the next."""
        fixes = self.fixes
        legs = self.legs(first, last, start_ms=start_ms, end_ms=end_ms)
        lats, lons = fixes.lats[first : last + 1], fixes.lons[first : last + 1]
        unseen_s, idle_s = (float(legs.seconds(chosen).sum()) for chosen in (legs.is_unseen, legs.is_idle))
        return Trip(
            start_ms=start_ms,
            end_ms=end_ms,
            start=(lats.item(0), lons.item(0)),
            end=(lats.item(-1), lons.item(-1)),
            distance_m=path_m(self.smooth.lats[first : last + 1], self.smooth.lons[first : last + 1]),
            moving_s=max(0.0, (end_ms - start_ms) / 1000 - idle_s - unseen_s),
            idle_s=idle_s,
            unseen_s=unseen_s,
            max_speed_mps=max(float(legs.speeds_mps.max()), float(self.reported_mps[first : last + 1].max())),
            is_open=is_open,
        )

    def legs(self, first: int, last: int, *, start_ms: int, end_ms: int) -> Legs:
        """Between two fixes; the time outside of the trip is left out."""
        fixes = slice(first, last + 1)
        knots_ms = np.clip(self.fixes.times[fixes], start_ms, end_ms)
        speeds_mps = self.leg_speeds_mps[first:last]
        is_unseen = np.diff(knots_ms) > self.manner.silence_s * 1000
        is_idle = (speeds_mps < IDLE_MPS) & ~is_unseen
        is_idle[[0, -1]] = False  # partly spent at the stop
        ways_m = legs_m(self.smooth.lats[fixes], self.smooth.lons[fixes])
        return Legs(knots_ms, ways_m, speeds_mps, is_idle, is_unseen)
