"""The page on which staff takes out or erases all that is known of one vehicle; the zip comes over REST."""

from collections import Counter
from typing import Any

from asgiref.sync import async_to_sync
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tracking.domain.looks import Look, LookKind
from tracking.models import Vehicle
from tracking.pages.front_end import needs_front_end
from tracking.pages.services import Services, services_of
from tracking.storage.erasing import Holdings, load_holdings
from tracking.wire.rfc3339 import encode_if_known

ERASE = "tracking.delete_vehicle"


@never_cache
@login_required
@needs_front_end
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """What is known, in figures; the zip; and for whoever may, a form that erases all of it."""
    return show(request, asked_vehicle(request, slug))


@never_cache
@require_POST
@login_required
@needs_front_end
def erase(request: HttpRequest, slug: str) -> HttpResponse:
    """Once the slug was typed."""
    vehicle = asked_vehicle(request, slug)
    if not request.user.has_perm(ERASE):
        raise PermissionDenied
    typed = request.POST.get("confirm", "").strip()
    if typed != slug:
        return show(request, vehicle, status=422, typed=typed)
    services = services_of(request)
    holdings = load_holdings(services.telemetry, vehicle)
    async_to_sync(erase_all)(services, vehicle, Look(LookKind.ERASE, request.user.pk, vehicle=slug))
    return render(request, "tracking/vehicle_data.html", {"vehicle": vehicle, "erased": True, **shown(holdings)})


async def erase_all(services: Services, vehicle: Vehicle, look: Look) -> Counter[str]:
    deleted = await services.housekeeper.erase(vehicle, look)
    await services.refresh_office()
    return deleted


def may_take_out(request: HttpRequest) -> bool:
    """Staff who may watch everything."""
    return request.user.is_staff and request.user.has_perm("tracking.watch_everything")


def asked_vehicle(request: HttpRequest, slug: str) -> Vehicle:
    """Raises PermissionDenied, and Http404."""
    if not may_take_out(request):
        raise PermissionDenied
    vehicle = Vehicle.objects.filter(slug=slug).first()
    if vehicle is None:
        raise Http404("There is no such vehicle.")
    return vehicle


def show(request: HttpRequest, vehicle: Vehicle, *, status: int = 200, typed: str | None = None) -> HttpResponse:
    """`typed`: what was, instead of the slug."""
    context = {"vehicle": vehicle, "may_erase": request.user.has_perm(ERASE), "typed": typed}
    holdings = load_holdings(services_of(request).telemetry, vehicle)
    return render(request, "tracking/vehicle_data.html", {**context, **shown(holdings)}, status=status)


def shown(holdings: Holdings) -> dict[str, Any]:
    times = (encode_if_known(ms) for ms in (holdings.first_ms, holdings.last_ms))
    return {"holdings": holdings, **dict(zip(("first_time", "last_time"), times, strict=True))}
