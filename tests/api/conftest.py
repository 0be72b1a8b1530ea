"""A small fleet in a real store, and readers who ask for it over HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Permission, User
from django.test import Client

from fleet.asgi import django_application
from tracking.domain.directory import Directory
from tracking.domain.fix import Fix
from tracking.ingest.commit import commit
from tracking.ingest.looks import LookLog
from tracking.ingest.mail import Mail
from tracking.models import ApiToken, DeviceToken, Region, RegionAccess, Revision, Vehicle
from tracking.storage.looks import keep_looks
from tracking.storage.office import load_directory
from tracking.storage.telemetry import Telemetry

START_MS = 1_767_258_000_000  # 2026-01-01T09:00:00Z
HAGA_LON, MAJORNA_LON, OUTSIDE_LON = 11.95, 11.91, 12.5


@dataclass(slots=True)
class Fleet:
    """The services of a process as the endpoints see them, and how tests fill them."""

    telemetry: Telemetry
    directory: Directory
    sessions: dict[str, str]
    mail: Mail | None = None
    looks: LookLog = field(default_factory=lambda: LookLog(keep_looks))

    def store(self, *fixes: Fix) -> None:
        """Through the same commit as real fixes."""
        writer = self.telemetry.open_writer()
        with writer.transaction() as transaction:
            commit(transaction, [fixes], index=self.directory.index, received_ms=START_MS + 500)
        writer.close()

    async def refresh_office(self) -> None:
        self.directory = await sync_to_async(load_directory)()

    def make_fix(self, slug: str = "bus-1", *, at_s: float = 0, **fields: Any) -> Fix:
        """By default at rest in Haga at START_MS."""
        values = {"lat": 57.69, "lon": HAGA_LON, **fields}
        return Fix(self.directory.vehicle_ids[slug], START_MS + round(at_s * 1000), **values)

    def as_user(self, name: str | None, *, raises: bool = False) -> httpx.AsyncClient:
        """A browser that logged in, or one that did not; `raises`: errors of the application reach the test."""
        cookies = {} if name is None else {"sessionid": self.sessions[name]}
        return self._client(raises=raises, cookies=cookies)

    def with_cookie(self, session: str) -> httpx.AsyncClient:
        """Someone who made up a session."""
        return self._client(cookies={"sessionid": session})

    def with_token(self, secret: str) -> httpx.AsyncClient:
        """A program."""
        return self._client(headers={"Authorization": f"Bearer {secret}"})

    def _client(self, *, raises: bool = False, **options: Any) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=self._application, raise_app_exceptions=raises)
        return httpx.AsyncClient(transport=transport, base_url="http://localhost/api/v1/", **options)

    async def _application(self, scope: Any, receive: Any, send: Any) -> None:
        await django_application(scope | {"fleet": self}, receive, send)


@pytest.fixture
def fleet(transactional_db: None, telemetry: Telemetry) -> Iterator[Fleet]:
    """Two buses and a truck without fixes; Haga and Majorna; `chief` sees all, `haga` one region, `nobody` none."""
    Revision.objects.get_or_create(pk=1)
    for slug, name in (("bus-1", "Bus 1"), ("bus-2", "Bus 2"), ("truck", "Truck")):
        Vehicle.objects.create(slug=slug, name=name)
    for slug, lon in (("haga", HAGA_LON), ("majorna", MAJORNA_LON)):
        Region.objects.create(slug=slug, name=slug.title(), polygon=square(57.69, lon), min_stay_s=0)
    users = [User.objects.create_user(name) for name in ("chief", "haga", "nobody")]
    chief, haga, _ = users
    chief.user_permissions.add(Permission.objects.get(codename="watch_everything"))
    RegionAccess.objects.create(region=Region.objects.get(slug="haga"), user=haga)
    made = Fleet(telemetry, load_directory(), {user.username: session_of(user) for user in users})
    yield made
    made.looks.stop()


def session_of(user: User) -> str:
    """The cookie of a browser that logged in."""
    browser = Client()
    browser.force_login(user)
    return browser.cookies["sessionid"].value


def square(lat: float, lon: float, *, half_deg: float = 0.01) -> dict[str, Any]:
    """A GeoJSON polygon around a place."""
    west, east, south, north = lon - half_deg, lon + half_deg, lat - half_deg, lat + half_deg
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def make_api_token(username: str) -> tuple[ApiToken, str]:
    """The token and its secret."""
    token = ApiToken(user=User.objects.get(username=username))
    secret = token.renew_secret()
    token.save()
    return token, secret


def make_device_token(slug: str) -> str:
    """The secret of a vehicle's device."""
    token = DeviceToken(vehicle=Vehicle.objects.get(slug=slug))
    secret = token.renew_secret()
    token.save()
    return secret


def assert_is_problem(response: httpx.Response, status: int) -> None:
    """RFC 9457: the media type, and members that repeat the status."""
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json"), (
        response.text
    )
    document = response.json()
    assert document["status"] == status and document["title"] and document["detail"]
