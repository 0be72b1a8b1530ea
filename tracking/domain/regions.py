"""Which regions a place lies in, and where a way crosses their borders."""

from collections.abc import Mapping, Sequence
from math import cos, floor, radians
from typing import NamedTuple, TypeAlias

import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon

from tracking.domain.geo import DEGREE_M

Corner: TypeAlias = tuple[float, float]
"""South and west edge of a square, in cells."""
Place: TypeAlias = tuple[float, float]
"""lat, lon."""
Span: TypeAlias = tuple[float, float]
"""A part of a way, from 0 at its begin to 1 at its end."""

NOWHERE: frozenset[int] = frozenset()
CELLS_A_DEGREE = 1024  # 109 m from south to north; a power of two, so that no place is rounded into a neighbour
WIDER = 4  # times: each square than the next smaller one, of which the smallest are quarters of a cell
WIDEST = 1024  # cells
MOST_SQUARES = 50_000  # cells and quarters


class Shape(NamedTuple):
    """Of a region, with its bounds."""

    region: int
    polygon: Polygon | MultiPolygon
    west: float
    south: float
    east: float
    north: float


class Border(NamedTuple):
    """Of a square: the regions in which it lies as a whole, and those of which a border touches it."""

    inside: frozenset[int]
    touching: list[Shape]


Known: TypeAlias = frozenset[int] | Border


class RegionIndex:
    """Polygons prepared for point-in-polygon; a point on the border is outside.

    All places of a square that no border touches lie in the same regions; of each is remembered what that leaves to look at. Most
    cells are told by the wide squares around them, most places in the other cells by the small ones.
    `min_stays_ms`: how long a visit must last to be told, by region; 0 where it is missing.
    """

    def __init__(
        self, polygons: Mapping[int, Polygon | MultiPolygon], min_stays_ms: Mapping[int, int] | None = None
    ) -> None:
        shapely.prepare(list(polygons.values()))
        self._shapes = [Shape(id_, polygon, *polygon.bounds) for id_, polygon in polygons.items()]
        self._sets: dict[frozenset[int], frozenset[int]] = {NOWHERE: NOWHERE}
        self._cells: dict[Corner, Known] = {}
        self._parts: dict[Corner, Known] = {}
        self._squares: dict[tuple[Corner, float], Known] = {}
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
        """In a cell that borders touch."""
        part = floor(lat * CELLS_A_DEGREE * WIDER) / WIDER, floor(lon * CELLS_A_DEGREE * WIDER) / WIDER
        known = self._parts.get(part)
        if known is None:
            known = self._remember(self._parts, part, self._part(border, part, 1 / WIDER))
        if isinstance(known, frozenset):
            return known
        entered = [shape.region for shape in known.touching if shapely.contains_xy(shape.polygon, lon, lat)]
        return self._same(known.inside.union(entered)) if entered else known.inside

    def _same(self, regions: frozenset[int]) -> frozenset[int]:
        return self._sets.setdefault(regions, regions)

    def _learn(self, cell: Corner) -> Known:
        return self._remember(self._cells, cell, self._part(self._square(cell, WIDER), cell, 1))

    def _remember(self, squares: dict[Corner, Known], corner: Corner, known: Known) -> Known:
        if len(self._cells) + len(self._parts) >= MOST_SQUARES:
            self._cells.clear()
            self._parts.clear()
            self._squares.clear()
        squares[corner] = known
        return known

    def _square(self, cell: Corner, cells_wide: float) -> Known:
        """Of the square of that width in which the cell lies."""
        if cells_wide > WIDEST:
            return Border(NOWHERE, self._shapes)
        south, west = cell
        corner = (south - south % cells_wide, west - west % cells_wide)
        known = self._squares.get((corner, cells_wide))
        if known is None:
            known = self._part(self._square(cell, WIDER * cells_wide), corner, cells_wide)
            self._squares[corner, cells_wide] = known
        return known

    def _part(self, around: Known, corner: Corner, cells_wide: float) -> Known:
        """Of a square within another of which that is known."""
        if isinstance(around, frozenset):
            return around
        south, west, north, east = (n / CELLS_A_DEGREE for n in (*corner, *(edge + cells_wide for edge in corner)))
        near = [
            shape
            for shape in around.touching
            if shape.west <= east and west <= shape.east and shape.south <= north and south <= shape.north
        ]
        if not near:
            return around.inside
        area = shapely.box(west, south, east, north)
        inside = {shape.region for shape in near if shapely.contains_properly(shape.polygon, area)}
        touching = [shape for shape in near if shape.region not in inside and not shapely.disjoint(shape.polygon, area)]
        regions = self._same(around.inside | inside)
        return Border(regions, touching) if touching else regions

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
            for id_, _, west, south, east, north in self._shapes
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
