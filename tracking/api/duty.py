"""When a vehicle's driver is off duty: read by whoever may see the vehicle, switched by its own devices."""

import asyncio
import time
from typing import cast

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from ninja.errors import HttpError
from pydantic import BaseModel, ConfigDict, Field

from tracking.api.auth import ApiTokenAuth, DeviceAuth, SessionAuth
from tracking.api.caching import json_answer
from tracking.api.openapi import documented
from tracking.api.problems import refused
from tracking.api.queries import Instant, StrictQuery, refuse_unknown
from tracking.api.schemas import Duty, OffDutySpan
from tracking.api.services import Services, services_of
from tracking.api.sight import visible_vehicles
from tracking.domain.directory import Device, VehicleCard
from tracking.domain.duty import KEPT_DAYS, OffDuty, Switch, off_duty_since
from tracking.domain.fix import MAX_AHEAD_S
from tracking.domain.rights import Rights
from tracking.domain.times import DAY_MS
from tracking.ingest.mail import in_office
from tracking.storage.duty import keep_switches
from tracking.wire.rfc3339 import encode_time

router = Router(tags=["duty"], auth=[SessionAuth(), ApiTokenAuth(), DeviceAuth()])

MAX_SWITCHES = 100
KEPT_MS = KEPT_DAYS * DAY_MS


class DutyQuery(StrictQuery):
    """A device need not say which vehicle."""

    vehicle: str | None = Field(None, description="Slug.")


class NewSwitch(BaseModel):
    """`time` is when the driver did it, by the same clock as the fixes."""

    model_config = ConfigDict(extra="forbid")

    off_duty: bool
    time: Instant


class NewSwitches(BaseModel):
    """In any order; a repeated one changes nothing."""

    model_config = ConfigDict(extra="forbid")

    switches: list[NewSwitch] = Field(min_length=1, max_length=MAX_SWITCHES)


@router.get("duty", response=Duty, openapi_extra=documented(403, 422))
async def get_duty(request: HttpRequest, query: Query[DutyQuery]) -> HttpResponse:
    """Whether the driver is off duty, and when in the last 30 days. Fixes of such times are refused."""
    services = services_of(request)
    caller = cast(Rights | Device, request.auth)  # type: ignore[attr-defined]
    card = await known_vehicle(services, caller, query.vehicle)
    return json_answer(request, duty_of(services, card))


@router.post("duty", response=Duty, openapi_extra=documented(400, 403, 422))
async def switch_duty(request: HttpRequest, body: NewSwitches) -> HttpResponse:
    """What the driver of the device's vehicle has switched; counts for all devices of the vehicle once it is answered."""
    refuse_unknown(request)
    services = services_of(request)
    device = cast(Rights | Device, request.auth)  # type: ignore[attr-defined]
    if not isinstance(device, Device):
        raise HttpError(403, "Duty is switched by the driver: with the token of a vehicle's own device.")
    card = own_vehicle(services, device)
    now_ms = time.time_ns() // 1_000_000
    switches = [Switch(time_in_reach(switch.time, now_ms=now_ms), switch.off_duty) for switch in body.switches]
    await in_office(keep_switches, switches, vehicle=card.id, device=device.id, now_ms=now_ms)
    await services.refresh_office()
    return json_answer(request, duty_of(services, card))


def time_in_reach(time_ms: int, *, now_ms: int) -> int:
    """Raises a refusal of the field."""
    if time_ms > now_ms + MAX_AHEAD_S * 1000:
        raise refused("time", f"may be at most {MAX_AHEAD_S} s ahead of the server")
    if time_ms < now_ms - KEPT_MS:
        raise refused("time", f"may be at most {KEPT_DAYS} days ago")
    return time_ms


async def known_vehicle(services: Services, caller: Rights | Device, slug: str | None) -> VehicleCard:
    """Raises a refusal of the field for one that the caller may not see."""
    if isinstance(caller, Device):
        own = own_vehicle(services, caller)
        if slug not in {None, own.slug}:
            raise refused("vehicle", f"there is no vehicle {slug!r} that you may see")
        return own
    if slug is None:
        raise refused("vehicle", "must name the vehicle")
    vehicle = services.directory.vehicle_ids.get(slug)
    visible = await asyncio.to_thread(visible_vehicles, services.telemetry, caller)
    if vehicle is None or (visible is not None and vehicle not in visible):
        raise refused("vehicle", f"there is no vehicle {slug!r} that you may see")
    return services.directory.vehicles[vehicle]


def own_vehicle(services: Services, device: Device) -> VehicleCard:
    """Raises HttpError for a gateway: it has no driver."""
    if device.vehicle is None:
        raise HttpError(403, "A gateway has no driver; use the token of a vehicle's own device.")
    return services.directory.vehicles[device.vehicle]


def duty_of(services: Services, card: VehicleCard) -> Duty:
    spans = services.directory.off_duty.get(card.id, ())
    since_ms = off_duty_since(spans)
    return Duty(
        vehicle=card.slug,
        off_duty_since=None if since_ms is None else encode_time(since_ms),
        off_duty=[span_of(span) for span in spans],
    )


def span_of(span: OffDuty) -> OffDutySpan:
    return OffDutySpan(
        from_time=encode_time(span.from_ms), to_time=None if span.to_ms is None else encode_time(span.to_ms)
    )
