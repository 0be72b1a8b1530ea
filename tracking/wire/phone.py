"""What the dialects of phone apps share: what a record becomes, and how apps write numbers, times and places."""

import re
from collections.abc import Iterable, Mapping, Sized
from datetime import UTC, datetime
from enum import StrEnum
from math import inf, isfinite
from typing import Any, NamedTuple, TypeAlias

from tracking.domain.errors import BadRequest
from tracking.domain.fix import Reason, Refusal
from tracking.wire.fix_json import Reading

SECONDS_END = 100_000_000_000  # as seconds the year 5138, as milliseconds 1973: below it a number is seconds
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?(?:nan|inf|infinity)", re.ASCII | re.IGNORECASE)
MAX_NUMBER_CHARS = 64
MAX_RECORDS = 2_000  # Overland sends up to 1,000 and a current one beside them


class Kind(StrEnum):
    """Records that carry no position of ours to keep; each is counted."""

    CARD = "card"
    EMPTY = "empty"
    HEARTBEAT = "heartbeat"
    INVALID = "invalid"
    LIFECYCLE = "lifecycle"
    LWT = "lwt"
    OTHER = "other"
    PUSH_TOKEN = "push_token"  # noqa: S105
    STATUS = "status"
    TRANSITION = "transition"
    TRIP = "trip"
    VISIT = "visit"
    WAYPOINT = "waypoint"


class Heartbeat(NamedTuple):
    """A record without coordinates: the app is there. `time_ms` is None when it tells none."""

    vehicle: str | None
    time_ms: int | None
    battery_percent: int | None


Outcome: TypeAlias = Reading | Refusal | Kind | Heartbeat


class Reply(NamedTuple):
    """What the app waits for before it forgets the record."""

    content_type: bytes
    body: bytes


OK = Reply(b"text/plain", b"OK\n")


def make_reading(
    *,
    time: Any,
    lat: Any,
    lon: Any,
    speed_mps: float | None,
    course: Any,
    accuracy: Any,
    battery_percent: int | None = None,
    vehicle: Any = None,
) -> Outcome:
    """From values as apps send them: text or numbers, in degrees and metres.

    A record without coordinates is a heartbeat. What an app cannot know it leaves out or writes as -1, NaN or 0: no accuracy
    is 0 m, and a course of 0 at rest is none.
    """
    called = name_of(vehicle)
    if is_absent(lat) and is_absent(lon):
        time_ms = time_ms_of(time)
        return Heartbeat(called, None if isinstance(time_ms, Refusal) else time_ms, battery_percent)
    for name, value in (("lat", lat), ("lon", lon)):
        if number_of(value) is None:
            reason = Reason.MISSING_FIELD if is_absent(value) else Reason.BAD_TYPE
            return Refusal(reason, f"{name} must be a number; it is {str(value)[:40]!r}.", called)
    place = number_of(lat) or 0.0, number_of(lon) or 0.0
    if place == (0.0, 0.0):
        sentence = "lat and lon are both 0, as receivers write it that know no position."
        return Refusal(Reason.NO_POSITION, sentence, called)
    time_ms = time_ms_of(time)
    if isinstance(time_ms, Refusal):
        return time_ms._replace(vehicle=called)
    course_deg = measure_of(course)
    if course_deg == 0 and not speed_mps:
        course_deg = None
    return Reading(called, time_ms, *place, speed_mps, course_deg, measure_of(accuracy) or None, battery_percent)


def is_absent(value: Any) -> bool:
    return value is None or value == ""


def number_of(value: Any) -> float | None:
    """None for what is no number; NaN and infinity are."""
    if isinstance(value, str):
        text = value.strip()
        return float(text) if len(text) <= MAX_NUMBER_CHARS and NUMBER.fullmatch(text) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return inf


def measure_of(value: Any) -> float | None:
    """A speed, course or accuracy; None when unknown, whether absent, unreadable or negative."""
    number = number_of(value)
    return number if number is not None and isfinite(number) and number >= 0 else None


def percent_of(value: Any, *, whole: float = 100.0) -> int | None:
    """A battery's level as apps write it, out of `whole`; None when unknown, and for what is no level."""
    level = measure_of(value)
    return None if level is None or level > whole else round(100 * level / whole)


def object_of(value: Any) -> Mapping[str, Any]:
    """An empty one for what is no JSON object."""
    return value if isinstance(value, dict) else {}


def name_of(value: Any) -> str | None:
    """What the app calls itself, as a vehicle's slug."""
    is_name = isinstance(value, str | int) and not isinstance(value, bool)
    return str(value) or None if is_name else None


def time_ms_of(value: Any) -> int | Refusal:
    """From seconds or milliseconds since 1970, or from ISO 8601 text; without an offset it is UTC."""
    if is_absent(value):
        return Refusal(Reason.MISSING_FIELD, "The time is missing.")
    number = number_of(value)
    if number is not None and isfinite(number):
        return round(number * 1000) if abs(number) < SECONDS_END else int(number)
    if not isinstance(value, str):
        return Refusal(Reason.BAD_TIME, f"The time must be a number or ISO 8601; it is {str(value)[:40]!r}.")
    return _time_ms_from_text(value.strip())


def _time_ms_from_text(text: str) -> int | Refusal:
    if "T" in text and "+" not in text:
        text = text.replace(" ", "+")  # what a query makes of the + of an offset
    try:
        moment = datetime.fromisoformat(text)
        if len(text) < len("20261118T1106"):
            raise ValueError("a day alone")
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        return int(moment.timestamp() * 1000 + 1e-3)
    except (ValueError, OverflowError):
        return Refusal(Reason.BAD_TIME, f"The time must be ISO 8601 with a time of day; it is {text[:40]!r}.")


class Decoded(NamedTuple):
    """What the intake takes of a request, what was passed over, heartbeats among it, and the reply."""

    dialect: str
    items: list[Reading | Refusal]
    passed_over: list[Kind]
    reply: Reply
    heartbeats: list[Heartbeat]


def gather(dialect: str, outcomes: Iterable[Outcome], reply: Reply) -> Decoded:
    decoded = Decoded(dialect, [], [], reply, [])
    for outcome in outcomes:
        if isinstance(outcome, Kind):
            decoded.passed_over.append(outcome)
        elif isinstance(outcome, Heartbeat):
            decoded.passed_over.append(Kind.HEARTBEAT)
            decoded.heartbeats.append(outcome)
        else:
            decoded.items.append(outcome)
    return decoded


def check_number_of(records: Sized) -> None:
    """Raises BadRequest `too_many_fixes` for more than MAX_RECORDS."""
    if (count := len(records)) > MAX_RECORDS:
        raise BadRequest("too_many_fixes", f"A request carries at most {MAX_RECORDS} records; this one has {count}.")
