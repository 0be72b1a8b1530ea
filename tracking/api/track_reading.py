"""Reads a track page by page, and what the whole of it tells on the way."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from tracking.api.sight import Span
from tracking.domain.columns import Columns, fixes_of, known
from tracking.domain.distance import Odometer, judged_by, line_starts
from tracking.domain.hours import HOUR_MS
from tracking.domain.overview import FLOOR_M, Points, fewer, joined, points_of, within
from tracking.domain.quality import Ints
from tracking.domain.rest import Manner
from tracking.domain.simplify import at_most, within_tolerance
from tracking.storage.hot import END_MS
from tracking.storage.overviews import KeptHour, find_overviews
from tracking.storage.telemetry import Telemetry
from tracking.wire.track_rows import Page, TrackEnd

PAGE_ROWS = 7_000  # two hours of a fix a second: 2 ms of work, 1 MB that stays in the processor's cache
EXACT_FIXES = 20_000  # more are simplified hour by hour: 8 ms


class TrackSource(NamedTuple):
    """Where a track lies. `is_whole`: nothing lies outside of the spans that its reader may not know of."""

    telemetry: Telemetry
    vehicle: int
    spans: Sequence[Span]
    manner: Manner
    is_whole: bool


class TrackReading:
    """`end` may be asked once all pages were read; unless `tells_end` the way is not counted."""

    def __init__(self, source: TrackSource, *, tells_end: bool = True) -> None:
        self._source = source
        self._tells_end = tells_end
        self._odometer: Odometer | None = None
        self._fixes = 0
        self._first_ms = self._last_ms = 0
        self._driven_hour = -1
        self._gaps: list[tuple[int, int]] = []
        self._tolerance_m: float | None = None

    def pages(self) -> Iterator[Page]:
        """Where the reader may not see, and in gaps, a line ends."""
        source = self._source
        if self._tells_end:
            self._begin_way(self._kept(with_points=False))
        for start_ms, end_ms in source.spans:
            before_ms = None
            for columns in source.telemetry.load_pages(source.vehicle, start_ms, end_ms, rows=PAGE_ROWS):
                starts = line_starts(columns.times, before_ms)
                self._note(columns, starts, fixes=len(columns.times))
                self._drive(columns)
                yield Page(columns, starts)
                before_ms = self._last_ms
        self._end_way()

    def simplified(self, fixes: int, *, max_points: int | None, tolerance_m: float | None) -> list[Page]:
        """Pages of what is left of about so many fixes; holds all of them on the way where they are not sealed. Raises TooFewPoints."""
        if fixes > EXACT_FIXES and (tolerance_m is None or tolerance_m >= FLOOR_M):
            return self._simplified_by_hours(max_points, tolerance_m)
        pages = list(self.pages())
        if not pages:
            return []
        columns = Columns.joined(page.columns for page in pages)
        offsets = np.cumsum([0, *(len(page.columns.times) for page in pages)])
        starts = np.concatenate([page.starts + offset for page, offset in zip(pages, offsets, strict=False)])
        if max_points is None:
            assert tolerance_m is not None
            kept, self._tolerance_m = within_tolerance(fixes_of(columns), starts, tolerance_m), tolerance_m
        else:
            kept, self._tolerance_m = at_most(fixes_of(columns), starts, max_points)
        return list(_chosen(columns, starts, kept))

    def end(self) -> TrackEnd:
        return TrackEnd(
            fixes=self._fixes,
            distance_m=0.0 if self._odometer is None else self._odometer.total_m(),
            duration_s=(self._last_ms - self._first_ms) / 1000,
            gaps=self._gaps,
            tolerance_m=self._tolerance_m,
        )

    def _simplified_by_hours(self, max_points: int | None, tolerance_m: float | None) -> list[Page]:
        """Of sealed hours only the overviews are read."""
        kept = self._kept(with_points=True)
        self._begin_way(kept)
        parts: list[Points] = []
        breaks: list[int] = []
        fixes = 0
        for span in self._source.spans:
            breaks.append(len(parts))
            for points, count in self._hours(span, kept):
                parts.append(points)
                fixes += count
        self._end_way()
        if not parts:
            return []
        points = joined(parts, breaks=breaks)
        self._note(points.columns, points.starts, fixes=fixes)
        if max_points is None:
            assert tolerance_m is not None
            chosen, self._tolerance_m = within(points, tolerance_m), tolerance_m
        else:
            chosen, self._tolerance_m = fewer(points, max_points)
        return list(_chosen(points.columns, points.starts, chosen))

    def _hours(self, span: Span, kept: Mapping[int, KeptHour]) -> Iterator[tuple[Points, int]]:
        """Of the span in time order, and of how many fixes each tells."""
        next_ms = span[0]
        hours = range(span[0] // HOUR_MS, -(-span[1] // HOUR_MS))
        for hour in [*(hour for hour in sorted(kept) if hour in hours and kept[hour].overview.points), hours.stop]:
            columns = self._load(next_ms, min(hour * HOUR_MS, span[1]))
            if len(columns.times):
                self._drive_beside(columns, kept)
                yield points_of(columns), len(columns.times)
            if hour in kept and (points := kept[hour].overview.points) is not None:
                yield points, kept[hour].fixes
            next_ms = (hour + 1) * HOUR_MS

    def _drive_beside(self, columns: Columns, kept: Mapping[int, KeptHour]) -> None:
        """With the hours on both sides that were not read, where they have a say."""
        first, last = (columns.times[[0, -1]] // HOUR_MS).tolist()
        if first not in kept and first - 1 in kept and first - 1 > self._driven_hour:
            self._drive(self._load((first - 1) * HOUR_MS, first * HOUR_MS))
        self._drive(columns)
        if last not in kept and last + 1 in kept:
            self._drive(self._load((last + 1) * HOUR_MS, (last + 2) * HOUR_MS))

    def _kept(self, *, with_points: bool) -> dict[int, KeptHour]:
        """By hour; of a reader who may not know of all those only of which neither the hours beside tell more than may be seen."""
        source = self._source
        aside = 0 if source.is_whole else 1
        found: dict[int, KeptHour] = {}
        for start_ms, end_ms in source.spans:
            hours = range(-(-start_ms // HOUR_MS) + aside, end_ms // HOUR_MS - aside)
            if hours:
                found |= find_overviews(source.telemetry, source.vehicle, hours, source.manner, with_points=with_points)
        return found

    def _begin_way(self, kept: Mapping[int, KeptHour]) -> None:
        """What lies before the range has a say in what is driven in it."""
        spans = self._source.spans
        if not spans:
            return
        begin_ms, end_ms = spans[0][0], spans[-1][1]
        ways = {hour: one.overview.way for hour, one in kept.items()}
        self._odometer = Odometer(self._source.manner, kept=ways, counted=(begin_ms, end_ms))
        if self._source.is_whole and begin_ms // HOUR_MS not in kept:
            self._drive(self._load(judged_by(begin_ms, end_ms)[0], begin_ms))

    def _end_way(self) -> None:
        """As what lies after it."""
        if self._odometer is None or not self._source.is_whole:
            return
        begin_ms, end_ms = self._source.spans[0][0], self._source.spans[-1][1]
        if (end_ms - 1) // HOUR_MS not in self._odometer.kept:
            self._drive(self._load(end_ms, judged_by(begin_ms, end_ms)[1]))

    def _drive(self, columns: Columns) -> None:
        if self._odometer is None or not len(columns.times):
            return
        first, self._driven_hour = (columns.times[[0, -1]] // HOUR_MS).tolist()
        if self._odometer.needs(first, self._driven_hour):
            self._odometer.add(fixes_of(columns), known(columns.accuracies, 100))

    def _load(self, from_ms: int, to_ms: int) -> Columns:
        return self._source.telemetry.load_columns(self._source.vehicle, from_ms, to_ms, limit=END_MS)

    def _note(self, columns: Columns, starts: Ints, *, fixes: int) -> None:
        """Where lines begin, and how many fixes the columns stand for."""
        times = columns.times
        befores = [self._last_ms if start == 0 else times.item(start - 1) for start in starts.tolist()]
        gaps = list(zip(befores, times[starts].tolist(), strict=True))
        self._gaps += gaps if self._fixes else gaps[1:]
        if not self._fixes:
            self._first_ms = times.item(0)
        self._last_ms = times.item(-1)
        self._fixes += fixes


def _chosen(columns: Columns, starts: Ints, kept: Ints) -> Iterator[Page]:
    """The first row of every line is kept."""
    new_starts = np.searchsorted(kept, starts)
    for begin in range(0, len(kept), PAGE_ROWS):
        part = kept[begin : begin + PAGE_ROWS]
        here = new_starts[(new_starts >= begin) & (new_starts < begin + len(part))] - begin
        yield Page(Columns(*(column[part] for column in columns)), here)
