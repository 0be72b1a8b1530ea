"""When a vehicle's driver is off duty: read by whoever may see the vehicle, switched by its own devices."""

import time

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from ninja.errors import HttpError
from pydantic import Field

from tracking.api.auth import ApiTokenAuth, DeviceAuth, SessionAuth
from tracking.api.caching import json_answer
from tracking.api.callers import caller_of, named_vehicle, own_vehicle
from tracking.api.openapi import documented
from tracking.api.problems import refused
from tracking.api.queries import Instant, StrictBody, StrictQuery, refuse_unknown
from tracking.api.services import Services, services_of
from tracking.api.vehicle_schemas import Duty, OffDutySpan
from tracking.domain.directory import Device
from tracking.domain.duty import KEPT_DAYS, OffDuty, Switch, off_duty_since
from tracking.domain.fix import MAX_AHEAD_S
from tracking.domain.times import DAY_MS
from tracking.ingest.mail import in_office
from tracking.storage.duty import keep_switches
from tracking.wire.rfc3339 import encode_if_known, encode_time

router = Router(tags=["duty"], auth=[SessionAuth(), ApiTokenAuth(), DeviceAuth()])

MAX_SWITCHES = 100
KEPT_MS = KEPT_DAYS * DAY_MS


class DutyQuery(StrictQuery):
    """A device need not say which vehicle."""

    vehicle: str | None = Field(None, description="Slug.")


class NewSwitch(StrictBody):
    """`time` is when the driver did it, by the same clock as the fixes."""

    off_duty: bool
    time: Instant


class NewSwitches(StrictBody):
    """In any order; a repeated one changes nothing."""

    switches: list[NewSwitch] = Field(min_length=1, max_length=MAX_SWITCHES)


@router.get("duty", response=Duty, openapi_extra=documented(403, 422))
async def get_duty(request: HttpRequest, query: Query[DutyQuery]) -> HttpResponse:
    """Whether the driver is off duty, and when in the last 30 days. Fixes of such times are refused."""
    services = services_of(request)
    vehicle = await named_vehicle(services, caller_of(request), query.vehicle)
    return json_answer(request, duty_of(services, vehicle))


@router.post("duty", response=Duty, openapi_extra=documented(400, 403, 422))
async def switch_duty(request: HttpRequest, body: NewSwitches) -> HttpResponse:
    """What the driver of the device's vehicle has switched; counts for all devices of the vehicle once it is answered."""
    refuse_unknown(request)
    services, device = services_of(request), caller_of(request)
    if not isinstance(device, Device):
        raise HttpError(403, "Duty is switched by the driver: with the token of a vehicle's own device.")
    vehicle = own_vehicle(device)
    now_ms = time.time_ns() // 1_000_000
    switches = [Switch(time_in_reach(switch.time, now_ms=now_ms), switch.off_duty) for switch in body.switches]
    await in_office(keep_switches, switches, vehicle=vehicle, device=device.id, now_ms=now_ms)
    await services.refresh_office()
    return json_answer(request, duty_of(services, vehicle))


def time_in_reach(time_ms: int, *, now_ms: int) -> int:
    """Raises a refusal of the field."""
    if time_ms > now_ms + MAX_AHEAD_S * 1000:
        raise refused("time", f"may be at most {MAX_AHEAD_S} s ahead of the server")
    if time_ms < now_ms - KEPT_MS:
        raise refused("time", f"may be at most {KEPT_DAYS} days ago")
    return time_ms


def duty_of(services: Services, vehicle: int) -> Duty:
    spans = services.directory.off_duty.get(vehicle, ())
    since_ms = off_duty_since(spans)
    return Duty(
        vehicle=services.directory.vehicles[vehicle].slug,
        off_duty_since=encode_if_known(since_ms),
        off_duty=[span_of(span) for span in spans],
    )


def span_of(span: OffDuty) -> OffDutySpan:
    return OffDutySpan(from_time=encode_time(span.from_ms), to_time=encode_if_known(span.to_ms))
