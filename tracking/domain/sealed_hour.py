"""Sealed hours: the fixes of a vehicle and an hour as one blob; the byte table stands in docs/telemetry.md."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tracking.domain.columns import Columns
from tracking.domain.packing import Layout, pack
from tracking.domain.quality import Ints
from tracking.domain.unpacking import unpack, unpack_each

MAX_ROWS = 3_600_000  # one each millisecond
LAYOUT = Layout(
    what="sealed hour",
    magic=b"FH",
    version=1,
    max_rows=MAX_ROWS,
    columns=Columns._fields,
    may_be_unknown=frozenset(("speeds", "courses", "accuracies")),
    turning="courses",
)


class Places(NamedTuple):
    """The first of Columns: what a replay needs, for half of the cost."""

    times: Ints
    lats: Ints
    lons: Ints


def encode_hour(columns: Columns) -> bytes:
    """Any number of rows up to MAX_ROWS, times rising."""
    return pack(LAYOUT, columns)


def decode_hour(blob: bytes) -> Columns:
    """Raises BrokenBlob with a sentence."""
    return Columns(*unpack(LAYOUT, blob))


def decode_hours(blobs: Iterable[bytes]) -> Iterator[Columns]:
    """Of each, in order; of many for less than one by one. Raises BrokenBlob with a sentence."""
    return (Columns(*columns) for columns in unpack_each(LAYOUT, blobs))


def decode_places(blobs: Iterable[bytes]) -> Iterator[Places]:
    """As `decode_hours`; what follows the places is checked by the checksum alone."""
    return (Places(*columns) for columns in unpack_each(LAYOUT, blobs, columns=len(Places._fields)))
