"""The dialect of GPSLogger's custom URL: one record in query or form fields, named as the app names its parameters.

Source: `mendhak/gpslogger` CustomUrlManager.java (`%ALL` writes every name; speed in m/s and km/h; 0 stands for unknown).
"""

from collections.abc import Mapping
from typing import Any

from tracking.domain.units import mps_from_kmh
from tracking.wire.phone import Outcome, make_reading, measure_of, percent_of

NAMES = frozenset(
    {"acc", "aid", "dir", "latitude", "longitude", "prov", "sat", "ser", "spd", "spd_kph", "starttimestamp", "time"}
    | {"timeoffset"}
)
TIMES = ("time", "timeoffset", "timestamp")  # the first has milliseconds, the last whole seconds


def decode_record(fields: Mapping[str, Any], *, now_ms: int) -> Outcome:
    """A record without any time is of now."""
    return make_reading(
        time=_first(fields, *TIMES, default=now_ms),
        lat=_first(fields, "lat", "latitude"),
        lon=_first(fields, "lon", "longitude"),
        speed_mps=_speed_mps(fields),
        course=_first(fields, "dir", "bearing", "heading"),
        accuracy=_first(fields, "acc", "accuracy"),
        battery_percent=percent_of(fields.get("batt")),
        vehicle=_first(fields, "id", "aid"),
    )


def _first(fields: Mapping[str, Any], *names: str, default: Any = None) -> Any:
    return next((fields[name] for name in names if name in fields), default)


def _speed_mps(fields: Mapping[str, Any]) -> float | None:
    mps = measure_of(_first(fields, "spd", "speed"))
    kmh = measure_of(fields.get("spd_kph"))
    return mps_from_kmh(kmh) if mps is None and kmh is not None else mps
