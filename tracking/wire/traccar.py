"""The JSON dialect of Traccar Client 9 and of the background-location library below it.

Sources: https://www.traccar.org/osmand/ (JSON format) and `traccar/traccar` OsmAndProtocolDecoder.java, whose tests have real payloads:
m/s, ISO times, -1 for unknown; without `coords` it is a heartbeat.
"""

from collections.abc import Mapping
from typing import Any

from tracking.domain.fix import Reason, Refusal
from tracking.wire.phone import Outcome, check_number_of, make_reading, measure_of, object_of, percent_of


def decode_post(root: Mapping[str, Any]) -> list[Outcome]:
    """`location` is one record, or an array where the library sends batches."""
    locations = root["location"]
    records = locations if isinstance(locations, list) else [locations]
    check_number_of(records)
    return [_decode_record(record, root.get("device_id")) for record in records]


def _decode_record(record: Any, name: Any) -> Outcome:
    if not isinstance(record, dict):
        return Refusal(Reason.NOT_AN_OBJECT, "A location must be a JSON object.")
    coords, battery = object_of(record.get("coords")), object_of(record.get("battery"))
    return make_reading(
        time=record.get("timestamp"),
        lat=coords.get("latitude"),
        lon=coords.get("longitude"),
        speed_mps=measure_of(coords.get("speed")),
        course=coords.get("heading"),
        accuracy=coords.get("accuracy"),
        battery_percent=percent_of(battery.get("level"), whole=1.0),
        vehicle=name,
    )
