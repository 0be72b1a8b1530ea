"""The audit: who looked at whose history."""

from operator import attrgetter

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from ninja.errors import HttpError
from pydantic import Field

from tracking.api.auth import proof_of, rights_of
from tracking.api.caching import json_answer
from tracking.api.openapi import documented
from tracking.api.paging import PageQuery, page_of
from tracking.api.queries import Instant, OpenRangeQuery
from tracking.api.schemas import LookedAt, LookPage
from tracking.api.services import services_of
from tracking.domain.directory import Directory
from tracking.domain.looks import Look, LookKind
from tracking.domain.times import ms_of
from tracking.ingest.mail import in_office
from tracking.models import Look as LookRow
from tracking.storage.looks import WantedLooks, load_looks
from tracking.wire.rfc3339 import encode_instant, encode_time

router = Router(tags=["audit"])


class LookQuery(OpenRangeQuery, PageQuery):
    """All of them narrow; none is needed."""

    vehicle: str | None = Field(None, description="Slug, as it was then.")
    user: str | None = Field(None, description="Whose login, token or share it was, by name.")
    from_ms: Instant | None = Field(None, alias="from", description="Looks at this time or later.")
    to_ms: Instant | None = Field(None, alias="to", description="Looks before this time.")


def note_look(
    request: HttpRequest, kind: LookKind, *, vehicle: str = "", region: str = "", span: tuple[int | None, int | None]
) -> None:
    """To be called by every endpoint that shows where somebody was. Raises Unavailable when the audit cannot be kept."""
    user, by = rights_of(request).user, proof_of(request)
    services_of(request).looks.note(Look(kind, user, by, vehicle, region, *span))


@router.get("audit", response=LookPage, openapi_extra=documented(403, 422))
async def list_looks(request: HttpRequest, query: Query[LookQuery]) -> HttpResponse:
    """Who looked at history, and who opened shares; for staff. An equal look within ten minutes is one."""
    if not rights_of(request).staff:
        raise HttpError(403, "Only staff may read the audit.")
    before = query.cursor_key(int)
    wanted = WantedLooks(vehicle=query.vehicle, user=query.user, from_ms=query.from_ms, to_ms=query.to_ms)
    found = await in_office(load_looks, wanted, before=before, limit=query.limit + 1)
    shown, next_ = page_of(found, query, attrgetter("pk"))
    directory = services_of(request).directory
    return json_answer(request, LookPage(items=[looked_at(row, directory) for row in shown], next=next_))


def looked_at(row: LookRow, directory: Directory) -> LookedAt:
    vehicle = directory.vehicles.get(directory.vehicle_ids.get(row.vehicle, 0))
    region = directory.regions.get(directory.region_ids.get(row.region, 0))
    return LookedAt(
        id=row.pk,
        time=encode_time(ms_of(row.at)),
        kind=row.kind,
        who=row.who,
        user_name="" if row.user is None else row.user.get_full_name(),
        vehicle=row.vehicle,
        vehicle_name="" if vehicle is None else vehicle.name,
        region=row.region,
        region_name="" if region is None else region.name,
        from_time=encode_instant(row.from_time),
        to_time=encode_instant(row.to_time),
    )
