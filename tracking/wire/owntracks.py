"""The dialect of OwnTracks: one JSON object a message, told apart by `_type`; over MQTT as over HTTP.

Sources: `owntracks/booklet` docs/tech/json.md and http.md (elements, the empty body, the reply), `owntracks/android` MessageLocation.kt
and HttpMessageProcessorEndpoint.kt (km/h; zeros are left out), `owntracks/ios` OwnTracking.m.
"""

from collections.abc import Mapping
from typing import Any

from tracking.domain.fix import Reason, Refusal
from tracking.domain.units import mps_from_kmh
from tracking.wire.fix_json import decode_json
from tracking.wire.phone import Kind, Outcome, Reply, make_reading, measure_of, name_of, percent_of

NO_NEWS = Reply(b"application/json", b"[]")
"""Friends, cards and commands could come in the array."""

KIND_OF_TYPE = {
    "beacon": Kind.STATUS,
    "card": Kind.CARD,
    "cmd": Kind.STATUS,
    "configuration": Kind.STATUS,
    "dump": Kind.STATUS,
    "lwt": Kind.LWT,
    "request": Kind.STATUS,
    "status": Kind.STATUS,
    "steps": Kind.STATUS,
    "transition": Kind.TRANSITION,
    "waypoint": Kind.WAYPOINT,
    "waypoints": Kind.WAYPOINT,
}


def decode_message(message: Mapping[str, Any]) -> Outcome:
    type_ = message["_type"]
    if type_ == "encrypted":
        sentence = "The message is encrypted; switch the encryption key of the app off."
        return Refusal(Reason.ENCRYPTED, sentence, name_of(_name(message)))
    if type_ != "location":
        return KIND_OF_TYPE.get(type_, Kind.OTHER) if isinstance(type_, str) else Kind.OTHER
    kmh = measure_of(message.get("vel"))
    return make_reading(
        time=message.get("tst"),
        lat=message.get("lat"),
        lon=message.get("lon"),
        speed_mps=None if kmh is None else mps_from_kmh(kmh),
        course=message.get("cog"),
        accuracy=message.get("acc"),
        battery_percent=percent_of(message.get("batt")),
        vehicle=_name(message),
    )


def record_of_topic(topic: str, payload: bytes) -> dict[str, Any] | None:
    """A message from `owntracks/USER/DEVICE` as the app would post it over HTTP; None for what is none.

    It is named by the user, whom the broker knows, whatever it says of itself: over MQTT the user is the vehicle.
    """
    try:
        message = decode_json(payload)
    except ValueError:
        return None
    if not isinstance(message, dict) or not isinstance(message.get("_type"), str):
        return None
    user = topic.split("/")[-2:][0]
    return message | {"topic": user}


def _name(message: Mapping[str, Any]) -> Any:
    """The device in the topic `owntracks/user/device`, else the tracker's initials."""
    topic = message.get("topic")
    return topic.rpartition("/")[2] if isinstance(topic, str) else message.get("tid")
