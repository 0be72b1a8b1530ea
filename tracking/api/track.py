"""The track of a vehicle, streamed in pages so that a year costs no more memory than a minute."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple, Self

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja import Query, Router
from pydantic import Field, model_validator

from tracking.api.auth import rights_of
from tracking.api.caching import etag_of, has_fresh_copy, mark, not_modified, weakened
from tracking.api.history_schemas import Track
from tracking.api.looks import note_look
from tracking.api.openapi import documented
from tracking.api.packed_track import stored_parts
from tracking.api.past import kept_span
from tracking.api.problems import refused
from tracking.api.queries import RangeQuery
from tracking.api.services import Services, services_of
from tracking.api.sight import Span, vehicle_not_found, visible_spans
from tracking.api.track_reading import TrackReading, TrackSource
from tracking.domain.distance import judged_by
from tracking.domain.hours import HOUR_MS
from tracking.domain.looks import LookKind
from tracking.domain.rights import Rights
from tracking.domain.simplify import TooFewPoints
from tracking.storage.records import TrackMark
from tracking.storage.telemetry import Telemetry
from tracking.wire.track_csv import encode_track_csv
from tracking.wire.track_geojson import encode_track_geojson
from tracking.wire.track_gpx import encode_track_gpx
from tracking.wire.track_json import encode_track_json
from tracking.wire.track_kml import encode_track_kml
from tracking.wire.track_packed import MEDIA_TYPE as PACKED_TYPE
from tracking.wire.track_packed import encode_parts, encode_track_packed
from tracking.wire.track_rows import Encoder, Page, TrackHead

MAX_SIMPLIFIED = 1_000_000  # fixes that are held at once: 12 days of one a second, 50 MB

router = Router(tags=["vehicles"])


class Format(StrEnum):
    """How the track is written."""

    JSON = "json"
    GEOJSON = "geojson"
    GPX = "gpx"
    CSV = "csv"
    KML = "kml"
    PACKED = "packed"


class Dialect(NamedTuple):
    encode: Encoder
    media_type: str
    is_download: bool
    tells_end: bool


DIALECTS = {
    Format.JSON: Dialect(encode_track_json, "application/json", False, True),
    Format.GEOJSON: Dialect(encode_track_geojson, "application/geo+json", False, True),
    Format.GPX: Dialect(encode_track_gpx, "application/gpx+xml", True, False),
    Format.CSV: Dialect(encode_track_csv, "text/csv; charset=utf-8; header=present", True, False),
    Format.KML: Dialect(encode_track_kml, "application/vnd.google-earth.kml+xml", True, False),
    Format.PACKED: Dialect(encode_track_packed, PACKED_TYPE, False, False),
}


MEDIA_TYPES = (
    "application/geo+json",
    "application/gpx+xml",
    "application/vnd.google-earth.kml+xml",
    "text/csv",
    PACKED_TYPE,
)


class TrackQuery(RangeQuery):
    """Which part of the track, and how it is written."""

    format: Format = Field(Format.JSON, description="json, geojson, gpx, csv, kml or packed")
    max_points: int | None = Field(
        None,
        ge=2,
        le=100_000,
        description="The fixes that matter most for where the vehicle was when, at most so many.",
    )
    tolerance_m: float | None = Field(
        None,
        ge=0.1,
        le=10_000,
        description="Leaves out fixes that the others place within so many metres at their time.",
    )

    @model_validator(mode="after")
    def check_simplification(self) -> Self:
        """One follows from the other."""
        if self.max_points is not None and self.tolerance_m is not None:
            raise refused("tolerance_m", "goes not together with max_points")
        return self


class FoundTrack(NamedTuple):
    """A track that may be read, and the validator of its present state."""

    source: TrackSource
    head: TrackHead
    fixes: int
    etag: str
    cache_control: str


@router.get(
    "vehicles/{slug}/track",
    response=Track,
    by_alias=True,
    openapi_extra=documented(404, 422, media_types=MEDIA_TYPES),
)
async def get_track(request: HttpRequest, slug: str, query: Query[TrackQuery]) -> HttpResponseBase:
    """Fixes with from ≤ fix_time < to, oldest first, exactly as stored; all of them, or what `max_points` or `tolerance_m` leaves.

    `distance_m` and `gaps` (more than five minutes without a fix, never drawn as lines) are told of all of them in JSON and GeoJSON.

    A reader limited to regions gets the fixes made while the vehicle was in one of them; `limited_to_regions`, or the header
    `X-Fleet-Limited: regions`, says so.

    The ETag changes when a late fix arrives; of JSON and GeoJSON also in the hours beside the range, which have a say in `distance_m`.

    `packed` hands the stored blobs on as they are (docs/telemetry.md, "Packed track"): the cheapest way to all fixes of a week.
    """
    services, rights = services_of(request), rights_of(request)
    found = await asyncio.to_thread(find_track, services, rights, slug=slug, query=query)
    if found is None:
        raise vehicle_not_found(slug)
    note_look(request, LookKind.TRACK, vehicle=slug, span=(query.from_ms, query.to_ms))
    response = await _response(request, found, query=query)
    mark(response, etag=found.etag, cache_control=found.cache_control)
    if found.head.limited:
        response["X-Fleet-Limited"] = "regions"
    return response


def find_track(services: Services, rights: Rights, *, slug: str, query: TrackQuery) -> FoundTrack | None:
    """Reads no row of it. None when there is no such vehicle that the reader may see."""
    directory, telemetry = services.directory, services.telemetry
    vehicle = directory.vehicle_ids.get(slug)
    if vehicle is None:
        return None
    asked = (query.from_ms, query.to_ms)
    spans = visible_spans(telemetry, rights, vehicle=vehicle, asked=asked)
    if spans is None:
        return None
    head = TrackHead(
        slug=slug,
        name=directory.vehicles[vehicle].name,
        from_ms=query.from_ms,
        to_ms=query.to_ms,
        limited=not rights.everything,
    )
    source = TrackSource(telemetry, vehicle, spans, directory.manner_of(vehicle), is_whole=rights.everything)
    read = judged_by(*asked) if source.is_whole and DIALECTS[query.format].tells_end else asked
    marks = [telemetry.track_mark(vehicle, *span) for span in spans]
    beside = [] if read == asked else _marks_at_ends(telemetry, vehicle, read)
    known = [telemetry.identity(), source.manner, vehicle, head, query.format, query.max_points, query.tolerance_m]
    etag = etag_of([*known, spans, marks, beside])
    if query.format is Format.PACKED:
        etag = weakened(etag)  # sealing an hour changes the bytes, not the fixes
    fixes = sum(mark.fixes for mark in marks)
    control = kept_span(telemetry, vehicle, read, fixes=fixes, end_ms=asked[1])
    return FoundTrack(source, head, fixes, etag, control)


def _marks_at_ends(telemetry: Telemetry, vehicle: int, read: Span) -> list[TrackMark]:
    """Of the hour beside the range and the one that it begins or ends in: those of whole hours cost no decoding."""
    first_ms, end_ms = read
    ends = (first_ms, first_ms + 2 * HOUR_MS), (end_ms - 2 * HOUR_MS, end_ms)
    return [telemetry.track_mark(vehicle, *end) for end in ends]


async def _response(request: HttpRequest, found: FoundTrack, *, query: TrackQuery) -> HttpResponseBase:
    if has_fresh_copy(request, found.etag):
        return not_modified(found.etag, cache_control=found.cache_control)
    dialect = DIALECTS[query.format]
    leaves_out = query.tolerance_m is not None or (query.max_points is not None and query.max_points < found.fixes)
    if query.format is Format.PACKED and not leaves_out:
        source = found.source
        parts = stored_parts(source.telemetry, source.vehicle, source.spans)
        return StreamingHttpResponse(_stream(encode_parts(found.head, parts)), content_type=PACKED_TYPE)
    reading = TrackReading(found.source, tells_end=dialect.tells_end)
    pages: Iterable[Page] = reading.pages()
    if query.max_points is not None or query.tolerance_m is not None:
        pages = await asyncio.to_thread(_simplified, reading, found.fixes, query)
    chunks = dialect.encode(found.head, pages, reading.end)
    response = StreamingHttpResponse(_stream(chunks), content_type=dialect.media_type)
    if dialect.is_download:
        response["Content-Disposition"] = f'attachment; filename="{_file_name(found.head)}.{query.format}"'
    return response


def _simplified(reading: TrackReading, fixes: int, query: TrackQuery) -> list[Page]:
    name = "max_points" if query.tolerance_m is None else "tolerance_m"
    if fixes > MAX_SIMPLIFIED:
        raise refused(name, f"takes at most {MAX_SIMPLIFIED:,} fixes; the range has {fixes:,}, ask for it in parts")
    try:
        return reading.simplified(fixes, max_points=query.max_points, tolerance_m=query.tolerance_m)
    except TooFewPoints as error:
        raise refused(name, str(error)) from None


def _file_name(head: TrackHead) -> str:
    times = (time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(ms // 1000)) for ms in (head.from_ms, head.to_ms))
    return "_".join([head.slug, *times])


async def _stream(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Each page is read and encoded off the event loop; a reader who leaves ends it."""
    while (chunk := await asyncio.to_thread(next, chunks, None)) is not None:
        yield chunk
