"""Prints a new device token."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracking.management.tokens import issue
from tracking.models import DeviceToken, Vehicle


class Command(BaseCommand):
    help = "Makes a device token and prints it, once: only its SHA-256 is kept. Earlier tokens go on working."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", nargs="?", help="the vehicle that the device posts for")
        parser.add_argument("--gateway", action="store_true", help="for a device that posts for any vehicle")
        parser.add_argument("--create", action="store_true", help="make the vehicle when it is missing")
        parser.add_argument("--label", default="", help="what to call the token in the admin")

    def handle(self, *args: Any, **options: Any) -> None:
        slug: str | None = options["slug"]
        if (slug is None) != options["gateway"]:
            raise CommandError("name either a vehicle's slug or --gateway")
        vehicle = None if slug is None else self._vehicle(slug, create=options["create"])
        secret = issue(DeviceToken(vehicle=vehicle, label=options["label"]))
        self.stderr.write(f"For {vehicle or 'a gateway'}, shown this once. Send it as: Authorization: Bearer …")
        self.stdout.write(secret)

    def _vehicle(self, slug: str, *, create: bool) -> Vehicle:
        vehicle = Vehicle.objects.filter(slug=slug).first()
        if vehicle is None and not create:
            raise CommandError(f"there is no vehicle {slug!r}; --create makes it")
        if vehicle is None:
            vehicle = Vehicle(slug=slug, name=slug)
            try:
                vehicle.full_clean()
            except ValidationError as error:
                raise CommandError(f"{slug!r} cannot be a slug: {' '.join(error.messages)}") from error
            vehicle.save()
            self.stderr.write(f"Made the vehicle {slug}.")
        return vehicle
