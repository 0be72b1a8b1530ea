"""The log of events over HTTP."""

from typing import Any

import httpx
import pytest

from tests.api.conftest import MAJORNA_LON, Fleet, assert_is_problem


async def log_of(client: httpx.AsyncClient, **params: Any) -> list[tuple[str, str | None, str | None, str]]:
    """Kind, vehicle, region, minute and second; over all pages."""
    seen = []
    while True:
        response = await client.get("events", params=params)
        assert response.status_code == 200, response.text
        page = response.json()
        seen += [(item["kind"], item["vehicle"], item["region"], item["time"][14:19]) for item in page["items"]]
        if page["next"] is None:
            return seen
        params["cursor"] = page["next"]


def drive(fleet: Fleet) -> None:
    """Bus 1 goes from Haga to Majorna, so fast that it was last in Haga by the fix there."""
    fleet.store(fleet.make_fix("bus-1"), fleet.make_fix("bus-1", at_s=10, lon=MAJORNA_LON))


ENTERED = ("enter", "bus-1", "haga", "00:00")
LEFT = ("exit", "bus-1", "haga", "00:00")
ARRIVED = ("enter", "bus-1", "majorna", "00:10")


async def test_the_log_comes_by_id(fleet: Fleet) -> None:
    drive(fleet)
    async with fleet.as_user("chief") as client:
        assert await log_of(client) == await log_of(client, limit=1) == [ENTERED, LEFT, ARRIVED]


async def test_a_limited_reader_gets_what_happened_in_the_regions_granted(fleet: Fleet) -> None:
    drive(fleet)
    async with fleet.as_user("haga") as client:
        assert await log_of(client) == [ENTERED, LEFT]
    async with fleet.as_user("nobody") as client:
        assert await log_of(client) == []


async def test_every_parameter_narrows(fleet: Fleet) -> None:
    drive(fleet)
    fleet.store(fleet.make_fix("bus-2", at_s=20))
    async with fleet.as_user("chief") as client:
        assert await log_of(client, region="majorna") == [ARRIVED]
        assert await log_of(client, vehicle="bus-2") == [("enter", "bus-2", "haga", "00:20")]
        assert await log_of(client, to="2026-01-01T09:00:10Z") == [ENTERED, LEFT]
        assert await log_of(client, **{"from": "2026-01-01T09:00:10Z"}, vehicle="bus-1") == [ARRIVED]
        first = (await client.get("events", params={"limit": 1})).json()["items"][0]["id"]
        assert await log_of(client, after=first, vehicle="bus-1") == [LEFT, ARRIVED]


@pytest.mark.parametrize("path", ["events", "alerts"])
async def test_a_vehicle_that_one_never_saw_is_answered_like_none(fleet: Fleet, path: str) -> None:
    """Else its existence would be told."""
    fleet.store(fleet.make_fix("bus-1"), fleet.make_fix("truck", lon=MAJORNA_LON))
    async with fleet.as_user("haga") as client:
        assert (await client.get(path, params={"vehicle": "bus-1"})).status_code == 200
        hidden, unknown = [await client.get(path, params={"vehicle": slug}) for slug in ("truck", "bus-9")]
    assert_is_problem(hidden, 422)
    assert hidden.text.replace("truck", "bus-9") == unknown.text


async def test_an_unchanged_log_is_not_sent_again(fleet: Fleet) -> None:
    async with fleet.as_user("chief") as client:
        etag = (await client.get("events")).headers["etag"]
        assert (await client.get("events", headers={"If-None-Match": etag})).status_code == 304


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("after=-1", "after"),
        ("region=nowhere", "region"),
        ("vehicle=bus-9", "vehicle"),
        ("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "to"),
        ("from=yesterday", "from"),
        ("kind=enter", "kind"),
        ("cursor=ImEi", "cursor"),
        ("cursor=WyIiLDFd", "cursor"),
        ("vehicle=bus-1&vehicle=bus-2", "vehicle"),
        ("vehicle=bus-1%00", "vehicle"),
    ],
)
async def test_a_parameter_that_cannot_be_used_is_named(fleet: Fleet, query: str, field: str) -> None:
    async with fleet.as_user("chief") as client:
        response = await client.get(f"events?{query}")
    assert_is_problem(response, 422)
    assert [error["field"] for error in response.json()["errors"]] == [field]
