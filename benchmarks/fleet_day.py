"""A made-up day of a fleet: town days of single vehicles, their fixes in the order in which they would arrive."""

from collections.abc import Iterator

import numpy as np

from benchmarks.town_day import DAY_S, START_MS, make_day
from tracking.domain.columns import Columns
from tracking.domain.fix import Fix
from tracking.domain.geo import distances_m
from tracking.domain.hours import HOUR_MS
from tracking.domain.quality import Ints
from tracking.domain.rest import Fixes
from tracking.storage.history import cut, track_rows

FIXES_A_VEHICLE = 50_000  # one each 1.728 s
FIRST = 1  # the vehicle that sends a fix a second, 86,400 in all
BATCH = 5_000  # as many as the product's writer takes at once
HOUR = (START_MS + 12 * HOUR_MS, START_MS + 13 * HOUR_MS)
INSTANT_MS = START_MS + 12 * HOUR_MS + 30 * 60_000
BOX = (11.945, 57.6973, 11.955, 57.7027)
"""600 m wide and high: west, south, east, north."""


def make_fleet(fixes: int) -> dict[int, Columns]:
    """By vehicle, about so many fixes; each vehicle begins another kilometre away, and at another split second."""
    vehicles = max(1, round((fixes - DAY_S) / FIXES_A_VEHICLE) + 1)
    return {vehicle: make_day(seed=1) if vehicle == FIRST else _thinned(vehicle) for vehicle in range(1, vehicles + 1)}


def _thinned(vehicle: int) -> Columns:
    day = make_day(seed=vehicle)
    chosen = (np.arange(FIXES_A_VEHICLE) * (DAY_S / FIXES_A_VEHICLE)).astype(np.int64)
    kept = Columns(*(column[chosen] for column in day))
    aside = np.random.default_rng(vehicle).integers(-1_000_000, 1_000_000, 2)
    return kept._replace(times=kept.times + vehicle * 7 % 1000, lats=kept.lats + aside[0], lons=kept.lons + aside[1])


def count_of(fleet: dict[int, Columns]) -> int:
    return sum(len(track.times) for track in fleet.values())


def batches(fleet: dict[int, Columns], *, from_ms: int = 0, to_ms: int = 1 << 42) -> Iterator[list[Fix]]:
    """The fixes of the range by time, BATCH at once; put in order by the hour, so that a large fleet fits into memory once."""
    first, last = max(from_ms, START_MS), min(to_ms, START_MS + DAY_S * 1000 + 1000)
    for begin_ms in range(first, last, HOUR_MS):
        yield from _batches(fleet, begin_ms, min(begin_ms + HOUR_MS, last))


def _batches(fleet: dict[int, Columns], from_ms: int, to_ms: int) -> Iterator[list[Fix]]:
    parts = [cut(track, from_ms, to_ms) for track in fleet.values()]
    vehicles = np.repeat(list(fleet), [len(part.times) for part in parts])
    columns = Columns.joined(parts)
    order = np.argsort(columns.times, kind="stable")
    for begin in range(0, len(order), BATCH):
        chosen = order[begin : begin + BATCH]
        rows = track_rows(Columns(*(column[chosen] for column in columns)))
        yield [Fix(vehicle, *row) for vehicle, row in zip(vehicles[chosen].tolist(), rows, strict=True)]


def worst_error_m(fixes: Fixes, kept: Ints) -> float:
    """The largest distance of a fix from where the kept ones, by index, place it at its time."""
    lats = np.interp(fixes.times, fixes.times[kept], fixes.lats[kept])
    lons = np.interp(fixes.times, fixes.times[kept], fixes.lons[kept])
    return float(distances_m(fixes.lats, fixes.lons, lats, lons).max())
