"""What several answers about the fleet's past share: who is asked about, and whether all of it is sealed."""

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

import msgspec
from django.http import HttpRequest, HttpResponse

from tracking.api.caching import ASK_EACH_TIME, JSON_TYPE, etag_of, has_fresh_copy, not_modified, written_answer
from tracking.api.reads import Read, are_sealed, is_sealed
from tracking.api.services import Services
from tracking.api.sight import Span, spans_by_vehicle
from tracking.domain.directory import Directory
from tracking.domain.minute_frame import REACH_MS
from tracking.storage.frames import window_marks, window_stamps
from tracking.storage.telemetry import Telemetry

CLOSED = "private, max-age=60"  # a late fix may still arrive, and is then seen within a minute
SEALED = "private, max-age=3600, immutable"  # such a one is rare by then
FORM = 3  # of answers; to be raised when one of them is written otherwise


class PastView(NamedTuple):
    """Ids of the vehicles, and where someone is limited to regions when each was in them.

    `etag`: None where finding one would cost more than the answer. `is_sealed`: so is all of the time. `directory`: the picture of the
    office that they were found in; in a newer one some may be missing.
    """

    vehicles: list[int]
    spans: dict[int, list[Span]] | None
    etag: str | None
    is_sealed: bool
    directory: Directory


def cache_control(end_ms: int) -> str:
    return CLOSED if end_ms <= time.time_ns() // 1_000_000 else ASK_EACH_TIME


def kept(telemetry: Telemetry, vehicles: Sequence[int], reads: Sequence[Read], *, end_ms: int) -> str:
    """How long what was found in these reads may be kept; `end_ms`: of what was asked for."""
    return SEALED if are_sealed(telemetry, vehicles, reads) else cache_control(end_ms)


def kept_span(telemetry: Telemetry, vehicle: int, read: Span, *, fixes: int, end_ms: int) -> str:
    """As `kept`, of so many fixes and nothing outside of what was read; where there is none a backlog may be on its way."""
    return SEALED if fixes and is_sealed(telemetry, [vehicle], read) else cache_control(end_ms)


def find_view(
    services: Services,
    query: Any,
    regions: list[int] | None,
    asked: Span,
    *,
    within_ms: int,
    of: Collection[int] | None = None,
    counts_hot: bool = True,
) -> PastView:
    """Reads no fix. `query`: what the answer depends on besides who asks, `asked` and what is stored; `of`: nobody else is asked about.

    `counts_hot`: there is an ETag also where some of the time is hot, for 0.04 µs a fix of it.
    """
    directory, telemetry = services.directory, services.telemetry
    spans = spans_by_vehicle(telemetry, regions, asked=asked)
    visible = directory.vehicles.keys() if spans is None else directory.vehicles.keys() & spans.keys()
    vehicles = sorted(visible if of is None else visible & set(of))
    found = None if within_ms > REACH_MS else window_stamps(telemetry, vehicles, *asked, within_ms=within_ms)
    view = PastView(vehicles, spans, None, found is not None, directory)
    if found is None and not counts_hot:
        return view
    marks = window_marks(telemetry, vehicles, *asked, within_ms=within_ms) if found is None else found
    seen = None if spans is None else [spans[vehicle] for vehicle in vehicles]
    known = [FORM, telemetry.identity(), directory.revision, query, asked, vehicles, seen, view.is_sealed, marks]
    return view._replace(etag=etag_of(known))


async def past_answer(
    request: HttpRequest,
    find: Callable[[], PastView],
    load: Callable[[PastView], Any],
    *,
    end_ms: int,
    media_type: str = JSON_TYPE,
) -> HttpResponse:
    """What `load` gives, bytes as they are and all else as JSON, or 304: without it, where the view has an ETag.

    Both are called in threads.
    """
    view = await asyncio.to_thread(find)
    control = SEALED if view.is_sealed else cache_control(end_ms)
    if view.etag is not None and has_fresh_copy(request, view.etag):
        return not_modified(view.etag, cache_control=control)
    body = await asyncio.to_thread(lambda: written(load(view)))
    return written_answer(request, body, media_type=media_type, etag=view.etag, cache_control=control)


def written(value: Any) -> bytes:
    return value if isinstance(value, bytes) else msgspec.json.encode(value)
