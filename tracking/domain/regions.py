"""Which regions a place lies in, for whole batches at once."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon

Column: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.float64]]

NOWHERE: frozenset[int] = frozenset()


FEW = 8
"""Places up to which one after the other is faster than all at once."""


class RegionIndex:
    """Polygons prepared for point-in-polygon; a point on the border is outside."""

    def __init__(self, polygons: Mapping[int, Polygon | MultiPolygon]) -> None:
        self._ids = list(polygons)
        self._polygons = list(polygons.values())
        shapely.prepare(self._polygons)
        self._boxes = [polygon.bounds for polygon in self._polygons]
        bounds = np.array(self._boxes, dtype=np.float64).reshape(-1, 4)
        self._west, self._south, self._east, self._north = bounds.T
        self._sets: dict[frozenset[int], frozenset[int]] = {NOWHERE: NOWHERE}
        self._sets_by_bits: dict[bytes, frozenset[int]] = {}

    def containing(self, lats: Sequence[float], lons: Sequence[float]) -> list[frozenset[int]]:
        """For each place the ids of the regions it lies in, in the order of the places; equal sets are the same object."""
        if len(lats) <= FEW or not self._ids:
            return [self._containing_one(lat, lon) for lat, lon in zip(lats, lons, strict=True)]
        return self._containing_many(np.array(lats)[:, None], np.array(lons)[:, None])

    def _containing_one(self, lat: float, lon: float) -> frozenset[int]:
        return self._same(
            frozenset(
                self._ids[i]
                for i, (west, south, east, north) in enumerate(self._boxes)
                if west <= lon <= east and south <= lat <= north and shapely.contains_xy(self._polygons[i], lon, lat)
            )
        )

    def _same(self, regions: frozenset[int]) -> frozenset[int]:
        return self._sets.setdefault(regions, regions)

    def _containing_many(self, y: Column, x: Column) -> list[frozenset[int]]:
        inside = (x >= self._west) & (x <= self._east) & (y >= self._south) & (y <= self._north)
        for column in np.flatnonzero(inside.any(axis=0)):
            rows = np.flatnonzero(inside[:, column])
            inside[rows, column] = shapely.contains_xy(self._polygons[column], x[rows, 0], y[rows, 0])
        return [self._of_bits(bits) for bits in map(bytes, np.packbits(inside, axis=1))]

    def _of_bits(self, packed: bytes) -> frozenset[int]:
        found = self._sets_by_bits.get(packed)
        if found is None:
            bits = np.unpackbits(np.frombuffer(packed, dtype=np.uint8), count=len(self._ids))
            found = self._sets_by_bits[packed] = self._same(frozenset(self._ids[i] for i in np.flatnonzero(bits)))
        return found
