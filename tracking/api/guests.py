"""What a share shows to whoever has its link; live positions come over the live protocol."""

import asyncio
from collections.abc import Iterator
from typing import cast

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from tracking.api.auth import ShareAuth, load_rights_async
from tracking.api.caching import ASK_EACH_TIME, json_answer, written_answer
from tracking.api.openapi import documented
from tracking.api.queries import refuse_unknown
from tracking.api.services import Services, services_of
from tracking.api.share_schemas import SharedThing, SharedTrack
from tracking.api.sight import Span, visible_spans
from tracking.domain.looks import Look, LookKind
from tracking.domain.rights import Rights
from tracking.domain.shares import Place, ShareKind, parts_of
from tracking.domain.times import ms_of
from tracking.models import Share
from tracking.storage.telemetry import Telemetry
from tracking.wire.rfc3339 import encode_instant, encode_time, encode_times

PAGE_ROWS = 10_000
FIELDS = ["fix_time", "lat", "lon"]

router = Router(tags=["shares"], auth=ShareAuth())


@router.get("share", response=SharedThing, openapi_extra=documented(422))
async def get_shared(request: HttpRequest) -> HttpResponse:
    """What the share, whose secret is the bearer token, shows."""
    refuse_unknown(request)
    share = share_of(request)
    services_of(request).looks.note(look_of(share))
    return json_answer(request, shared_thing(share))


@router.get("share/track", response=SharedTrack, openapi_extra=documented(404, 422))
async def get_shared_track(request: HttpRequest) -> HttpResponse:
    """The way of a shared trip, as far as its maker may see it today."""
    refuse_unknown(request)
    share, services = share_of(request), services_of(request)
    rights = await load_rights_async(share.maker)
    if share.kind != ShareKind.TRIP or rights is None:
        raise Http404("This share shows no trip.")
    services.looks.note(look_of(share))
    parts = await asyncio.to_thread(load_parts, services, rights, share)
    body = await asyncio.to_thread(written_parts, parts)
    return written_answer(request, body, cache_control=ASK_EACH_TIME)


def share_of(request: HttpRequest) -> Share:
    return cast(Share, request.auth)  # type: ignore[attr-defined]


def load_parts(services: Services, rights: Rights, share: Share) -> list[list[Place]]:
    """At most 24 hours."""
    assert share.vehicle_id is not None and share.from_time is not None and share.to_time is not None
    asked = (ms_of(share.from_time), ms_of(share.to_time))
    spans = visible_spans(services.telemetry, rights, vehicle=share.vehicle_id, asked=asked) or []
    places = [place for span in spans for place in load_places(services.telemetry, share.vehicle_id, span)]
    return parts_of(places, is_trimmed=share.trimmed)


def written_parts(parts: list[list[Place]]) -> bytes:
    """`SharedTrack`; a day of a fix a second would keep the event loop for a quarter of a second."""
    rows: list[list[list[str | float]]] = []
    for part in parts:
        times = encode_times([place[0] for place in part])
        rows.append([[time, lat, lon] for time, (_, lat, lon) in zip(times, part, strict=True)])
    return msgspec.json.encode(SharedTrack(fields=FIELDS, parts=rows))


def load_places(telemetry: Telemetry, vehicle: int, span: Span) -> Iterator[Place]:
    """In time order, read page by page."""
    next_ms, end_ms = span
    while rows := telemetry.load_track(vehicle, next_ms, end_ms, limit=PAGE_ROWS):
        yield from ((row[0], row[1], row[2]) for row in rows)
        next_ms = rows[-1][0] + 1


def look_of(share: Share) -> Look:
    return Look(
        LookKind.SHARE,
        share.maker_id,
        f"share {share.pk}",
        "" if share.vehicle is None else share.vehicle.slug,
        "" if share.region is None else share.region.slug,
        None if share.from_time is None else ms_of(share.from_time),
        None if share.to_time is None else ms_of(share.to_time),
    )


def shared_thing(share: Share) -> SharedThing:
    target = share.target
    return SharedThing(
        kind=ShareKind(share.kind).value,
        name=target.name,
        colour=target.colour,
        channel=None if share.kind == ShareKind.TRIP else f"{share.kind}:{target.slug}",
        polygon=None if share.region is None else share.region.polygon,
        from_time=encode_instant(share.from_time),
        to_time=encode_instant(share.to_time),
        trimmed=share.trimmed,
        expires_time=encode_time(ms_of(share.expires_at)),
    )
