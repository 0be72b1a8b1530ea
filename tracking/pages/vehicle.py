"""A vehicle's page: where it is, its devices, and how a phone becomes one of them.

Whoever may see the vehicle reads it. Pairing codes and tokens are made with the permission `tracking.add_devicetoken`, and tokens
revoked with `tracking.change_devicetoken`, as in the admin.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import segno
from asgiref.sync import async_to_sync
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tracking.domain.directory import VehicleCard
from tracking.domain.pairing import LASTS_S, shown_code
from tracking.domain.sightings import LOW_BATTERY_PERCENT
from tracking.domain.status import Status
from tracking.live.attendees import Attendee
from tracking.live.channels import find_channel
from tracking.models import DeviceToken, Vehicle
from tracking.pages.front_end import needs_front_end
from tracking.pages.phone_apps import PHONE_APPS, find_app, settings_of
from tracking.pages.services import Services, services_of
from tracking.pages.vehicle_data import may_take_out
from tracking.storage.office import load_rights
from tracking.storage.pairing import issue_code
from tracking.storage.sightings import KeptSighting, load_sightings
from tracking.wire.rfc3339 import encode_if_known, encode_time

MAKE, REVOKE = "tracking.add_devicetoken", "tracking.change_devicetoken"
MAX_WHOSE_CHARS = 60
STATUS_WORDS = {
    Status.MOVING: gettext_lazy("moving"),
    Status.IDLE: gettext_lazy("idle"),
    Status.STOPPED: gettext_lazy("stopped"),
    Status.ALARM: gettext_lazy("alarm"),
}
KIND_WORDS = {
    Vehicle.Kind.CAR: gettext_lazy("car"),
    Vehicle.Kind.VAN: gettext_lazy("van"),
    Vehicle.Kind.TRUCK: gettext_lazy("truck"),
    Vehicle.Kind.BUS: gettext_lazy("bus"),
    Vehicle.Kind.BIKE: gettext_lazy("bike"),
    Vehicle.Kind.OTHER: gettext_lazy("other"),
}


class ShownDevice(NamedTuple):
    """`seen_time` is None for one that was never heard of; `is_here`: it has an open connection now, since then."""

    token: DeviceToken
    is_here: bool
    seen_time: str | None
    sighting: "ShownSighting | None" = None


class ShownSighting(NamedTuple):
    """`app`: which phone app speaks; empty for what posts by our own programming interface. None: unknown."""

    label: str
    app: str
    seen_time: str
    fix_time: str | None
    battery_percent: int | None
    battery_time: str | None
    is_low: bool


@never_cache
@login_required
@needs_front_end
def page(request: HttpRequest, slug: str) -> HttpResponse:
    return show(request, seen_vehicle(request, slug))


@never_cache
@require_POST
@login_required
@needs_front_end
def pair(request: HttpRequest, slug: str) -> HttpResponse:
    """Makes a pairing code and shows it, this once."""
    card = seen_vehicle(request, slug)
    vehicle = permitted_vehicle(request, card, MAKE)
    code = issue_code(vehicle, label=label_of(request, "phone", card))
    link = f"{request.build_absolute_uri('/drive')}#pair={code}"
    drawn = segno.make(link, error="m", micro=False).svg_inline(scale=6, border=4, dark="#000", light="#fff")
    return show(request, card, code=shown_code(code), link=link, qr=drawn, minutes=LASTS_S // 60)


@never_cache
@require_POST
@login_required
@needs_front_end
def connect_app(request: HttpRequest, slug: str) -> HttpResponse:
    """Makes a token for a phone app and shows what to type in, this once."""
    card = seen_vehicle(request, slug)
    vehicle = permitted_vehicle(request, card, MAKE)
    app = find_app(request.POST.get("app", ""))
    if app is None:
        raise BadRequest("There is no such phone app.")
    token = DeviceToken(vehicle=vehicle, label=label_of(request, app.name, card))
    secret = token.renew_secret()
    token.save()
    site = request.build_absolute_uri("/").rstrip("/")
    settings = settings_of(app, site=site, token=secret, vehicle=card.slug)
    return show(request, card, app=app, app_settings=settings)


@require_POST
@login_required
def revoke(request: HttpRequest, slug: str, token: int) -> HttpResponse:
    card = seen_vehicle(request, slug)
    vehicle = permitted_vehicle(request, card, REVOKE)
    get_object_or_404(DeviceToken, pk=token, vehicle=vehicle, revoked_at=None).revoke()
    return redirect("vehicle", slug=slug)


def seen_vehicle(request: HttpRequest, slug: str) -> VehicleCard:
    """Raises Http404 for one that the reader may not see now, as for one that does not exist."""
    services = services_of(request)
    rights = load_rights(request.user)
    id_ = services.directory.vehicle_ids.get(slug)
    if id_ is None or rights is None:
        raise Http404("There is no such vehicle.")
    if not rights.everything and id_ not in services.telemetry.present_vehicles(sorted(rights.regions)):
        raise Http404("There is no such vehicle where you may look.")
    return services.directory.vehicles[id_]


def permitted_vehicle(request: HttpRequest, card: VehicleCard, permission: str) -> Vehicle:
    """Raises PermissionDenied."""
    if not request.user.has_perm(permission):
        raise PermissionDenied
    return get_object_or_404(Vehicle, pk=card.id)


def label_of(request: HttpRequest, what: str, card: VehicleCard) -> str:
    whose = request.POST.get("whose", "").strip()[:MAX_WHOSE_CHARS]
    return f"{what} of {whose or card.name}"[:100]


def show(request: HttpRequest, card: VehicleCard, **made: Any) -> HttpResponse:
    """`made`: what is shown once."""
    services = services_of(request)
    rows = services.telemetry.load_latest([card.id])
    since_ms = card.off_duty_since_ms
    sightings = load_sightings([card.id])
    latest = rows[0].latest if rows else None
    context = {
        "card": card,
        "kind": KIND_WORDS[Vehicle.Kind(card.kind)],
        "latest": latest,
        "is_alarm": card.id in services.telemetry.find_alarms(),
        "status": STATUS_WORDS.get(latest.status) if latest and latest.status else None,
        "fix_time": encode_time(rows[0].latest.fix.fix_time_ms) if rows else None,
        "off_duty_time": encode_if_known(since_ms),
        "devices": shown_devices(services, card, sightings),
        "gateways": [shown_sighting(kept) for kept in sightings if kept.is_gateway],
        "apps": PHONE_APPS,
        "may_make": request.user.has_perm(MAKE),
        "may_revoke": request.user.has_perm(REVOKE),
        "may_take_out": may_take_out(request),
        "max_whose_chars": MAX_WHOSE_CHARS,
        **made,
    }
    return render(request, "tracking/vehicle.html", context)


def shown_devices(services: Services, card: VehicleCard, sightings: Sequence[KeptSighting]) -> list[ShownDevice]:
    """Those that are not revoked; the newest first."""
    seen = {kept.whose.device: shown_sighting(kept) for kept in sightings}
    people = {attendee.who: attendee for attendee in async_to_sync(find_people)(services, card)}
    tokens = DeviceToken.objects.filter(vehicle_id=card.id, revoked_at=None).order_by("-created_at")
    return [shown_device(token, people.get(f"device:{token.pk}"), seen.get(token.pk)) for token in tokens]


async def find_people(services: Services, card: VehicleCard) -> list[Attendee]:
    """In the loop, where presence lives."""
    channel = find_channel(f"vehicle:{card.slug}", services.directory)
    return [] if channel is None else services.presence.people(channel) or []


def shown_device(token: DeviceToken, attendee: Attendee | None, sighting: ShownSighting | None) -> ShownDevice:
    if attendee is None:
        return ShownDevice(token, False, None if sighting is None else sighting.seen_time, sighting)
    return ShownDevice(token, attendee.connections > 0, encode_time(attendee.last_seen or attendee.since), sighting)


def shown_sighting(kept: KeptSighting) -> ShownSighting:
    seen_ms, fix_time_ms, battery, dialect = kept.sighting
    app = find_app(dialect)
    return ShownSighting(
        kept.label,
        "" if app is None else app.name,
        encode_time(seen_ms),
        encode_if_known(fix_time_ms),
        None if battery is None else battery.percent,
        None if battery is None else encode_time(battery.time_ms),
        battery is not None and battery.percent <= LOW_BATTERY_PERCENT,
    )
