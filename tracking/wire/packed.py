"""State frames as `fleet.v1.bin` packs them; the byte table stands in the live protocol document."""

import struct
from collections.abc import Iterable, Sequence

VERSION = 1
SNAPSHOT, DELTA = 1, 2
UNKNOWN_SPEED = 0xFFFF
UNKNOWN_COURSE = 0xFFF
UNKNOWN_STATUS = 0xF
IN_SECONDS = 1 << 31
"""Set in an age that is told in whole seconds."""

_head = struct.Struct("<BBIIHHQII")
_row = struct.Struct("<IIiiHH")

Row = tuple[int, int, float, float, float | None, float | None, int | None]


def pack_state(
    kind: int,
    *,
    seq: int,
    prev: int,
    part: int,
    parts: int,
    channel: str,
    cursor: str,
    vehicles_json: bytes,
    rows: Sequence[Row],
    gone: Iterable[int],
) -> bytes:
    """`rows`: vehicle, fix time in ms, lat, lon, m/s, degrees, status; None is unknown."""
    left = list(gone)
    base_ms = max((row[1] for row in rows), default=0)
    name, mark = channel.encode(), cursor.encode()
    return b"".join(
        [
            _head.pack(VERSION, kind, seq, prev, part, parts, base_ms, len(rows), len(left)),
            bytes([len(name)]),
            name,
            bytes([len(mark)]),
            mark,
            len(vehicles_json).to_bytes(4, "little"),
            vehicles_json,
            *[_pack_row(row, base_ms) for row in rows],
            struct.pack(f"<{len(left)}I", *left),
        ]
    )


def _pack_row(row: Row, base_ms: int) -> bytes:
    vehicle, time_ms, lat, lon, speed, course, status = row
    age = base_ms - time_ms
    turn = UNKNOWN_COURSE if course is None else round(course * 10) % 3600
    state = UNKNOWN_STATUS if status is None else status
    return _row.pack(
        vehicle,
        age if age < IN_SECONDS else IN_SECONDS | (age // 1000),
        round(lat * 1e6),
        round(lon * 1e6),
        UNKNOWN_SPEED if speed is None else round(speed * 100),
        turn | state << 12,
    )
