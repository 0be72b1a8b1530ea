"""The audit: every look at history is written down, and staff can read it."""

from datetime import UTC, datetime
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.models import User

from tests.api.conftest import Fleet, assert_is_problem, make_api_token
from tracking.models import Look

FROM, TO = "2026-01-01T09:00:00Z", "2026-01-01T10:00:00Z"
RANGE = f"from={FROM}&to={TO}"


async def audit(fleet: Fleet, query: str = "") -> list[dict[str, Any]]:
    await sync_to_async(fleet.looks.stop)()
    await User.objects.filter(username="nobody").aupdate(is_staff=True)
    async with fleet.as_user("nobody") as client:
        items: list[dict[str, Any]] = (await client.get(f"audit{query}")).json()["items"]
    return items


async def test_every_path_that_asks_for_a_time_is_audited(fleet: Fleet) -> None:
    """A new one cannot be forgotten."""
    fleet.store(fleet.make_fix())
    async with fleet.as_user("chief") as client:
        document = (await client.get("openapi.json")).json()
        paths = [
            path.removeprefix("/api/v1/")
            for path, item in document["paths"].items()
            if path != "/api/v1/audit"
            and {"from", "time", "day"} & {parameter["name"] for parameter in item.get("get", {}).get("parameters", [])}
        ]
        assert len(paths) >= 5
        for path in paths:
            known = path.replace("regions/{slug}", "regions/haga").replace("{slug}", "bus-1")
            others = {
                "fleet/at": "time=2026-01-01T10:30:00Z",
                "fleet/days": "vehicles=bus-1&day=2026-01-01",
                "fleet/summary": "day=2026-01-01",
                "fleet/within": f"{RANGE}&west=11&south=57&east=12&north=58",
            }
            asked = others.get(path, RANGE)
            assert (await client.get(f"{known}?{asked}")).status_code == 200, path
    looks = await audit(fleet)
    assert {look["kind"] for look in looks} == {
        *("track", "quality", "trips", "stops", "summary", "visits", "events", "alerts", "fleet", "within"),
    }
    assert len(looks) == len(paths) and {look["who"] for look in looks} == {"chief"}
    assert {(look["from_time"][11:16], look["to_time"][11:16]) for look in looks} == {
        ("09:00", "10:00"),
        ("10:00", "11:00"),
        ("00:00", "00:00"),  # of summaries
    }


async def test_a_look_names_the_token(fleet: Fleet) -> None:
    fleet.store(fleet.make_fix())
    secret = (await sync_to_async(make_api_token)("haga"))[1]
    async with fleet.with_token(secret) as client:
        await client.get(f"vehicles/bus-1/track?{RANGE}")
    (look,) = await audit(fleet)
    assert look["who"].startswith("haga, API token") and look["vehicle"] == "bus-1" and look["kind"] == "track"


async def test_what_was_refused_was_not_looked_at(fleet: Fleet) -> None:
    async with fleet.as_user("haga") as client:
        await client.get(f"vehicles/bus-1/track?{RANGE}")
        await client.get(f"regions/majorna/visits?{RANGE}")
    assert await audit(fleet) == []


async def test_the_audit_comes_newest_first_in_pages_and_narrowed(fleet: Fleet) -> None:
    fleet.store(fleet.make_fix(), fleet.make_fix("bus-2"))
    for user, slug in (("chief", "bus-1"), ("haga", "bus-1"), ("chief", "bus-2")):
        async with fleet.as_user(user) as client:
            await client.get(f"vehicles/{slug}/track?{RANGE}")
    assert [(look["who"], look["vehicle"]) for look in await audit(fleet)] == [
        ("chief", "bus-2"),
        ("haga", "bus-1"),
        ("chief", "bus-1"),
    ]
    assert len(await audit(fleet, "?vehicle=bus-1&user=haga")) == 1
    async with fleet.as_user("nobody") as client:
        first = (await client.get("audit?limit=2")).json()
        rest = (await client.get("audit", params={"cursor": first["next"]})).json()
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [2, 1, None]


async def test_the_audit_is_narrowed_by_when_it_was(fleet: Fleet) -> None:
    """By when somebody looked, not at which time: from is included, to is not."""
    at = [datetime(2026, 3, day, tzinfo=UTC) for day in (1, 2, 3)]
    await Look.objects.abulk_create([Look(at=time, kind="track", who="chief", vehicle="bus-1") for time in at])
    (look,) = await audit(fleet, "?from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z")
    assert look["time"].startswith("2026-03-02")
    assert len(await audit(fleet, "?from=2026-03-02T00:00:00Z")) == 2


async def test_a_look_outlives_its_user(fleet: Fleet) -> None:
    fleet.store(fleet.make_fix())
    async with fleet.as_user("haga") as client:
        await client.get(f"vehicles/bus-1/track?{RANGE}")
    await sync_to_async(fleet.looks.stop)()
    await User.objects.filter(username="haga").adelete()
    assert [look["who"] for look in await audit(fleet)] == ["haga"]
    assert (await Look.objects.aget()).user_id is None


async def test_a_look_has_the_names_of_now(fleet: Fleet) -> None:
    """Slugs stay what they were; whatever is gone has no name."""
    user = await User.objects.aget(username="chief")
    await User.objects.filter(pk=user.pk).aupdate(first_name="Karin", last_name="Ek")
    at = datetime(2026, 3, 1, tzinfo=UTC)
    rows = [{"vehicle": "bus-1"}, {"region": "haga"}, {"vehicle": "gone"}]
    await Look.objects.abulk_create([Look(at=at, kind="track", who="chief", user=user, **row) for row in rows])
    names = [(look["user_name"], look["vehicle_name"], look["region_name"]) for look in await audit(fleet)]
    assert names == [("Karin Ek", "", ""), ("Karin Ek", "", "Haga"), ("Karin Ek", "Bus 1", "")]


async def test_the_audit_is_for_staff(fleet: Fleet) -> None:
    async with fleet.as_user("chief") as client:
        assert_is_problem(await client.get("audit"), 403)


async def test_an_audit_of_no_time_is_refused(fleet: Fleet) -> None:
    """It would look as if nobody had looked."""
    await User.objects.filter(username="nobody").aupdate(is_staff=True)
    async with fleet.as_user("nobody") as client:
        answer = await client.get("audit", params={"from": TO, "to": FROM})
    assert_is_problem(answer, 422)
    assert [error["field"] for error in answer.json()["errors"]] == ["to"]
