"""Deletes one vehicle with all that is known of it and its drivers."""

import time
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tracking.domain.errors import Unavailable
from tracking.domain.looks import LookKind
from tracking.management.owner import owning
from tracking.models import Look, Vehicle
from tracking.storage.pruning import Do, erase
from tracking.storage.telemetry import Telemetry
from tracking.wiring import open_telemetry

SERVERS_LOOK_WITHIN_S = 2.0
"""Running servers look at the office twice a second: then they take no more fixes of it."""


class Command(BaseCommand):
    help = (
        "Deletes a vehicle with its fixes, visits, events, messages, devices, refused fixes and shares. On SQLite no server may "
        "run meanwhile. The audit keeps who looked at it, and that it was erased."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("vehicle", help="slug")
        parser.add_argument("--confirm", action="store_true", help="without it nothing is deleted")

    def handle(self, *args: Any, **options: Any) -> None:
        vehicle = Vehicle.objects.filter(slug=options["vehicle"]).first()
        if vehicle is None:
            raise CommandError(f"there is no vehicle {options['vehicle']!r}")
        if not options["confirm"]:
            raise CommandError(
                f"add --confirm to delete {vehicle} and all that is known of it; export_vehicle keeps a copy"
            )
        telemetry = open_telemetry(settings.TELEMETRY_URL)
        telemetry.prepare()
        try:
            with owning(telemetry) as do:
                deleted = erase_all(telemetry, do, vehicle)
        except Unavailable as error:
            raise CommandError(f"nothing was deleted: {error}; stop the server first") from error
        finally:
            telemetry.close()
        for table, count in sorted(deleted.items()):
            self.stdout.write(f"{table}: {count:,}")
        self.stdout.write(f"Erased: {options['vehicle']}.")


def erase_all(telemetry: Telemetry, do: Do, vehicle: Vehicle) -> Counter[str]:
    """Rows deleted by table. Ended midway, it can be begun again: the vehicle itself goes last."""
    Vehicle.objects.filter(pk=vehicle.pk).update(active=False)
    vehicle.device_tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
    time.sleep(SERVERS_LOOK_WITHIN_S)
    deleted = erase(telemetry, do, vehicle.pk)
    _, rows = Vehicle.objects.get(pk=vehicle.pk).delete()
    deleted.update({label.rpartition(".")[2].lower(): count for label, count in rows.items()})
    Look.objects.create(at=timezone.now(), kind=LookKind.ERASE, who="manage.py erase_vehicle", vehicle=vehicle.slug)
    return +deleted
