"""The vehicles one may see, with their latest state."""

import asyncio
from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from typing import cast

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from tracking.api.auth import rights_of
from tracking.api.caching import json_answer
from tracking.api.openapi import documented
from tracking.api.paging import PageQuery, page_of
from tracking.api.queries import refuse_unknown
from tracking.api.services import Services, services_of
from tracking.api.sight import find_visible, vehicle_not_found, visible_vehicles
from tracking.api.vehicle_schemas import LatestState, SeenDevice, StatusWord, VehicleDetail, VehiclePage, VehicleState
from tracking.domain.directory import VehicleCard
from tracking.domain.rights import Rights
from tracking.domain.status import Status
from tracking.ingest.mail import in_office
from tracking.storage.records import LatestRow
from tracking.storage.sightings import KeptSighting, load_sightings
from tracking.wire.rfc3339 import encode_if_known, encode_time

router = Router(tags=["vehicles"])


@router.get("vehicles", response=VehiclePage, openapi_extra=documented(422))
async def list_vehicles(request: HttpRequest, query: Query[PageQuery]) -> HttpResponse:
    """Vehicles by slug. A reader limited to regions gets those that are in one of them now."""
    after = query.cursor_key(str)
    page = await asyncio.to_thread(load_vehicle_page, services_of(request), rights_of(request), query, after=after)
    return json_answer(request, page)


@router.get("vehicles/{slug}", response=VehicleDetail, openapi_extra=documented(404, 422))
async def get_vehicle(request: HttpRequest, slug: str) -> HttpResponse:
    """One vehicle, with its devices; one that may not be seen is answered like one that does not exist."""
    refuse_unknown(request)
    card = await asyncio.to_thread(find_card, services_of(request), rights_of(request), slug)
    if card is None:
        raise vehicle_not_found(slug)
    (state,) = await asyncio.to_thread(load_states, services_of(request), [card])
    devices = await in_office(load_sightings, [card.id])
    return json_answer(request, vehicle_detail(state, devices))


def load_vehicle_page(services: Services, rights: Rights, query: PageQuery, *, after: str | None) -> VehiclePage:
    """The vehicles with slugs after `after`."""
    directory = services.directory
    visible = visible_vehicles(services.telemetry, rights)
    ids = [
        id_
        for slug, id_ in sorted(directory.vehicle_ids.items())
        if (after is None or slug > after) and (visible is None or id_ in visible)
    ]
    cards, next_ = page_of([directory.vehicles[id_] for id_ in ids], query, attrgetter("slug"))
    return VehiclePage(items=load_states(services, cards), next=next_)


def find_card(services: Services, rights: Rights, slug: str) -> VehicleCard | None:
    """None when there is none that the reader may see."""
    id_ = find_visible(services, rights, slug)
    return None if id_ is None else services.directory.vehicles.get(id_)


def load_states(services: Services, cards: Sequence[VehicleCard]) -> list[VehicleState]:
    """In the order of the cards."""
    rows = services.telemetry.load_latest([card.id for card in cards])
    alarms = services.telemetry.find_alarms()
    latest = {row.latest.fix.vehicle: latest_state(row, is_alarm=row.latest.fix.vehicle in alarms) for row in rows}
    return [vehicle_state(card, latest.get(card.id)) for card in cards]


def vehicle_detail(state: VehicleState, devices: Sequence[KeptSighting]) -> VehicleDetail:
    known = {field.name: getattr(state, field.name) for field in fields(state)}
    return VehicleDetail(**known, devices=[seen_device(kept) for kept in devices])


def seen_device(kept: KeptSighting) -> SeenDevice:
    seen_ms, fix_time_ms, battery, dialect = kept.sighting
    return SeenDevice(
        label=kept.label,
        dialect=dialect,
        is_gateway=kept.is_gateway,
        seen_time=encode_time(seen_ms),
        fix_time=encode_if_known(fix_time_ms),
        battery_percent=None if battery is None else battery.percent,
        battery_time=None if battery is None else encode_time(battery.time_ms),
    )


def vehicle_state(card: VehicleCard, latest: LatestState | None) -> VehicleState:
    since_ms = card.off_duty_since_ms
    return VehicleState(
        slug=card.slug,
        name=card.name,
        plate=card.plate,
        driver=card.driver,
        kind=card.kind,
        colour=card.colour,
        active=card.active,
        off_duty_since=encode_if_known(since_ms),
        latest=latest,
    )


def latest_state(row: LatestRow, *, is_alarm: bool) -> LatestState:
    fix, status = row.latest.fix, Status.ALARM if is_alarm else row.latest.status
    return LatestState(
        fix_time=encode_time(fix.fix_time_ms),
        lat=fix.lat,
        lon=fix.lon,
        speed_mps=fix.speed_mps,
        course_deg=fix.course_deg,
        accuracy_m=fix.accuracy_m,
        status=None if status is None else cast(StatusWord, status.name.lower()),
        received_time=encode_time(row.received_ms),
    )
