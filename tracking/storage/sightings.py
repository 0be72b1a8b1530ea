"""Keeps when each device was heard of last in the office database; call it off the event loop."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import transaction

from tracking.domain.sightings import Battery, Sighting, Whose, merged
from tracking.domain.times import ms_of, time_of
from tracking.models import DeviceSighting, DeviceToken, Vehicle

LATEST_MS = 4_102_444_800_000  # 2100: what lies beyond it is no time of a battery
COLUMNS = ("seen_at", "fix_time", "battery_time", "battery_percent", "dialect")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSighting:
    """`label` is the device's name; `is_gateway`: it is no vehicle's own."""

    whose: Whose
    label: str
    is_gateway: bool
    sighting: Sighting


@transaction.atomic
def keep_sightings(sightings: Mapping[Whose, Sighting]) -> None:
    """Of devices or vehicles that are gone nothing is kept. In a fixed order, so that processes never wait in a ring."""
    devices = set(DeviceToken.objects.filter(pk__in={w.device for w in sightings}).values_list("pk", flat=True))
    vehicles = set(Vehicle.objects.filter(pk__in={w.vehicle for w in sightings}).values_list("pk", flat=True))
    known = {
        Whose(row.device_id, row.vehicle_id): _sighting(row)
        for row in DeviceSighting.objects.filter(device__in=devices, vehicle__in=vehicles)
    }
    rows = [
        _row(whose, merged(known.get(whose), sightings[whose]))
        for whose in sorted(sightings)
        if whose.device in devices and whose.vehicle in vehicles
    ]
    DeviceSighting.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["device", "vehicle"], update_fields=COLUMNS
    )


def load_sightings(vehicles: Collection[int]) -> list[KeptSighting]:
    """By devices that are not revoked, the last seen first."""
    found = DeviceSighting.objects.filter(vehicle__in=vehicles, device__revoked_at=None).select_related("device")
    return [
        KeptSighting(
            whose=Whose(row.device_id, row.vehicle_id),
            label=str(row.device),
            is_gateway=row.device.vehicle_id is None,
            sighting=_sighting(row),
        )
        for row in found.order_by("-seen_at", "pk")
    ]


def _row(whose: Whose, sighting: Sighting) -> DeviceSighting:
    battery = sighting.battery
    is_timely = battery is not None and 0 <= battery.time_ms < LATEST_MS
    return DeviceSighting(
        device_id=whose.device,
        vehicle_id=whose.vehicle,
        seen_at=time_of(sighting.seen_ms),
        fix_time=None if sighting.fix_time_ms is None else time_of(sighting.fix_time_ms),
        battery_time=time_of(battery.time_ms) if battery is not None and is_timely else None,
        battery_percent=battery.percent if battery is not None and is_timely else None,
        dialect=sighting.dialect,
    )


def _sighting(row: DeviceSighting) -> Sighting:
    battery = None
    if row.battery_time is not None and row.battery_percent is not None:
        battery = Battery(ms_of(row.battery_time), row.battery_percent)
    return Sighting(ms_of(row.seen_at), None if row.fix_time is None else ms_of(row.fix_time), battery, row.dialect)
