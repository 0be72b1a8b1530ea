"""The dialect of Overland: batches of GeoJSON features, mixed with visits, trips and the app's own life.

Sources: `aaronpk/Overland-iOS` README.md (the API and its reply) and GLManager.m (-1 for unknown, records with `action`
or `type`, and `current`: the newest location beside a backlog).
"""

from collections.abc import Mapping
from typing import Any

from tracking.domain.fix import Reason, Refusal
from tracking.wire.phone import Kind, Outcome, Reply, check_number_of, make_reading, measure_of, object_of, percent_of

TAKEN = Reply(b"application/json", b'{"result":"ok"}')
"""With anything else the app keeps the batch and sends it again."""


def decode_post(root: Mapping[str, Any]) -> list[Outcome]:
    """The batch, then `current`, which comes again in a later batch; the running `trip` says nothing more."""
    features = root["locations"]
    if not isinstance(features, list):
        return [Refusal(Reason.BAD_TYPE, "locations must be an array of features.")]
    check_number_of(features)
    outcomes = [_decode_feature(feature) for feature in features]
    if isinstance(current := root.get("current"), dict):
        outcomes.append(_decode_feature(current))
    return outcomes


def _decode_feature(feature: Any) -> Outcome:
    if not isinstance(feature, dict):
        return Refusal(Reason.NOT_AN_OBJECT, "A location must be a GeoJSON feature.")
    properties = object_of(feature.get("properties"))
    if "action" in properties:
        return Kind.VISIT if properties["action"] == "visit" else Kind.LIFECYCLE
    if properties.get("type") == "trip":
        return Kind.TRIP
    lon, lat = _coordinates(feature)
    return make_reading(
        time=properties.get("timestamp"),
        lat=lat,
        lon=lon,
        speed_mps=measure_of(properties.get("speed")),
        course=properties.get("course"),
        accuracy=properties.get("horizontal_accuracy"),
        battery_percent=percent_of(properties.get("battery_level"), whole=1.0),
        vehicle=properties.get("device_id"),
    )


def _coordinates(feature: Mapping[str, Any]) -> tuple[Any, Any]:
    """Longitude first, as in all GeoJSON."""
    found = object_of(feature.get("geometry")).get("coordinates")
    return (found[0], found[1]) if isinstance(found, list) and len(found) >= 2 else (None, None)
