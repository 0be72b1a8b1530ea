"""Where vehicles were at an instant, from the fixes on both sides of it."""

from typing import NamedTuple

import numpy as np

from tracking.domain.columns import OneEach
from tracking.domain.quality import Bools, Ints

INTERPOLATE_UP_TO_MS = 300_000  # in a longer silence the vehicle may have stood anywhere on the way
TURN_E7 = 3_600_000_000


class Whereabouts(NamedTuple):
    """In 1e-7 degrees, of each vehicle of the fixes before; `are_between`: on the way to the next one."""

    lats: Ints
    lons: Ints
    are_between: Bools


def whereabouts(time_ms: int, before: OneEach, after: OneEach) -> Whereabouts:
    """`before` at or before the instant, `after` the next ones of those that have one; straight and at even speed between them.

    `after` is in order of vehicles.
    """
    nexts = after.of_vehicles(before.vehicles)
    spans = nexts.times - before.times
    is_straight = (nexts.vehicles == before.vehicles) & (spans <= INTERPOLATE_UP_TO_MS)
    parts = np.where(is_straight, (time_ms - before.times) / np.maximum(spans, 1), 0.0)
    lats = before.lats + np.rint(parts * (nexts.lats - before.lats)).astype(np.int64)
    east = _turned(nexts.lons - before.lons)  # the short way, also over the date line
    lons = _turned(before.lons + np.rint(parts * east).astype(np.int64))
    return Whereabouts(lats, np.where(is_straight, lons, before.lons), parts > 0)


def _turned(lons: Ints) -> Ints:
    turned: Ints = (lons + TURN_E7 // 2) % TURN_E7 - TURN_E7 // 2
    return turned
