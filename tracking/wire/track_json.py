"""A track as the product's own JSON: rows as arrays in the order of `fields`."""

from collections.abc import Iterable, Iterator

import msgspec

from tracking.wire.rfc3339 import encode_time, encode_times
from tracking.wire.track_rows import FIELDS, Page, TrackHead

_encode = msgspec.json.encode


def encode_track_json(head: TrackHead, pages: Iterable[Page]) -> Iterator[bytes]:
    """One JSON object."""
    opening = {
        "vehicle": head.slug,
        "from": encode_time(head.from_ms),
        "to": encode_time(head.to_ms),
        "limited_to_regions": head.limited,
        "fields": FIELDS,
    }
    yield _encode(opening)[:-1] + b',"rows":['
    comma = b""
    for page in pages:
        times = encode_times([row[0] for row in page])
        rows = [(time, *row[1:]) for time, row in zip(times, page, strict=True)]
        yield comma + _encode(rows)[1:-1]
        comma = b","
    yield b"]}"
