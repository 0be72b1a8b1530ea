"""A track as the product's own JSON: rows as arrays in the order of `fields`."""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from tracking.domain.columns import Columns
from tracking.wire.rfc3339 import encode_time
from tracking.wire.text_columns import degrees_text, measures_text, times_text, written
from tracking.wire.track_rows import FIELDS, Page, TrackEnd, TrackHead, end_properties

_encode = msgspec.json.encode


def encode_track_json(head: TrackHead, pages: Iterable[Page], end: Callable[[], TrackEnd]) -> Iterator[bytes]:
    """One JSON object; what is known at the end stands there."""
    opening = {
        "vehicle": head.slug,
        "from": encode_time(head.from_ms),
        "to": encode_time(head.to_ms),
        "limited_to_regions": head.limited,
        "fields": FIELDS,
    }
    yield _encode(opening)[:-1] + b',"rows":['
    first = True
    for page in pages:
        yield _rows(page.columns)[1 if first else 0 :]
        first = False
    yield b"]," + _encode(end_properties(end()))[1:]


def _rows(columns: Columns) -> bytes:
    """Each with a comma before it."""
    return written(
        *(b',["', *times_text(columns.times), b'",'),
        *(*degrees_text(columns.lats), b",", *degrees_text(columns.lons), b","),
        *(*measures_text(columns.speeds, 3, unknown=b"null"), b","),
        *(*measures_text(columns.courses, 2, unknown=b"null"), b","),
        *(*measures_text(columns.accuracies, 2, unknown=b"null"), b"]"),
    )
