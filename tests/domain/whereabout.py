"""Where a vehicle was at an instant, the plain way: what the columns have to give."""

from tracking.domain.fix import Fix
from tracking.domain.moment import INTERPOLATE_UP_TO_MS


def whereabout(time_ms: int, before: Fix, after: Fix | None) -> tuple[float, float, bool]:
    """Lat, lon, and whether it was on the way from `before`, at or before the instant, to `after`, the next one, if any."""
    if after is None or after.fix_time_ms - before.fix_time_ms > INTERPOLATE_UP_TO_MS:
        return before.lat, before.lon, False
    part = (time_ms - before.fix_time_ms) / (after.fix_time_ms - before.fix_time_ms)
    east = (after.lon - before.lon + 180) % 360 - 180  # the short way, also over the date line
    lon = (before.lon + part * east + 180) % 360 - 180
    return round(before.lat + part * (after.lat - before.lat), 7), round(lon, 7), part > 0
