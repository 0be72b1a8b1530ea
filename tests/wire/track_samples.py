"""Tracks for the tests of every format."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from tracking.domain.columns import Columns
from tracking.wire.track_rows import Encoder, Page, TrackEnd, TrackHead

START_MS = 1_767_258_000_000  # 2026-01-01T09:00:00Z
Row: TypeAlias = tuple[int, float, float, float | None, float | None, float | None]


def make_head(**fields: Any) -> TrackHead:
    """A day of one bus."""
    values = {"slug": "bus-1", "name": "Bus 1", "from_ms": START_MS, "to_ms": START_MS + 86_400_000, "limited": False}
    return TrackHead(**{**values, **fields})


def make_end(**fields: Any) -> TrackEnd:
    """Of a track about which nothing is to be told."""
    values = {"fixes": 0, "distance_m": 0.0, "duration_s": 0.0, "gaps": [], "tolerance_m": None}
    return TrackEnd(**{**values, **fields})


def make_row(at_s: float = 0, *, lat: float = 57.7, lon: float = 11.97, **fields: float | None) -> Row:
    """A fix of which only time and place are known."""
    return (
        START_MS + round(at_s * 1000),
        lat,
        lon,
        fields.get("speed_mps"),
        fields.get("course_deg"),
        fields.get("accuracy_m"),
    )


def make_page(rows: Sequence[Row], *, starts: Sequence[int] = ()) -> Page:
    """From rows in SI units."""
    units = (1, 1e7, 1e7, 1000, 100, 100)
    columns = zip(*rows, strict=True)
    stored = (
        [None if value is None else round(value * unit) for value in column]
        for column, unit in zip(columns, units, strict=True)
    )
    return Page(Columns.of(*stored), np.array(starts, dtype=np.int64))


def written(
    encode: Encoder,
    *pages: Sequence[Row],
    starts: Sequence[int] = (0,),
    head: TrackHead | None = None,
    end: TrackEnd | None = None,
) -> str:
    """All chunks as text; lines begin at the rows `starts` of the whole track."""
    made, before = [], 0
    for rows in pages:
        made.append(make_page(rows, starts=[start - before for start in starts if 0 <= start - before < len(rows)]))
        before += len(rows)
    return b"".join(encode(head or make_head(), iter(made), lambda: end or make_end())).decode()
