"""A track as CSV by RFC 4180: a header, a line a fix, nothing between the commas for what is unknown."""

from collections.abc import Callable, Iterable, Iterator

from tracking.domain.columns import Columns
from tracking.wire.text_columns import degrees_text, measures_text, times_text, written
from tracking.wire.track_rows import FIELDS, Page, TrackEnd, TrackHead


def encode_track_csv(head: TrackHead, pages: Iterable[Page], end: Callable[[], TrackEnd]) -> Iterator[bytes]:
    """No field holds a comma, a quote or a line break, so nothing is quoted."""
    yield (",".join(FIELDS) + "\r\n").encode()
    for page in pages:
        yield _rows(page.columns)


def _rows(columns: Columns) -> bytes:
    return written(
        *(*times_text(columns.times), b","),
        *(*degrees_text(columns.lats), b",", *degrees_text(columns.lons), b","),
        *(*measures_text(columns.speeds, 3), b","),
        *(*measures_text(columns.courses, 2), b","),
        *(*measures_text(columns.accuracies, 2), b"\r\n"),
    )
