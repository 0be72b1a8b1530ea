"""Regions drawn, changed and deleted by those who have Django's permissions for it; at the same paths as they are read."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from tracking.api.auth import need_permission, rights_of
from tracking.api.caching import changed_answer, matches
from tracking.api.openapi import documented
from tracking.api.queries import Name, StrictBody, refuse_unknown
from tracking.api.regions import not_found, router
from tracking.api.schemas import Polygon, RegionArea
from tracking.api.services import take_note
from tracking.ingest.mail import in_office
from tracking.storage.regions import Area, Draft, add_region, change_region, delete_region

__all__ = ["router"]


class NewRegion(StrictBody):
    """Without a slug one is made of the name; without a colour it has the usual one."""

    name: Name
    polygon: Polygon
    slug: str | None = None
    colour: str | None = None


class WholeRegion(StrictBody):
    """Takes the place of what it was."""

    name: Name
    colour: str
    polygon: Polygon


class RegionChange(StrictBody):
    """What is left out stays."""

    name: Name | None = None
    colour: str | None = None
    polygon: Polygon | None = None


@router.post("regions", response={201: RegionArea}, openapi_extra=documented(400, 403, 413, 422))
async def create_region(request: HttpRequest, region: NewRegion) -> HttpResponse:
    """For the permission tracking.add_region. Its maker may watch it; others as the admin grants it."""
    refuse_unknown(request)
    await need_permission(request, "tracking.add_region")
    draft = Draft(name=region.name, polygon=region.polygon, slug=region.slug, colour=region.colour)
    area = await in_office(add_region, draft, rights_of(request))
    await take_note(request)
    response = changed_answer(region_area(area), status=HTTPStatus.CREATED)
    response["Location"] = f"{request.path}/{area.slug}"
    return response


@router.put("regions/{slug}", response=RegionArea, openapi_extra=documented(400, 403, 404, 412, 413, 422, 428))
async def replace_region(request: HttpRequest, slug: str, region: WholeRegion) -> HttpResponse:
    """For the permission tracking.change_region; If-Match names the ETag that was read."""
    return await change(request, slug, region)


@router.patch("regions/{slug}", response=RegionArea, openapi_extra=documented(400, 403, 404, 412, 413, 422, 428))
async def update_region(request: HttpRequest, slug: str, region: RegionChange) -> HttpResponse:
    """Only what is sent changes. For the permission tracking.change_region; If-Match names the ETag that was read."""
    return await change(request, slug, region)


@router.delete("regions/{slug}", response={204: None}, openapi_extra=documented(403, 404, 412, 428))
async def remove_region(request: HttpRequest, slug: str) -> HttpResponse:
    """For the permission tracking.delete_region; If-Match names the ETag that was read. Who watches it leaves its room."""
    refuse_unknown(request)
    await need_permission(request, "tracking.delete_region")
    if not await in_office(delete_region, slug, rights_of(request), matches(request, "region", region_area)):
        raise not_found(slug)
    await take_note(request)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


async def change(request: HttpRequest, slug: str, region: WholeRegion | RegionChange) -> HttpResponse:
    refuse_unknown(request)
    await need_permission(request, "tracking.change_region")
    changes = region.model_dump(exclude_none=True)
    area = await in_office(change_region, slug, changes, rights_of(request), matches(request, "region", region_area))
    if area is None:
        raise not_found(slug)
    await take_note(request)
    return changed_answer(region_area(area))


def region_area(area: Area) -> RegionArea:
    return RegionArea(**area._asdict())
