"""The product's own dialect: a fix as a JSON object, alone, in an array, or a line each (NDJSON)."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple

import msgspec

from tracking.domain.errors import BadRequest
from tracking.domain.fix import MAX_ACCURACY_M, MAX_SPEED_MPS, Reason, Refusal

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


class SoundFix(msgspec.Struct, frozen=True, gc=False):
    """A fix object of which the decoder has found, at a third of Python's cost, that all types are right and all measures in range."""

    fix_time: int | str
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    speed_mps: Annotated[float, msgspec.Meta(ge=0, le=MAX_SPEED_MPS)] | None = None
    course_deg: Annotated[float, msgspec.Meta(ge=0, le=360)] | None = None
    accuracy_m: Annotated[float, msgspec.Meta(ge=0, le=MAX_ACCURACY_M)] | None = None
    vehicle: str | None = None


_decode_sound = msgspec.json.Decoder(list[SoundFix] | SoundFix).decode


def decode_sound(body: bytes) -> list[SoundFix] | None:
    """A fix or an array of them; None when the body is anything else, or has more than MAX_FIXES."""
    try:
        value = _decode_sound(body)
    except (msgspec.DecodeError, RecursionError):
        return None
    fixes = [value] if type(value) is SoundFix else value
    return fixes if len(fixes) <= MAX_FIXES else None


class SoundReport(msgspec.Struct, frozen=True, gc=False):
    """A live report all of whose fixes are sound."""

    type: Literal["report"]
    id: int
    fixes: list[SoundFix]


REPORT_BEGINS = '{"type":"report",'
_decode_report = msgspec.json.Decoder(SoundReport).decode


def decode_report(text: str) -> SoundReport | None:
    """None of a message that does not begin as most reports do, or is no sound one."""
    if not text.startswith(REPORT_BEGINS):
        return None
    try:
        return _decode_report(text)
    except (msgspec.DecodeError, RecursionError):
        return None


def decode_body(body: bytes, content_type: str) -> list[Any]:
    """The items of a request body, decoded: sound fixes where all are; an unreadable NDJSON line is a Refusal in its place.

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
        value = _decode_fixes(body)
    except ValueError as error:
        raise BadRequest("bad_json", f"The body is not JSON: {error}.") from error
    if isinstance(value, list):
        return value
    if isinstance(value, dict | SoundFix):
        return [value]
    raise BadRequest("bad_json", "The body must be a fix object, an array of them, or NDJSON.")


def _decode_fixes(body: bytes) -> Any:
    try:
        return _decode_sound(body)
    except (msgspec.DecodeError, RecursionError):
        return decode_json(body)


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
        if type(item) is SoundFix:
            return _reading_of(item)
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
    time_ms = time_ms_of(time)
    if type(time_ms) is not int:
        return time_ms  # type: ignore[return-value]
    return Reading(vehicle, time_ms, lat, lon, speed, course, accuracy)


def _reading_of(fix: SoundFix) -> Reading | Refusal:
    time_ms = time_ms_of(fix.fix_time)
    if type(time_ms) is not int:
        return time_ms  # type: ignore[return-value]
    return Reading(fix.vehicle, time_ms, fix.lat, fix.lon, fix.speed_mps, fix.course_deg, fix.accuracy_m)


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


def time_ms_of(time: Any) -> int | Refusal:
    """Milliseconds since 1970 as they are, or from RFC 3339; finer digits are cut."""
    if type(time) is int:
        return time
    if type(time) is not str:
        return Refusal(
            Reason.BAD_TYPE, f"fix_time must be RFC 3339 text or whole milliseconds since 1970; it is {_shown(time)}."
        )
    try:
        moment = datetime.fromisoformat(time)
        if moment.tzinfo is None:
            return Refusal(Reason.BAD_TIME, f"fix_time needs an offset such as Z; it is {_shown(time)}.")
        return int(moment.timestamp() * 1000 + 1e-3)
    except (ValueError, OverflowError):
        return Refusal(
            Reason.BAD_TIME, f"fix_time must be RFC 3339 such as 2026-01-26T15:57:02Z; it is {_shown(time)}."
        )


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
