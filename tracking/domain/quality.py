"""How far fixes can be believed, judged by their neighbours."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tracking.domain.geo import legs_m

Bools: TypeAlias = NDArray[np.bool_]
Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

JUMP_MPS = 90.0  # 324 km/h: faster than any vehicle on roads, and than most trains
JUMP_FROM_M = 100.0  # a shorter step is a receiver's noise, however short its time


def jumps(
    times: Ints, lats: Floats, lons: Floats, *, from_m: float = JUMP_FROM_M, plausible_mps: float = JUMP_MPS
) -> Bools:
    """True for a jump there and back: neither neighbour bears the fix out, and they agree with each other.

    `times` in ms, rising. The first and the last fix are none, since a neighbour is missing.
    """
    found = np.zeros(len(times), dtype=np.bool_)
    if len(times) < 3:
        return found
    is_far = legs_m(lats, lons) > np.maximum(from_m, plausible_mps * np.diff(times) / 1000)
    is_near = legs_m(lats, lons, step=2) <= np.maximum(from_m, plausible_mps * (times[2:] - times[:-2]) / 1000)
    found[1:-1] = is_far[:-1] & is_far[1:] & is_near
    return found
