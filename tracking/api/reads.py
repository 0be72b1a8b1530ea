"""Which fixes an answer was found in, and whether they are still the same."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from tracking.api.sight import Span
from tracking.domain.quality import Ints
from tracking.storage.records import TrackMark
from tracking.storage.telemetry import LEAST_CLOSED_MS, Telemetry


class Read(NamedTuple):
    """What was read of a span, and whether it has fixes before and after that.

    An hour's fixes only become more, or go with all before them: as long as this is the same, they are the same.
    """

    from_ms: int
    to_ms: int
    mark: TrackMark
    has_before: bool
    has_after: bool


class Range(NamedTuple):
    """From ≤ time < to of a vehicle, and the span that it lies in."""

    vehicle: int
    span: Span
    from_ms: int
    to_ms: int


def ranges_of(vehicle: int, spans: Sequence[Span], told: Sequence[Span]) -> list[Range] | None:
    """One of each span, in order; None where one lies elsewhere, or there are too many."""
    if len(told) > len(spans):
        return None
    ranges = [Range(vehicle, span, *one) for span, one in zip(spans, told, strict=False)]
    return ranges if all(span[0] <= low <= high <= span[1] for _, span, low, high in ranges) else None


def read_again(telemetry: Telemetry, ranges: Sequence[Range]) -> list[Read]:
    """Reads no fix, but of hours that a range is a part of; asks for all vehicles of the same range and span at once."""
    vehicles: dict[tuple[Span, int, int], list[int]] = defaultdict(list)
    for one in ranges:
        vehicles[one.span, one.from_ms, one.to_ms].append(one.vehicle)
    found: dict[Range, Read] = {}
    for (span, from_ms, to_ms), group in vehicles.items():
        marks = telemetry.history.marks(group, from_ms, to_ms)
        before = telemetry.history.who_has(group, span[0], from_ms)
        after = telemetry.history.who_has(group, to_ms, span[1])
        for vehicle in group:
            read = Read(from_ms, to_ms, marks[vehicle], vehicle in before, vehicle in after)
            found[Range(vehicle, span, from_ms, to_ms)] = read
    return [found[one] for one in ranges]


def are_sealed(telemetry: Telemetry, vehicles: Sequence[int], reads: Sequence[Read]) -> bool:
    """Whether nothing of it is hot or goes on, so that only late fixes change it."""
    if not reads or not all(read.has_after for read in reads):
        return False
    span = min(read.from_ms for read in reads), max(read.to_ms for read in reads)
    return is_sealed(telemetry, vehicles, span)


def is_sealed(telemetry: Telemetry, vehicles: Sequence[int], span: Span) -> bool:
    """Whether it ended long enough ago to be sealed, and nothing of it is hot."""
    if span[1] > telemetry.now_ms() - LEAST_CLOSED_MS:
        return False
    return not telemetry.history.hot.has_any(vehicles, *span)


def widened(known: Read, read: Read, times: Ints) -> Read:
    """Both of them, which overlap or touch; `times` are those of the second one's fixes."""
    outside = times[(times < known.from_ms) | (times >= known.to_ms)]
    ends = [known.mark.first_ms, known.mark.last_ms, *outside[:1].tolist(), *outside[-1:].tolist()]
    moments = [time_ms for time_ms in ends if time_ms is not None]
    mark = TrackMark(known.mark.fixes + len(outside), min(moments, default=None), max(moments, default=None))
    return Read(
        min(known.from_ms, read.from_ms),
        max(known.to_ms, read.to_ms),
        mark,
        read.has_before if read.from_ms < known.from_ms else known.has_before,
        read.has_after if read.to_ms > known.to_ms else known.has_after,
    )
