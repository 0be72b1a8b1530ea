"""Reads what `packing.py` writes, many blobs at once: of 360 rows numpy's calls cost more than what they do."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple, Self

import numpy as np

from tracking.domain.columns import UNKNOWN
from tracking.domain.packing import (
    ABSENT,
    COLUMN,
    DIFFERENCES,
    HEAD,
    MAX_WIDTH,
    SECOND_DIFFERENCES,
    TURN,
    WITH_UNKNOWN,
    BrokenBlob,
    Layout,
)
from tracking.domain.quality import Bools, Ints

FEW_VALUES = 2_200  # of several columns, which are read as one: of more each column by itself costs less
MOST_ROWS = 40_000  # of several blobs: more leave the processor's cache, and cost as much as one by one


def unpack(layout: Layout, blob: bytes) -> list[Ints]:
    """Raises BrokenBlob with a sentence."""
    return next(unpack_each(layout, [blob]))


def unpack_each(layout: Layout, blobs: Iterable[bytes], *, columns: int | None = None) -> Iterator[list[Ints]]:
    """The columns of each, or so many of them, in order. Raises BrokenBlob with a sentence."""
    names = layout.columns[:columns]
    waiting: list[_Reader] = []
    rows = 0
    for blob in blobs:
        waiting.append(_reader_of(layout, blob))
        rows += waiting[-1].count
        if rows >= MOST_ROWS:
            yield from _unpacked(layout, names, waiting)
            waiting, rows = [], 0
    yield from _unpacked(layout, names, waiting)


def _unpacked(layout: Layout, names: Sequence[str], readers: Sequence["_Reader"]) -> Iterator[list[Ints]]:
    counts = [reader.count for reader in readers]
    at_once = max(1, FEW_VALUES // max(1, sum(counts)))
    columns = [
        column
        for begin in range(0, len(names), at_once)
        for column in _joined(layout, names[begin : begin + at_once], readers)
    ]
    if len(names) == len(layout.columns) and not all(reader.is_at_end() for reader in readers):
        raise BrokenBlob(f"The {layout.what} is longer than its columns.")
    for begin, end in pairwise(accumulate(counts, initial=0)):
        yield [column[begin:end] for column in columns]


def _reader_of(layout: Layout, blob: bytes) -> "_Reader":
    what = layout.what
    if len(blob) < HEAD.size or not blob.startswith(layout.magic):
        raise BrokenBlob(f"These bytes are not a {what}.")
    _, version, _, count, checksum = HEAD.unpack_from(blob)
    if version != layout.version:
        raise BrokenBlob(f"The {what} has version {version}; version {layout.version} can be read.")
    if count > layout.max_rows:
        raise BrokenBlob(f"A {what} has at most {layout.max_rows:,} rows; this one claims {count:,}.")
    most = len(layout.columns) * (COLUMN.size + (MAX_WIDTH + 1) * count)
    body = _inflated(blob[HEAD.size :], what, most=most)
    if zlib.crc32(body, count) != checksum:
        raise BrokenBlob(f"The checksum of the {what} does not match.")
    return _Reader(layout, body, count)


def _inflated(deflated: bytes, what: str, *, most: int) -> bytes:
    inflater = zlib.decompressobj()
    try:
        body = inflater.decompress(deflated, most + 1)
    except zlib.error as error:
        raise BrokenBlob(f"The {what} cannot be inflated: {error}.") from error
    if len(body) > most or not inflater.eof or inflater.unused_data:
        raise BrokenBlob(f"The {what} is cut, or followed by other bytes.")
    return body


class Part(NamedTuple):
    """A column of a blob: its head, a bit for each row that is known (None: all are), and its planes."""

    rows: int
    kind: int
    width: int
    first: int
    flags: bytes | None
    planes: bytes

    def plane(self, at: int) -> bytes:
        return self.planes[at * self.rows : (at + 1) * self.rows] if at < self.width else bytes(self.rows)

    def is_known(self) -> Bools:
        if self.flags is None:
            return np.full(self.rows, self.kind != ABSENT)
        return np.unpackbits(np.frombuffer(self.flags, np.uint8), count=self.rows).astype(np.bool_)


class Segments(NamedTuple):
    """Of joined rows: where each blob's begin, and how many those are; none is empty."""

    starts: Ints
    counts: Ints

    @classmethod
    def of(cls, counts: Sequence[int]) -> Self:
        lengths = np.array(counts, np.int64)
        return cls(np.cumsum(lengths) - lengths, lengths)

    def sums(self, values: Ints) -> Ints:
        """Running sums that begin anew in each."""
        sums = values.cumsum()
        if len(self.starts) > 1:
            sums -= np.repeat(sums[self.starts] - values[self.starts], self.counts)
        return sums


