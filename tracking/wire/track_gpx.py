"""A track as GPX 1.1; what its core lacks goes into extensions.

Speed and course are Garmin's TrackPointExtension 2 (m/s and degrees from true north), which most readers know; accuracy is in a
namespace of our own. https://www.topografix.com/GPX/1/1/
"""

import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from tracking.wire.rfc3339 import encode_times
from tracking.wire.track_rows import Page, Row, TrackHead

NAMESPACE = "urn:fleet:gpx:1"
OPENING = f"""<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Fleet" xmlns="http://www.topografix.com/GPX/1/1"\
 xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2" xmlns:fleet="{NAMESPACE}">
"""
LIMITED = "Holds only what was driven in the regions that the reader may watch."
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def encode_track_gpx(head: TrackHead, pages: Iterable[Page]) -> Iterator[bytes]:
    """One track with one segment."""
    name = escape(NOT_XML.sub("", head.name))
    described = f"<desc>{LIMITED}</desc>" if head.limited else ""
    yield f"{OPENING}<metadata><name>{name}</name>{described}</metadata>\n<trk><name>{name}</name><trkseg>\n".encode()
    for page in pages:
        times = encode_times([row[0] for row in page])
        yield "".join(map(_point, times, page)).encode()
    yield b"</trkseg></trk>\n</gpx>\n"


def _point(time: str, row: Row) -> str:
    _, lat, lon, speed_mps, course_deg, accuracy_m = row
    if lon == 180:
        lon = -180.0  # GPX's longitudeType ends below 180
    extensions = _motion(speed_mps, course_deg)
    if accuracy_m is not None:
        extensions += f"<fleet:accuracy_m>{accuracy_m}</fleet:accuracy_m>"
    if extensions:
        extensions = f"<extensions>{extensions}</extensions>"
    return f'<trkpt lat="{lat:.7f}" lon="{lon:.7f}"><time>{time}</time>{extensions}</trkpt>\n'


def _motion(speed_mps: float | None, course_deg: float | None) -> str:
    """The schema wants speed before course."""
    speed = "" if speed_mps is None else f"<gpxtpx:speed>{speed_mps}</gpxtpx:speed>"
    course = "" if course_deg is None else f"<gpxtpx:course>{course_deg}</gpxtpx:course>"
    if not speed and not course:
        return ""
    return f"<gpxtpx:TrackPointExtension>{speed}{course}</gpxtpx:TrackPointExtension>"
