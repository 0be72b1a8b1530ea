"""Tracks for the tests of every format."""

from collections.abc import Iterable, Sequence
from typing import Any

from tracking.wire.track_rows import Encoder, Row, TrackHead

START_MS = 1_767_258_000_000  # 2026-01-01T09:00:00Z


def make_head(**fields: Any) -> TrackHead:
    """A day of one bus."""
    values = {"slug": "bus-1", "name": "Bus 1", "from_ms": START_MS, "to_ms": START_MS + 86_400_000, "limited": False}
    return TrackHead(**{**values, **fields})


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


def written(encode: Encoder, *pages: Sequence[Row], head: TrackHead | None = None) -> str:
    """All chunks as text."""
    source: Iterable[Sequence[Row]] = iter(pages)
    return b"".join(encode(head or make_head(), source)).decode()
