"""Pairing a phone, for the OpenAPI document: a bare ASGI app answers it."""

from typing import Any

PAIR_SCHEMAS: dict[str, Any] = {
    "PairingCode": {
        "type": "object",
        "required": ["code"],
        "properties": {
            "code": {"type": "string", "description": "As it was shown; letters of any case, with or without hyphen."}
        },
    },
    "Paired": {
        "type": "object",
        "required": ["token", "label", "vehicle", "name", "plate"],
        "properties": {
            "token": {"type": "string", "description": "The device token, told this once."},
            "label": {"type": "string", "description": "How the token is called."},
            "vehicle": {"type": "string", "description": "Slug of the vehicle that the device posts for."},
            "name": {"type": "string"},
            "plate": {"type": "string"},
        },
    },
}


def post_pair(problems: dict[int, Any]) -> dict[str, Any]:
    """The operation object, with its problem responses by status."""
    paired = {"application/json": {"schema": {"$ref": "#/components/schemas/Paired"}}}
    asked = {"application/json": {"schema": {"$ref": "#/components/schemas/PairingCode"}}}
    return {
        "operationId": "pair",
        "summary": "Pair",
        "description": (
            "A pairing code, made on the vehicle's page, becomes a device token: once, within 15 minutes. "
            "The `code` of a problem is `bad_code`, `unknown_code`, `code_used` or `code_expired`."
        ),
        "tags": ["devices"],
        "security": [],
        "requestBody": {"required": True, "content": asked},
        "responses": {200: {"description": "OK", "content": paired}, **problems},
    }
