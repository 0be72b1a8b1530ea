"""How far the fixes of a vehicle can be believed: counted by what is doubtful, none is left out for it."""

import asyncio
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from tracking.api.auth import rights_of
from tracking.api.caching import etag_of, has_fresh_copy, json_answer, not_modified
from tracking.api.history_schemas import DoubtfulFixes, TrackQuality
from tracking.api.looks import note_look
from tracking.api.openapi import documented
from tracking.api.past import kept_span
from tracking.api.queries import RangeQuery
from tracking.api.services import Services, services_of
from tracking.api.sight import Span, vehicle_not_found, visible_spans
from tracking.domain.fix import Fix
from tracking.domain.looks import LookKind
from tracking.domain.quality import Flag, flags
from tracking.domain.rights import Rights
from tracking.storage.records import ClockAhead
from tracking.storage.telemetry import Telemetry
from tracking.wire.rfc3339 import encode_time

CHUNK_FIXES = 10_000
MOST_SAMPLES = 5

router = Router(tags=["vehicles"])


@router.get("vehicles/{slug}/quality", response=TrackQuality, openapi_extra=documented(404, 422))
async def get_quality(request: HttpRequest, slug: str, query: Query[RangeQuery]) -> HttpResponse:
    """What is doubtful about the fixes with from ≤ fix time < to; a reader limited to regions gets what lay in them.

    Clocks ahead are counted by the hour in which fixes came, to such a reader where all of an hour's were made in a region.
    """
    services, rights, asked = services_of(request), rights_of(request), (query.from_ms, query.to_ms)
    found = await asyncio.to_thread(find_doubts, services, rights, slug, asked)
    if found is None:
        raise vehicle_not_found(slug)
    note_look(request, LookKind.QUALITY, vehicle=slug, span=asked)
    if has_fresh_copy(request, found.etag):
        return not_modified(found.etag, cache_control=found.cache_control)
    quality = await asyncio.to_thread(load_quality, services.telemetry, slug, found)
    return json_answer(request, quality, etag=found.etag, cache_control=found.cache_control)


class AskedFixes(NamedTuple):
    """What is to be looked at. `ahead`: the hours in which fixes came with a clock that was ahead."""

    vehicle: int
    spans: list[Span]
    ahead: list[ClockAhead]
    etag: str
    cache_control: str


def find_doubts(services: Services, rights: Rights, slug: str, asked: Span) -> AskedFixes | None:
    """Reads no fix. None when there is no such vehicle that the reader may see."""
    telemetry, vehicle = services.telemetry, services.directory.vehicle_ids.get(slug)
    spans = None if vehicle is None else visible_spans(telemetry, rights, vehicle=vehicle, asked=asked)
    if vehicle is None or spans is None:
        return None
    marks = [telemetry.track_mark(vehicle, *span) for span in spans]
    touching = [(span, hour) for span in spans for hour in telemetry.load_clock_ahead(vehicle, *span)]
    ahead = [hour for span, hour in touching if rights.everything or span[0] <= hour.first_ms <= hour.last_ms < span[1]]
    etag = etag_of([telemetry.identity(), vehicle, slug, spans, marks, ahead])
    control = kept_span(telemetry, vehicle, asked, fixes=sum(mark.fixes for mark in marks), end_ms=asked[1])
    return AskedFixes(vehicle, spans, ahead, etag, control)


def load_quality(telemetry: Telemetry, slug: str, asked: AskedFixes) -> TrackQuality:
    """A span at a time; its first and last fix have one neighbour only and cannot be jumps."""
    count = 0
    found: dict[Flag, DoubtfulFixes] = {}
    for from_ms, to_ms in asked.spans:
        for chunk, carried in chunks_of(telemetry, asked.vehicle, from_ms, to_ms):
            count += len(chunk) - carried
            for flag in (Flag.JUMP, Flag.POOR_ACCURACY):
                times = [fix.fix_time_ms for fix, what in flags(chunk) if what is flag]
                known = {chunk[i].fix_time_ms for i in range(carried if flag is Flag.POOR_ACCURACY else 0)}
                add(found, flag, (time_ms for time_ms in times if time_ms not in known))
    add_ahead(found, asked.ahead)
    return TrackQuality(vehicle=slug, fixes=count, flags=[found[flag] for flag in Flag if flag in found])


def chunks_of(telemetry: Telemetry, vehicle: int, from_ms: int, to_ms: int) -> Iterator[tuple[list[Fix], int]]:
    """Fixes in order; each chunk begins with the last two of the one before, and says how many those are."""
    carried: list[Fix] = []
    while True:
        rows = telemetry.load_track(vehicle, from_ms, to_ms, limit=CHUNK_FIXES)
        if not rows:
            return
        fixes = [Fix(vehicle, *row) for row in rows]
        yield [*carried, *fixes], len(carried)
        carried, from_ms = fixes[-2:], fixes[-1].fix_time_ms + 1


def add(found: dict[Flag, DoubtfulFixes], flag: Flag, times_ms: Iterable[int]) -> None:
    """In order of time."""
    for time_ms in times_ms:
        time, known = encode_time(time_ms), found.get(flag)
        samples = [] if known is None else known.samples
        found[flag] = DoubtfulFixes(
            flag=flag.value,
            count=1 if known is None else known.count + 1,
            first_time=time if known is None else known.first_time,
            last_time=time,
            samples=[*samples, time][:MOST_SAMPLES],
        )


def add_ahead(found: dict[Flag, DoubtfulFixes], hours: list[ClockAhead]) -> None:
    """Counted by the hour in which they came, since a clock that is ahead shows on arrival alone."""
    known = found.get(Flag.CLOCK_AHEAD)
    for hour in hours:
        known = found[Flag.CLOCK_AHEAD] = DoubtfulFixes(
            flag=Flag.CLOCK_AHEAD.value,
            count=hour.fixes + (0 if known is None else known.count),
            first_time=encode_time(hour.first_ms) if known is None else known.first_time,
            last_time=encode_time(hour.last_ms),
            samples=[*([] if known is None else known.samples), encode_time(hour.last_ms)][:MOST_SAMPLES],
        )
