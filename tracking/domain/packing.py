"""Columns of integers as one deflated blob with a checksum; the byte table stands in docs/telemetry.md under "Sealed hour"."""

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

_head = struct.Struct("<2sBBII")
_column = struct.Struct("<BBq")


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
    head = _head.pack(layout.magic, layout.version, 0, count, zlib.crc32(body, count))
    return head + zlib.compress(body, DEFLATE_LEVEL)


def unpack(layout: Layout, blob: bytes) -> list[Ints]:
    """Raises BrokenBlob with a sentence."""
    what = layout.what
    if len(blob) < _head.size or not blob.startswith(layout.magic):
        raise BrokenBlob(f"These bytes are not a {what}.")
    _, version, _, count, checksum = _head.unpack_from(blob)
    if version != layout.version:
        raise BrokenBlob(f"The {what} has version {version}; version {layout.version} can be read.")
    if count > layout.max_rows:
        raise BrokenBlob(f"A {what} has at most {layout.max_rows:,} rows; this one claims {count:,}.")
    most = len(layout.columns) * (_column.size + (MAX_WIDTH + 1) * count)
    body = _inflated(blob[_head.size :], what, most=most)
    if zlib.crc32(body, count) != checksum:
        raise BrokenBlob(f"The checksum of the {what} does not match.")
    reader = _Reader(layout, body, count)
    columns = [reader.column(name) for name in layout.columns]
    if not reader.is_at_end():
        raise BrokenBlob(f"The {what} is longer than its columns.")
    return columns


def _inflated(deflated: bytes, what: str, *, most: int) -> bytes:
    inflater = zlib.decompressobj()
    try:
        body = inflater.decompress(deflated, most + 1)
    except zlib.error as error:
        raise BrokenBlob(f"The {what} cannot be inflated: {error}.") from error
    if len(body) > most or not inflater.eof or inflater.unused_data:
        raise BrokenBlob(f"The {what} is cut, or followed by other bytes.")
    return body


def _encode_column(layout: Layout, name: str, values: Ints) -> bytes:
    is_known = values != UNKNOWN if name in layout.may_be_unknown else np.ones(len(values), dtype=np.bool_)
    if not is_known.any():
        return _column.pack(ABSENT, 0, 0)
    filled = values if is_known.all() else values[_last_known(is_known)]
    differences = np.diff(filled, prepend=filled[:1])
    if name == layout.turning:
        differences = (differences + TURN // 2) % TURN - TURN // 2
    second = np.diff(differences, prepend=0)
    kind = SECOND_DIFFERENCES if _bits(second) < _bits(differences) else DIFFERENCES
    width, planes = _planes(second if kind == SECOND_DIFFERENCES else differences, layout.what)
    if is_known.all():
        return _column.pack(kind, width, filled.item(0)) + planes
    return _column.pack(kind | WITH_UNKNOWN, width, filled.item(0)) + np.packbits(is_known).tobytes() + planes


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


class _Reader:
    """Front to back."""

    def __init__(self, layout: Layout, body: bytes, count: int) -> None:
        self._layout = layout
        self._body = body
        self._count = count
        self._at = 0

    def column(self, name: str) -> Ints:
        kind, width, first = _column.unpack(self._take(_column.size))
        may_be_unknown = name in self._layout.may_be_unknown or not self._count
        if kind == ABSENT and may_be_unknown:
            return np.full(self._count, UNKNOWN, dtype=np.int64)
        order = kind & ~WITH_UNKNOWN if may_be_unknown else kind
        if order not in (DIFFERENCES, SECOND_DIFFERENCES) or width > MAX_WIDTH:
            raise BrokenBlob(f"The column {name} of the {self._layout.what} has kind {kind} and width {width}.")
        is_known = self._flags() if kind & WITH_UNKNOWN else None
        values = self._differences(width)
        for _ in range(order - DIFFERENCES):
            values.cumsum(out=values)
        values[:1] += first
        values.cumsum(out=values)
        if name == self._layout.turning:
            values -= values // TURN * TURN  # twice as fast as %
        return values if is_known is None else np.where(is_known, values, UNKNOWN)

    def is_at_end(self) -> bool:
        return self._at == len(self._body)

    def _flags(self) -> Bools:
        packed = np.frombuffer(self._take((self._count + 7) // 8), dtype=np.uint8)
        return np.unpackbits(packed, count=self._count).astype(np.bool_)

    def _differences(self, width: int) -> Ints:
        """In the fewest bits that hold them, until they are unfolded."""
        planes = np.frombuffer(self._take(width * self._count), dtype=np.uint8).reshape(width, self._count)
        bits = next(bits for bits in (16, 32, 64) if 8 * width <= bits)
        folded = np.zeros(self._count, f"u{bits // 8}")
        for plane in planes[::-1]:
            folded <<= 8
            folded |= plane
        unfolded = folded >> 1
        unfolded ^= -(folded & 1)
        return unfolded.view(f"i{bits // 8}").astype(np.int64)

    def _take(self, size: int) -> bytes:
        part = self._body[self._at : self._at + size]
        if len(part) < size:
            raise BrokenBlob(f"The {self._layout.what} is shorter than its columns.")
        self._at += size
        return part
