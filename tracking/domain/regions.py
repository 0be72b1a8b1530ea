"""Which regions a place lies in."""

from collections.abc import Mapping, Sequence
from math import floor
from typing import TypeAlias

import shapely
from shapely.geometry import MultiPolygon, Polygon, box

Cell: TypeAlias = tuple[int, int]

NOWHERE: frozenset[int] = frozenset()
CELLS_A_DEGREE = 1024  # 109 m from south to north; a power of two, so that no place is rounded into a neighbour
MOST_CELLS = 50_000


class RegionIndex:
    """Polygons prepared for point-in-polygon; a point on the border is outside.

    All places of a cell that no border touches lie in the same regions, which are remembered.
    """

    def __init__(self, polygons: Mapping[int, Polygon | MultiPolygon]) -> None:
        shapely.prepare(list(polygons.values()))
        self._regions = [(id_, polygon, *polygon.bounds) for id_, polygon in polygons.items()]
        self._sets: dict[frozenset[int], frozenset[int]] = {NOWHERE: NOWHERE}
        self._cells: dict[Cell, frozenset[int] | None] = {}

    def containing(self, lats: Sequence[float], lons: Sequence[float]) -> list[frozenset[int]]:
        """For each place the ids of the regions it lies in, in the order of the places; equal sets are the same object."""
        return [self._containing_one(lat, lon) for lat, lon in zip(lats, lons, strict=True)]

    def _containing_one(self, lat: float, lon: float) -> frozenset[int]:
        cell = floor(lat * CELLS_A_DEGREE), floor(lon * CELLS_A_DEGREE)
        known = self._cells[cell] if cell in self._cells else self._learn(cell)
        return self._look(lat, lon) if known is None else known

    def _look(self, lat: float, lon: float) -> frozenset[int]:
        return self._same(
            frozenset(
                id_
                for id_, polygon, west, south, east, north in self._regions
                if west <= lon <= east and south <= lat <= north and shapely.contains_xy(polygon, lon, lat)
            )
        )

    def _same(self, regions: frozenset[int]) -> frozenset[int]:
        return self._sets.setdefault(regions, regions)

    def _learn(self, cell: Cell) -> frozenset[int] | None:
        """None for one that a border touches."""
        if len(self._cells) >= MOST_CELLS:
            self._cells.clear()
        found = self._cells[cell] = self._regions_of(cell)
        return found

    def _regions_of(self, cell: Cell) -> frozenset[int] | None:
        (south, west), side = (number / CELLS_A_DEGREE for number in cell), 1 / CELLS_A_DEGREE
        square = box(west, south, west + side, south + side)
        touched = [(id_, polygon) for id_, polygon, *_ in self._regions if not shapely.disjoint(polygon, square)]
        if not all(shapely.contains_properly(polygon, square) for _, polygon in touched):
            return None
        return self._same(frozenset(id_ for id_, _ in touched))
