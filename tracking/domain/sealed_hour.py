"""Sealed hours: the fixes of a vehicle and an hour as one blob; the byte table stands in docs/telemetry.md."""

import struct
import zlib

import numpy as np

from tracking.domain.columns import UNKNOWN, Columns
from tracking.domain.quality import Bools, Ints

VERSION = 1
MAGIC = b"FH"
MAX_ROWS = 3_600_000  # one each millisecond
DEFLATE_LEVEL = 1  # 6 costs three times the CPU and saves 3 %
MAX_WIDTH = 6  # bytes of a zigzag difference: times are below 2⁴²
TURN = 36_000  # a full turn in 0.01 degrees
ABSENT, DIFFERENCES, SECOND_DIFFERENCES = 0, 1, 2
WITH_UNKNOWN = 0x80
MAY_BE_UNKNOWN = ("speeds", "courses", "accuracies")
TURNING = "courses"

_head = struct.Struct("<2sBBII")
_column = struct.Struct("<BBq")


class BrokenHour(ValueError):
    """The bytes are not a sealed hour, or not the one that was written."""


def encode_hour(columns: Columns) -> bytes:
    """Any number of rows up to MAX_ROWS, times rising."""
    count = len(columns.times)
    if count > MAX_ROWS:
        raise ValueError(f"a sealed hour has at most {MAX_ROWS:,} rows; there are {count:,}")
    body = b"".join(_encode_column(column, name) for name, column in columns._asdict().items())
    return _head.pack(MAGIC, VERSION, 0, count, _checksum(count, body)) + zlib.compress(body, DEFLATE_LEVEL)


def decode_hour(blob: bytes) -> Columns:
    """Raises BrokenHour with a sentence."""
    if len(blob) < _head.size or not blob.startswith(MAGIC):
        raise BrokenHour("These bytes are not a sealed hour.")
    _, version, _, count, checksum = _head.unpack_from(blob)
    if version != VERSION:
        raise BrokenHour(f"The sealed hour has version {version}; version {VERSION} can be read.")
    if count > MAX_ROWS:
        raise BrokenHour(f"A sealed hour has at most {MAX_ROWS:,} rows; this one claims {count:,}.")
    body = _inflated(blob[_head.size :], most=len(Columns._fields) * (_column.size + (MAX_WIDTH + 1) * count))
    if _checksum(count, body) != checksum:
        raise BrokenHour("The checksum of the sealed hour does not match.")
    reader = _Reader(body, count)
    columns = Columns(*map(reader.column, Columns._fields))
    if not reader.is_at_end():
        raise BrokenHour("The sealed hour is longer than its columns.")
    return columns


def _checksum(count: int, body: bytes) -> int:
    return zlib.crc32(body, count)


def _inflated(deflated: bytes, *, most: int) -> bytes:
    inflater = zlib.decompressobj()
    try:
        body = inflater.decompress(deflated, most + 1)
    except zlib.error as error:
        raise BrokenHour(f"The sealed hour cannot be inflated: {error}.") from error
    if len(body) > most or not inflater.eof or inflater.unused_data:
        raise BrokenHour("The sealed hour is cut, or followed by other bytes.")
    return body


def _encode_column(values: Ints, name: str) -> bytes:
    is_known = values != UNKNOWN if name in MAY_BE_UNKNOWN else np.ones(len(values), dtype=np.bool_)
    if not is_known.any():
        return _column.pack(ABSENT, 0, 0)
    filled = values if is_known.all() else values[_last_known(is_known)]
    differences = np.diff(filled, prepend=filled[:1])
    if name == TURNING:
        differences = (differences + TURN // 2) % TURN - TURN // 2
    second = np.diff(differences, prepend=0)
    kind = SECOND_DIFFERENCES if _bits(second) < _bits(differences) else DIFFERENCES
    width, planes = _planes(second if kind == SECOND_DIFFERENCES else differences)
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


def _planes(values: Ints) -> tuple[int, bytes]:
    """The lowest bytes of all values, then the next lowest, as many as the largest value has; signs in the lowest bit (zigzag)."""
    folded = ((values << 1) ^ (values >> 63)).astype("<u8")
    width = (int(folded.max()).bit_length() + 7) // 8
    if width > MAX_WIDTH:
        raise ValueError("the columns of a sealed hour hold times below 2^42 ms and positions on earth")
    return width, folded.view(np.uint8).reshape(-1, 8)[:, :width].T.tobytes()


class _Reader:
    """Front to back."""

    def __init__(self, body: bytes, count: int) -> None:
        self._body = body
        self._count = count
        self._at = 0

    def column(self, name: str) -> Ints:
        kind, width, first = _column.unpack(self._take(_column.size))
        may_be_unknown = name in MAY_BE_UNKNOWN or not self._count
        if kind == ABSENT and may_be_unknown:
            return np.full(self._count, UNKNOWN, dtype=np.int64)
        order = kind & ~WITH_UNKNOWN if may_be_unknown else kind
        if order not in (DIFFERENCES, SECOND_DIFFERENCES) or width > MAX_WIDTH:
            raise BrokenHour(f"The column {name} of the sealed hour has kind {kind} and width {width}.")
        is_known = self._flags() if kind & WITH_UNKNOWN else None
        values = self._values(width)
        if order == SECOND_DIFFERENCES:
            values = np.cumsum(values)
        values = first + np.cumsum(values)
        if name == TURNING:
            values %= TURN
        return values if is_known is None else np.where(is_known, values, UNKNOWN)

    def is_at_end(self) -> bool:
        return self._at == len(self._body)

    def _flags(self) -> Bools:
        packed = np.frombuffer(self._take((self._count + 7) // 8), dtype=np.uint8)
        return np.unpackbits(packed, count=self._count).astype(np.bool_)

    def _values(self, width: int) -> Ints:
        planes = np.frombuffer(self._take(width * self._count), dtype=np.uint8).reshape(width, self._count)
        folded = np.zeros((self._count, 8), dtype=np.uint8)
        folded[:, :width] = planes.T
        unsigned = folded.view("<u8").ravel()
        values: Ints = (unsigned >> np.uint64(1)).astype(np.int64) ^ -(unsigned & np.uint64(1)).astype(np.int64)
        return values

    def _take(self, size: int) -> bytes:
        part = self._body[self._at : self._at + size]
        if len(part) < size:
            raise BrokenHour("The sealed hour is shorter than its columns.")
        self._at += size
        return part
