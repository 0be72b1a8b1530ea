"""The dialect of OsmAnd's online tracking as Traccar made it a standard: one record in query or form fields.

Sources: https://www.traccar.org/osmand/ and `traccar/traccar` OsmAndProtocolDecoder.java (names, seconds or milliseconds, knots);
`traccar/traccar-client-android` ProtocolFormatter.kt and Position.kt (the client before 9: knots, accuracy 0 when unknown);
`traccar/traccar-client-sdk` HttpUploader.kt and `traccar/traccar-client` push_service.dart (the client from 10: a form, heartbeats
without coordinates, push tokens); `osmandapp/OsmAnd` LiveSender.java (milliseconds, m/s: hence `speed_mps`).
"""

from collections.abc import Mapping
from typing import Any

from tracking.domain.units import mps_from_knots
from tracking.wire.phone import Kind, Outcome, make_reading, measure_of, percent_of

NAMES = frozenset({"lat", "lon", "location", "timestamp", "id", "deviceid", "notificationToken", "speed", "speed_mps"})


def decode_record(fields: Mapping[str, Any], *, now_ms: int) -> Outcome:
    """A record without `timestamp` is of now."""
    lat, lon = fields.get("lat"), fields.get("lon")
    if isinstance(place := fields.get("location"), str):
        lat, _, lon = place.partition(",")
    if lat is None and lon is None and "notificationToken" in fields:
        return Kind.PUSH_TOKEN
    if not _is_valid(fields.get("valid", "true")):
        return Kind.INVALID
    return make_reading(
        time=fields.get("timestamp", now_ms),
        lat=lat,
        lon=lon,
        speed_mps=_speed_mps(fields),
        course=fields.get("bearing", fields.get("heading")),
        accuracy=fields.get("accuracy"),
        battery_percent=percent_of(fields.get("batt")),
        vehicle=fields.get("id", fields.get("deviceid")),
    )


def _is_valid(value: Any) -> bool:
    return value is True or str(value).lower() in {"true", "1"}


def _speed_mps(fields: Mapping[str, Any]) -> float | None:
    """`speed` is in knots."""
    if "speed_mps" in fields:
        return measure_of(fields["speed_mps"])
    knots = measure_of(fields.get("speed"))
    return None if knots is None else mps_from_knots(knots)
