"""A track for our own client: blobs of fixes in time order; the byte table stands in docs/telemetry.md under "Packed track"."""

import math
import struct
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from tracking.domain.sealed_hour import encode_hour
from tracking.wire.track_rows import Page, TrackEnd, TrackHead, lines

MEDIA_TYPE = "application/vnd.fleet.track"
MAGIC, VERSION = b"FT", 1
LIMITED = 1
CHUNK_BYTES = 65_536  # fewer hops between threads than blobs

_head = struct.Struct("<2sBB")
_part = struct.Struct("<BI")
_end = struct.Struct("<BId")
GOES_ON, BEGINS, END = range(3)


class Part(NamedTuple):
    """A sealed hour's blob, of whatever time; `begins`: nothing is known of the way to its first fix."""

    begins: bool
    fixes: int
    blob: bytes


def encode_track_packed(head: TrackHead, pages: Iterable[Page], end: Callable[[], TrackEnd]) -> Iterator[bytes]:
    """Each line is a part of its own, or goes on in that of the next page."""
    parts = (
        Part(begins, len(columns.times), encode_hour(columns)) for page in pages for begins, columns in lines(page)
    )
    return encode_parts(head, parts, end)


def encode_parts(head: TrackHead, parts: Iterable[Part], end: Callable[[], TrackEnd] | None = None) -> Iterator[bytes]:
    """Without an `end` the parts are all there is."""
    waiting = [_head.pack(MAGIC, VERSION, LIMITED if head.limited else 0)]
    size = fixes = 0
    for part in parts:
        waiting += [_part.pack(BEGINS if part.begins else GOES_ON, len(part.blob)), part.blob]
        fixes += part.fixes
        size += len(part.blob)
        if size >= CHUNK_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    told = None if end is None else end()
    whole, tolerance_m = (fixes, None) if told is None else (told.fixes, told.tolerance_m)
    waiting.append(_end.pack(END, whole, math.nan if tolerance_m is None else tolerance_m))
    yield b"".join(waiting)
