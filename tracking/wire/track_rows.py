"""What the formats of a track have in common: the head, the pages of fixes, what is known at the end, and the names of the columns.

Each format turns a head and pages into chunks of bytes, one chunk or a few a page, so that a year costs no more memory than a minute.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from tracking.domain.columns import Columns
from tracking.domain.quality import Ints
from tracking.wire.rfc3339 import encode_times

FIELDS = ("fix_time", "lat", "lon", "speed_mps", "course_deg", "accuracy_m")


class Page(NamedTuple):
    """`starts`: rows with which a line begins anew; nothing is known of the way to them. The first row of a track is one."""

    columns: Columns
    starts: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackHead:
    """`limited`: only what the reader may see is in it, and there may be more."""

    slug: str
    name: str
    from_ms: int
    to_ms: int
    limited: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackEnd:
    """What all fixes of the range tell; `tolerance_m` is how far those left out lie from where the others place them, at most.

    `gaps` pairs the times of the fixes between which no line is drawn.
    """

    fixes: int
    distance_m: float
    duration_s: float
    gaps: list[tuple[int, int]]
    tolerance_m: float | None


Encoder: TypeAlias = Callable[[TrackHead, Iterable[Page], Callable[[], TrackEnd]], Iterator[bytes]]
"""Pages come in time order and are never empty. The end is asked for after the last of them."""


def lines(page: Page) -> Iterator[tuple[bool, Columns]]:
    """The page cut at its starts: whether a line begins, and the rows."""
    starts = page.starts.tolist()
    count = len(page.columns.times)
    bounds = starts if starts[:1] == [0] else [0, *starts]
    for begin, end in zip(bounds, [*bounds[1:], count], strict=True):
        yield begin in starts[:1] or begin > 0, Columns(*(column[begin:end] for column in page.columns))


def end_properties(end: TrackEnd) -> dict[str, Any]:
    """As JSON formats write it."""
    times = encode_times([time for gap in end.gaps for time in gap])
    return {
        "fixes": end.fixes,
        "distance_m": round(end.distance_m, 1),
        "duration_s": end.duration_s,
        "tolerance_m": None if end.tolerance_m is None else round(end.tolerance_m, 2),
        "gaps": list(zip(times[::2], times[1::2], strict=True)),
    }
