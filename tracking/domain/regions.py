"""Which regions a place lies in, for whole batches at once."""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon

NOWHERE: frozenset[int] = frozenset()


class RegionIndex:
    """Polygons prepared for point-in-polygon; a point on the border is outside."""

    def __init__(self, polygons: Mapping[int, Polygon | MultiPolygon]) -> None:
        self._ids = list(polygons)
        self._polygons = list(polygons.values())
        shapely.prepare(self._polygons)
        bounds = np.array([polygon.bounds for polygon in self._polygons], dtype=np.float64).reshape(-1, 4)
        self._west, self._south, self._east, self._north = bounds.T
        self._sets: dict[bytes, frozenset[int]] = {}

    def containing(self, lats: Sequence[float], lons: Sequence[float]) -> list[frozenset[int]]:
        """For each place the ids of the regions it lies in, in the order of the places."""
        if not self._ids:
            return [NOWHERE] * len(lats)
        y = np.array(lats)[:, None]
        x = np.array(lons)[:, None]
        inside = (x >= self._west) & (x <= self._east) & (y >= self._south) & (y <= self._north)
        for column in np.flatnonzero(inside.any(axis=0)):
            rows = np.flatnonzero(inside[:, column])
            inside[rows, column] = shapely.contains_xy(self._polygons[column], x[rows, 0], y[rows, 0])
        packed = np.packbits(inside, axis=1)
        return [self._set(key) for key in map(bytes, packed)]

    def _set(self, key: bytes) -> frozenset[int]:
        found = self._sets.get(key)
        if found is None:
            bits = np.unpackbits(np.frombuffer(key, dtype=np.uint8), count=len(self._ids))
            found = self._sets[key] = frozenset(self._ids[i] for i in np.flatnonzero(bits))
        return found
