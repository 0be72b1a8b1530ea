"""The office: who may see what, and what vehicles are called."""

from contextlib import suppress
from typing import Any

from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client

from tests.transports.law.asgi import OWN_PAGE, Headers
from tracking.models import DeviceToken, Message, Region, RegionAccess, Vehicle

EDGES = {"west": (11, 12), "east": (12, 13)}
FIRST_VEHICLES = {1: "van", 2: "bus", 3: "cab"}


class Desk:
    """`few` may watch West and East, `boss` everything, both of each reader's name; a gateway and the van have devices."""

    def __init__(self, readers: list[str]) -> None:
        Vehicle.objects.bulk_create([Vehicle(pk=pk, slug=slug, name=slug) for pk, slug in FIRST_VEHICLES.items()])
        for slug, (west, east) in EDGES.items():
            ring = [[west, 57], [east, 57], [east, 58], [west, 58], [west, 57]]
            polygon = {"type": "Polygon", "coordinates": [ring]}
            Region.objects.create(slug=slug, name=slug, polygon=polygon, min_stay_s=0)
        self.regions = dict(Region.objects.values_list("slug", "pk"))
        self._users: dict[str, User] = {"boss": User.objects.create_superuser("boss")}
        for reader in readers:
            self._users[f"boss {reader}"] = User.objects.create_superuser(f"boss {reader}")
            self._users[f"few {reader}"] = User.objects.create_user(f"few {reader}")
        self._devices = {"gateway": self._make_device(None), "van": self._make_device(1)}
        self._sessions: dict[str, str] = {}
        self.names: dict[int, str] = {}

    @staticmethod
    def _make_device(vehicle: int | None) -> str:
        token = DeviceToken(label="device", vehicle_id=vehicle)
        secret = token.renew_secret()
        token.save()
        return secret

    @transaction.atomic
    def tidy(self) -> None:
        """As at first."""
        Message.objects.all().delete()
        Vehicle.objects.exclude(pk__in=FIRST_VEHICLES).delete()
        self.names = {}
        for pk, slug in FIRST_VEHICLES.items():
            self.call_vehicle(pk, slug)
        few = [user for name, user in self._users.items() if name.startswith("few")]
        grants = [RegionAccess(user=user, region_id=pk) for user in few for pk in self.regions.values()]
        RegionAccess.objects.bulk_create(grants, ignore_conflicts=True)
        for name in self._users.keys() - self._sessions.keys():
            self.log_in(name)

    def headers(self, who: str) -> Headers:
        """Of a request by a person or a device."""
        if who in self._devices:
            return [(b"authorization", f"Bearer {self._devices[who]}".encode())]
        return [(b"cookie", f"sessionid={self._sessions[who]}".encode()), *OWN_PAGE]

    def log_in(self, name: str) -> None:
        browser = Client()
        browser.force_login(self._users[name])
        self._sessions[name] = browser.cookies["sessionid"].value

    def log_out(self, name: str) -> None:
        with suppress(KeyError):
            Session.objects.filter(pk=self._sessions.pop(name)).delete()

    def withdraw(self, name: str, region: str) -> None:
        self._access(name, region).delete()

    def grant(self, name: str, region: str) -> None:
        RegionAccess.objects.get_or_create(user=self._users[name], region_id=self.regions[region])

    def _access(self, name: str, region: str) -> Any:
        return RegionAccess.objects.filter(user=self._users[name], region=self.regions[region])

    def call_vehicle(self, pk: int, name: str) -> None:
        Vehicle.objects.filter(pk=pk).update(name=name)
        self.names[pk] = name

    def add_vehicle(self) -> None:
        pk = max(self.names) + 1
        Vehicle.objects.create(pk=pk, slug=self.slug(pk), name=self.slug(pk))
        self.names[pk] = self.slug(pk)

    @staticmethod
    def slug(pk: int) -> str:
        return FIRST_VEHICLES.get(pk, f"new-{pk}")

    @staticmethod
    def pk(slug: str) -> int:
        return next(pk for pk, name in FIRST_VEHICLES.items() if name == slug)
