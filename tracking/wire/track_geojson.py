"""A track as a GeoJSON Feature (RFC 7946), with times and measures in arrays parallel to the coordinates."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import msgspec

from tracking.domain.columns import Columns
from tracking.wire.rfc3339 import encode_time
from tracking.wire.spools import Spool
from tracking.wire.text_columns import degrees_text, measures_text, times_text, written
from tracking.wire.track_rows import Page, TrackEnd, TrackHead, end_properties, lines

MEASURES = ("coordTimes", "speeds_mps", "courses_deg", "accuracies_m")

_encode = msgspec.json.encode


def encode_track_geojson(head: TrackHead, pages: Iterable[Page], end: Callable[[], TrackEnd]) -> Iterator[bytes]:
    """A MultiLineString with a line between any two gaps; no geometry for no fix.

    A line needs two positions: a fix alone between gaps stands in it twice. The arrays wait in spools until the coordinates are written.
    """
    with ExitStack() as stack:
        spools = {name: stack.enter_context(closing(Spool())) for name in MEASURES}
        yield b'{"type":"Feature","geometry":'
        yield from _geometry(pages, list(spools.values()))
        yield b',"properties":' + _encode(_properties(head))[:-1]
        for name, spool in spools.items():
            yield b',"' + name.encode() + b'":['
            yield from spool.drain()
            yield b"]"
        yield b"," + _encode(end_properties(end()))[1:] + b"}"


def _properties(head: TrackHead) -> dict[str, Any]:
    return {
        "vehicle": head.slug,
        "name": head.name,
        "from": encode_time(head.from_ms),
        "to": encode_time(head.to_ms),
        "limited_to_regions": head.limited,
    }


def _geometry(pages: Iterable[Page], spools: list[Spool]) -> Iterator[bytes]:
    alone: Columns | None = None
    is_first = True
    for begins, rows in (line for page in pages for line in lines(page)):
        if begins:
            yield b'{"type":"MultiLineString","coordinates":[[' if is_first else _line_end(alone, spools) + b",["
            _write(spools, [b"[" if is_first else b",["] * len(spools))
            is_first = False
        yield _rows(rows, spools, begins=begins)
        alone = rows if begins and len(rows.times) == 1 else None
    if is_first:
        yield b"null"
        return
    yield _line_end(alone, spools) + b"]}"


def _line_end(alone: Columns | None, spools: list[Spool]) -> bytes:
    again = b"" if alone is None else _rows(alone, spools, begins=False)
    _write(spools, [b"]"] * len(spools))
    return again + b"]"


def _rows(rows: Columns, spools: list[Spool], *, begins: bool) -> bytes:
    """The positions; the measures go into the spools. What begins a line has no comma before it."""
    measures = [
        written(b',"', *times_text(rows.times), b'"'),
        written(b",", *measures_text(rows.speeds, 3, unknown=b"null")),
        written(b",", *measures_text(rows.courses, 2, unknown=b"null")),
        written(b",", *measures_text(rows.accuracies, 2, unknown=b"null")),
    ]
    comma = 1 if begins else 0
    _write(spools, [text[comma:] for text in measures])
    return written(b",[", *degrees_text(rows.lons), b",", *degrees_text(rows.lats), b"]")[comma:]


def _write(spools: list[Spool], texts: list[bytes]) -> None:
    for spool, text in zip(spools, texts, strict=True):
        spool.write(text)
