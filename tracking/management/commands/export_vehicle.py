"""Writes all that is known of one vehicle into a zip."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tracking.api.portability import export_vehicle
from tracking.domain.looks import Look, LookKind
from tracking.models import Vehicle
from tracking.storage.erasing import load_holdings
from tracking.storage.looks import keep_looks
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
        look = Look(LookKind.EXPORT, None, "manage.py export_vehicle", vehicle.slug)
        telemetry = open_telemetry(settings.TELEMETRY_URL)
        telemetry.prepare()
        try:
            with options["to"].open("xb") as file:
                keep_looks([(time.time_ns() // 1_000_000, look)])
                file.writelines(export_vehicle(telemetry, vehicle))
            holdings = load_holdings(telemetry, vehicle)
        except FileExistsError:
            raise CommandError(f"{options['to']} exists already") from None
        finally:
            telemetry.close()
        for name in ("fixes", "visits", "events", "alerts", "messages", "refusals", "duty_switches", "shares", "looks"):
            self.stdout.write(f"{name}: {getattr(holdings, name):,}")
