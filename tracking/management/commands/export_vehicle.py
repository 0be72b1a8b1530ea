"""Writes all that is known of one vehicle into a zip."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tracking.domain.looks import LookKind
from tracking.management.portability import export_vehicle
from tracking.models import Look, Vehicle
from tracking.wiring import open_telemetry


class Command(BaseCommand):
    help = "Writes all that is known of a vehicle and its drivers into a zip; a server may run meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("vehicle", help="slug")
        parser.add_argument("--to", required=True, type=Path, help="the file; it must not exist yet")

    def handle(self, *args: Any, **options: Any) -> None:
        vehicle = Vehicle.objects.filter(slug=options["vehicle"]).first()
        if vehicle is None:
            raise CommandError(f"there is no vehicle {options['vehicle']!r}")
        telemetry = open_telemetry(settings.TELEMETRY_URL)
        telemetry.prepare()
        try:
            counts = export_vehicle(telemetry, vehicle, options["to"])
        except FileExistsError:
            raise CommandError(f"{options['to']} exists already") from None
        finally:
            telemetry.close()
        Look.objects.create(
            at=timezone.now(), kind=LookKind.EXPORT, who="manage.py export_vehicle", vehicle=vehicle.slug
        )
        for name, count in counts.items():
            self.stdout.write(f"{name}: {count:,}")
