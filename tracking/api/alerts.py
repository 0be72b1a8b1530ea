"""Alerts: which rules are broken or were, by whom, and who has taken note of it."""

import asyncio
from operator import attrgetter

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from tracking.api.alert_schemas import AlertPage, RaisedAlert
from tracking.api.auth import rights_of
from tracking.api.caching import json_answer
from tracking.api.looks import note_look
from tracking.api.openapi import documented
from tracking.api.paging import PageQuery, page_of
from tracking.api.queries import Instant, OpenRangeQuery, refuse_unknown
from tracking.api.services import Services, services_of
from tracking.api.sight import find_ever_visible, vehicle_refused, visible_vehicles
from tracking.domain.alerts import Alert
from tracking.domain.directory import Directory
from tracking.domain.looks import LookKind
from tracking.domain.rights import Rights
from tracking.ingest.mail import in_office
from tracking.storage.office import load_user_name
from tracking.wire.rfc3339 import encode_if_known, encode_time

router = Router(tags=["alerts"])


class AlertQuery(OpenRangeQuery, PageQuery):
    """All of them narrow; none is needed."""

    open: bool | None = Field(None, description="Those that last, or those that are over.")
    acknowledged: bool | None = Field(None, description="Those that somebody has taken note of, or nobody.")
    vehicle: str | None = Field(None, description="Slug.")
    from_ms: Instant | None = Field(None, alias="from", description="Those that lasted at this time or later.")
    to_ms: Instant | None = Field(None, alias="to", description="Those that began before this time.")


@router.get("alerts", response=AlertPage, openapi_extra=documented(422))
async def list_alerts(request: HttpRequest, query: Query[AlertQuery]) -> HttpResponse:
    """By id. A reader limited to regions gets those of their rules, and those of no region of vehicles that are in them now."""
    services = services_of(request)
    directory = services.directory
    vehicle = await asyncio.to_thread(find_ever_visible, services, rights_of(request), query.vehicle)
    if query.vehicle is not None and vehicle is None:
        raise vehicle_refused(query.vehicle)
    if (query.from_ms, query.to_ms) != (None, None):
        note_look(request, LookKind.ALERTS, vehicle=query.vehicle or "", span=(query.from_ms, query.to_ms))
    found = await asyncio.to_thread(
        load_visible,
        services,
        rights_of(request),
        after=query.cursor_key(int) or 0,
        is_open=query.open,
        is_acknowledged=query.acknowledged,
        vehicle=vehicle,
        from_ms=query.from_ms,
        to_ms=query.to_ms,
        limit=query.limit + 1,
    )
    shown, next_ = page_of(found, query, attrgetter("id"))
    return json_answer(request, AlertPage(items=[raised_alert(alert, directory) for alert in shown], next=next_))


@router.post("alerts/{id_}/acknowledge", response=RaisedAlert, openapi_extra=documented(403, 404, 422))
async def acknowledge(request: HttpRequest, id_: int) -> HttpResponse:
    """Says that somebody has taken note of it; the first time stays, and the alert goes on until its rule is kept."""
    refuse_unknown(request)
    services, rights = services_of(request), rights_of(request)
    alert = await find_alert(services, rights, id_)
    if alert.acknowledged_ms is None:
        name = await in_office(load_user_name, rights.user)
        await services.mail.acknowledge(alert, by=name)
        alert = await find_alert(services, rights, id_)
    return json_answer(request, raised_alert(alert, services.directory))


async def find_alert(services: Services, rights: Rights, id_: int) -> Alert:
    """Raises Http404 for one that may not be seen as for one that does not exist."""
    may_be = 0 < id_ < 1 << 63  # databases know no larger number
    found = await asyncio.to_thread(load_visible, services, rights, after=id_ - 1, limit=1) if may_be else []
    if not found or found[0].id != id_:
        raise Http404(f"There is no alert {id_} that you may see.")
    return found[0]


def load_visible(
    services: Services,
    rights: Rights,
    *,
    after: int,
    is_open: bool | None = None,
    is_acknowledged: bool | None = None,
    vehicle: int | None = None,
    from_ms: int | None = None,
    to_ms: int | None = None,
    limit: int,
) -> list[Alert]:
    telemetry = services.telemetry
    vehicles = visible_vehicles(telemetry, rights)
    return telemetry.load_alerts(
        after=after,
        is_open=is_open,
        is_acknowledged=is_acknowledged,
        regions=None if rights.everything else sorted(rights.regions),
        vehicles=None if vehicles is None else sorted(vehicles),
        vehicle=vehicle,
        from_ms=from_ms,
        to_ms=to_ms,
        limit=limit,
    )


def raised_alert(alert: Alert, directory: Directory) -> RaisedAlert:
    card = directory.vehicles.get(alert.vehicle)
    region = None if alert.region is None else directory.regions.get(alert.region)
    return RaisedAlert(
        id=alert.id,
        rule=alert.name,
        rule_id=alert.rule,
        kind=alert.kind,
        vehicle=None if card is None else card.slug,
        region=None if region is None else region.slug,
        start_time=encode_time(alert.start_ms),
        end_time=encode_if_known(alert.end_ms),
        acknowledged_time=encode_if_known(alert.acknowledged_ms),
        acknowledged_by=alert.acknowledged_by,
    )
