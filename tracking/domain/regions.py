"""Which regions a place lies in, and where a way crosses their borders."""

from collections.abc import Mapping, Sequence
from math import cos, floor, radians
from typing import NamedTuple, TypeAlias

import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon

from tracking.domain.geo import DEGREE_M

Cell: TypeAlias = tuple[int, int]
Place: TypeAlias = tuple[float, float]
"""lat, lon."""
Span: TypeAlias = tuple[float, float]
"""A part of a way, from 0 at its begin to 1 at its end."""

NOWHERE: frozenset[int] = frozenset()
CELLS_A_DEGREE = 1024  # 109 m from south to north; a power of two, so that no place is rounded into a neighbour
MOST_CELLS = 50_000


class Border(NamedTuple):
    """Of a cell: the regions in which it lies as a whole, and those of which a border touches it."""

    inside: frozenset[int]
    touching: list[tuple[int, Polygon | MultiPolygon]]


class RegionIndex:
    """Polygons prepared for point-in-polygon; a point on the border is outside.

    All places of a cell that no border touches lie in the same regions; of each cell is remembered what that leaves to look at.
    `min_stays_ms`: how long a visit must last to be told, by region; 0 where it is missing.
    """

    def __init__(
        self, polygons: Mapping[int, Polygon | MultiPolygon], min_stays_ms: Mapping[int, int] | None = None
    ) -> None:
        shapely.prepare(list(polygons.values()))
        self._regions = [(id_, polygon, *polygon.bounds) for id_, polygon in polygons.items()]
        self._sets: dict[frozenset[int], frozenset[int]] = {NOWHERE: NOWHERE}
        self._cells: dict[Cell, frozenset[int] | Border] = {}
        self._by_id = dict(polygons)
        self._in_metres: dict[int, tuple[float, Polygon | MultiPolygon]] = {}
        self._min_stays_ms = dict(min_stays_ms or {})

    def min_stay_ms(self, region: int) -> int:
        return self._min_stays_ms.get(region, 0)

    def containing(self, lats: Sequence[float], lons: Sequence[float]) -> list[frozenset[int]]:
        """For each place the ids of the regions it lies in, in the order of the places; equal sets are the same object."""
        found = list[frozenset[int]]()
        cells = self._cells
        for lat, lon in zip(lats, lons, strict=True):
            cell = floor(lat * CELLS_A_DEGREE), floor(lon * CELLS_A_DEGREE)
            known = cells.get(cell)
            if known is None:
                known = self._learn(cell)
            found.append(known if type(known) is frozenset else self._look(known, lat, lon))  # type: ignore[arg-type]
        return found

    def _look(self, border: Border, lat: float, lon: float) -> frozenset[int]:
        entered = [id_ for id_, polygon in border.touching if shapely.contains_xy(polygon, lon, lat)]
        return self._same(border.inside.union(entered)) if entered else border.inside

    def _same(self, regions: frozenset[int]) -> frozenset[int]:
        return self._sets.setdefault(regions, regions)

    def _learn(self, cell: Cell) -> frozenset[int] | Border:
        if len(self._cells) >= MOST_CELLS:
            self._cells.clear()
        found = self._cells[cell] = self._regions_of(cell)
        return found

    def _regions_of(self, cell: Cell) -> frozenset[int] | Border:
        south, west, north, east = (number / CELLS_A_DEGREE for number in (*cell, cell[0] + 1, cell[1] + 1))
        near = [
            (id_, polygon)
            for id_, polygon, left, low, right, high in self._regions
            if left <= east and west <= right and low <= north and south <= high
        ]
        if not near:
            return NOWHERE
        square = shapely.box(west, south, east, north)
        touched = [(id_, polygon) for id_, polygon in near if not shapely.disjoint(polygon, square)]
        inside = frozenset(id_ for id_, polygon in touched if shapely.contains_properly(polygon, square))
        touching = [(id_, polygon) for id_, polygon in touched if id_ not in inside]
        return Border(self._same(inside), touching) if touching else self._same(inside)

    def is_near(self, region: int, place: Place, margin_m: float) -> bool:
        """Whether it lies in the region or at most so far from it; False for a region that is no more."""
        if region not in self._by_id:
            return False
        lat, lon = place
        scale, polygon = self._metric(region)
        return bool(shapely.dwithin(polygon, shapely.Point(lon * scale, lat * DEGREE_M), margin_m))

    def _metric(self, region: int) -> tuple[float, Polygon | MultiPolygon]:
        """The polygon in metres, true at its middle latitude, and the metres of a degree of longitude there."""
        found = self._in_metres.get(region)
        if found is None:
            polygon = self._by_id[region]
            _, south, _, north = polygon.bounds
            scale = DEGREE_M * cos(radians((south + north) / 2))
            scaled = shapely.transform(polygon, lambda lon_lat: lon_lat * (scale, DEGREE_M))
            shapely.prepare(scaled)
            found = self._in_metres[region] = (scale, scaled)
        return found

    def crossed(self, a: Place, b: Place, *, besides: frozenset[int]) -> list[int]:
        """The regions, without `besides`, that the straight way from `a` to `b` may touch, by their boxes."""
        (lat_a, lon_a), (lat_b, lon_b) = a, b
        low, high = min(lat_a, lat_b), max(lat_a, lat_b)
        left, right = min(lon_a, lon_b), max(lon_a, lon_b)
        return [
            id_
            for id_, _, west, south, east, north in self._regions
            if west < right and left < east and south < high and low < north and id_ not in besides
        ]

    def spans(self, region: int, a: Place, b: Place) -> list[Span]:
        """The parts of the straight way from `a` to `b` that lie in the region, in order; none for a region that is no more."""
        (lat_a, lon_a), (lat_b, lon_b) = a, b
        if region not in self._by_id:
            return []
        inside = LineString([(lon_a, lat_a), (lon_b, lat_b)]).intersection(self._by_id[region])
        lon_wide, lat_high = lon_b - lon_a, lat_b - lat_a

        def along(lon: float, lat: float) -> float:
            if abs(lon_wide) >= abs(lat_high):
                return (lon - lon_a) / lon_wide
            return (lat - lat_a) / lat_high

        parts = [shapely.get_coordinates(part).tolist() for part in getattr(inside, "geoms", [inside])]
        ends = [sorted((along(*part[0]), along(*part[-1]))) for part in parts if len(part) > 1]
        return _joined(sorted((max(0.0, low), min(1.0, high)) for low, high in ends))


def _joined(spans: list[Span]) -> list[Span]:
    """Parts that touch are one."""
    joined: list[Span] = []
    for low, high in spans:
        if joined and low <= joined[-1][1] + 1e-12:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return joined
