"""Reads a track page by page, and what the whole of it tells on the way."""

from collections.abc import Iterator, Sequence

import numpy as np

from tracking.api.sight import Span
from tracking.domain.columns import Columns, fixes_of, known
from tracking.domain.distance import Odometer, line_starts
from tracking.domain.quality import Ints
from tracking.domain.rest import Manner
from tracking.domain.simplify import at_most, within_tolerance
from tracking.storage.telemetry import Telemetry
from tracking.wire.track_rows import Page, TrackEnd

PAGE_ROWS = 10_000  # about 10 ms of work and 2 MB


class TrackReading:
    """`end` may be asked once all pages were read; without a manner the way is not counted."""

    def __init__(self, telemetry: Telemetry, vehicle: int, spans: Sequence[Span], manner: Manner | None) -> None:
        self._telemetry = telemetry
        self._vehicle = vehicle
        self._spans = spans
        self._odometer = None if manner is None else Odometer(manner)
        self._fixes = 0
        self._first_ms = self._last_ms = 0
        self._gaps: list[tuple[int, int]] = []
        self._tolerance_m: float | None = None

    def pages(self) -> Iterator[Page]:
        """At most PAGE_ROWS rows each. Where the reader may not see, and in gaps, a line ends."""
        for start_ms, end_ms in self._spans:
            next_ms, is_first = start_ms, True
            while True:
                columns = self._telemetry.load_columns(self._vehicle, next_ms, end_ms, limit=PAGE_ROWS)
                if len(columns.times):
                    yield Page(columns, self._noted(columns, begins=is_first))
                if len(columns.times) < PAGE_ROWS:
                    break
                next_ms, is_first = self._last_ms + 1, False

    def simplified(self, *, max_points: int | None, tolerance_m: float | None) -> list[Page]:
        """Pages of what is left; holds all fixes on the way. Raises TooFewPoints."""
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

    def _noted(self, columns: Columns, *, begins: bool) -> Ints:
        """Where lines begin."""
        times = columns.times
        starts = line_starts(times, None if begins else self._last_ms)
        befores = [self._last_ms if start == 0 else times.item(start - 1) for start in starts.tolist()]
        gaps = list(zip(befores, times[starts].tolist(), strict=True))
        self._gaps += gaps if self._fixes else gaps[1:]
        if not self._fixes:
            self._first_ms = times.item(0)
        self._last_ms = times.item(-1)
        self._fixes += len(times)
        if self._odometer is not None:
            self._odometer.add(fixes_of(columns), known(columns.accuracies, 100))
        return starts


def _chosen(columns: Columns, starts: Ints, kept: Ints) -> Iterator[Page]:
    """The first row of every line is kept."""
    new_starts = np.searchsorted(kept, starts)
    for begin in range(0, len(kept), PAGE_ROWS):
        part = kept[begin : begin + PAGE_ROWS]
        here = new_starts[(new_starts >= begin) & (new_starts < begin + len(part))] - begin
        yield Page(Columns(*(column[part] for column in columns)), here)
