"""A track as CSV by RFC 4180: a header, a line a fix, nothing between the commas for what is unknown."""

from collections.abc import Iterable, Iterator

from tracking.wire.rfc3339 import encode_times
from tracking.wire.track_rows import FIELDS, Page, Row, TrackHead


def encode_track_csv(head: TrackHead, pages: Iterable[Page]) -> Iterator[bytes]:
    """No field holds a comma, a quote or a line break, so nothing is quoted."""
    yield (",".join(FIELDS) + "\r\n").encode()
    for page in pages:
        times = encode_times([row[0] for row in page])
        yield "".join(map(_line, times, page)).encode()


def _line(time: str, row: Row) -> str:
    _, lat, lon, speed_mps, course_deg, accuracy_m = row
    return f"{time},{lat:.7f},{lon:.7f},{_text(speed_mps)},{_text(course_deg)},{_text(accuracy_m)}\r\n"


def _text(value: float | None) -> str:
    return "" if value is None else repr(value)
