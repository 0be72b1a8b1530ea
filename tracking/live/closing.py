"""Why a connection ends; the numbers are part of the live protocol. From 4500 on the client shall not come back."""

from enum import IntEnum
from typing import Any


class CloseCode(IntEnum):
    DRAIN = 4000
    OVERLOAD = 4001
    SLOW = 4002
    SILENT = 4003
    TOKEN_EXPIRED = 4005
    LIFETIME = 4006
    RATE = 4007
    UNAUTHENTICATED = 4500
    FORBIDDEN = 4501
    PROTOCOL_ERROR = 4502
    VERSION = 4503
    WITHDRAWN = 4505
    TOO_MANY_CONNECTIONS = 4506


REASONS = {
    CloseCode.DRAIN: "The server drains; come back.",
    CloseCode.OVERLOAD: "The server has too much to do.",
    CloseCode.SLOW: "The connection reads too slowly.",
    CloseCode.SILENT: "Nothing was heard for too long.",
    CloseCode.TOKEN_EXPIRED: "The token has expired.",
    CloseCode.LIFETIME: "The connection has reached its longest lifetime.",
    CloseCode.RATE: "Too many messages in a row were refused.",
    CloseCode.UNAUTHENTICATED: "No valid session or token identifies the caller.",
    CloseCode.FORBIDDEN: "This origin is not allowed.",
    CloseCode.PROTOCOL_ERROR: "A message broke the protocol.",
    CloseCode.VERSION: "No offered subprotocol is spoken here; use fleet.v1.json or fleet.v1.bin.",
    CloseCode.WITHDRAWN: "Access was withdrawn.",
    CloseCode.TOO_MANY_CONNECTIONS: "The user, or the share, has too many connections.",
}

RETRY_MS = 1_000


def bye_message(code: CloseCode, reason: str | None = None) -> dict[str, Any]:
    """What is said before every close."""
    comes_back = code < 4500
    return {
        "type": "bye",
        "code": code,
        "reason": reason or REASONS[code],
        "retry_ms": RETRY_MS if comes_back else None,
        "resume": comes_back,
    }
