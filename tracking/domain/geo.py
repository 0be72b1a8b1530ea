"""Distances and polygons on the earth."""

from math import asin, cos, radians, sin, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely import is_valid_reason
from shapely.geometry import MultiPolygon, Polygon, shape

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG
DEGREE_M = radians(1) * EARTH_RADIUS_M  # along a meridian
MAX_POLYGON_POSITIONS = 10_000


def distance_m(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Great-circle distance by the haversine formula (Sinnott 1984); error under 0.6 % against the ellipsoid."""
    half_lat = sin(radians(lat_b - lat_a) / 2)
    half_lon = sin(radians(lon_b - lon_a) / 2)
    chord = half_lat * half_lat + cos(radians(lat_a)) * cos(radians(lat_b)) * half_lon * half_lon
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


def distances_m(lats_a: Any, lons_a: Any, lats_b: Any, lons_b: Any) -> NDArray[np.float64]:
    """`distance_m` for arrays, or for one position against many."""
    half_lat = np.sin(np.radians(np.subtract(lats_b, lats_a)) / 2)
    half_lon = np.sin(np.radians(np.subtract(lons_b, lons_a)) / 2)
    return _arcs_m(half_lat * half_lat + np.cos(np.radians(lats_a)) * np.cos(np.radians(lats_b)) * half_lon * half_lon)


def _arcs_m(chords: NDArray[np.float64]) -> NDArray[np.float64]:
    meters: NDArray[np.float64] = 2 * EARTH_RADIUS_M * np.arcsin(np.minimum(1.0, np.sqrt(chords)))
    return meters


def legs_m(lats: NDArray[np.float64], lons: NDArray[np.float64]) -> NDArray[np.float64]:
    """`distance_m` from each position to the next."""
    half_lat, half_lon = np.sin(np.radians(np.diff(lats)) / 2), np.sin(np.radians(np.diff(lons)) / 2)
    squeeze = np.cos(np.radians(lats))
    return _arcs_m(half_lat * half_lat + squeeze[:-1] * squeeze[1:] * half_lon * half_lon)


def polygon_from_geojson(value: object) -> Polygon | MultiPolygon:
    """Raises ValueError with a sentence for the person who drew it."""
    if not isinstance(value, dict) or value.get("type") not in ("Polygon", "MultiPolygon"):
        raise ValueError("A region is a GeoJSON geometry of type Polygon or MultiPolygon.")
    try:
        polygon = shape(value)
    except Exception as error:  # shapely raises many kinds for malformed coordinates
        raise ValueError(f"The coordinates cannot be read: {error}") from error
    if not isinstance(polygon, Polygon | MultiPolygon) or polygon.is_empty:
        raise ValueError("The polygon has no area.")
    return polygon


def polygon_error(value: object) -> str | None:
    """What is wrong with a GeoJSON polygon, or None."""
    try:
        polygon = polygon_from_geojson(value)
    except ValueError as error:
        return str(error)
    west, south, east, north = polygon.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        return "Positions are [lon, lat] within -180…180 and -90…90."
    if not polygon.is_valid:
        return f"The polygon is not valid: {is_valid_reason(polygon)}."
    parts = [polygon] if isinstance(polygon, Polygon) else polygon.geoms
    count = sum(len(ring.coords) for part in parts for ring in (part.exterior, *part.interiors))
    if count > MAX_POLYGON_POSITIONS:
        return f"At most {MAX_POLYGON_POSITIONS} positions are allowed; there are {count}."
    return None
