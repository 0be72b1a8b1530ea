"""How far a vehicle drove: spikes do not count, jitter at rest does not add up, and gaps are told."""

import numpy as np

from tracking.domain.geo import DEGREE_M, distances_m
from tracking.domain.quality import Floats, Ints
from tracking.domain.rest import MANNERS, Fixes, Manner, believable, legs_at_rest, runs, smoothed

GAP_MS = 300_000  # a tracker that reports every four minutes has none, one that lost two reports has
SMOOTH_MS = 2_000  # jitter of a second's sampling is halved, and a bend cut by a few metres
REACH_MS = 900_000  # a leg is judged by fixes less far away
REACH_FIXES = 4  # or by so many
STEP_M = 20.0  # shorter steps wait for the next fix, since a receiver's jitter is as long


class Odometer:
    """Counts a track that comes in pages, in time order; the last REACH_MS wait for the page that follows."""

    def __init__(self, manner: Manner = MANNERS["other"]) -> None:
        self._manner = manner
        self._waiting = Fixes(np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
        self._accuracies_m = np.zeros(0)
        self._counted_ms = -1
        self._distance_m = 0.0

    def add(self, fixes: Fixes, accuracies_m: Floats) -> None:
        """A page; nan is an unknown accuracy."""
        self._waiting = Fixes(*(np.concatenate(both) for both in zip(self._waiting, fixes, strict=True)))
        self._accuracies_m = np.concatenate((self._accuracies_m, accuracies_m))
        times = self._waiting.times
        if len(times):
            self._count(until_ms=times.item(-1) - REACH_MS)
            oldest = min(int(np.searchsorted(times, self._counted_ms - REACH_MS)), max(0, len(times) - REACH_FIXES))
            self._waiting = self._waiting.where(np.arange(len(times)) >= oldest)
            self._accuracies_m = self._accuracies_m[oldest:]

    def total_m(self) -> float:
        """Of all pages. Gaps are crossed straight, so it was at least so far."""
        if len(self._waiting.times):
            self._count(until_ms=self._waiting.times.item(-1))
        return self._distance_m

    def _count(self, *, until_ms: int) -> None:
        """Legs that begin before then and were not counted yet."""
        good = self._waiting.where(believable(self._waiting, self._manner, self._accuracies_m))
        begun = good.times[:-1]
        is_new = (begun >= self._counted_ms) & (begun < until_ms)
        begins, ends = runs(~legs_at_rest(good, self._manner) & is_new)
        smooth = smoothed(good, SMOOTH_MS)
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
            self._distance_m += path_m(smooth.lats[begin : end + 1], smooth.lons[begin : end + 1])
        self._counted_ms = max(self._counted_ms, until_ms)


def line_starts(times: Ints, before_ms: int | None = None) -> Ints:
    """Where a drawn line begins anew: the fixes after gaps, and the first unless `before_ms` is near before it."""
    if not len(times):
        return np.zeros(0, dtype=np.int64)
    elapsed_ms = np.diff(times, prepend=times[0] - GAP_MS - 1 if before_ms is None else before_ms)
    return np.flatnonzero(elapsed_ms > GAP_MS)


def path_m(lats: Floats, lons: Floats) -> float:
    """Along smoothed positions, from one to the next that is STEP_M or more away, and to the last."""
    if len(lats) < 2:
        return 0.0
    chosen = _steps(lats, lons)
    return float(distances_m(lats[chosen[:-1]], lons[chosen[:-1]], lats[chosen[1:]], lons[chosen[1:]]).sum())


def _steps(lats: Floats, lons: Floats) -> list[int]:
    """On a plane per step: a few centimetres decide nothing here."""
    least = (STEP_M / DEGREE_M) ** 2
    squeeze = np.cos(np.radians(lats)) ** 2
    east, chosen = lons.tolist(), [0]
    lat, lon = lats.item(0), east[0]
    for index, (next_lat, next_lon, squeezed) in enumerate(zip(lats.tolist(), east, squeeze.tolist(), strict=True)):
        north, away = next_lat - lat, next_lon - lon
        if north * north + away * away * squeezed >= least:
            chosen.append(index)
            lat, lon = next_lat, next_lon
    if chosen[-1] != len(east) - 1:
        chosen.append(len(east) - 1)
    return chosen
