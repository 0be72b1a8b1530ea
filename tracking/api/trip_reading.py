"""Finds trips and stops in stored fixes: reads as far around the asked time as it takes to judge them as the whole track would."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from tracking.api.reads import Read, ranges_of, read_again, widened
from tracking.api.sight import ALL_TIME, Span
from tracking.domain.columns import Columns, fixes_of, known
from tracking.domain.excerpt import Excerpt, judge
from tracking.domain.hours import HOUR_MS
from tracking.domain.journey import Journey, Readings, Trip
from tracking.domain.quality import Ints
from tracking.domain.rest import Manner
from tracking.domain.trips import REACH_MS, Stop
from tracking.storage.history import mark_of
from tracking.storage.telemetry import Telemetry

PIECE_MS = 25 * HOUR_MS  # a day of any zone is judged at once
FIRST_REACH_MS = 8 * HOUR_MS  # at midnight most vehicles have parked for less, and leave sooner
MAX_FIXES = 2_000_000  # 23 days of one a second, 430 MB while they are judged
PAGE_FIXES = 1_000_000  # having read so many, a page of a list ends where it is: one to two seconds
PAGE_ROWS = 100_000


class TooManyFixes(ValueError):
    """An answer would cost too much; the message is for who asked."""


class Piece(NamedTuple):
    """Items that touch the time from `from_ms` to before `to_ms`, whole, and where they were found."""

    from_ms: int
    to_ms: int
    items: list[Stop | Trip]
    journey: Journey


class TripReading:
    """Of one vehicle. `seen`: when it may be seen; each span is judged for itself. `fixes` counts what was read.

    `reads`: of each span that was read, for the range that was asked for last.
    """

    def __init__(self, telemetry: Telemetry, vehicle: int, manner: Manner, seen: Sequence[Span] = (ALL_TIME,)) -> None:
        self._telemetry = telemetry
        self._vehicle = vehicle
        self._manner = manner
        self._seen = seen
        self.fixes = 0
        self.reads: list[Read] = []

    def known(self) -> list[Any]:
        """All that what is found depends on besides the fixes and the question."""
        return [self._telemetry.identity(), self._vehicle, repr(self._manner), self._seen]

    def spans(self, asked: Span) -> list[Span]:
        """Those seen that have a part in the asked range."""
        return [span for span in self._seen if max(asked[0], span[0]) < min(asked[1], span[1])]

    def look_again(self, asked: Span, told: Sequence[Span]) -> list[Read] | None:
        """As `reads`, where those ranges were read for the asked one; None where they cannot have been."""
        ranges = ranges_of(self._vehicle, self.spans(asked), told)
        return None if ranges is None else read_again(self._telemetry, ranges)

    def pieces(self, asked: Span) -> Iterator[Piece]:
        """Make up the asked range, but for times of which nothing is known. Raises TooManyFixes."""
        self.reads = []
        for span in self.spans(asked):
            is_first = True
            next_ms, end_ms = max(asked[0], span[0]), min(asked[1], span[1])
            while next_ms < end_ms:
                piece, read, times = self._piece((next_ms, min(next_ms + PIECE_MS, end_ms)), span, end_ms)
                self.reads.append(read if is_first else widened(self.reads.pop(), read, times))
                is_first = False
                yield piece
                next_ms = piece.to_ms

    def _piece(self, asked: Span, span: Span, end_ms: int) -> tuple[Piece, Read, Ints]:
        """At least the asked time; more of it, up to the end, where what was read tells it. With what was read, and its times."""
        from_ms, to_ms = asked
        reach_ms = FIRST_REACH_MS
        low_ms, high_ms = _whole_hours(from_ms - reach_ms, to_ms + reach_ms, span)
        columns = self._load(low_ms, high_ms)
        while True:
            before_ms, after_ms = self._beside(low_ms, high_ms, span)
            judged = judge(Excerpt(readings_of(columns), before_ms is None, after_ms is None), self._manner)
            if judged.from_ms < from_ms and judged.to_ms >= to_ms:
                covered_ms = int(min(end_ms, judged.to_ms))
                items = [item for item in judged.items if item.start_ms < covered_ms and item.end_ms >= from_ms]
                read = Read(low_ms, high_ms, mark_of(columns), before_ms is not None, after_ms is not None)
                return Piece(from_ms, covered_ms, items, judged.journey), read, columns.times
            reach_ms *= 2
            if before_ms is not None and judged.from_ms >= from_ms:
                further_ms, _ = _whole_hours(min(low_ms - reach_ms, before_ms - REACH_MS), high_ms, span)
                columns = Columns.joined([self._load(further_ms, low_ms, already=len(columns.times)), columns])
                low_ms = further_ms
            if after_ms is not None and judged.to_ms < to_ms:
                _, further_ms = _whole_hours(low_ms, max(high_ms + reach_ms, after_ms + REACH_MS), span)
                columns = Columns.joined([columns, self._load(high_ms, further_ms, already=len(columns.times))])
                high_ms = further_ms

    def _beside(self, low_ms: int, high_ms: int, span: Span) -> tuple[int | None, int | None]:
        """The times of the nearest fixes on both sides."""
        before = self._telemetry.load_last([self._vehicle], low_ms - 1, within_ms=low_ms - 1 - span[0])
        after = self._telemetry.load_next([self._vehicle], high_ms - 1, within_ms=span[1] - high_ms)
        return (before[0].fix_time_ms if before else None), (after[0].fix_time_ms if after else None)

    def _load(self, from_ms: int, to_ms: int, *, already: int = 0) -> Columns:
        """Raises TooManyFixes when there are too many together with those read already."""
        pages = [Columns.of(*[()] * 6)]
        for page in self._telemetry.load_pages(self._vehicle, from_ms, to_ms, rows=PAGE_ROWS):
            pages.append(page)
            already += len(page.times)
            self.fixes += len(page.times)
            if already > MAX_FIXES:
                raise TooManyFixes(f"between two stops lie more than {MAX_FIXES:,} fixes, which is too much to judge")
        return Columns.joined(pages)


def _whole_hours(low_ms: int, high_ms: int, span: Span) -> Span:
    """At least that much of the span, so that fixes of sealed hours are counted without being read."""
    return max(span[0], low_ms // HOUR_MS * HOUR_MS), min(span[1], -(-high_ms // HOUR_MS) * HOUR_MS)


def readings_of(columns: Columns) -> Readings:
    return Readings(fixes_of(columns), known(columns.speeds, 1000), known(columns.accuracies, 100))
