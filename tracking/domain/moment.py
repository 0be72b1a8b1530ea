"""Where a vehicle was at an instant, from the fixes on both sides of it."""

from typing import NamedTuple

from tracking.domain.fix import Fix

INTERPOLATE_UP_TO_MS = 300_000  # in a longer silence the vehicle may have stood anywhere on the way


class Whereabout(NamedTuple):
    """`fix` is the newest up to the instant; `lat` and `lon` are between it and the next one when `is_between`."""

    fix: Fix
    lat: float
    lon: float
    is_between: bool


def whereabout(time_ms: int, before: Fix, after: Fix | None) -> Whereabout:
    """`before` at or before the instant, `after` the next one, if any; straight and at even speed between them."""
    if after is None or after.fix_time_ms - before.fix_time_ms > INTERPOLATE_UP_TO_MS:
        return Whereabout(before, before.lat, before.lon, False)
    part = (time_ms - before.fix_time_ms) / (after.fix_time_ms - before.fix_time_ms)
    east = (after.lon - before.lon + 180) % 360 - 180  # the short way, also over the date line
    lat = before.lat + part * (after.lat - before.lat)
    lon = (before.lon + part * east + 180) % 360 - 180
    return Whereabout(before, round(lat, 7), round(lon, 7), part > 0)
