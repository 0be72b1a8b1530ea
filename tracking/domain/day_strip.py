"""What a vehicle did over a day, coarse enough for a strip beside its name: moving, at rest, or nothing known."""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from tracking.domain.geo import distance_m

SLOT_S = 600
MOVED_M = 50.0  # further than positions of a parked vehicle jump, nearer than a minute's walk
SILENCE_MS = 15 * 60_000  # parked vehicles report as seldom as that; over a longer silence nothing is known
MOVING_MS = 60_000  # so much of a slot makes it a moving one
UNKNOWN, STOPPED, MOVING = "-", "s", "m"


class Placed(NamedTuple):
    """lat and lon in degrees."""

    time_ms: int
    lat: float
    lon: float


def day_strip(fixes: Iterable[Placed], from_ms: int, to_ms: int) -> str:
    """A letter for each slot of from ≤ time < to. `fixes` in time order, about one a minute; those around the day tell of its ends."""
    slot_ms = SLOT_S * 1000
    slots = -(-(to_ms - from_ms) // slot_ms)
    moving_ms, seen_ms = [0] * slots, [0] * slots
    for before, after in pairwise(fixes):
        if after.time_ms - before.time_ms > SILENCE_MS:
            continue
        moved = distance_m(before.lat, before.lon, after.lat, after.lon) >= MOVED_M
        start_ms, end_ms = max(before.time_ms, from_ms), min(after.time_ms, to_ms)
        while start_ms < end_ms:
            slot = (start_ms - from_ms) // slot_ms
            until_ms = min(end_ms, from_ms + (slot + 1) * slot_ms)
            seen_ms[slot] += until_ms - start_ms
            moving_ms[slot] += (until_ms - start_ms) * moved
            start_ms = until_ms
    return "".join(map(_letter, moving_ms, seen_ms))


def _letter(moving_ms: int, seen_ms: int) -> str:
    if moving_ms >= MOVING_MS:
        return MOVING
    return STOPPED if seen_ms else UNKNOWN
