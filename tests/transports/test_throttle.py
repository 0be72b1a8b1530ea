"""How often devices and strangers may knock at the doors for fixes."""

import time
from typing import Any

import httpx
import pytest
from django.test import RequestFactory

from fleet.asgi import django_application
from tests.transports.conftest import Process
from tracking.transports import throttle
from tracking.transports.throttle import Doorkeeper, Throttle, address_of, network_of
from tracking.wiring import make_application

BODY = {"_type": "lwt"}


@pytest.fixture
def doors(process: Process, monkeypatch: pytest.MonkeyPatch) -> Process:
    """Three requests at once, and then one in ten minutes."""
    for name, value in {"BURST": 3, "REQUESTS_PER_S": 1 / 600}.items():
        monkeypatch.setattr(throttle, f"DEVICE_{name}", value)
        monkeypatch.setattr(throttle, f"STRANGER_{name}", value)
    process.fleet.doorkeeper = Doorkeeper(process.fleet, clock_s=time.monotonic)
    process.application = make_application(process.fleet, django_application)
    return process


def client_at(doors: Process, address: str = "10.0.0.1") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=doors.application, client=(address, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://localhost")


async def statuses(client: httpx.AsyncClient, path: str, count: int, **options: Any) -> list[int]:
    return [(await client.post(path, **options)).status_code for _ in range(count)]


async def test_a_device_that_comes_too_often_is_told_to_wait(doors: Process) -> None:
    """At both doors together, before its body is read."""
    token = doors.tokens["van"]
    async with client_at(doors) as client:
        assert await statuses(client, f"/in/{token}", 2, json=BODY) == [200, 200]
        headers = {"Authorization": f"Bearer {token}"}
        assert await statuses(client, "/api/v1/fixes", 1, json=[], headers=headers) == [200]
        refused = await client.post(f"/in/{token}", content=b" " * 2_000_000)
    assert (refused.status_code, refused.json()["code"], refused.headers["retry-after"]) == (429, "rate", "1")


async def test_a_gateway_stands_for_a_fleet_and_is_not_counted(doors: Process) -> None:
    async with client_at(doors) as client:
        assert await statuses(client, f"/in/{doors.tokens['gateway']}", 9, json=BODY) == [200] * 9


async def test_strangers_are_counted_by_address(doors: Process) -> None:
    """Whether they show a wrong token or none; a known device behind the same address goes on."""
    async with client_at(doors) as client:
        assert await statuses(client, "/in/wrong", 2, json=BODY) == [401, 401]
        assert await statuses(client, "/api/v1/fixes", 2, json=[]) == [401, 429]
        assert await statuses(client, "/in/wrong", 1, json=BODY) == [429]
        assert await statuses(client, f"/in/{doors.tokens['van']}", 1, json=BODY) == [200]
    async with client_at(doors, "10.0.0.2") as other:
        assert await statuses(other, "/in/wrong", 1, json=BODY) == [401]


@pytest.mark.parametrize(
    ("forwarded", "behind_tls", "expected"),
    [
        (b"192.0.2.7", False, "10.0.0.1"),
        (b"192.0.2.7", True, "192.0.2.7"),
        (b"invented, 192.0.2.7", True, "192.0.2.7"),
        (None, True, "10.0.0.1"),
    ],
)
def test_a_proxy_is_believed_only_where_there_is_one(
    settings: Any, forwarded: bytes | None, behind_tls: bool, expected: str
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if behind_tls else None
    headers = [] if forwarded is None else [(b"x-forwarded-for", forwarded)]
    assert address_of({"headers": headers, "client": ("10.0.0.1", 1)}) == expected


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("invented, 192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("unknown", None),
        ("192.0.2.7:4711", None),
    ],
)
def test_logins_are_counted_by_what_one_customer_has(settings: Any, forwarded: str, expected: str | None) -> None:
    """What is no address is one key for all, rather than a failure of the database."""
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert network_of(RequestFactory().get("/", headers={"x-forwarded-for": forwarded})) == expected


def test_a_bucket_fills_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to its burst; keys that were not here for longest are forgotten."""
    doorkeeper = Throttle(rate_per_s=2, burst=2)
    assert [doorkeeper.admits("a", 0.0) for _ in range(3)] == [True, True, False]
    assert [doorkeeper.admits("a", 0.5), doorkeeper.admits("a", 0.5)] == [True, False]
    assert [doorkeeper.admits("a", 99.0) for _ in range(3)] == [True, True, False]
    monkeypatch.setattr(throttle, "REMEMBERED_KEYS", 1)
    assert doorkeeper.admits("b", 99.0) and doorkeeper.admits("a", 99.0)


async def test_who_tries_pairing_codes_is_counted_as_a_stranger(doors: Process) -> None:
    async with client_at(doors) as client:
        guess = {"code": "AAAA-AAAA"}
        assert await statuses(client, "/api/v1/pair", 4, json=guess) == [404, 404, 404, 429]
        assert await statuses(client, "/in/wrong", 1, json=BODY) == [429]
