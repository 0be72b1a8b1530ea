"""All regions as one GeoJSON file, out and in."""

from http import HTTPStatus

import msgspec
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.errors import HttpError

from tracking.api.auth import rights_of
from tracking.api.caching import json_answer
from tracking.api.openapi import documented
from tracking.api.queries import refuse_unknown
from tracking.api.regions import load_areas
from tracking.api.schemas import ImportedRegion, ImportReport
from tracking.ingest.mail import in_office
from tracking.storage.regions import Draft, Permissions, import_regions
from tracking.wire.region_geojson import RegionFeature, decode_regions, encode_regions

MAX_FILE_BYTES = 2 * 1024 * 1024
MAX_EXPORTED = 100_000
GEOJSON = "application/geo+json"

router = Router(tags=["regions"])


@router.get("regions.geojson", openapi_extra=documented(422, media_types=[GEOJSON]))
async def export_regions(request: HttpRequest) -> HttpResponse:
    """The regions that one may watch, as a FeatureCollection that `POST regions.geojson` takes again."""
    refuse_unknown(request)
    areas = await sync_to_async(load_areas)(rights_of(request), limit=MAX_EXPORTED)
    features = [RegionFeature(area.name, area.polygon, area.slug, area.colour) for area in areas]
    response = json_answer(request, encode_regions(features))
    if response.status_code == HTTPStatus.OK:
        response["Content-Type"] = GEOJSON
        response["Content-Disposition"] = 'attachment; filename="regions.geojson"'
    return response


@router.post("regions.geojson", response=ImportReport, openapi_extra=documented(400, 403, 413, 422))
async def import_file(request: HttpRequest) -> HttpResponse:
    """A FeatureCollection of at most 500 polygons and 2 MiB; all of it or nothing.

    Each feature has a `name`, and perhaps `slug` and `colour`, among its properties. One with the slug of a region changes
    that region (tracking.change_region), any other is added (tracking.add_region).
    """
    refuse_unknown(request)
    permissions = await permissions_of(request)
    if int(request.headers.get("Content-Length") or 0) > MAX_FILE_BYTES or len(request.body) > MAX_FILE_BYTES:
        raise HttpError(413, f"A file of regions may have {MAX_FILE_BYTES} bytes at most.")
    drafts = [Draft(*feature) for feature in decode_regions(request.body)]
    outcomes = await in_office(import_regions, drafts, rights_of(request), permissions)
    report = ImportReport(features=[ImportedRegion(slug=slug, outcome=outcome) for slug, outcome in outcomes])
    return HttpResponse(msgspec.json.encode(report), content_type="application/json")


async def permissions_of(request: HttpRequest) -> Permissions:
    """Raises HttpError for who has none of them."""
    user = await User.objects.aget(pk=rights_of(request).user)
    add = await user.ahas_perm("tracking.add_region")
    change = await user.ahas_perm("tracking.change_region")
    if not (add or change):
        raise HttpError(
            403, "Whoever keeps the users' rights can let you do this: tracking.add_region, tracking.change_region."
        )
    return Permissions(add, change)
