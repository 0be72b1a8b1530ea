"""The regions one may watch, and who was in them from when to when."""

import asyncio
from operator import attrgetter

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from tracking.api.auth import rights_of
from tracking.api.caching import ASK_EACH_TIME, json_answer
from tracking.api.looks import note_look
from tracking.api.openapi import documented
from tracking.api.paging import MAX_ITEMS, PageQuery, page_of
from tracking.api.past import cache_control
from tracking.api.queries import RangeQuery, refuse_unknown
from tracking.api.schemas import RegionArea, RegionPage, RegionVisit, VisitPage
from tracking.api.services import services_of
from tracking.domain.directory import Directory
from tracking.domain.looks import LookKind
from tracking.domain.rights import Rights
from tracking.models import Region
from tracking.storage.records import Visit
from tracking.storage.telemetry import Telemetry
from tracking.wire.rfc3339 import encode_if_known, encode_time

READ_AHEAD = 100  # stays that began before a page and last

router = Router(tags=["regions"])


class RegionQuery(PageQuery):
    """Regions are few, so a page holds all of them unless asked otherwise."""

    limit: int = Field(MAX_ITEMS, ge=1, le=MAX_ITEMS, description="At most so many items.")


class VisitQuery(RangeQuery, PageQuery):
    """Stays that touch a range of time, in pages."""


@router.get("regions", response=RegionPage, openapi_extra=documented(422))
async def list_regions(request: HttpRequest, query: Query[RegionQuery]) -> HttpResponse:
    """Regions by slug."""
    after = query.cursor_key(str)
    found = await sync_to_async(load_areas)(rights_of(request), limit=query.limit + 1, slug__gt=after or "")
    areas, next_ = page_of(found, query, attrgetter("slug"))
    return json_answer(request, RegionPage(items=list(areas), next=next_))


@router.get("regions/{slug}", response=RegionArea, openapi_extra=documented(404, 422))
async def get_region(request: HttpRequest, slug: str) -> HttpResponse:
    """One region; one that may not be watched is answered like one that does not exist."""
    refuse_unknown(request)
    areas = await sync_to_async(load_areas)(rights_of(request), limit=1, slug=slug)
    if not areas:
        raise not_found(slug)
    return json_answer(request, areas[0])


@router.get("regions/{slug}/visits", response=VisitPage, openapi_extra=documented(404, 422))
async def list_visits(request: HttpRequest, slug: str, query: Query[VisitQuery]) -> HttpResponse:
    """Stays in the region that touch from ≤ time < to, by the time they began."""
    services, rights = services_of(request), rights_of(request)
    region = services.directory.region_ids.get(slug)
    if region is None or not rights.may_watch(region):
        raise not_found(slug)
    note_look(request, LookKind.VISITS, region=slug, span=(query.from_ms, query.to_ms))
    after = query.cursor_key(tuple[int, int])
    found = await asyncio.to_thread(load_visits_after, services.telemetry, region, query=query, after=after)
    visits, next_ = page_of(found, query, attrgetter("enter_ms", "vehicle"))
    items = [region_visit(visit, services.directory) for visit in visits]
    lasts = any(visit.exit_ms is None for visit in visits)
    control = ASK_EACH_TIME if lasts else cache_control(query.to_ms)
    return json_answer(request, VisitPage(items=items, next=next_), cache_control=control)


def load_areas(rights: Rights, *, limit: int, **lookup: str) -> list[RegionArea]:
    """Watchable regions that match, by slug."""
    regions = Region.objects.filter(**lookup).order_by("slug")
    if not rights.everything:
        regions = regions.filter(id__in=rights.regions)
    return [RegionArea(**row) for row in regions.values("slug", "name", "colour", "polygon")[:limit]]


def load_visits_after(
    telemetry: Telemetry, region: int, *, query: VisitQuery, after: tuple[int, int] | None
) -> list[Visit]:
    """At least one more than the limit, if there are so many, with (enter time, vehicle) past `after`.

    The store filters by touch: asked from a page's end on, it first gives the stays that had begun before and lasted. They are
    dropped here, and more is asked for when too little is left.
    """
    from_ms = query.from_ms if after is None else max(query.from_ms, after[0])
    asked = query.limit + 1 + READ_AHEAD
    while True:
        touching = telemetry.load_visits(regions=[region], from_ms=from_ms, to_ms=query.to_ms, limit=asked)
        fresh = [visit for visit in touching if after is None or (visit.enter_ms, visit.vehicle) > after]
        if len(fresh) > query.limit or len(touching) < asked:
            return fresh
        asked *= 2


def region_visit(visit: Visit, directory: Directory) -> RegionVisit:
    card = directory.vehicles.get(visit.vehicle)
    return RegionVisit(
        vehicle=None if card is None else card.slug,
        enter_time=encode_time(visit.enter_ms),
        exit_time=encode_if_known(visit.exit_ms),
    )


def not_found(slug: str) -> Http404:
    return Http404(f"There is no region {slug!r} that you may watch.")
