"""Tells the dialects of phone apps apart by what a request contains, and decodes it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl

from tracking.domain.fix import Reason, Refusal
from tracking.wire import gpslogger, osmand, overland, owntracks, traccar
from tracking.wire.fix_json import decode_json
from tracking.wire.phone import OK, Decoded, Kind, Outcome, Reply, check_number_of, gather

MAX_FIELDS = 200  # of a query or form


class Dialect(StrEnum):
    """Each value is a label in the metrics."""

    GPSLOGGER = "gpslogger"
    OSMAND = "osmand"
    OVERLAND = "overland"
    OWNTRACKS = "owntracks"
    TRACCAR = "traccar"
    UNKNOWN = "unknown"


REPLIES: Mapping[Dialect, Reply] = {Dialect.OWNTRACKS: owntracks.NO_NEWS, Dialect.OVERLAND: overland.TAKEN}


def decode_request(query: Sequence[tuple[str, str]], body: bytes, *, now_ms: int) -> Decoded:
    """A JSON body counts alone; else query and form together are one record. Whatever comes has a reply.

    Raises BadRequest `too_many_fixes` for more than MAX_RECORDS.
    """
    if body.lstrip()[:1] in (b"{", b"["):
        return _decode_json(body, now_ms=now_ms)
    fields = _fields(query, body)
    if fields is None:
        return gather(Dialect.UNKNOWN, [_unknown("more fields than any app sends")], OK)
    if not fields:
        # OwnTracks posts nothing at all when a friend is removed.
        return gather(Dialect.OWNTRACKS, [Kind.EMPTY], owntracks.NO_NEWS)
    dialect = recognise(fields)
    return gather(dialect, _decode(dialect, fields, now_ms=now_ms), REPLIES.get(dialect, OK))


def recognise(record: Mapping[str, Any]) -> Dialect:
    """By names that only one app uses; of flat records those of GPSLogger are told first, since OsmAnd's are shared."""
    if "_type" in record:
        return Dialect.OWNTRACKS
    if "locations" in record:
        return Dialect.OVERLAND
    if isinstance(record.get("location"), dict | list):
        return Dialect.TRACCAR
    if record.keys() & gpslogger.NAMES:
        return Dialect.GPSLOGGER
    return Dialect.OSMAND if record.keys() & osmand.NAMES else Dialect.UNKNOWN


def _decode(dialect: Dialect, record: Mapping[str, Any], *, now_ms: int) -> list[Outcome]:
    match dialect:
        case Dialect.OWNTRACKS:
            return [owntracks.decode_message(record)]
        case Dialect.OVERLAND:
            return overland.decode_post(record)
        case Dialect.TRACCAR:
            return traccar.decode_post(record)
        case Dialect.GPSLOGGER:
            return [gpslogger.decode_record(record, now_ms=now_ms)]
        case Dialect.OSMAND:
            return [osmand.decode_record(record, now_ms=now_ms)]
        case Dialect.UNKNOWN:
            return [_unknown("none of the fields of a known app")]


def _unknown(what: str) -> Refusal:
    return Refusal(Reason.UNKNOWN_FORMAT, f"The request has {what}.")


def _decode_json(body: bytes, *, now_ms: int) -> Decoded:
    """An array holds records of one dialect: that of the first object in it."""
    try:
        root = decode_json(body)
    except ValueError as error:
        return gather(Dialect.UNKNOWN, [Refusal(Reason.BAD_JSON, f"The body is not JSON: {error}.")], OK)
    records = root if isinstance(root, list) else [root]
    check_number_of(records)
    first = next((record for record in records if isinstance(record, dict)), {})
    dialect = recognise(first)
    outcomes: list[Outcome] = []
    for record in records:
        if isinstance(record, dict):
            outcomes += _decode(recognise(record), record, now_ms=now_ms)
        else:
            outcomes.append(Refusal(Reason.NOT_AN_OBJECT, "A record must be a JSON object."))
        check_number_of(outcomes)
    return gather(dialect, outcomes or [Kind.EMPTY], REPLIES.get(dialect, OK))


def _fields(query: Sequence[tuple[str, str]], body: bytes) -> dict[str, str] | None:
    """None when there are too many."""
    text = body.decode("utf-8", "replace")
    try:
        form = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        return None
    return dict([*query, *form]) if len(query) <= MAX_FIELDS else None
