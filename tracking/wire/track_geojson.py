"""A track as a GeoJSON Feature (RFC 7946), with times and measures in arrays parallel to the coordinates."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import msgspec

from tracking.wire.rfc3339 import encode_time, encode_times
from tracking.wire.track_rows import Page, TrackHead

SPOOL_MEMORY_BYTES = 1 << 20
CHUNK_BYTES = 1 << 18

_encode = msgspec.json.encode


def encode_track_geojson(head: TrackHead, pages: Iterable[Page]) -> Iterator[bytes]:
    """A LineString; a Point for one fix and no geometry for none, since a line needs two positions.

    The arrays that follow the coordinates wait in temporary files: a second reading might find more fixes than the first.
    """
    with ExitStack() as stack:
        spools = {
            name: stack.enter_context(_spool()) for name in ("coordTimes", "speeds_mps", "courses_deg", "accuracies_m")
        }
        yield b'{"type":"Feature","geometry":'
        yield from _geometry(pages, spools)
        yield b',"properties":' + _encode(_properties(head))[:-1]
        for name, spool in spools.items():
            yield b',"' + name.encode() + b'":['
            spool.seek(1)  # past the first comma
            while chunk := spool.read(CHUNK_BYTES):
                yield chunk
            yield b"]"
        yield b"}}"


def _spool() -> "SpooledTemporaryFile[bytes]":
    return SpooledTemporaryFile(max_size=SPOOL_MEMORY_BYTES)


def _properties(head: TrackHead) -> dict[str, Any]:
    return {
        "vehicle": head.slug,
        "name": head.name,
        "from": encode_time(head.from_ms),
        "to": encode_time(head.to_ms),
        "limited_to_regions": head.limited,
    }


def _geometry(pages: Iterable[Page], spools: dict[str, Any]) -> Iterator[bytes]:
    rest = iter(pages)
    first = next(rest, None)
    if first is None:
        yield b"null"
        return
    if len(first) == 1:
        _keep(first, spools)
        yield _encode({"type": "Point", "coordinates": (first[0][2], first[0][1])})
        return
    yield b'{"type":"LineString","coordinates":['
    comma = b""
    for page in chain([first], rest):
        _keep(page, spools)
        yield comma + _encode([(row[2], row[1]) for row in page])[1:-1]
        comma = b","
    yield b"]}"


def _keep(page: Page, spools: dict[str, IO[bytes]]) -> None:
    times_ms, _, _, speeds, courses, accuracies = zip(*page, strict=True)
    columns = (encode_times(times_ms), speeds, courses, accuracies)
    for spool, column in zip(spools.values(), columns, strict=True):
        spool.write(b"," + _encode(column)[1:-1])
