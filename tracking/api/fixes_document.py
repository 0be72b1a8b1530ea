"""Posting fixes, for the OpenAPI document: bare ASGI apps answer it, so no signature tells what they take."""

from typing import Any

from tracking.domain.fix import MAX_ACCURACY_M, MAX_SPEED_MPS, Reason
from tracking.wire.fix_json import MAX_FIXES

DEVICE_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "A device's token, or a gateway's. It posts and does not read.",
}


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _number_or_null(low: float, high: float, description: str) -> dict[str, Any]:
    return {"type": ["number", "null"], "minimum": low, "maximum": high, "description": description}


FIX_SCHEMAS: dict[str, Any] = {
    "Fix": {
        "type": "object",
        "required": ["fix_time", "lat", "lon"],
        "properties": {
            "vehicle": {"type": ["string", "null"], "description": "Slug; a gateway must name it, a device need not."},
            "fix_time": {
                "description": "The receiver's clock: RFC 3339 with an offset, or milliseconds since 1970 UTC.",
                "oneOf": [{"type": "string", "format": "date-time"}, {"type": "integer"}],
            },
            "lat": {"type": "number", "minimum": -90, "maximum": 90},
            "lon": {"type": "number", "minimum": -180, "maximum": 180},
            "speed_mps": _number_or_null(0, MAX_SPEED_MPS, "Null is unknown."),
            "course_deg": _number_or_null(0, 360, "Clockwise from north; null at rest or unknown."),
            "accuracy_m": _number_or_null(0, MAX_ACCURACY_M, "Null is unknown."),
        },
    },
    "FixList": {"type": "array", "items": _reference("Fix"), "maxItems": MAX_FIXES},
    "RefusedFix": {
        "type": "object",
        "required": ["index", "reason", "detail"],
        "properties": {
            "index": {"type": "integer", "description": "Place in the request, from 0."},
            "reason": {"type": "string", "enum": [reason.value for reason in Reason]},
            "detail": {"type": "string"},
        },
    },
    "FixesTaken": {
        "type": "object",
        "required": ["stored", "duplicates", "refused"],
        "properties": {
            "stored": {"type": "integer"},
            "duplicates": {"type": "integer", "description": "Known already; nothing was changed."},
            "refused": {"type": "array", "items": _reference("RefusedFix")},
        },
    },
}


def post_fixes(problems: dict[int, Any]) -> dict[str, Any]:
    """The operation object, with its problem responses by status."""
    taken = {"application/json": {"schema": _reference("FixesTaken")}}
    return {
        "operationId": "post_fixes",
        "summary": "Post Fixes",
        "description": (
            f"One fix, or up to {MAX_FIXES} in an array or as NDJSON; `Content-Encoding: gzip` is taken. Answered when stored "
            "on disk. A refused fix is named by its index and does not keep the others from being stored."
        ),
        "tags": ["fixes"],
        "security": [{"DeviceToken": []}],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"oneOf": [_reference("Fix"), _reference("FixList")]}},
                "application/x-ndjson": {"schema": {"type": "string", "description": "A fix object a line."}},
            },
        },
        "responses": {200: {"description": "OK", "content": taken}, **problems},
    }


def post_from_phone(problems: dict[int, Any]) -> dict[str, Any]:
    """The operation object of `/in/{token}`, with its problem responses by status."""
    return {
        "operationId": "post_from_phone",
        "summary": "Post From Phone",
        "description": (
            "A phone app as it is: OsmAnd (query or form), Traccar Client, OwnTracks, Overland, GPSLogger, told apart by content; "
            "also with GET or PUT. Answered as the app expects it, once stored on disk. A refused fix is no error here."
        ),
        "tags": ["fixes"],
        "security": [],
        "parameters": [
            {
                "name": "token",
                "in": "path",
                "required": True,
                "description": "A device token. Without it, at `/in`, it is the password of Basic or comes as Bearer.",
                "schema": {"type": "string"},
            }
        ],
        "requestBody": {
            "content": {"application/json": {"schema": {}}, "application/x-www-form-urlencoded": {"schema": {}}}
        },
        "responses": {200: {"description": "OK"}, **problems},
    }
