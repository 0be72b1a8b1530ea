"""Keeps tallies of refused fixes in the office database; call it off the event loop."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from tracking.domain.fix import Reason
from tracking.domain.refusals import Origin, Tally
from tracking.domain.times import ms_of, time_of
from tracking.models import SLUG, DeviceToken, RefusalTally, Vehicle

LATEST_MS = 4_102_444_800_000  # 2100: what lies beyond it is no time of a fix
KEPT_DAYS = 90
MAX_UNKNOWN_NAMES = 100  # of one gateway; the newest are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTally:
    """`device` is its name."""

    id: int
    device: str
    origin: Origin
    tally: Tally


def keep_tallies(tallies: Mapping[Origin, Tally], *, now_ms: int) -> None:
    """Adds to those that are kept; of devices that are gone nothing is. In a fixed order, so that processes never wait in a ring."""
    with transaction.atomic():
        devices = _known(DeviceToken, {origin.device for origin in tallies})
        vehicles = _known(Vehicle, {tally.vehicle for tally in tallies.values() if tally.vehicle is not None})
        for origin in sorted(tallies):
            if origin.device in devices:
                tally = tallies[origin]
                _add(origin, tally, vehicle=tally.vehicle if tally.vehicle in vehicles else None)
        RefusalTally.objects.filter(last_at__lt=time_of(now_ms) - timedelta(days=KEPT_DAYS)).delete()
        _drop_surplus(origin.device for origin, tally in tallies.items() if tally.vehicle is None)


def _known(model: type[DeviceToken] | type[Vehicle], ids: Collection[int]) -> set[int]:
    return set(model.objects.filter(pk__in=ids).values_list("pk", flat=True))


def _add(origin: Origin, tally: Tally, *, vehicle: int | None) -> None:
    key = {"device_id": origin.device, "named": origin.named, "reason": origin.reason.value}
    last = {
        "vehicle_id": vehicle,
        "last_at": time_of(tally.last_ms),
        "fix_time": _fix_time(tally.fix_time_ms),
        "detail": tally.detail,
    }
    if not RefusalTally.objects.filter(**key).update(count=F("count") + tally.count, **last):
        RefusalTally.objects.create(**key, **last, count=tally.count, first_at=time_of(tally.first_ms))


def _drop_surplus(devices: Iterable[int]) -> None:
    for device in set(devices):
        unknown = RefusalTally.objects.filter(device_id=device, vehicle=None).order_by("-last_at", "-pk")
        surplus = list(unknown.values_list("pk", flat=True)[MAX_UNKNOWN_NAMES:])
        RefusalTally.objects.filter(pk__in=surplus).delete()


def load_tallies(*, vehicles: Collection[int] | None, after: int = 0, limit: int) -> list[KeptTally]:
    """By id, those with larger ids than `after`; `vehicles` None: all, also those of no known vehicle."""
    found = RefusalTally.objects.select_related("device").filter(pk__gt=after)
    if vehicles is not None:
        found = found.filter(vehicle_id__in=vehicles)
    return [_kept(row) for row in found.order_by("pk")[:limit]]


def _kept(row: RefusalTally) -> KeptTally:
    tally = Tally(
        vehicle=row.vehicle_id,
        count=row.count,
        first_ms=ms_of(row.first_at),
        last_ms=ms_of(row.last_at),
        fix_time_ms=None if row.fix_time is None else ms_of(row.fix_time),
        detail=row.detail,
    )
    origin = Origin(row.device_id, row.named, Reason(row.reason))
    return KeptTally(id=row.pk, device=str(row.device), origin=origin, tally=tally)


def unknown_names(named: Collection[str] | None = None) -> set[str]:
    """What gateways called vehicles that nobody knows; `named` narrows."""
    tallies = RefusalTally.objects.filter(reason=Reason.UNKNOWN_VEHICLE, vehicle=None)
    if named is not None:
        tallies = tallies.filter(named__in=named)
    return set(tallies.values_list("named", flat=True))


def adopt(names: Collection[str]) -> set[str]:
    """Makes vehicles of the names that are slugs, and gives these; what was refused of them is not stored anew, and forgotten."""
    adopted = {name for name in names if SLUG.fullmatch(name)}
    with transaction.atomic():
        for name in sorted(adopted):
            Vehicle.objects.get_or_create(slug=name, defaults={"name": name})
        RefusalTally.objects.filter(reason=Reason.UNKNOWN_VEHICLE, named__in=adopted).delete()
    return adopted


def _fix_time(time_ms: int | None) -> datetime | None:
    return time_of(time_ms) if time_ms is not None and 0 <= time_ms < LATEST_MS else None
