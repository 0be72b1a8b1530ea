"""When a vehicle is at rest, judged by where it was: every answer depends on the fixes of a few minutes around it only.

Reported speeds are not asked: receivers report 0 at a crawl and 3 m/s in a garage.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, radians
from typing import NamedTuple, Self

import numpy as np

from tracking.domain.geo import DEGREE_M, distances_m, legs_m
from tracking.domain.quality import Bools, Floats, Ints, alone, jumps, longer

SMOOTH_MS = 15_000  # fixes so near in time are averaged: jitter of a second's sampling falls to a fifth
CRAWL_MS = 300_000  # on both sides of a moment is looked for progress
SPARSE_MS = 20_000  # from here on a leg says by itself whether it was driven
MAX_ACCURACY_M = 200.0  # a worse fix cannot tell a stop from the next street


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a kind of vehicle moves and rests.

    `rest_m`: at rest it does not leave a box of this diagonal; wide enough for a phone's jitter.
    `stop_s`: a shorter rest belongs to the trip (a light, a jam).
    `cruise_mps`: how fast it went where nobody saw it.
    `plausible_mps`: what it never exceeds.
    `silence_s`: silence of which so much was not needed for the way is a stop.
    `trip_m`: between two stops it was at least so far away.
    """

    cruise_mps: float
    plausible_mps: float
    rest_m: float = 50.0
    stop_s: int = 120
    silence_s: int = 600
    trip_m: float = 100.0

    @property
    def driven_mps(self) -> float:
        """A sparse leg this fast was driven, also in a town."""
        return self.cruise_mps / 4


MANNERS = {
    "car": Manner(cruise_mps=10, plausible_mps=70),
    "van": Manner(cruise_mps=10, plausible_mps=60),
    "truck": Manner(cruise_mps=9, plausible_mps=45),
    "bus": Manner(cruise_mps=7, plausible_mps=45),
    "bike": Manner(cruise_mps=4, plausible_mps=25),
    "other": Manner(cruise_mps=8, plausible_mps=90),
}


class Fixes(NamedTuple):
    """The columns of a track that place it in time: ms since 1970 UTC, rising; degrees."""

    times: Ints
    lats: Floats
    lons: Floats

    def where(self, chosen: Bools) -> Self:
        return self._replace(times=self.times[chosen], lats=self.lats[chosen], lons=self.lons[chosen])

    def part(self, begin: int, end: int) -> Self:
        return self._replace(times=self.times[begin:end], lats=self.lats[begin:end], lons=self.lons[begin:end])


def believable(fixes: Fixes, manner: Manner, accuracies_m: Floats | None = None) -> Bools:
    """False for fixes of bad accuracy (nan is unknown, and good), for jumps, and for one fix away between two at the same place."""
    chosen = np.ones(len(fixes.times), dtype=np.bool_)
    if accuracies_m is not None:
        chosen = ~(accuracies_m > MAX_ACCURACY_M)
        fixes = fixes.where(chosen)
    strange = jumps(*fixes, from_m=manner.rest_m, plausible_mps=manner.plausible_mps) | _astray(fixes, manner)
    chosen[np.flatnonzero(chosen)[strange]] = False
    return chosen


def _astray(fixes: Fixes, manner: Manner) -> Bools:
    found = np.zeros(len(fixes.times), dtype=np.bool_)
    far_m = np.full(max(0, len(found) - 1), manner.rest_m)
    at, apart_m = alone(fixes.lats, fixes.lons, longer(fixes.lats, fixes.lons, far_m))
    found[at] = apart_m <= manner.rest_m / 2
    return found


def legs_at_rest(fixes: Fixes, manner: Manner) -> Bools:
    """For the leg from each fix to the next: was the vehicle at rest?

    It was when the leg lies in a window of `stop_s` or more in which it stayed in a box of `rest_m`. A rest that wanders
    further than twice that within ten minutes is a crawl, and at rest only where it stayed in half the box.
    """
    if len(fixes.times) < 2:
        return np.zeros(0, dtype=np.bool_)
    smooth = smoothed(fixes, SMOOTH_MS)
    windows = _windows(smooth, manner)
    at_rest = _covered(windows, windows.extents_m <= manner.rest_m)
    crawls = _crawls(smooth, at_rest, manner)
    if crawls.any():
        at_rest &= ~crawls | _covered(windows, windows.extents_m <= manner.rest_m / 2)
    return at_rest | _short_rests(fixes, at_rest, manner)


def smoothed(fixes: Fixes, reach_ms: int) -> Fixes:
    """Each averaged with those up to `reach_ms` away, less at the ends, which stay where they are; longitudes run on across 180°.

    In whole 1e-7 degrees, so that an average is the same in every part of a track.
    """
    times = fixes.times
    reaches_ms = np.minimum(reach_ms, np.minimum(times - times[:1], times[-1:] - times))
    first = np.searchsorted(times, times - reaches_ms, side="left")
    after = np.searchsorted(times, times + reaches_ms, side="right")
    counts = (after - first) * 1e7

    def averages(degrees: Floats) -> Floats:
        sums = np.concatenate(([0], np.cumsum(np.rint(degrees * 1e7).astype(np.int64))))
        means: Floats = (sums[after] - sums[first]) / counts
        return means

    return Fixes(fixes.times, averages(fixes.lats), averages(_unwrapped(fixes.lons)))


def _unwrapped(lons: Floats) -> Floats:
    """Running on across 180°; most tracks do not come there."""
    if not (np.abs(np.diff(lons)) >= 180).any():
        return lons
    unwrapped: Floats = np.unwrap(lons, period=360)
    return unwrapped


