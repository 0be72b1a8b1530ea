"""The track of a vehicle, streamed in pages so that a year costs no more memory than a minute."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from enum import StrEnum
from http import HTTPStatus
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja import Query, Router
from pydantic import Field

from tracking.api.auth import rights_of
from tracking.api.caching import ASK_EACH_TIME, etag_of, has_fresh_copy, mark
from tracking.api.openapi import documented
from tracking.api.queries import RangeQuery
from tracking.api.schemas import Track
from tracking.api.services import Services, services_of
from tracking.api.sight import Span, visible_spans
from tracking.domain.rights import Rights
from tracking.storage.records import TrackRow
from tracking.storage.telemetry import Telemetry
from tracking.wire.track_csv import encode_track_csv
from tracking.wire.track_geojson import encode_track_geojson
from tracking.wire.track_gpx import encode_track_gpx
from tracking.wire.track_json import encode_track_json
from tracking.wire.track_rows import Encoder, TrackHead

PAGE_ROWS = 10_000  # about 10 ms of work and 3 MB
CLOSED_RANGE = "private, max-age=60"  # a late fix may still arrive, and is then seen within a minute

router = Router(tags=["vehicles"])


class Format(StrEnum):
    """How the track is written."""

    JSON = "json"
    GEOJSON = "geojson"
    GPX = "gpx"
    CSV = "csv"


class Dialect(NamedTuple):
    encode: Encoder
    media_type: str
    is_download: bool


DIALECTS = {
    Format.JSON: Dialect(encode_track_json, "application/json", False),
    Format.GEOJSON: Dialect(encode_track_geojson, "application/geo+json", False),
    Format.GPX: Dialect(encode_track_gpx, "application/gpx+xml", True),
    Format.CSV: Dialect(encode_track_csv, "text/csv; charset=utf-8; header=present", True),
}


class TrackQuery(RangeQuery):
    """Which part of the track, and how it is written."""

    format: Format = Field(Format.JSON, description="json, geojson, gpx or csv")


class TrackSource(NamedTuple):
    """A track that may be read: where its rows are, and the validator of its present state."""

    vehicle: int
    head: TrackHead
    spans: list[Span]
    etag: str


@router.get(
    "vehicles/{slug}/track",
    response=Track,
    by_alias=True,
    openapi_extra=documented(404, 422, media_types=("application/geo+json", "application/gpx+xml", "text/csv")),
)
async def get_track(request: HttpRequest, slug: str, query: Query[TrackQuery]) -> HttpResponseBase:
    """Fixes with from ≤ fix_time < to, oldest first, exactly as stored.

    A reader limited to regions gets the fixes made while the vehicle was in one of them; `limited_to_regions`, or the header
    `X-Fleet-Limited: regions`, says so. The ETag changes when a late fix arrives.
    """
    services, rights = services_of(request), rights_of(request)
    source = await asyncio.to_thread(find_track, services, rights, slug=slug, query=query)
    if source is None:
        raise Http404(f"There is no vehicle {slug!r} that you may see.")
    response = _response(request, source, telemetry=services.telemetry, format_=query.format)
    closed = query.to_ms <= time.time_ns() // 1_000_000
    mark(response, etag=source.etag, cache_control=CLOSED_RANGE if closed else ASK_EACH_TIME)
    if source.head.limited:
        response["X-Fleet-Limited"] = "regions"
    return response


def find_track(services: Services, rights: Rights, *, slug: str, query: TrackQuery) -> TrackSource | None:
    """Reads no row of it. None when there is no such vehicle that the reader may see."""
    directory, telemetry = services.directory, services.telemetry
    vehicle = directory.vehicle_ids.get(slug)
    if vehicle is None:
        return None
    spans = visible_spans(telemetry, rights, vehicle=vehicle, asked=(query.from_ms, query.to_ms))
    if spans is None:
        return None
    head = TrackHead(
        slug=slug,
        name=directory.vehicles[vehicle].name,
        from_ms=query.from_ms,
        to_ms=query.to_ms,
        limited=not rights.everything,
    )
    marks = [telemetry.track_mark(vehicle, *span) for span in spans]
    return TrackSource(vehicle, head, spans, etag_of([vehicle, head, query.format, spans, marks]))


def load_pages(telemetry: Telemetry, vehicle: int, spans: Sequence[Span]) -> Iterator[list[TrackRow]]:
    """All rows of the spans; every page but the last has PAGE_ROWS rows."""
    page: list[TrackRow] = []
    for start_ms, end_ms in spans:
        next_ms = start_ms
        while True:
            page += telemetry.load_track(vehicle, next_ms, end_ms, limit=PAGE_ROWS - len(page))
            if len(page) < PAGE_ROWS:
                break
            yield page
            next_ms, page = page[-1][0] + 1, []
    if page:
        yield page


def _response(request: HttpRequest, source: TrackSource, *, telemetry: Telemetry, format_: Format) -> HttpResponseBase:
    if has_fresh_copy(request, source.etag):
        return HttpResponse(status=HTTPStatus.NOT_MODIFIED)
    dialect = DIALECTS[format_]
    chunks = dialect.encode(source.head, load_pages(telemetry, source.vehicle, source.spans))
    response = StreamingHttpResponse(_stream(chunks), content_type=dialect.media_type)
    if dialect.is_download:
        response["Content-Disposition"] = f'attachment; filename="{_file_name(source.head)}.{format_}"'
    return response


def _file_name(head: TrackHead) -> str:
    times = (time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(ms // 1000)) for ms in (head.from_ms, head.to_ms))
    return "_".join([head.slug, *times])


async def _stream(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Each page is read and encoded off the event loop; a reader who leaves ends it."""
    while (chunk := await asyncio.to_thread(next, chunks, None)) is not None:
        yield chunk
