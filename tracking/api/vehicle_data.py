"""All that is known of one vehicle and its drivers: told in figures, handed out, erased; for staff who may watch everything."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Router
from ninja.errors import HttpError

from tracking.api.auth import need_permission, proof_of, rights_of
from tracking.api.caching import json_answer
from tracking.api.looks import note_look
from tracking.api.openapi import documented
from tracking.api.portability import export_vehicle
from tracking.api.problems import refused
from tracking.api.queries import StrictBody, refuse_unknown
from tracking.api.services import services_of, take_note
from tracking.api.vehicle_schemas import Erased, VehicleData
from tracking.domain.looks import Look, LookKind
from tracking.ingest.mail import in_office
from tracking.models import Vehicle
from tracking.storage.erasing import Holdings, load_holdings
from tracking.wire.rfc3339 import encode_if_known

ZIP = "application/zip"
NO_STORE = "private, no-store"

router = Router(tags=["vehicle data"])


class Confirmation(StrictBody):
    """`confirm`: the vehicle's slug once more."""

    confirm: str


@router.get("vehicles/{slug}/data", response=VehicleData, openapi_extra=documented(403, 404, 422))
async def get_vehicle_data(request: HttpRequest, slug: str) -> HttpResponse:
    """How much is known of a vehicle and its drivers, and would be erased; for staff who may watch everything."""
    vehicle = await asked_vehicle(request, slug)
    holdings = await in_office(load_holdings, services_of(request).telemetry, vehicle)
    return json_answer(request, vehicle_data(slug, holdings))


@router.get("vehicles/{slug}/export", openapi_extra=documented(403, 404, 422, media_types=(ZIP,)))
async def export_vehicle_data(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """All that is known of a vehicle and its drivers, as CSV and JSON files in a zip; the audit tells of it.

    For staff who may watch everything. It is made while it is read, whatever its size.
    """
    vehicle = await asked_vehicle(request, slug)
    note_look(request, LookKind.EXPORT, vehicle=slug, span=(None, None))
    chunks = export_vehicle(services_of(request).telemetry, vehicle)
    response = StreamingHttpResponse(_stream(chunks), content_type=ZIP)
    response["Content-Disposition"] = f'attachment; filename="{slug}.zip"'
    response["Cache-Control"] = NO_STORE
    return response


@router.post("vehicles/{slug}/erase", response=Erased, openapi_extra=documented(400, 403, 404, 422))
async def erase_vehicle_data(request: HttpRequest, slug: str, confirmation: Confirmation) -> HttpResponse:
    """Deletes a vehicle with all that is known of it and its drivers; the audit keeps who looked at it, and that it was erased.

    For staff who may watch everything, with the permission tracking.delete_vehicle. Answered when all is gone, at the earliest after two
    seconds, and gone on with when nobody waits. Broken off by a 503, it can be asked for again; until then the vehicle is out of use.
    """
    vehicle = await asked_vehicle(request, slug)
    await need_permission(request, "tracking.delete_vehicle")
    if confirmation.confirm != slug:
        raise refused("confirm", f"must be {slug!r}, the vehicle's slug")
    look = Look(LookKind.ERASE, rights_of(request).user, proof_of(request), slug)
    deleted: Counter[str] = await services_of(request).housekeeper.erase(vehicle, look)
    await take_note(request)
    return json_answer(request, Erased(vehicle=slug, deleted=dict(sorted(deleted.items()))))


async def asked_vehicle(request: HttpRequest, slug: str) -> Vehicle:
    """Raises HttpError, and Http404."""
    refuse_unknown(request)
    rights = rights_of(request)
    if not (rights.staff and rights.everything):
        raise HttpError(403, "Only staff who may watch everything may take out or erase what is known of a vehicle.")
    vehicle = await Vehicle.objects.filter(slug=slug).afirst()
    if vehicle is None:
        raise Http404(f"There is no vehicle {slug!r}.")
    return vehicle


def vehicle_data(slug: str, holdings: Holdings) -> VehicleData:
    told = holdings._asdict()
    first_ms, last_ms = told.pop("first_ms"), told.pop("last_ms")
    return VehicleData(
        vehicle=slug,
        first_time=encode_if_known(first_ms),
        last_time=encode_if_known(last_ms),
        **told,
    )


async def _stream(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    while (chunk := await in_office(next, chunks, None)) is not None:
        yield chunk