class _Windows(NamedTuple):
    """From the fixes `first` to `last`; `extents_m` is the diagonal of the box around them."""

    first: Ints
    last: Ints
    extents_m: Floats
    legs: int


def _windows(smooth: Fixes, manner: Manner) -> _Windows:
    """From each fix to the first one `stop_s` or more after it."""
    count = len(smooth.times)
    ends = np.searchsorted(smooth.times, smooth.times + manner.stop_s * 1000, side="left")
    first = np.flatnonzero(ends < count)
    last = ends[first]
    north = _range_over(smooth.lats, first, last)
    east = _range_over(smooth.lons, first, last) * np.cos(np.radians(smooth.lats[first]))
    return _Windows(first, last, np.hypot(north, east) * DEGREE_M, count - 1)


def _range_over(values: Floats, first: Ints, last: Ints) -> Floats:
    return _over(np.maximum, values, first, last) - _over(np.minimum, values, first, last)


def _over(choose: Callable[[Floats, Floats], Floats], values: Floats, first: Ints, last: Ints) -> Floats:
    """The largest (or smallest) value of each window, by tables of the windows of 1, 2, 4, 8… fixes."""
    answers = np.empty(len(first))
    levels = np.frexp(last - first + 1)[1] - 1
    table, width = values, 1
    for level in range(int(levels.max(initial=0)) + 1):
        asked = np.flatnonzero(levels == level)
        answers[asked] = choose(table[first[asked]], table[last[asked] - width + 1])
        table, width = choose(table[:-width], table[width:]), 2 * width
    return answers


def _covered(windows: _Windows, chosen: Bools) -> Bools:
    """Which legs lie in a chosen window."""
    begins = np.bincount(windows.first[chosen], minlength=windows.legs + 1)
    ends = np.bincount(windows.last[chosen], minlength=windows.legs + 1)
    covered: Bools = np.cumsum(begins - ends)[:-1] > 0
    return covered


def runs(flags: Bools) -> tuple[Ints, Ints]:
    """Where runs of True begin, and where they have ended."""
    edges = np.diff(np.concatenate(([False], flags, [False])).astype(np.int8))
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)


def _crawls(smooth: Fixes, at_rest: Bools, manner: Manner) -> Bools:
    """Which legs at rest belong to a slow progress."""
    found = np.zeros(len(at_rest), dtype=np.bool_)
    begins, ends = runs(at_rest)
    legs = np.flatnonzero(at_rest)
    lengths = ends - begins
    from_ = np.maximum(np.repeat(begins, lengths), np.searchsorted(smooth.times, smooth.times[legs] - CRAWL_MS))
    to = np.minimum(
        np.repeat(ends, lengths), np.searchsorted(smooth.times, smooth.times[legs + 1] + CRAWL_MS, side="right") - 1
    )
    way_m = distances_m(smooth.lats[from_], smooth.lons[from_], smooth.lats[to], smooth.lons[to])
    found[legs] = way_m > 2 * manner.rest_m
    return found


def _short_rests(fixes: Fixes, at_rest: Bools, manner: Manner) -> Bools:
    """Sparse fixes may see less than `stop_s` of a stop that long: the driven legs beside it tell the rest of it."""
    found = np.zeros(len(at_rest), dtype=np.bool_)
    elapsed_ms = np.diff(fixes.times)
    if not (elapsed_ms >= SPARSE_MS).any():
        return found
    ways_m = legs_m(fixes.lats, fixes.lons)
    is_slow = (ways_m <= manner.rest_m) & (ways_m * 2000 < manner.driven_mps * elapsed_ms)
    is_driven = ways_m * 1000 >= manner.driven_mps * elapsed_ms
    begins, ends = runs(is_slow & (elapsed_ms >= SPARSE_MS) & ~at_rest)
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        seen_s = float(fixes.times[end] - fixes.times[begin]) / 1000
        if begin == 0 or end == len(at_rest) or seen_s >= manner.stop_s:
            continue
        if not (is_driven[max(0, begin - 2) : begin].any() and is_driven[end : end + 2].any()):
            continue
        before_s = rested_s(fixes, begin - 1, step=-1, least_mps=manner.cruise_mps / 2)
        after_s = rested_s(fixes, end, step=1, least_mps=manner.cruise_mps / 2)
        found[begin:end] = before_s + seen_s + after_s >= manner.stop_s
    return found


def rested_s(fixes: Fixes, leg: int, *, step: int, least_mps: float) -> float:
    """How long of a leg the vehicle rested, had it driven the way as fast as on the fastest of three legs, or as `least_mps`.

    `step` is 1 to look at the legs that follow, -1 for those before.
    """
    legs = [one for one in range(leg, leg + 3 * step, step) if 0 <= one < len(fixes.times) - 1]
    pace_mps = max(least_mps, *(leg_mps(fixes, one) for one in legs))
    elapsed_s = float(fixes.times[leg + 1] - fixes.times[leg]) / 1000
    return max(0.0, elapsed_s - leg_m(fixes, leg) / pace_mps)


def leg_mps(fixes: Fixes, leg: int) -> float:
    return leg_m(fixes, leg) * 1000 / float(fixes.times[leg + 1] - fixes.times[leg])


def leg_m(fixes: Fixes, leg: int) -> float:
    """On a plane, which is near enough for a leg; across 180° too."""
    north = fixes.lats.item(leg + 1) - fixes.lats.item(leg)
    east = (fixes.lons.item(leg + 1) - fixes.lons.item(leg) + 180) % 360 - 180
    return DEGREE_M * float(np.hypot(north, east * cos(radians(fixes.lats.item(leg)))))
