"""Fills an empty office to measure with, and prints what the load needs to know of it as JSON.

Four regions in a square, a fifth that stays quiet; vehicles all over them, each with a device token; dispatchers with a session.
"""

import argparse
import json
import os
from collections.abc import Iterator
from random import Random
from typing import Any

VEHICLES = 1_000
DISPATCHERS = 260
REGIONS = {
    "south-west": (11.90, 57.66, 11.98, 57.70),
    "south-east": (11.98, 57.66, 12.06, 57.70),
    "north-west": (11.90, 57.70, 11.98, 57.74),
    "north-east": (11.98, 57.70, 12.06, 57.74),
    "quiet": (12.30, 57.70, 12.38, 57.74),
}
"""west, south, east, north; the quiet one has one vehicle, the last."""


def vehicle_homes(count: int, *, regions: int) -> Iterator[tuple[str, float, float]]:
    """Region, lat, lon of each vehicle, spread over so many busy regions; every run the same."""
    chance = Random("homes")
    busy = [name for name in REGIONS if name != "quiet"][:regions]
    for number in range(count):
        region = "quiet" if number == count - 1 else busy[number % len(busy)]
        west, south, east, north = REGIONS[region]
        yield region, round(chance.uniform(south, north), 6), round(chance.uniform(west, east), 6)


def fill(*, vehicles: int, dispatchers: int, regions: int) -> dict[str, Any]:
    """Makes everything; one transaction, since each commit waits for the disk."""
    from django.contrib.auth.models import User
    from django.db import transaction

    from tracking.models import ApiToken, DeviceToken, RegionAccess

    with transaction.atomic():
        made_vehicles = _make_vehicles(vehicles, regions)
        made_regions = _make_regions()
        gateway = DeviceToken(label="gateway")
        gateway_secret = gateway.renew_secret()
        gateway.save()
        users = User.objects.bulk_create([User(username=f"dispatcher-{i}") for i in range(dispatchers)])
        RegionAccess.objects.bulk_create(
            [RegionAccess(user=user, region=region) for user in users for region in made_regions]
        )
        reader = ApiToken(user=User.objects.create_superuser("reader"))
        reader_secret = reader.renew_secret()
        reader.save()
        sessions = [_session_of(user) for user in users]
        reader_session = _session_of(reader.user)
    return {
        "vehicles": made_vehicles,
        "regions": REGIONS,
        "gateway_token": gateway_secret,
        "reader_token": reader_secret,
        "reader_session": reader_session,
        "sessions": sessions,
    }


def _make_vehicles(count: int, regions: int) -> list[dict[str, Any]]:
    from tracking.models import DeviceToken, Vehicle

    rows = Vehicle.objects.bulk_create([Vehicle(slug=f"v{i:04}", name=f"Vehicle {i}") for i in range(count + 1)])
    tokens = [DeviceToken(vehicle=row) for row in rows]
    secrets = [token.renew_secret() for token in tokens]
    DeviceToken.objects.bulk_create(tokens)
    return [
        {"id": row.pk, "slug": row.slug, "token": secret, "region": region, "lat": lat, "lon": lon}
        for row, secret, (region, lat, lon) in zip(
            rows, secrets, vehicle_homes(len(rows), regions=regions), strict=True
        )
    ]


def _make_regions() -> list[Any]:
    from tracking.models import Region

    return Region.objects.bulk_create(
        [
            Region(slug=slug, name=slug, polygon={"type": "Polygon", "coordinates": [_ring(*bounds)]})
            for slug, bounds in REGIONS.items()
        ]
    )


def _ring(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def _session_of(user: Any) -> str:
    from django.test import Client

    browser = Client()
    browser.force_login(user)
    return browser.cookies["sessionid"].value


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.office", description=__doc__)
    parser.add_argument("--vehicles", type=int, default=VEHICLES, help="without the quiet one (%(default)s)")
    parser.add_argument("--dispatchers", type=int, default=DISPATCHERS, help="(%(default)s)")
    parser.add_argument("--regions", type=int, default=len(REGIONS) - 1, help="busy ones with vehicles (%(default)s)")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fleet.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    print(json.dumps(fill(**vars(asked))))


if __name__ == "__main__":
    main()
