"""How far a vehicle drove: spikes do not count, jitter at rest does not add up, and gaps are told."""

from typing import NamedTuple

import numpy as np

from tracking.domain.geo import DEGREE_M, distances_m
from tracking.domain.quality import Floats
from tracking.domain.rest import MANNERS, Fixes, Manner, believable, legs_at_rest, runs, smoothed

GAP_MS = 300_000  # a tracker that reports every four minutes has none, one that lost two reports has
SMOOTH_MS = 2_000  # jitter of a second's sampling is halved, and a bend cut by a few metres
STEP_M = 20.0  # shorter steps wait for the next fix, since a receiver's jitter is as long


class Way(NamedTuple):
    """`distance_m` crosses gaps straight, so it was at least so far; `gaps` pairs the times (ms) between which nothing is known."""

    distance_m: float
    gaps: list[tuple[int, int]]


def measure(fixes: Fixes, manner: Manner = MANNERS["other"], *, accuracies_m: Floats | None = None) -> Way:
    """Of a whole track."""
    good = fixes.where(believable(fixes, manner, accuracies_m))
    begins, ends = runs(~legs_at_rest(good, manner))
    smooth = smoothed(good, SMOOTH_MS)
    driven_m = sum(
        path_m(smooth.lats[begin : end + 1], smooth.lons[begin : end + 1])
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)
    )
    return Way(driven_m, gaps(fixes))


def gaps(fixes: Fixes) -> list[tuple[int, int]]:
    """Silences longer than GAP_MS, of a parked vehicle too."""
    (before,) = np.nonzero(np.diff(fixes.times) > GAP_MS)
    return list(zip(fixes.times[before].tolist(), fixes.times[before + 1].tolist(), strict=True))


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
