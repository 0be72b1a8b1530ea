"""What several answers about the fleet's past share: who is asked about, and whether all of it is sealed."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse

from tracking.api.caching import ASK_EACH_TIME, etag_of, has_fresh_copy, json_answer, not_modified
from tracking.api.reads import Read, are_sealed, is_sealed
from tracking.api.services import Services
from tracking.api.sight import Span, spans_by_vehicle
from tracking.domain.minute_frame import REACH_MS
from tracking.storage.frames import window_stamps
from tracking.storage.telemetry import Telemetry

CLOSED = "private, max-age=60"  # a late fix may still arrive, and is then seen within a minute
SEALED = "private, max-age=3600, immutable"  # such a one is rare by then
FORM = 2  # of answers; to be raised when one of them is written otherwise


class PastView(NamedTuple):
    """Ids of the vehicles, and where someone is limited to regions when each was in them; `etag` only while all of the time is sealed."""

    vehicles: list[int]
    spans: dict[int, list[Span]] | None
    etag: str | None


def cache_control(end_ms: int) -> str:
    return CLOSED if end_ms <= time.time_ns() // 1_000_000 else ASK_EACH_TIME


def kept(telemetry: Telemetry, vehicles: Sequence[int], reads: Sequence[Read], *, end_ms: int) -> str:
    """How long what was found in these reads may be kept; `end_ms`: of what was asked for."""
    return SEALED if are_sealed(telemetry, vehicles, reads) else cache_control(end_ms)


def kept_span(telemetry: Telemetry, vehicle: int, span: Span, *, fixes: int) -> str:
    """As `kept`, of so many fixes and nothing outside of the span; where there is none a backlog may be on its way."""
    return SEALED if fixes and is_sealed(telemetry, [vehicle], span) else cache_control(span[1])


def find_view(services: Services, query: Any, regions: list[int] | None, asked: Span, *, within_ms: int) -> PastView:
    """Reads no fix. `query`: what the answer depends on besides who asks and what is stored."""
    directory, telemetry = services.directory, services.telemetry
    spans = spans_by_vehicle(telemetry, regions, asked=asked)
    vehicles = sorted(directory.vehicles if spans is None else directory.vehicles.keys() & spans.keys())
    stamps = None if within_ms > REACH_MS else window_stamps(telemetry, vehicles, *asked, within_ms=within_ms)
    if stamps is None:
        return PastView(vehicles, spans, None)
    known = [
        FORM,
        telemetry.identity(),
        directory.revision,
        query,
        vehicles,
        sorted((spans or {}).items()),
        spans is None,
    ]
    return PastView(vehicles, spans, etag_of([*known, stamps]))


async def past_answer(
    request: HttpRequest, find: Callable[[], PastView], load: Callable[[PastView], Any], *, end_ms: int
) -> HttpResponse:
    """What `load` gives, or 304: without it, where all of the time is sealed. Both are called in threads."""
    view = await asyncio.to_thread(find)
    control = cache_control(end_ms) if view.etag is None else SEALED
    if view.etag is not None and has_fresh_copy(request, view.etag):
        return not_modified(view.etag, cache_control=control)
    return json_answer(request, await asyncio.to_thread(load, view), etag=view.etag, cache_control=control)
