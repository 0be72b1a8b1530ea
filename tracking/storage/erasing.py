"""What is known of one vehicle and its drivers, in figures, and how all of it is erased; call it off the event loop."""

import time
from collections import Counter
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from tracking.domain.looks import Look
from tracking.models import DeviceToken, DutySwitch, Message, RefusalTally, Share, Vehicle
from tracking.models import Look as LookRow
from tracking.storage.hot import END_MS
from tracking.storage.looks import keep_looks
from tracking.storage.pruning import Do, erase
from tracking.storage.telemetry import Telemetry

SERVERS_LOOK_WITHIN_S = 2.0
"""Running servers look at the office twice a second: then they take no more fixes of it."""

OFFICE_TABLES: dict[str, type[Any]] = {
    "messages": Message,
    "devices": DeviceToken,
    "refusals": RefusalTally,
    "duty_switches": DutySwitch,
    "shares": Share,
}


class Holdings(NamedTuple):
    """How many there are of each; `looks` stay in the audit. Times in ms since 1970 UTC, of fixes."""

    fixes: int
    first_ms: int | None
    last_ms: int | None
    visits: int
    events: int
    alerts: int
    messages: int
    devices: int
    refusals: int
    duty_switches: int
    shares: int
    looks: int


def load_holdings(telemetry: Telemetry, vehicle: Vehicle) -> Holdings:
    """Reads no fix. Raises Unavailable."""
    stored = {
        f"{table}s": telemetry.read(f"SELECT count(*) FROM {table} WHERE vehicle = ?", [vehicle.pk])[0][0]
        for table in ("visit", "event", "alert")
    }
    kept = {name: model.objects.filter(vehicle=vehicle).count() for name, model in OFFICE_TABLES.items()}
    looks = LookRow.objects.filter(vehicle=vehicle.slug).count()
    return Holdings(**telemetry.track_mark(vehicle.pk, 0, END_MS)._asdict(), **stored, **kept, looks=looks)


def erase_vehicle(telemetry: Telemetry, do: Do, vehicle: Vehicle, look: Look) -> Counter[str]:
    """Rows deleted by table, with the vehicle's own; `look` is what the audit keeps of it. Raises Unavailable.

    Ended midway, it can be begun again: the vehicle itself goes last.
    """
    _put_out_of_use(vehicle, look)
    time.sleep(SERVERS_LOOK_WITHIN_S)
    deleted = erase(telemetry, do, vehicle.pk)
    _, rows = Vehicle.objects.filter(pk=vehicle.pk).delete()
    deleted.update({label.rpartition(".")[2].lower(): count for label, count in rows.items()})
    return +deleted


@transaction.atomic
def _put_out_of_use(vehicle: Vehicle, look: Look) -> None:
    keep_looks([(time.time_ns() // 1_000_000, look)])
    Vehicle.objects.filter(pk=vehicle.pk).update(active=False)
    vehicle.device_tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
