"""When a vehicle was in a box: exactly while `moment.whereabout` places it there."""

from typing import NamedTuple

import numpy as np

from tracking.domain.moment import INTERPOLATE_UP_TO_MS
from tracking.domain.quality import Floats, Ints
from tracking.domain.rest import Fixes

TINY_MS = 1e-4  # by which rounded degrees may move a crossing


class Bounds(NamedTuple):
    """Degrees, borders included. West of `east` over the date line when `west` is larger."""

    west: float
    south: float
    east: float
    north: float

    @property
    def width_deg(self) -> float:
        """From west to east."""
        wide = self.east - self.west
        return wide if wide >= 0 else wide + 360


class _Legs(NamedTuple):
    """From each fix to the next, at `ends`; at `lasts` the vehicle is there no more. Longitudes in degrees east of the box's west."""

    begins: Ints
    lasts: Ints
    ends: Ints
    lats: Floats
    lat_steps: Floats
    lons: Floats
    lon_steps: Floats


def stretches(bounds: Bounds, fixes: Fixes, *, within_ms: int) -> list[tuple[int, int]]:
    """From ≤ time < to of every stay inside, in ms; those that touch are one.

    `fixes`, in time order, begin with the newest one up to the time asked about and end with the oldest after it. After more than
    `within_ms` of silence a vehicle is nowhere.
    """
    legs = _legs(bounds, fixes, within_ms)
    found = [_inside(bounds, legs, turn) for turn in _turns(bounds, legs)]
    begins, ends = np.concatenate([begin for begin, _ in found]), np.concatenate([end for _, end in found])
    order = np.argsort(begins, kind="stable")
    return _joined(begins[order], ends[order])


def _turns(bounds: Bounds, legs: _Legs) -> list[float]:
    """How the box has to be seen: a way that begins west of it counts up to 360 and beyond, one that leads west goes below 0."""
    ends = legs.lons + legs.lon_steps
    up, down = ends.max(initial=0) >= 360, ends.min(initial=0) <= bounds.width_deg - 360
    return [0.0, *([-360.0] if up else []), *([360.0] if down else [])]


def _legs(bounds: Bounds, fixes: Fixes, within_ms: int) -> _Legs:
    """Straight ones, and those of a longer silence, in which the vehicle stays at its last fix."""
    times = fixes.times
    ends = np.append(times[1:], times[-1:] + within_ms + 1)
    is_straight = ends - times <= INTERPOLATE_UP_TO_MS
    east = (np.diff(fixes.lons, append=fixes.lons[-1:]) + 180) % 360 - 180
    north = np.diff(fixes.lats, append=fixes.lats[-1:])
    return _Legs(
        times,
        np.minimum(ends, times + within_ms + 1),
        ends,
        fixes.lats,
        np.where(is_straight, north, 0.0),
        (fixes.lons - bounds.west) % 360,
        np.where(is_straight, east, 0.0),
    )


def _inside(bounds: Bounds, legs: _Legs, turn: float) -> tuple[Ints, Ints]:
    """The part of each leg between the borders, the box seen so many degrees further west."""
    by_lat = _parts(legs.lats, legs.lat_steps, bounds.south, bounds.north)
    by_lon = _parts(legs.lons + turn, legs.lon_steps, 0.0, bounds.width_deg)
    enters, exits = np.maximum(by_lat[0], by_lon[0]), np.minimum(by_lat[1], by_lon[1])
    (hit,) = np.nonzero((enters <= exits) & (enters <= 1) & (exits >= 0))
    spans = legs.ends[hit] - legs.begins[hit]
    begins = legs.begins[hit] + np.ceil(np.clip(enters[hit], 0, 1) * spans - TINY_MS).astype(np.int64)
    ends = legs.begins[hit] + np.floor(np.clip(exits[hit], 0, 1) * spans + TINY_MS).astype(np.int64) + 1
    ends = np.minimum(ends, legs.lasts[hit])
    is_some = begins < ends
    return begins[is_some], ends[is_some]


def _parts(begins: Floats, steps: Floats, low: float, high: float) -> tuple[Floats, Floats]:
    """Between which parts of the way a value that begins so and grows by its step is from `low` to `high`; for ever when at rest there."""
    with np.errstate(divide="ignore", invalid="ignore"):
        lows, highs = (low - begins) / steps, (high - begins) / steps
    rests, is_in = steps == 0, (low <= begins) & (begins <= high)
    enters = np.where(rests, np.where(is_in, -np.inf, np.inf), np.minimum(lows, highs))
    exits = np.where(rests, np.where(is_in, np.inf, -np.inf), np.maximum(lows, highs))
    return enters, exits


def _joined(begins: Ints, ends: Ints) -> list[tuple[int, int]]:
    if not len(begins):
        return []
    reached = np.maximum.accumulate(ends)
    firsts = np.flatnonzero(np.append(True, begins[1:] > reached[:-1]))
    lasts = np.append(firsts[1:] - 1, len(begins) - 1)
    return list(zip(begins[firsts].tolist(), reached[lasts].tolist(), strict=True))
