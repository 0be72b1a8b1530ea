"""The vehicles one may see."""

import httpx
import pytest
from asgiref.sync import sync_to_async

from tests.api.conftest import HAGA_LON, OUTSIDE_LON, START_MS, Fleet, assert_is_problem, make_device_token
from tracking.domain.sightings import Battery, Sighting, Whose
from tracking.models import DeviceToken
from tracking.storage.sightings import keep_sightings


def slugs(response: httpx.Response) -> list[str]:
    assert response.status_code == 200, response.text
    return [item["slug"] for item in response.json()["items"]]


async def test_a_vehicle_comes_with_its_latest_state(fleet: Fleet) -> None:
    fleet.store(fleet.make_fix(), fleet.make_fix(at_s=5, speed_mps=4.2, course_deg=90.0, accuracy_m=3.5))
    async with fleet.as_user("chief") as client:
        response = await client.get("vehicles/bus-1")
    assert response.json() == {
        "slug": "bus-1",
        "name": "Bus 1",
        "plate": "",
        "driver": "",
        "kind": "car",
        "colour": "#2f6fde",
        "active": True,
        "off_duty_since": None,
        "latest": {
            "fix_time": "2026-01-01T09:00:05.000Z",
            "lat": 57.69,
            "lon": HAGA_LON,
            "speed_mps": 4.2,
            "course_deg": 90.0,
            "accuracy_m": 3.5,
            "status": "moving",
            "received_time": "2026-01-01T09:00:00.500Z",
        },
        "devices": [],
    }


async def test_a_vehicle_comes_with_what_was_heard_of_its_devices(fleet: Fleet) -> None:
    await sync_to_async(make_device_token)("bus-1")
    device = await DeviceToken.objects.aget()
    whose = Whose(device.pk, fleet.directory.vehicle_ids["bus-1"])
    sighting = Sighting(START_MS + 2000, START_MS, Battery(START_MS, 12), "owntracks")
    await sync_to_async(keep_sightings)({whose: sighting})
    async with fleet.as_user("chief") as client:
        assert (await client.get("vehicles/bus-1")).json()["devices"] == [
            {
                "label": str(device),
                "dialect": "owntracks",
                "is_gateway": False,
                "seen_time": "2026-01-01T09:00:02.000Z",
                "fix_time": "2026-01-01T09:00:00.000Z",
                "battery_percent": 12,
                "battery_time": "2026-01-01T09:00:00.000Z",
            }
        ]
        assert "devices" not in (await client.get("vehicles")).json()["items"][0]


async def test_a_vehicle_without_fixes_has_no_latest_state(fleet: Fleet) -> None:
    async with fleet.as_user("chief") as client:
        assert (await client.get("vehicles/truck")).json()["latest"] is None


async def test_pages_together_are_the_whole_list(fleet: Fleet) -> None:
    """Each page says how to get the next, the last one that there is none."""
    seen: list[str] = []
    async with fleet.as_user("chief") as client:
        page = (await client.get("vehicles", params={"limit": 2})).json()
        while True:
            seen += [item["slug"] for item in page["items"]]
            if page["next"] is None:
                break
            page = (await client.get("vehicles", params={"limit": 2, "cursor": page["next"]})).json()
    assert seen == ["bus-1", "bus-2", "truck"]


async def test_a_limited_reader_sees_who_is_in_their_regions_now(fleet: Fleet) -> None:
    """A vehicle that left is gone from the list and answered like one that does not exist."""
    fleet.store(fleet.make_fix("bus-1"), fleet.make_fix("bus-2"))
    async with fleet.as_user("haga") as client:
        assert slugs(await client.get("vehicles")) == ["bus-1", "bus-2"]
        fleet.store(fleet.make_fix("bus-1", at_s=1, lon=OUTSIDE_LON))
        assert slugs(await client.get("vehicles")) == ["bus-2"]
        assert_is_problem(left := await client.get("vehicles/bus-1"), 404)
        assert_is_problem(unknown := await client.get("vehicles/bus-9"), 404)
    assert left.text.replace("bus-1", "bus-9") == unknown.text


async def test_a_reader_without_regions_sees_nothing(fleet: Fleet) -> None:
    fleet.store(fleet.make_fix())
    async with fleet.as_user("nobody") as client:
        assert slugs(await client.get("vehicles")) == []


async def test_an_unchanged_list_is_not_sent_again(fleet: Fleet) -> None:
    async with fleet.as_user("chief") as client:
        first = await client.get("vehicles")
        again = await client.get("vehicles", headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
        fleet.store(fleet.make_fix())
        assert (await client.get("vehicles", headers={"If-None-Match": first.headers["etag"]})).status_code == 200
    assert first.headers["cache-control"] == "private, no-cache"
    assert first.headers["vary"] == "Cookie, Authorization"


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("vehicles?limit=0", "limit"),
        ("vehicles?limit=1001", "limit"),
        ("vehicles?limit=many", "limit"),
        ("vehicles?cursor=zz", "cursor"),
        ("vehicles?cursor=WzEsMl0", "cursor"),
        ("vehicles?limits=5", "limits"),
        ("vehicles/bus-1?fields=all", "fields"),
    ],
)
async def test_a_parameter_that_cannot_be_used_is_named(fleet: Fleet, path: str, field: str) -> None:
    async with fleet.as_user("chief") as client:
        response = await client.get(path)
    assert_is_problem(response, 422)
    assert [error["field"] for error in response.json()["errors"]] == [field]


@pytest.mark.parametrize("query", ["&limit=2" * 1_001, "&limit=2&limit=3", "limit=2&cursor=ImEi&cursor=ImEi"])
async def test_what_is_asked_twice_is_refused(fleet: Fleet, query: str) -> None:
    """One of the two would be passed over in silence."""
    async with fleet.as_user("chief") as client:
        assert_is_problem(await client.get(f"vehicles?{query}"), 422)
