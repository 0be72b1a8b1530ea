"""A track as KML 2.3 (OGC 12-007r2), which knows when a vehicle was where; Google Earth plays it, GIS programs draw it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from xml.sax.saxutils import escape

from tracking.domain.columns import Columns
from tracking.wire.spools import Spool
from tracking.wire.text_columns import degrees_text, times_text, written
from tracking.wire.track_gpx import LIMITED, NOT_XML
from tracking.wire.track_rows import Page, TrackEnd, TrackHead, lines

OPENING = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.3">
<Document>"""


def encode_track_kml(head: TrackHead, pages: Iterable[Page], end: Callable[[], TrackEnd]) -> Iterator[bytes]:
    """One MultiTrack with a Track between any two gaps, not joined across them; speeds and accuracies have no place in it."""
    name = escape(NOT_XML.sub("", head.name))
    described = f"<description>{LIMITED}</description>" if head.limited else ""
    yield f"{OPENING}<name>{name}</name>{described}\n<Placemark><name>{name}</name>".encode()
    yield b"<MultiTrack><interpolate>0</interpolate>\n"
    with closing(Spool()) as places:
        is_first = True
        for begins, rows in (line for page in pages for line in lines(page)):
            if begins:
                if not is_first:
                    yield from places.drain()
                    yield b"</Track>\n"
                yield b"<Track>\n"
                is_first = False
            yield written(b"<when>", *times_text(rows.times), b"</when>\n")
            places.write(_places(rows))
        if not is_first:
            yield from places.drain()
            yield b"</Track>\n"
    yield b"</MultiTrack></Placemark>\n</Document></kml>\n"


def _places(rows: Columns) -> bytes:
    """The schema wants all places of a Track after all its times."""
    return written(b"<coord>", *degrees_text(rows.lons), b" ", *degrees_text(rows.lats), b"</coord>\n")
