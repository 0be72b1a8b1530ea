"""Which cells a vehicle touched in an hour: tells, without its fixes, when it cannot have been in a box."""

import zlib
from collections.abc import Sequence
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracking.domain.columns import Columns
from tracking.domain.moment import INTERPOLATE_UP_TO_MS
from tracking.domain.packing import DEFLATE_LEVEL
from tracking.domain.quality import Bools, Ints
from tracking.domain.within import Bounds

CELL_E7 = 10_000  # 0.001 degrees: 111 m from south to north
MOST_CELLS = 4_096  # 512 bytes before deflating; a vehicle that came further gets larger cells
TURN_E7 = 3_600_000_000
MARGIN_E7 = 20  # more than a crossing may be rounded by


class Reach(NamedTuple):
    """Borders in 1e-7 degrees; `east` is beyond 180° where the way crosses the date line.

    `cells`: a byte n for cells of 2ⁿ / 1000 degree, then, deflated, a bit a cell of the rectangle, from south to north and in a row
    from west to east, highest bit first: whether the way touches it.
    """

    west: int
    south: int
    east: int
    north: int
    cells: bytes


def reach_of(track: Columns) -> Reach:
    """Of at least one fix, with the next ones before and after the hour where the way goes on from and to them."""
    lats, lons = track.lats, _unwrapped(track.lons)
    bounds = lons.min().item(), lats.min().item(), lons.max().item(), lats.max().item()
    level = _level(*bounds)
    is_way = np.diff(track.times) <= INTERPOLATE_UP_TO_MS
    grid = _grid(*bounds, level)
    for rows, columns in _touched(lats, lons, is_way, CELL_E7 << level):
        grid[rows - bounds[1] // (CELL_E7 << level), columns - bounds[0] // (CELL_E7 << level)] = True
    return Reach(*bounds, _packed(level, grid))


def may_touch(reach: Reach, boxes: Sequence["Box"]) -> bool:
    """False only when no part of the way lies in the box that `boxes_of` gave them for."""
    return any(
        _touches(reach, *box)
        for box in boxes
        if box.west <= reach.east and box.east >= reach.west and box.south <= reach.north and box.north >= reach.south
    )


class Box(NamedTuple):
    """In 1e-7 degrees, with a margin."""

    west: int
    south: int
    east: int
    north: int


def boxes_of(bounds: Bounds) -> list[Box]:
    """As a reach may see it: a turn further west, as it is, a turn further east."""
    south, north = round(bounds.south * 1e7) - MARGIN_E7, round(bounds.north * 1e7) + MARGIN_E7
    west = round(bounds.west * 1e7) - MARGIN_E7
    east = west + round(bounds.width_deg * 1e7) + 2 * MARGIN_E7
    return [Box(west + turn, south, east + turn, north) for turn in (-TURN_E7, 0, TURN_E7)]


def covers(reach: Reach, track: Columns) -> bool:
    """Whether every fix lies in a touched cell."""
    side = CELL_E7 << reach.cells[0]
    bits, lons = _bits(reach), _unwrapped(track.lons)
    lons = lons + -(-(reach.west - lons.min()) // TURN_E7) * TURN_E7
    rows, columns = track.lats // side - reach.south // side, lons // side - reach.west // side
    is_on = (rows >= 0) & (rows < bits.shape[0]) & (columns >= 0) & (columns < bits.shape[1])
    return bool(is_on.all() and bits[rows, columns].all())


def stretched(reach: Reach, lat: int, lon: int) -> Reach:
    """A rectangle, all of it touched, that holds the way and a place it leads to, in 1e-7 degrees."""
    lon += -(-(reach.west - TURN_E7 // 2 - lon) // TURN_E7) * TURN_E7
    bounds = min(reach.west, lon), min(reach.south, lat), max(reach.east, lon), max(reach.north, lat)
    level = _level(*bounds)
    return Reach(*bounds, _packed(level, ~_grid(*bounds, level)))


def _packed(level: int, grid: Bools) -> bytes:
    return bytes([level]) + zlib.compress(np.packbits(grid).tobytes(), DEFLATE_LEVEL)


def _touches(reach: Reach, west: int, south: int, east: int, north: int) -> bool:
    side = CELL_E7 << reach.cells[0]
    bits = _bits(reach)
    first_row, first_column = reach.south // side, reach.west // side
    rows = slice(max(south // side - first_row, 0), max(north // side - first_row + 1, 0))
    columns = slice(max(west // side - first_column, 0), max(east // side - first_column + 1, 0))
    return bool(bits[rows, columns].any())


def _bits(reach: Reach) -> NDArray[np.uint8]:
    """By row and column: 1 where the way may touch the cell."""
    rows, columns = _grid_shape(reach.west, reach.south, reach.east, reach.north, reach.cells[0])
    packed = np.frombuffer(zlib.decompress(reach.cells[1:]), np.uint8)
    return np.unpackbits(packed, count=rows * columns).reshape(rows, columns)


def _unwrapped(lons: Ints) -> Ints:
    """Each step the short way, as between two fixes."""
    steps = (np.diff(lons) + TURN_E7 // 2) % TURN_E7 - TURN_E7 // 2
    turned = lons[0] + np.concatenate(([0], np.cumsum(steps)))
    lowest: Ints = turned - (turned.min() + TURN_E7 // 2) // TURN_E7 * TURN_E7
    return lowest


def _level(west: int, south: int, east: int, north: int) -> int:
    level = 0
    while prod(_grid_shape(west, south, east, north, level)) > MOST_CELLS:
        level += 1
    return level


def _grid_shape(west: int, south: int, east: int, north: int, level: int) -> tuple[int, int]:
    side = CELL_E7 << level
    return north // side - south // side + 1, east // side - west // side + 1


def _grid(west: int, south: int, east: int, north: int, level: int) -> Bools:
    return np.zeros(_grid_shape(west, south, east, north, level), np.bool_)


def _touched(lats: Ints, lons: Ints, is_way: Bools, side: int) -> list[tuple[Ints, Ints]]:
    """Rows and columns of cells: of each short piece of way the rectangle of its ends, four cells at most.

    A way between two places of one cell does not leave it.
    """
    of_fixes = lats // side, lons // side
    (begins,) = np.nonzero(is_way & ((np.diff(of_fixes[0]) != 0) | (np.diff(of_fixes[1]) != 0)))
    north, east = np.diff(lats)[begins], np.diff(lons)[begins]
    pieces = np.maximum(1, -(-np.maximum(np.abs(north), np.abs(east)) // side))
    of_leg = np.repeat(np.arange(len(begins)), pieces)
    place = np.arange(len(of_leg)) - np.repeat(np.cumsum(pieces) - pieces, pieces)

    def cells(starts: Ints, steps: Ints, number: Ints) -> Ints:
        found: Ints = (starts[begins][of_leg] + steps[of_leg] * number // pieces[of_leg]) // side
        return found

    rows = cells(lats, north, place), cells(lats, north, place + 1)
    columns = cells(lons, east, place), cells(lons, east, place + 1)
    return [of_fixes, *((row, column) for row in rows for column in columns)]
