"""Loads what running processes need of the office tables as domain values; call it off the event loop."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import PermissionsMixin
from django.db import transaction

from tracking.domain.directory import Device, Directory, RegionCard, VehicleCard
from tracking.domain.geo import polygon_from_geojson
from tracking.domain.regions import RegionIndex
from tracking.domain.rights import Rights
from tracking.models import DeviceToken, Region, RegionAccess, Revision, Vehicle

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser


def load_revision() -> int:
    """Rises with every change that `load_directory` would show."""
    return Revision.objects.values_list("number", flat=True).first() or 0


@transaction.atomic
def load_directory() -> Directory:
    """One consistent picture of the office."""
    revision = load_revision()
    vehicles = [
        VehicleCard(*row)
        for row in Vehicle.objects.order_by("id").values_list("id", "slug", "name", "plate", "kind", "colour", "active")
    ]
    regions = list(Region.objects.order_by("id").values_list("id", "slug", "name", "colour", "polygon"))
    devices = DeviceToken.objects.filter(revoked_at=None).values_list("digest", "id", "vehicle_id")
    return Directory(
        revision=revision,
        vehicles={vehicle.id: vehicle for vehicle in vehicles},
        vehicle_ids={vehicle.slug: vehicle.id for vehicle in vehicles},
        regions={row[0]: RegionCard(*row[:4]) for row in regions},
        region_ids={row[1]: row[0] for row in regions},
        devices={bytes(digest): Device(id_, vehicle) for digest, id_, vehicle in devices},
        index=RegionIndex({row[0]: polygon_from_geojson(row[4]) for row in regions}),
    )


def load_rights(user: "AbstractBaseUser | AnonymousUser") -> Rights | None:
    """None for a person who is not logged in or no longer active."""
    if not user.is_authenticated or not user.is_active:
        return None
    assert user.pk is not None
    regions = RegionAccess.objects.filter(user_id=user.pk).values_list("region_id", flat=True)
    everything = isinstance(user, PermissionsMixin) and user.has_perm("tracking.watch_everything")
    return Rights(user=user.pk, everything=everything, regions=frozenset(regions))
