"""A cursor: "I have seen all of this channel up to here", readable by any process."""

from typing import NamedTuple

MOST_DIGITS = 12
MOST_ROOMS = 8
MARK = "~"


class Cursor(NamedTuple):
    """`store` names the telemetry store it belongs to; `seen_ms` is its clock; `names` the office's revision whose names are known.

    `rooms` says up to which position the reader knows a room of a process, the newest first. Who answers from one of these is
    exact; all others go by `seen_ms` and repeat some.
    """

    store: str
    seen_ms: int
    rooms: tuple[tuple[str, int], ...]
    names: int = 0


def encode_cursor(cursor: Cursor) -> str:
    rooms = "".join(f".{name}.{position:x}" for name, position in cursor.rooms)
    return f"{cursor.store}.{cursor.seen_ms:x}-{cursor.names:x}{rooms}"


def decode_cursor(text: str) -> Cursor | None:
    """None for anything that was not made by `encode_cursor`; the reader then starts afresh."""
    store, *parts = text.partition(MARK)[0].split(".")
    rooms, numbers = parts[1::2], [*"".join(parts[:1]).split("-"), *parts[2::2]]
    if not store or not 1 <= len(rooms) <= MOST_ROOMS or len(numbers) != len(rooms) + 2:
        return None
    if max(map(len, numbers)) > MOST_DIGITS:
        return None
    try:
        seen_ms, names, *positions = (int(number, 16) for number in numbers)
    except ValueError:
        return None
    return Cursor(store, seen_ms, tuple(zip(rooms, positions, strict=True)), names)


def carry_over(old: str, new: str) -> str:
    """`new`, and what the reader of `old` knows of other rooms.

    So a reader whose questions go to processes in turn hears each news once of each of them, and then waits for the next.
    """
    before, now = decode_cursor(old), decode_cursor(new)
    if before is None or now is None or before.store != now.store:
        return with_mark(new, seen_mark(old))
    rooms = dict(now.rooms)
    others = [(name, position) for name, position in before.rooms if name not in rooms]
    seen_ms = max(before.seen_ms, now.seen_ms)
    merged = Cursor(now.store, seen_ms, (*now.rooms, *others)[:MOST_ROOMS], now.names)
    return with_mark(encode_cursor(merged), seen_mark(old))


def seen_mark(text: str) -> str:
    """Of what the reader has been shown besides rows: the people of a room, or the regions that he may watch; "" for nothing."""
    return text.partition(MARK)[2]


def with_mark(text: str, mark: str) -> str:
    """The same cursor of a reader that has been shown what has this mark."""
    position = text.partition(MARK)[0]
    return f"{position}{MARK}{mark}" if mark else position
