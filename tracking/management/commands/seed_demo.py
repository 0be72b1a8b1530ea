"""Fills an empty database with a demo: vehicles, regions and people who may log in."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from tracking.demo.office import PASSWORD, USERS, DemoUser, demo_vehicles
from tracking.demo.regions import ENVIRONMENTAL_ZONE, REGIONS
from tracking.models import Region, RegionAccess, Vehicle


class Command(BaseCommand):
    help = (
        "Makes the demo vehicles, regions and logins; what is there already is left as it is. Refuses a database with "
        "vehicles or users of its own, since everybody knows the demo password."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="also into a database that is in real use")
        parser.add_argument("--quiet", action="store_true", help="print nothing")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not options["force"] and not is_seeded() and (reason := foreign_content()):
            raise CommandError(
                f"this database {reason}; demo logins are for demo databases only (--force adds them still)"
            )
        vehicles = [Vehicle(**vehicle._asdict()) for vehicle in demo_vehicles()]
        Vehicle.objects.bulk_create(vehicles, ignore_conflicts=True)
        for region in (*REGIONS, ENVIRONMENTAL_ZONE):
            defaults = {"name": region.name, "colour": region.colour, "polygon": region.polygon()}
            Region.objects.get_or_create(slug=region.slug, defaults=defaults)
        kept = [user.username for user in USERS if not make_user(user)]
        if not options["quiet"]:
            self._print(kept)

    def _print(self, kept: list[str]) -> None:
        self.stdout.write(f"Demo logins, all with the password {PASSWORD}:")
        for user in USERS:
            note = " (was there already; its password is unchanged)" if user.username in kept else ""
            self.stdout.write(f"  {user.username:<10}  {user.what}{note}")


def is_seeded() -> bool:
    """Whether this has been a demo database before: all demo users are there, and a demo vehicle."""
    names = [user.username for user in USERS]
    users = get_user_model().objects.filter(username__in=names).count()
    return users == len(names) and Vehicle.objects.filter(slug=next(demo_vehicles()).slug).exists()


def foreign_content() -> str | None:
    """What speaks against this being a demo database, or None."""
    users = get_user_model().objects.exclude(username__in=[user.username for user in USERS]).count()
    own = Vehicle.objects.exclude(slug__in=[vehicle.slug for vehicle in demo_vehicles()])
    vehicles = own.exclude(slug__startswith="sim-").count()
    return f"has {users} users and {vehicles} vehicles of its own" if users or vehicles else None


def make_user(demo: DemoUser) -> bool:
    """False when there is such a user, who is left as is: never give a real account a known password."""
    users = get_user_model().objects
    if users.filter(username=demo.username).exists():
        return False
    user = users.create_user(demo.username, password=PASSWORD, is_staff=demo.is_admin, is_superuser=demo.is_admin)
    granted = ["add_share", *(["watch_everything"] if demo.watches_everything else [])]
    permissions = Permission.objects.filter(content_type__app_label="tracking", codename__in=granted)
    user.user_permissions.set(permissions)
    regions = Region.objects.filter(slug__in=demo.regions)
    RegionAccess.objects.bulk_create([RegionAccess(region=region, user=user) for region in regions])
    return True
