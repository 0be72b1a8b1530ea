"""What a vehicle did over a day, coarse enough for a strip beside its name: moving, at rest, or nothing known."""

import numpy as np

from tracking.domain.geo import legs_m
from tracking.domain.quality import Floats, Ints
from tracking.domain.thinned import Thinned

SLOT_S = 600
MOVED_M = 50.0  # further than positions of a parked vehicle jump, nearer than a minute's walk
SILENCE_MS = 15 * 60_000  # parked vehicles report as seldom as that; over a longer silence nothing is known
MOVING_MS = 60_000  # so much of a slot makes it a moving one
UNKNOWN, STOPPED, MOVING = "-", "s", "m"


def day_strip(track: Thinned, from_ms: int, to_ms: int) -> str:
    """A letter for each slot of from ≤ time < to. `track`: of one vehicle, about a fix a minute; those around the day tell of its ends."""
    slot_ms = SLOT_S * 1000
    edges = np.minimum(np.arange(from_ms, to_ms + slot_ms, slot_ms), to_ms)
    if not len(track.times):
        return UNKNOWN * (len(edges) - 1)
    known_ms = np.diff(track.times)
    known_ms[known_ms > SILENCE_MS] = 0
    moved = legs_m(track.lats / 1e7, track.lons / 1e7) >= MOVED_M
    seen_ms, moving_ms = (_within_slots(track.times, spent_ms, edges) for spent_ms in (known_ms, known_ms * moved))
    letters = np.where(moving_ms >= MOVING_MS, MOVING, np.where(seen_ms > 0, STOPPED, UNKNOWN))
    return "".join(letters.tolist())


def _within_slots(times: Ints, spent_ms: Ints, edges: Ints) -> Floats:
    """How much of what was spent between each two fixes lies in each slot: all of their time or none."""
    return np.diff(np.interp(edges, times, np.concatenate(([0], np.cumsum(spent_ms)))))
