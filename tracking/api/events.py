"""The log of what happened once, by id."""

import asyncio
from operator import attrgetter

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from tracking.api.auth import rights_of
from tracking.api.caching import json_answer
from tracking.api.looks import note_look
from tracking.api.openapi import documented
from tracking.api.paging import PageQuery, page_of
from tracking.api.queries import END_MS, Instant, OpenRangeQuery
from tracking.api.schemas import EventPage, LoggedEvent
from tracking.api.services import services_of
from tracking.api.sight import asked_regions, find_ever_visible, vehicle_refused
from tracking.domain.directory import Directory
from tracking.domain.events import Event
from tracking.domain.looks import LookKind
from tracking.wire.rfc3339 import encode_time

router = Router(tags=["events"])


class EventQuery(OpenRangeQuery, PageQuery):
    """All of them narrow; none is needed."""

    from_ms: Instant | None = Field(None, alias="from", description="Happened then or later.")
    to_ms: Instant | None = Field(None, alias="to", description="Happened before.")
    region: str | None = Field(None, description="Slug.")
    vehicle: str | None = Field(None, description="Slug.")
    after: int = Field(
        0,
        ge=0,
        lt=1 << 63,
        description="Larger ids than this. With several servers the ids of the newest 10 s may come out of order.",
    )


@router.get("events", response=EventPage, openapi_extra=documented(422))
async def list_events(request: HttpRequest, query: Query[EventQuery]) -> HttpResponse:
    """Events by id. A reader limited to regions gets what happened in them."""
    services = services_of(request)
    directory = services.directory
    regions = asked_regions(query.region, directory, rights_of(request))
    vehicle = await asyncio.to_thread(find_ever_visible, services, rights_of(request), query.vehicle)
    if query.vehicle is not None and vehicle is None:
        raise vehicle_refused(query.vehicle)
    span = (query.from_ms, query.to_ms)
    note_look(request, LookKind.EVENTS, vehicle=query.vehicle or "", region=query.region or "", span=span)
    events = await asyncio.to_thread(
        services.telemetry.load_events,
        after=max(query.after, query.cursor_key(int) or 0),
        span=(query.from_ms or 0, END_MS if query.to_ms is None else query.to_ms),
        regions=regions,
        vehicle=vehicle,
        limit=query.limit + 1,
    )
    retracted = await asyncio.to_thread(services.telemetry.load_retracted, [event.id for event in events])
    shown, next_ = page_of(events, query, attrgetter("id"))
    items = [logged_event(event, directory, is_retracted=event.id in retracted) for event in shown]
    return json_answer(request, EventPage(items=items, next=next_))


def logged_event(event: Event, directory: Directory, *, is_retracted: bool) -> LoggedEvent:
    vehicle = directory.vehicles.get(event.vehicle)
    region = None if event.region is None else directory.regions.get(event.region)
    return LoggedEvent(
        id=event.id,
        kind=event.kind,
        vehicle=None if vehicle is None else vehicle.slug,
        region=None if region is None else region.slug,
        time=encode_time(event.time_ms),
        data=dict(event.data),
        retracted=is_retracted,
    )