def _joined(layout: Layout, names: Sequence[str], readers: Sequence["_Reader"]) -> list[Ints]:
    """The next columns, each of all blobs; read as one long column."""
    parts = [part for name in names for reader in readers if (part := reader.column(name)).rows]
    segments = Segments.of([part.rows for part in parts])
    values = _values(parts, segments)
    rows = len(values) // len(names)
    if layout.turning in names:
        courses = values[names.index(layout.turning) * rows :][:rows]
        courses -= courses // TURN * TURN  # twice as fast as %
    if not all(part.flags is None and part.kind != ABSENT for part in parts):
        values = np.where(np.concatenate([part.is_known() for part in parts]), values, UNKNOWN)
    return list(values.reshape(len(names), rows))


def _values(parts: Sequence[Part], segments: Segments) -> Ints:
    """Those of unknown rows mean nothing."""
    if all(part.kind == ABSENT for part in parts):
        return np.zeros(segments.counts.sum(), np.int64)
    values = _differences(parts)
    seconds = [part.kind == SECOND_DIFFERENCES for part in parts]
    if any(seconds):
        sums = segments.sums(values)
        values = sums if all(seconds) else np.where(np.repeat(seconds, segments.counts), sums, values)
    values[segments.starts] += [part.first for part in parts]
    return segments.sums(values)


def _differences(parts: Sequence[Part]) -> Ints:
    """In the fewest bits that hold them, until they are unfolded."""
    width = max(part.width for part in parts)
    bits = next(bits for bits in (16, 32, 64) if 8 * width <= bits)
    folded = np.zeros(sum(part.rows for part in parts), f"u{bits // 8}")
    for at in reversed(range(width)):
        folded <<= 8
        folded |= np.frombuffer(b"".join([part.plane(at) for part in parts]), np.uint8)
    unfolded = folded >> 1
    unfolded ^= -(folded & 1)
    return unfolded.view(f"i{bits // 8}").astype(np.int64)


class _Reader:
    """Front to back."""

    def __init__(self, layout: Layout, body: bytes, count: int) -> None:
        self._layout = layout
        self._body = body
        self._at = 0
        self.count = count

    def column(self, name: str) -> Part:
        kind, width, first = COLUMN.unpack(self._take(COLUMN.size))
        may_be_unknown = name in self._layout.may_be_unknown or not self.count
        if kind == ABSENT and may_be_unknown:
            return Part(self.count, ABSENT, 0, 0, None, b"")
        order = kind & ~WITH_UNKNOWN if may_be_unknown else kind
        if order not in (DIFFERENCES, SECOND_DIFFERENCES) or width > MAX_WIDTH:
            raise BrokenBlob(f"The column {name} of the {self._layout.what} has kind {kind} and width {width}.")
        flags = self._take((self.count + 7) // 8) if kind & WITH_UNKNOWN else None
        return Part(self.count, order, width, first, flags, self._take(width * self.count))

    def is_at_end(self) -> bool:
        return self._at == len(self._body)

    def _take(self, size: int) -> bytes:
        part = self._body[self._at : self._at + size]
        if len(part) < size:
            raise BrokenBlob(f"The {self._layout.what} is shorter than its columns.")
        self._at += size
        return part
