"""A track as it lies in the store: sealed hours are handed on untouched, what is hot or only partly asked for is packed likewise."""

from collections.abc import Iterator, Sequence

from tracking.api.sight import Span
from tracking.api.track_reading import PAGE_ROWS
from tracking.domain.hours import HOUR_MS
from tracking.domain.sealed_hour import encode_hour
from tracking.storage.history import SealedHour
from tracking.storage.telemetry import Telemetry
from tracking.wire.track_packed import Part

BLOBS = 48  # at once: 1 MB at a fix a second


def stored_parts(telemetry: Telemetry, vehicle: int, spans: Sequence[Span]) -> Iterator[Part]:
    """With each span a line begins."""
    for start_ms, end_ms in spans:
        begins = True
        for part in _parts_of_span(telemetry, vehicle, start_ms, end_ms):
            yield part._replace(begins=begins)
            begins = False


def _parts_of_span(telemetry: Telemetry, vehicle: int, start_ms: int, end_ms: int) -> Iterator[Part]:
    next_ms = start_ms
    for hour, fixes, blob in _sealed(telemetry, vehicle, -(-start_ms // HOUR_MS), end_ms // HOUR_MS):
        yield from _packed(telemetry, vehicle, next_ms, hour * HOUR_MS)
        yield Part(False, fixes, blob)
        next_ms = (hour + 1) * HOUR_MS
    yield from _packed(telemetry, vehicle, next_ms, end_ms)


def _sealed(telemetry: Telemetry, vehicle: int, from_hour: int, to_hour: int) -> Iterator[SealedHour]:
    """Whole hours without late fixes, in order."""
    while from_hour < to_hour:
        found = telemetry.load_hours(vehicle, from_hour, to_hour, limit=BLOBS)
        yield from found
        if len(found) < BLOBS:
            return
        from_hour = found[-1].hour + 1


def _packed(telemetry: Telemetry, vehicle: int, from_ms: int, to_ms: int) -> Iterator[Part]:
    for columns in telemetry.load_pages(vehicle, from_ms, to_ms, rows=PAGE_ROWS):
        yield Part(False, len(columns.times), encode_hour(columns))
