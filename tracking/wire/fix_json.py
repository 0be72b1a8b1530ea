"""The product's own dialect: a fix as a JSON object, alone, in an array, or a line each (NDJSON)."""

import json
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from tracking.domain.errors import BadRequest
from tracking.domain.fix import Reason, Refusal

MAX_FIXES = 1_000
NDJSON_TYPES = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl"})

NUMBER = frozenset({float, int})
NUMBER_OR_NULL = frozenset({float, int, type(None)})
TEXT_OR_NULL = frozenset({str, type(None)})

_decode = msgspec.json.Decoder().decode


class Reading(NamedTuple):
    """A fix as its sender wrote it: types are right, nothing else is checked. `vehicle` is a slug or None.

    `battery_percent` is of the device, where its app tells it.
    """

    vehicle: str | None
    fix_time_ms: int
    lat: float
    lon: float
    speed_mps: float | None
    course_deg: float | None
    accuracy_m: float | None
    battery_percent: int | None = None


def decode_body(body: bytes, content_type: str) -> list[Any]:
    """The items of a request body, decoded; an unreadable NDJSON line is a Refusal in its place.

    Raises BadRequest when the whole cannot be read or has more than MAX_FIXES items.
    """
    items = _decode_lines(body) if content_type in NDJSON_TYPES else _decode_document(body)
    if len(items) > MAX_FIXES:
        raise BadRequest("too_many_fixes", f"A request carries at most {MAX_FIXES} fixes; this one has {len(items)}.")
    return items


def decode_json(text: bytes | str) -> Any:
    """Any JSON value; NaN and Infinity pass, so that their fix alone is refused. Raises ValueError."""
    try:
        return _decode(text)
    except (msgspec.DecodeError, RecursionError):
        try:
            return json.loads(text)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


def _decode_document(body: bytes) -> list[Any]:
    try:
        value = decode_json(body)
    except ValueError as error:
        raise BadRequest("bad_json", f"The body is not JSON: {error}.") from error
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return [value]
    raise BadRequest("bad_json", "The body must be a fix object, an array of them, or NDJSON.")


def _decode_lines(body: bytes) -> list[Any]:
    return [_decode_line(line) for line in body.split(b"\n") if line.strip()]


def _decode_line(line: bytes) -> Any:
    try:
        return decode_json(line)
    except ValueError as error:
        return Refusal(Reason.BAD_JSON, f"The line is not JSON: {error}.")


def reading_from(item: Any) -> Reading | Refusal:
    """Checks presence and types only; what another dialect's decoder made of an item passes as it is."""
    if type(item) is not dict:
        if isinstance(item, Reading | Refusal):
            return item
        return Refusal(Reason.NOT_AN_OBJECT, "A fix must be a JSON object.")
    try:
        time, lat, lon = item["fix_time"], item["lat"], item["lon"]
    except KeyError as error:
        return Refusal(Reason.MISSING_FIELD, f"The field {error.args[0]} is missing.")
    speed, course, accuracy = item.get("speed_mps"), item.get("course_deg"), item.get("accuracy_m")
    vehicle = item.get("vehicle")
    is_placed = type(lat) in NUMBER and type(lon) in NUMBER and type(vehicle) in TEXT_OR_NULL
    is_told = type(speed) in NUMBER_OR_NULL and type(course) in NUMBER_OR_NULL and type(accuracy) in NUMBER_OR_NULL
    if not is_placed or not is_told:
        return _of_wrong_type(item)
    if type(time) is not int:
        parsed = time_ms_from_text(time)
        if isinstance(parsed, Refusal):
            return parsed
        time = parsed
    return Reading(vehicle, time, lat, lon, speed, course, accuracy)


def _of_wrong_type(item: dict[str, Any]) -> Refusal:
    """The first field that is."""
    for name, types, wanted in (
        ("vehicle", TEXT_OR_NULL, "text"),
        ("lat", NUMBER, "number"),
        ("lon", NUMBER, "number"),
        ("speed_mps", NUMBER_OR_NULL, "number or null"),
        ("course_deg", NUMBER_OR_NULL, "number or null"),
        ("accuracy_m", NUMBER_OR_NULL, "number or null"),
    ):
        if type(value := item.get(name)) not in types:
            return Refusal(Reason.BAD_TYPE, f"{name} must be a {wanted}; it is {_shown(value)}.")
    raise AssertionError("a field is of a wrong type")


def time_ms_from_text(text: Any) -> int | Refusal:
    """Milliseconds since 1970 from RFC 3339; finer digits are cut."""
    if type(text) is not str:
        return Refusal(
            Reason.BAD_TYPE, f"fix_time must be RFC 3339 text or whole milliseconds since 1970; it is {_shown(text)}."
        )
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return Refusal(Reason.BAD_TIME, f"fix_time needs an offset such as Z; it is {_shown(text)}.")
        return int(moment.timestamp() * 1000 + 1e-3)
    except (ValueError, OverflowError):
        return Refusal(
            Reason.BAD_TIME, f"fix_time must be RFC 3339 such as 2026-01-26T15:57:02Z; it is {_shown(text)}."
        )


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
