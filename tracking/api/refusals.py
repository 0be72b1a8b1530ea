"""Refused fixes, for whoever may see their vehicle."""

import asyncio
from operator import attrgetter

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router
from ninja.errors import HttpError
from pydantic import Field

from tracking.api.auth import need_permission, rights_of
from tracking.api.caching import json_answer
from tracking.api.openapi import documented
from tracking.api.paging import PageQuery, page_of
from tracking.api.problems import refused
from tracking.api.queries import StrictBody, refuse_unknown
from tracking.api.services import services_of, take_note
from tracking.api.sight import find_visible, vehicle_refused, visible_vehicles
from tracking.api.vehicle_schemas import AdoptedVehicle, RefusalPage, RefusedFixes
from tracking.domain.directory import Directory
from tracking.ingest.mail import in_office
from tracking.models import SLUG
from tracking.storage.refusals import KeptTally, adopt, load_tallies, unknown_names
from tracking.wire.rfc3339 import encode_if_known, encode_time

router = Router(tags=["refusals"])


class RefusalQuery(PageQuery):
    """All of them narrow; none is needed."""

    vehicle: str | None = Field(None, description="Slug.")


class UnknownVehicle(StrictBody):
    """`named`: what a gateway calls it."""

    named: str


@router.get("refusals", response=RefusalPage, openapi_extra=documented(422))
async def list_refusals(request: HttpRequest, query: Query[RefusalQuery]) -> HttpResponse:
    """Counted by device, vehicle and reason, with the last of each; of vehicles in the reader's regions now.

    Who may watch everything also sees those of no known vehicle.
    """
    services = services_of(request)
    if query.vehicle is None:
        vehicles = await asyncio.to_thread(visible_vehicles, services.telemetry, rights_of(request))
    else:
        vehicle = await asyncio.to_thread(find_visible, services, rights_of(request), query.vehicle)
        if vehicle is None:
            raise vehicle_refused(query.vehicle)
        vehicles = {vehicle}
    after = query.cursor_key(int) or 0
    found = await in_office(load_tallies, vehicles=vehicles, after=after, limit=query.limit + 1)
    shown, next_ = page_of(found, query, attrgetter("id"))
    items = [refused_fixes(kept, services.directory) for kept in shown]
    return json_answer(request, RefusalPage(items=items, next=next_))


@router.post("refusals/adopt", response=AdoptedVehicle, openapi_extra=documented(400, 403, 404, 422))
async def adopt_vehicle(request: HttpRequest, body: UnknownVehicle) -> HttpResponse:
    """Makes a vehicle of a name that nobody knows; from then on the gateway's fixes of it are taken.

    For who may watch everything, with the permission tracking.add_vehicle.
    """
    refuse_unknown(request)
    if not rights_of(request).everything:
        raise HttpError(403, "Only who may watch everything sees vehicles that nobody knows.")
    await need_permission(request, "tracking.add_vehicle")
    if not SLUG.fullmatch(body.named):
        raise refused(
            "named", "is no slug: 1 to 64 letters, digits, - and _; let the gateway call the vehicle otherwise"
        )
    if body.named not in await sync_to_async(unknown_names)({body.named}):
        raise Http404(f"Nothing was refused of an unknown vehicle {body.named!r}.")
    await sync_to_async(adopt)({body.named})
    await take_note(request)
    return json_answer(request, AdoptedVehicle(vehicle=body.named))


def refused_fixes(kept: KeptTally, directory: Directory) -> RefusedFixes:
    tally = kept.tally
    card = None if tally.vehicle is None else directory.vehicles.get(tally.vehicle)
    return RefusedFixes(
        device=kept.device,
        vehicle=None if card is None else card.slug,
        vehicle_name=None if card is None else card.name,
        named=kept.origin.named,
        reason=kept.origin.reason.value,
        count=tally.count,
        first_time=encode_time(tally.first_ms),
        last_time=encode_time(tally.last_ms),
        fix_time=encode_if_known(tally.fix_time_ms),
        detail=tally.detail,
    )
