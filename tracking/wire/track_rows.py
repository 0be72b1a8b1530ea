"""What the formats of a track have in common: the head, the pages of rows, and the names of the columns.

Each format turns a head and pages into chunks of bytes, one chunk or a few a page, so that a year costs no more memory than a minute.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Row: TypeAlias = tuple[int, float, float, float | None, float | None, float | None]
"""fix_time_ms, lat, lon, speed_mps, course_deg, accuracy_m."""
Page: TypeAlias = Sequence[Row]

FIELDS = ("fix_time", "lat", "lon", "speed_mps", "course_deg", "accuracy_m")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackHead:
    """`limited`: only what the reader may see is in it, and there may be more."""

    slug: str
    name: str
    from_ms: int
    to_ms: int
    limited: bool


Encoder: TypeAlias = Callable[[TrackHead, Iterable[Page]], Iterator[bytes]]
"""Pages come in time order and are never empty; all but the last have at least two rows."""
