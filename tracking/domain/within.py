"""When a vehicle was in a box: exactly while `moment.whereabout` places it there."""

from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np

from tracking.domain.moment import INTERPOLATE_UP_TO_MS
from tracking.domain.quality import Bools, Floats, Ints
from tracking.domain.thinned import Thinned

TINY_MS = 1e-4  # by which rounded degrees may move a crossing
MARGIN_E7 = 20  # more than that moves it
HALF_TURN_E7 = 1_800_000_000


Ends: TypeAlias = tuple[Ints, Ints]
"""Where ways begin, and where they end."""


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
    """From a fix to the next, at `ends`; at `lasts` the vehicle is there no more. Longitudes in degrees east of the box's west."""

    vehicles: Ints
    begins: Ints
    lasts: Ints
    ends: Ints
    lats: Floats
    lat_steps: Floats
    lons: Floats
    lon_steps: Floats


def stretches(bounds: Bounds, fixes: Thinned, *, within_ms: int) -> dict[int, list[tuple[int, int]]]:
    """By vehicle from ≤ time < to of every stay inside, in ms; those that touch are one. Who was never inside is left out.

    `fixes`, each vehicle's in time order, begin with its newest one up to the time asked about and end with the oldest after it. After
    more than `within_ms` of silence a vehicle is nowhere.
    """
    legs = _legs(bounds, fixes, within_ms)
    found = [_inside(bounds, legs, turn) for turn in _turns(bounds, legs)]
    vehicles, begins, ends = (np.concatenate(columns) for columns in zip(*found, strict=True))
    order = np.lexsort((begins, vehicles))
    vehicles, begins, ends = vehicles[order], begins[order], ends[order]
    edges = [*np.flatnonzero(np.diff(vehicles, prepend=-1)).tolist(), len(vehicles)]
    return {vehicles.item(at): _joined(begins[at:to], ends[at:to]) for at, to in pairwise(edges)}


def _turns(bounds: Bounds, legs: _Legs) -> list[float]:
    """How the box has to be seen: a way that begins west of it counts up to 360 and beyond, one that leads west goes below 0."""
    ends = legs.lons + legs.lon_steps
    up, down = ends.max(initial=0) >= 360, ends.min(initial=0) <= bounds.width_deg - 360
    return [0.0, *([-360.0] if up else []), *([360.0] if down else [])]


def _legs(bounds: Bounds, fixes: Thinned, within_ms: int) -> _Legs:
    """Straight ones, and those of a longer silence, in which the vehicle stays at its last fix; only such as may touch the box."""
    by_lat, by_lon = ((column, np.append(column[1:], column[-1:])) for column in (fixes.lats, fixes.lons))
    rows = np.flatnonzero(may_lead_through(bounds, by_lat, by_lon))
    here, there = fixes.chosen(rows), fixes.chosen(np.minimum(rows + 1, len(fixes.vehicles) - 1))
    gone, goes_on = here.times + within_ms + 1, (there.vehicles == here.vehicles) & (there.times > here.times)
    ends = np.where(goes_on, there.times, gone)
    is_straight = goes_on & (ends - here.times <= INTERPOLATE_UP_TO_MS)
    lats, lons = here.lats / 1e7, here.lons / 1e7
    east = (there.lons / 1e7 - lons + 180) % 360 - 180
    return _Legs(
        here.vehicles,
        here.times,
        np.minimum(ends, gone),
        ends,
        lats,
        np.where(is_straight, there.lats / 1e7 - lats, 0.0),
        (lons - bounds.west) % 360,
        np.where(is_straight, east, 0.0),
    )


def may_lead_through(bounds: Bounds, lats: Ends, lons: Ends) -> Bools:
    """Of ways between their ends, in 1e-7 degrees: false only where none of it lies in the box. Few do, and this tells it soonest."""
    is_near = _may_meet(lats, bounds.south, bounds.north)
    if -180 < bounds.west < bounds.east < 180:
        is_over_date_line = np.abs(lons[1] - lons[0]) > HALF_TURN_E7
        is_near &= _may_meet(lons, bounds.west, bounds.east) | is_over_date_line
    return is_near


def _may_meet(ends: Ends, low: float, high: float) -> Bools:
    is_low, is_high = (
        np.minimum(*ends) <= round(high * 1e7) + MARGIN_E7,
        np.maximum(*ends) >= round(low * 1e7) - MARGIN_E7,
    )
    both: Bools = is_low & is_high
    return both


def _inside(bounds: Bounds, legs: _Legs, turn: float) -> tuple[Ints, Ints, Ints]:
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
    return legs.vehicles[hit][is_some], begins[is_some], ends[is_some]


def _parts(begins: Floats, steps: Floats, low: float, high: float) -> tuple[Floats, Floats]:
    """Between which parts of the way a value that begins so and grows by its step is from `low` to `high`; for ever when at rest there."""
    with np.errstate(divide="ignore", invalid="ignore"):
        lows, highs = (low - begins) / steps, (high - begins) / steps
    rests, is_in = steps == 0, (low <= begins) & (begins <= high)
    enters = np.where(rests, np.where(is_in, -np.inf, np.inf), np.minimum(lows, highs))
    exits = np.where(rests, np.where(is_in, np.inf, -np.inf), np.maximum(lows, highs))
    return enters, exits


def _joined(begins: Ints, ends: Ints) -> list[tuple[int, int]]:
    """Of one vehicle, at least one, by their beginning."""
    reached = np.maximum.accumulate(ends)
    firsts = np.flatnonzero(np.append(True, begins[1:] > reached[:-1]))
    lasts = np.append(firsts[1:] - 1, len(begins) - 1)
    return list(zip(begins[firsts].tolist(), reached[lasts].tolist(), strict=True))
