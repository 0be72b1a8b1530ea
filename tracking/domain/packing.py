"""Writes columns of integers as one deflated blob with a checksum; the byte table stands in docs/telemetry.md under "Sealed hour"."""

import struct
import zlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tracking.domain.columns import UNKNOWN
from tracking.domain.quality import Bools, Ints

DEFLATE_LEVEL = 1  # 6 costs three times the CPU and saves 3 %
MAX_WIDTH = 6  # bytes of a zigzag difference: times are below 2⁴²
TURN = 36_000  # a full turn in 0.01 degrees
ABSENT, DIFFERENCES, SECOND_DIFFERENCES = 0, 1, 2
WITH_UNKNOWN = 0x80

HEAD = struct.Struct("<2sBBII")
COLUMN = struct.Struct("<BBq")


class BrokenBlob(ValueError):
    """The bytes are not what they are taken for, or not what was written."""


class Layout(NamedTuple):
    """`what` names it in errors. Only columns of `may_be_unknown` have rows of UNKNOWN; `turning` are courses."""

    what: str
    magic: bytes
    version: int
    max_rows: int
    columns: tuple[str, ...]
    may_be_unknown: frozenset[str]
    turning: str


def pack(layout: Layout, columns: Sequence[Ints]) -> bytes:
    """Columns of equal length in the layout's order."""
    count = len(columns[0])
    if count > layout.max_rows:
        raise ValueError(f"a {layout.what} has at most {layout.max_rows:,} rows; there are {count:,}")
    body = b"".join(_encode_column(layout, *named) for named in zip(layout.columns, columns, strict=True))
    head = HEAD.pack(layout.magic, layout.version, 0, count, zlib.crc32(body, count))
    return head + zlib.compress(body, DEFLATE_LEVEL)


def _encode_column(layout: Layout, name: str, values: Ints) -> bytes:
    is_known = values != UNKNOWN if name in layout.may_be_unknown else np.ones(len(values), dtype=np.bool_)
    if not is_known.any():
        return COLUMN.pack(ABSENT, 0, 0)
    filled = values if is_known.all() else values[_last_known(is_known)]
    differences = np.diff(filled, prepend=filled[:1])
    if name == layout.turning:
        differences = (differences + TURN // 2) % TURN - TURN // 2
    second = np.diff(differences, prepend=0)
    kind = SECOND_DIFFERENCES if _bits(second) < _bits(differences) else DIFFERENCES
    width, planes = _planes(second if kind == SECOND_DIFFERENCES else differences, layout.what)
    if is_known.all():
        return COLUMN.pack(kind, width, filled.item(0)) + planes
    return COLUMN.pack(kind | WITH_UNKNOWN, width, filled.item(0)) + np.packbits(is_known).tobytes() + planes


def _last_known(is_known: Bools) -> Ints:
    """Of each row the last known one up to it; of the rows before the first, the first."""
    indexes = np.where(is_known, np.arange(len(is_known)), int(is_known.argmax()))
    return np.maximum.accumulate(indexes)


def _bits(values: Ints) -> float:
    """Roughly what they cost."""
    return float(np.log2(np.abs(values) + 1.0).sum())


def _planes(values: Ints, what: str) -> tuple[int, bytes]:
    """The lowest bytes of all values, then the next lowest, as many as the largest value has; signs in the lowest bit (zigzag)."""
    folded = ((values << 1) ^ (values >> 63)).astype("<u8")
    width = (int(folded.max()).bit_length() + 7) // 8
    if width > MAX_WIDTH:
        raise ValueError(f"the columns of a {what} hold times below 2^42 ms and positions on earth")
    return width, folded.view(np.uint8).reshape(-1, 8)[:, :width].T.tobytes()
