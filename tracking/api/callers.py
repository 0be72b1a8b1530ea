"""Who writes and reads what lies between dispatchers and drivers: a person, or a vehicle's own device."""

import asyncio
from typing import TypeAlias, cast

from django.http import HttpRequest
from ninja.errors import HttpError

from tracking.api.problems import refused
from tracking.api.services import Services
from tracking.api.sight import find_visible, vehicle_refused
from tracking.domain.directory import Device
from tracking.domain.rights import Rights

Caller: TypeAlias = Rights | Device
"""A person, or the device of a vehicle's driver."""


def caller_of(request: HttpRequest) -> Caller:
    """Raises HttpError for a gateway: it has no driver."""
    caller = cast(Caller, request.auth)  # type: ignore[attr-defined]
    if isinstance(caller, Device) and caller.vehicle is None:
        raise HttpError(403, "A gateway has no driver; use the token of a vehicle's own device.")
    return caller


def own_vehicle(device: Device) -> int:
    """Of a device that `caller_of` let through."""
    assert device.vehicle is not None
    return device.vehicle


async def named_vehicle(services: Services, caller: Caller, slug: str | None) -> int:
    """A device need not name its own. Raises a refusal of the field for one that the caller may not see."""
    if isinstance(caller, Device):
        own = own_vehicle(caller)
        if slug is not None and services.directory.vehicle_ids.get(slug) != own:
            raise vehicle_refused(slug)
        return own
    if slug is None:
        raise refused("vehicle", "must name the vehicle")
    vehicle = await asyncio.to_thread(find_visible, services, caller, slug)
    if vehicle is None:
        raise vehicle_refused(slug)
    return vehicle
