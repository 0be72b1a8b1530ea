"""The regions one may watch, and the stays in them."""

import dataclasses
from typing import Any

import httpx
import pytest

from tests.api.conftest import HAGA_LON, MAJORNA_LON, OUTSIDE_LON, Fleet, assert_is_problem, square
from tracking.api import regions

HOUR = {"from": "2026-01-01T09:00:00Z", "to": "2026-01-01T10:00:00Z"}


async def visits_of(
    client: httpx.AsyncClient, region: str = "haga", **params: Any
) -> list[tuple[str, str, str | None]]:
    """Vehicle, second of entering, second of leaving; over all pages."""
    seen: list[tuple[str, str, str | None]] = []
    asked = {**HOUR, **params}
    while True:
        response = await client.get(f"regions/{region}/visits", params=asked)
        assert response.status_code == 200, response.text
        page = response.json()
        seen += [(item["vehicle"], second(item["enter_time"]), second(item["exit_time"])) for item in page["items"]]
        if page["next"] is None:
            return seen
        asked["cursor"] = page["next"]


def second(time: str | None) -> Any:
    return None if time is None else time[14:19]


async def test_regions_come_with_their_polygons(fleet: Fleet) -> None:
    haga = {"slug": "haga", "name": "Haga", "colour": "#7a5af5", "polygon": square(57.69, HAGA_LON)}
    majorna = {"slug": "majorna", "name": "Majorna", "colour": "#7a5af5", "polygon": square(57.69, MAJORNA_LON)}
    async with fleet.as_user("chief") as client:
        assert (await client.get("regions")).json() == {"items": [haga, majorna], "next": None}
        assert (await client.get("regions/majorna")).json() == majorna


async def test_a_limited_reader_sees_the_regions_granted(fleet: Fleet) -> None:
    async with fleet.as_user("haga") as client:
        assert [item["slug"] for item in (await client.get("regions")).json()["items"]] == ["haga"]
        assert (await client.get("regions/haga")).status_code == 200
        assert_is_problem(await client.get("regions/majorna"), 404)
        assert_is_problem(await client.get("regions/majorna/visits", params=HOUR), 404)
        assert_is_problem(await client.get("regions/nowhere/visits", params=HOUR), 404)


async def test_pages_of_regions_follow_each_other(fleet: Fleet) -> None:
    async with fleet.as_user("chief") as client:
        first = (await client.get("regions", params={"limit": 1})).json()
        second_page = (await client.get("regions", params={"limit": 1, "cursor": first["next"]})).json()
    assert [page["items"][0]["slug"] for page in (first, second_page)] == ["haga", "majorna"]
    assert second_page["next"] is None


async def test_unchanged_regions_are_not_sent_again(fleet: Fleet) -> None:
    async with fleet.as_user("chief") as client:
        etag = (await client.get("regions")).headers["etag"]
        assert (await client.get("regions", headers={"If-None-Match": etag})).status_code == 304


async def test_visits_say_who_stayed_from_when_to_when(fleet: Fleet) -> None:
    """A stay that lasts has no exit; one that began before the range and touches it counts."""
    bus = [
        fleet.make_fix("bus-1", at_s=at_s, lon=lon)
        for at_s, lon in ((-60, HAGA_LON), (10, HAGA_LON), (11, OUTSIDE_LON))
    ]
    fleet.store(*bus)
    fleet.store(fleet.make_fix("bus-2", at_s=20), fleet.make_fix("truck", at_s=5000))
    async with fleet.as_user("haga") as client:
        assert await visits_of(client) == [("bus-1", "59:00", "00:10"), ("bus-2", "00:20", None)]
        assert await visits_of(client, **{"from": "2026-01-01T09:00:11Z"}) == [("bus-2", "00:20", None)]


async def test_visits_that_are_over_may_be_kept_for_a_minute(fleet: Fleet) -> None:
    """One that lasts ends at any moment."""
    kept = []
    async with fleet.as_user("chief") as client:
        for lon in (HAGA_LON, OUTSIDE_LON):
            fleet.store(fleet.make_fix(at_s=60 * (lon == OUTSIDE_LON), lon=lon))
            kept.append((await client.get("regions/haga/visits", params=HOUR)).headers["cache-control"])
    assert kept == ["private, no-cache", "private, max-age=60"]


async def test_pages_of_visits_are_whole_while_others_stay(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stays that last over many pages are told once, and more of them than a page holds do not end the list."""
    fleet.store(fleet.make_fix("bus-1", at_s=0), fleet.make_fix("bus-2", at_s=0))
    for at_s in range(1, 12):
        fleet.store(fleet.make_fix("truck", at_s=60 * at_s, lon=HAGA_LON + (0 if at_s % 2 else 0.05)))
    async with fleet.as_user("chief") as client:
        whole = await visits_of(client)
        monkeypatch.setattr(regions, "READ_AHEAD", 0)
        assert await visits_of(client, limit=1) == await visits_of(client, limit=2) == whole
    assert len(whole) == 8


async def test_a_deleted_vehicle_leaves_its_visits(fleet: Fleet) -> None:
    fleet.store(fleet.make_fix())
    fleet.directory = dataclasses.replace(fleet.directory, vehicles={})
    async with fleet.as_user("chief") as client:
        assert await visits_of(client) == [(None, "00:00", None)]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("regions?limit=0", "limit"),
        ("regions?bbox=1,2,3,4", "bbox"),
        ("regions/haga?tz=UTC", "tz"),
        ("regions/haga/visits?from=2026-01-01T09:00:00Z&to=2026-01-01T08:00:00Z", "to"),
        ("regions/haga/visits?from=2026-01-01T09:00:00Z&to=2026-01-01T10:00:00Z&cursor=ImEi", "cursor"),
        ("regions/haga/visits?from=2026-01-01T09:00:00Z&to=2026-01-01T10:00:00Z&vehicle=bus-1", "vehicle"),
    ],
)
async def test_a_parameter_that_cannot_be_used_is_named(fleet: Fleet, path: str, field: str) -> None:
    async with fleet.as_user("chief") as client:
        response = await client.get(path)
    assert_is_problem(response, 422)
    assert [error["field"] for error in response.json()["errors"]] == [field]
