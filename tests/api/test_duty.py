"""Off duty over HTTP: who may read it, who may switch it."""

import time
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async

from tests.api.conftest import Fleet, assert_is_problem, make_device_token
from tracking.api.duty import MAX_SWITCHES
from tracking.domain.hours import HOUR_MS
from tracking.models import DeviceToken
from tracking.wire.rfc3339 import encode_time


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def switch(time_ms: int, *, off_duty: bool) -> dict[str, Any]:
    return {"off_duty": off_duty, "time": encode_time(time_ms)}


async def send(client: httpx.AsyncClient, *switches: dict[str, Any]) -> httpx.Response:
    return await client.post("duty", json={"switches": list(switches)})


@pytest.fixture
async def driver(fleet: Fleet) -> httpx.AsyncClient:
    return fleet.with_token(await sync_to_async(make_device_token)("bus-1"))


async def test_a_driver_goes_off_duty_and_comes_back(fleet: Fleet, driver: httpx.AsyncClient) -> None:
    """Whoever may see the vehicle sees it; in any order, and sent again, it is the same."""
    off, on = switch(now_ms() - HOUR_MS, off_duty=True), switch(now_ms(), off_duty=False)
    assert (await send(driver, off)).json()["off_duty_since"] == off["time"]
    async with fleet.as_user("chief") as client:
        assert (await client.get("vehicles/bus-1")).json()["off_duty_since"] == off["time"]
    answer = await send(driver, on, off)
    expected = {
        "vehicle": "bus-1",
        "off_duty_since": None,
        "off_duty": [{"from_time": off["time"], "to_time": on["time"]}],
    }
    assert answer.json() == (await driver.get("duty")).json() == expected
    async with fleet.as_user("chief") as client:
        assert (await client.get("duty", params={"vehicle": "bus-1"})).json() == expected
        assert (await client.get("vehicles/bus-1")).json()["off_duty_since"] is None


async def test_only_the_vehicles_own_device_switches(fleet: Fleet) -> None:
    async with fleet.as_user("chief") as client:
        client.headers["X-Fleet"] = "1"
        assert_is_problem(await send(client, switch(now_ms(), off_duty=True)), 403)
    gateway = DeviceToken()
    secret = gateway.renew_secret()
    await gateway.asave()
    async with fleet.with_token(secret) as client:
        assert_is_problem(await send(client, switch(now_ms(), off_duty=True)), 403)
        assert_is_problem(await client.get("duty"), 403)
    async with fleet.as_user(None) as client:
        client.headers["X-Fleet"] = "1"
        assert_is_problem(await send(client, switch(now_ms(), off_duty=True)), 401)


async def test_a_person_says_which_vehicle_and_a_driver_has_one(fleet: Fleet, driver: httpx.AsyncClient) -> None:
    async with fleet.as_user("chief") as client:
        assert_is_problem(await client.get("duty"), 422)
    assert_is_problem(await driver.get("duty", params={"vehicle": "bus-2"}), 422)


@pytest.mark.parametrize(("hours", "reason"), [(1, "ahead"), (-31 * 24, "30 days")])
async def test_a_time_out_of_reach_is_refused(driver: httpx.AsyncClient, hours: int, reason: str) -> None:
    answer = await send(driver, switch(now_ms() + hours * HOUR_MS, off_duty=True))
    assert_is_problem(answer, 422)
    assert reason in answer.json()["detail"]


@pytest.mark.parametrize("count", [0, MAX_SWITCHES + 1])
async def test_the_number_of_switches_is_bounded(driver: httpx.AsyncClient, count: int) -> None:
    assert_is_problem(await send(driver, *[switch(now_ms(), off_duty=True)] * count), 422)
