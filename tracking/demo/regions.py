"""Regions of Gothenburg for the demo, drawn by hand along the river and the big roads, roughly right.

Neighbours share their borders point by point; together they cover the demo streets. The environmental zone lies across others.
"""

from math import dist
from typing import Any, NamedTuple, TypeAlias

Line: TypeAlias = tuple[tuple[float, float], ...]
"""lon, lat, as polygons are written"""


class DemoRegion(NamedTuple):
    slug: str
    name: str
    colour: str
    ring: Line

    def polygon(self) -> dict[str, Any]:
        """As GeoJSON."""
        return {"type": "Polygon", "coordinates": [[list(place) for place in (*self.ring, self.ring[0])]]}


NORTH_WEST, NORTH_EAST = (11.855, 57.765), (12.105, 57.765)
SOUTH_WEST, SOUTH_EAST = (11.855, 57.640), (12.105, 57.640)

# The river from its mouth in the west to Lärje in the north-east.
RIVER_MOUTH: Line = ((11.855, 57.684), (11.880, 57.687), (11.901, 57.6905), (11.925, 57.697))
RIVER_HARBOUR: Line = ((11.925, 57.697), (11.945, 57.7035))
RIVER_MASTHUGGET: Line = ((11.945, 57.7035), (11.953, 57.706))
RIVER_CENTRE: Line = ((11.953, 57.706), (11.962, 57.709), (11.970, 57.7135), (11.983, 57.719))
RIVER_NORTH: Line = (
    (11.983, 57.719), (11.992, 57.7255), (11.995, 57.738), (12.003, 57.750), (12.010, 57.765),
)  # fmt: skip

HISINGEN_MIDDLE: Line = ((11.945, 57.7035), (11.940, 57.722), (11.945, 57.740), (11.943, 57.765))
MAJORNA_FROLUNDA: Line = ((11.855, 57.671), (11.885, 57.673), (11.912, 57.676), (11.935, 57.678))
MAJORNA_HAGA: Line = ((11.925, 57.697), (11.931, 57.692), (11.938, 57.686), (11.935, 57.678))
HAGA_FROLUNDA: Line = ((11.935, 57.678), (11.956, 57.672))
HAGA_CENTRUM: Line = ((11.953, 57.706), (11.957, 57.7015), (11.962, 57.698), (11.962, 57.690), (11.967, 57.682))
HAGA_MOLNDAL: Line = ((11.967, 57.682), (11.956, 57.672))
FROLUNDA_MOLNDAL: Line = ((11.956, 57.672), (11.960, 57.660), (11.958, 57.640))
CENTRUM_MOLNDAL: Line = ((11.967, 57.682), (11.985, 57.680), (11.990, 57.686))
CENTRUM_ORGRYTE: Line = ((11.990, 57.686), (11.994, 57.693), (11.996, 57.700), (11.9925, 57.708), (11.992, 57.712))
CENTRUM_GAMLESTADEN: Line = ((11.983, 57.719), (11.992, 57.712))
GAMLESTADEN_ORGRYTE: Line = (
    (11.992, 57.712), (12.010, 57.714), (12.030, 57.7165), (12.060, 57.7215), (12.105, 57.722),
)  # fmt: skip
ORGRYTE_MOLNDAL: Line = (
    (11.990, 57.686), (11.999, 57.681), (12.020, 57.679), (12.050, 57.681), (12.105, 57.682),
)  # fmt: skip


def ring(*lines: Line) -> Line:
    """Joins lines to a ring whose first point is not repeated; a line whose end is nearer than its start is turned round."""
    joined = list(lines[0])
    for line in lines[1:]:
        turned = dist(joined[-1], line[-1]) < dist(joined[-1], line[0])
        joined += line[::-1] if turned else line
    return tuple(place for place, following in zip(joined, joined[1:] + joined[:1], strict=True) if place != following)


REGIONS = (
    DemoRegion(
        "centrum", "Centrum", "#c8553d",
        ring(RIVER_CENTRE, CENTRUM_GAMLESTADEN, CENTRUM_ORGRYTE, CENTRUM_MOLNDAL, HAGA_CENTRUM),
    ),
    DemoRegion(
        "haga", "Haga & Linné", "#588157",
        ring(RIVER_HARBOUR, RIVER_MASTHUGGET, HAGA_CENTRUM, HAGA_MOLNDAL, HAGA_FROLUNDA, MAJORNA_HAGA),
    ),
    DemoRegion("majorna", "Majorna", "#b5838d", ring(RIVER_MOUTH, MAJORNA_HAGA, MAJORNA_FROLUNDA)),
    DemoRegion(
        "frolunda", "Frölunda & Högsbo", "#e09f3e",
        ring(MAJORNA_FROLUNDA, HAGA_FROLUNDA, FROLUNDA_MOLNDAL, (SOUTH_WEST,)),
    ),
    DemoRegion(
        "lindholmen", "Lindholmen & Lundby", "#457b9d",
        ring(RIVER_MOUTH, RIVER_HARBOUR, HISINGEN_MIDDLE, (NORTH_WEST,)),
    ),
    DemoRegion(
        "backa", "Backa & Brunnsbo", "#6d597a",
        ring(RIVER_MASTHUGGET, RIVER_CENTRE, RIVER_NORTH, HISINGEN_MIDDLE),
    ),
    DemoRegion(
        "gamlestaden", "Gamlestaden & Kviberg", "#2a9d8f",
        ring(RIVER_NORTH, (NORTH_EAST,), GAMLESTADEN_ORGRYTE, CENTRUM_GAMLESTADEN),
    ),
    DemoRegion(
        "orgryte", "Örgryte & Härlanda", "#8a9a2b",
        ring(GAMLESTADEN_ORGRYTE, ORGRYTE_MOLNDAL, CENTRUM_ORGRYTE),
    ),
    DemoRegion(
        "molndal", "Mölndal norra", "#9c6644",
        ring(HAGA_MOLNDAL, FROLUNDA_MOLNDAL, (SOUTH_EAST,), ORGRYTE_MOLNDAL, CENTRUM_MOLNDAL),
    ),
)  # fmt: skip
"""Neither overlaps another."""

ENVIRONMENTAL_ZONE = DemoRegion(
    "miljozon", "Miljözon", "#4f772d",
    (
        (11.921, 57.6955), (11.934, 57.688), (11.951, 57.6815), (11.972, 57.6835), (11.9885, 57.688), (12.004, 57.6975),
        (12.006, 57.7085), (11.9935, 57.7165), (11.976, 57.7145), (11.958, 57.7065), (11.940, 57.701),
    ),
)  # fmt: skip
"""Lies across Centrum and its neighbours, so that a vehicle is in two regions at once."""
