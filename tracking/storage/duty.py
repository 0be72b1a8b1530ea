"""Keeps the switches of duty in the office database; call it off the event loop."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from tracking.domain.duty import KEPT_DAYS, OffDuty, Switch, off_duty_spans
from tracking.domain.times import ms_of, time_of
from tracking.models import DutySwitch


def keep_switches(switches: Collection[Switch], *, vehicle: int, device: int, now_ms: int) -> None:
    """Adds those that are not known yet; forgets what is older than KEPT_DAYS and decides nothing any more."""
    rows = [
        DutySwitch(vehicle_id=vehicle, device_id=device, time=time_of(time_ms), is_off=is_off)
        for time_ms, is_off in switches
    ]
    with transaction.atomic():
        DutySwitch.objects.bulk_create(rows, ignore_conflicts=True)
        _forget_old(vehicle, time_of(now_ms) - timedelta(days=KEPT_DAYS))


def _forget_old(vehicle: int, horizon: datetime) -> None:
    """The last one before the horizon says how it begins."""
    old = DutySwitch.objects.filter(vehicle_id=vehicle, time__lt=horizon)
    if (last := old.order_by("time").last()) is not None:
        old.filter(time__lt=last.time).delete()


def load_off_duty() -> dict[int, tuple[OffDuty, ...]]:
    """By vehicle, of those whose driver ever was off duty."""
    switches: dict[int, list[Switch]] = {}
    for vehicle, time, is_off in DutySwitch.objects.values_list("vehicle_id", "time", "is_off"):
        switches.setdefault(vehicle, []).append(Switch(ms_of(time), is_off))
    spans = {vehicle: off_duty_spans(of_vehicle) for vehicle, of_vehicle in switches.items()}
    return {vehicle: of_vehicle for vehicle, of_vehicle in spans.items() if of_vehicle}
