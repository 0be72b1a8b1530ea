"""A track as GPX 1.1; what its core lacks goes into extensions.

Speed and course are Garmin's TrackPointExtension 2 (m/s and degrees from true north), which most readers know; accuracy is in a
namespace of our own. https://www.topografix.com/GPX/1/1/
"""

import re
from collections.abc import Callable, Iterable, Iterator
from xml.sax.saxutils import escape

import numpy as np

from tracking.domain.columns import UNKNOWN, Columns
from tracking.wire.text_columns import degrees_text, measures_text, only_where, times_text, written
from tracking.wire.track_rows import Page, TrackEnd, TrackHead, lines

NAMESPACE = "urn:fleet:gpx:1"
OPENING = f"""<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Fleet" xmlns="http://www.topografix.com/GPX/1/1"\
 xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2" xmlns:fleet="{NAMESPACE}">
"""
EAST_END = 1_800_000_000  # GPX's longitudeType ends below 180°
LIMITED = "Holds only what was driven in the regions that the reader may watch."
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def encode_track_gpx(head: TrackHead, pages: Iterable[Page], end: Callable[[], TrackEnd]) -> Iterator[bytes]:
    """One track with a segment between any two gaps."""
    name = escape(NOT_XML.sub("", head.name))
    described = f"<desc>{LIMITED}</desc>" if head.limited else ""
    yield f"{OPENING}<metadata><name>{name}</name>{described}</metadata>\n<trk><name>{name}</name><trkseg>\n".encode()
    is_first = True
    for begins, rows in (line for page in pages for line in lines(page)):
        if begins and not is_first:
            yield b"</trkseg><trkseg>\n"
        yield _points(rows)
        is_first = False
    yield b"</trkseg></trk>\n</gpx>\n"


def _points(rows: Columns) -> bytes:
    lons = np.where(rows.lons == EAST_END, -EAST_END, rows.lons)
    has_speed, has_course, has_accuracy = (column != UNKNOWN for column in (rows.speeds, rows.courses, rows.accuracies))
    has_motion = has_speed | has_course
    return written(
        *(b'<trkpt lat="', *degrees_text(rows.lats), b'" lon="', *degrees_text(lons), b'"><time>'),
        *(*times_text(rows.times), b"</time>"),
        *only_where(has_motion | has_accuracy, b"<extensions>"),
        *only_where(has_motion, b"<gpxtpx:TrackPointExtension>"),  # its schema wants speed before course
        *only_where(has_speed, b"<gpxtpx:speed>", *measures_text(rows.speeds, 3), b"</gpxtpx:speed>"),
        *only_where(has_course, b"<gpxtpx:course>", *measures_text(rows.courses, 2), b"</gpxtpx:course>"),
        *only_where(has_motion, b"</gpxtpx:TrackPointExtension>"),
        *only_where(has_accuracy, b"<fleet:accuracy_m>", *measures_text(rows.accuracies, 2), b"</fleet:accuracy_m>"),
        *only_where(has_motion | has_accuracy, b"</extensions>"),
        b"</trkpt>\n",
    )
