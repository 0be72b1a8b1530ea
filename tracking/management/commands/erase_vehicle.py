"""Deletes one vehicle with all that is known of it and its drivers."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tracking.domain.errors import Unavailable
from tracking.domain.looks import Look, LookKind
from tracking.management.owner import owning
from tracking.models import Vehicle
from tracking.storage.erasing import erase_vehicle
from tracking.wiring import open_telemetry


class Command(BaseCommand):
    help = (
        "Deletes a vehicle with its fixes, visits, events, messages, devices, refused fixes and shares. On SQLite no server may "
        "run meanwhile; its page does the same while one runs. The audit keeps who looked at it, and that it was erased."
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
        look = Look(LookKind.ERASE, None, "manage.py erase_vehicle", vehicle.slug)
        telemetry = open_telemetry(settings.TELEMETRY_URL)
        telemetry.prepare()
        try:
            with owning(telemetry) as do:
                deleted = erase_vehicle(telemetry, do, vehicle, look)
        except Unavailable as error:
            raise CommandError(
                f"nothing was deleted: {error}; stop the server first, or erase it on its page"
            ) from error
        finally:
            telemetry.close()
        for table, count in sorted(deleted.items()):
            self.stdout.write(f"{table}: {count:,}")
        self.stdout.write(f"Erased: {options['vehicle']}.")
