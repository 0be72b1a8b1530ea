"""A cursor: "I have seen all of this channel up to here", readable by any process."""

from typing import NamedTuple


class Cursor(NamedTuple):
    """`store` names the telemetry store it belongs to; `seen_ms` is that store's clock."""

    store: str
    seen_ms: int


def encode_cursor(cursor: Cursor) -> str:
    return f"{cursor.store}.{cursor.seen_ms:x}"


def decode_cursor(text: str) -> Cursor | None:
    """None for anything that was not made by `encode_cursor`; the reader then starts afresh."""
    store, dot, seen = text.partition(".")
    try:
        return Cursor(store, int(seen, 16)) if store and dot and len(seen) <= 12 else None
    except ValueError:
        return None
