"""A cursor: "I have seen all of this channel up to here", readable by any process."""

from typing import NamedTuple

MOST_DIGITS = 12


class Cursor(NamedTuple):
    """`store` names the telemetry store it belongs to; `seen_ms` is that store's clock.

    Who answers from the same `room` (of one process) can be exact by `position`; all others go by `seen_ms`.
    """

    store: str
    seen_ms: int
    room: str = ""
    position: int = 0


def encode_cursor(cursor: Cursor) -> str:
    return f"{cursor.store}.{cursor.seen_ms:x}.{cursor.room}.{cursor.position:x}"


def decode_cursor(text: str) -> Cursor | None:
    """None for anything that was not made by `encode_cursor`; the reader then starts afresh."""
    parts = text.split(".")
    if len(parts) != 4 or not parts[0] or max(len(parts[1]), len(parts[3])) > MOST_DIGITS:
        return None
    try:
        return Cursor(parts[0], int(parts[1], 16), parts[2], int(parts[3], 16))
    except ValueError:
        return None
