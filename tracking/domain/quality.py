"""How far fixes can be believed, judged by their neighbours; a flag never deletes one."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tracking.domain.fix import Fix
from tracking.domain.geo import DEGREE_M, distance_m, distances_m

Bools: TypeAlias = NDArray[np.bool_]
Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

JUMP_MPS = 90.0  # 324 km/h: faster than any vehicle on roads, and than most trains
JUMP_FROM_M = 100.0  # a shorter step is a receiver's noise, however short its time
POOR_ACCURACY_M = 100.0  # wider than a street with its houses
ROUGHLY = 0.999  # a sum of degrees is never shorter than the way, but for rounding
CLOCK_AHEAD_S = 5.0  # more than a network's delay and a clock set by it differ


def jumps(
    times: Ints, lats: Floats, lons: Floats, *, from_m: float = JUMP_FROM_M, plausible_mps: float = JUMP_MPS
) -> Bools:
    """True for a jump there and back: neither neighbour bears the fix out, and they agree with each other.

    `times` in ms, rising. The first and the last fix are none, since a neighbour is missing.
    """
    found = np.zeros(len(times), dtype=np.bool_)
    far_m = np.maximum(from_m, plausible_mps * np.diff(times) / 1000)
    at, apart_m = alone(lats, lons, longer(lats, lons, far_m))
    found[at] = apart_m <= np.maximum(from_m, plausible_mps * (times[at + 1] - times[at - 1]) / 1000)
    return found


def longer(lats: Floats, lons: Floats, than_m: Floats) -> Bools:
    """Which legs are longer, each than its own; what is surely shorter is not measured."""
    found = (np.abs(np.diff(lats)) + np.abs(np.diff(lons))) * DEGREE_M > ROUGHLY * than_m
    at = np.flatnonzero(found)
    found[at] = distances_m(lats[at], lons[at], lats[at + 1], lons[at + 1]) > than_m[at]
    return found


def alone(lats: Floats, lons: Floats, is_far: Bools) -> tuple[Ints, Floats]:
    """Which fixes have far legs on both sides, and how far apart their neighbours are, in m. `is_far` is of the leg after each fix."""
    at = np.flatnonzero(is_far[:-1] & is_far[1:]) + 1
    return at, distances_m(lats[at - 1], lons[at - 1], lats[at + 1], lons[at + 1])


class Flag(StrEnum):
    """What is doubtful about a fix; each value is part of the public API."""

    JUMP = "jump"
    POOR_ACCURACY = "poor_accuracy"
    CLOCK_AHEAD = "clock_ahead"


def is_within(a: Fix, b: Fix, reach_m: float) -> bool:
    """True for a step that is surely shorter; cheap, and exact for nothing."""
    return (abs(a.lat - b.lat) + abs(a.lon - b.lon)) * DEGREE_M < reach_m


def is_jump(a: Fix, b: Fix) -> bool:
    """Whether no vehicle makes the way from `a` to the later `b` in its time."""
    if is_within(a, b, JUMP_FROM_M):
        return False
    way_m = distance_m(a.lat, a.lon, b.lat, b.lon)
    return way_m > JUMP_FROM_M and way_m * 1000 > JUMP_MPS * (b.fix_time_ms - a.fix_time_ms)


def is_spike(before: Fix, fix: Fix, after: Fix) -> bool:
    """A jump there and a jump back: neither neighbour bears it out, and they agree with each other."""
    return is_jump(before, fix) and is_jump(fix, after) and not is_jump(before, after)


def spikes(fixes: Sequence[Fix]) -> list[bool]:
    """For each of a vehicle's fixes in time order; the first and the last are none, since a neighbour is missing."""
    jumps = [is_jump(a, b) for a, b in pairwise(fixes)]
    inner = [jumps[i - 1] and jumps[i] and not is_jump(fixes[i - 1], fixes[i + 1]) for i in range(1, len(fixes) - 1)]
    return [False, *inner, False][: len(fixes)]


def flags(fixes: Sequence[Fix]) -> Iterator[tuple[Fix, Flag]]:
    """What is doubtful in a track by itself."""
    for fix, spike in zip(fixes, spikes(fixes), strict=True):
        if spike:
            yield fix, Flag.JUMP
        if fix.accuracy_m is not None and fix.accuracy_m > POOR_ACCURACY_M:
            yield fix, Flag.POOR_ACCURACY
