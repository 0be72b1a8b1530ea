"""Refused fixes over HTTP."""

from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Permission, User

from tests.api.conftest import START_MS, Fleet, assert_is_problem
from tracking.domain.fix import Reason
from tracking.domain.refusals import Origin, Tally
from tracking.models import DeviceToken, RefusalTally, Vehicle
from tracking.storage.refusals import keep_tallies


async def refuse(fleet: Fleet, slug: str | None, reason: Reason, *, named: str = "") -> None:
    """One fix, of a gateway."""

    def keep() -> None:
        token, _ = DeviceToken.objects.get_or_create(label="gateway", digest=b"0" * 32)
        vehicle = None if slug is None else fleet.directory.vehicle_ids[slug]
        tally = Tally(
            vehicle=vehicle, count=1, first_ms=START_MS, last_ms=START_MS, fix_time_ms=START_MS + 500, detail="It is."
        )
        keep_tallies({Origin(token.pk, named or slug or "", reason): tally}, now_ms=START_MS)

    await sync_to_async(keep)()


async def seen(client: httpx.AsyncClient, **params: Any) -> list[tuple[str | None, str]]:
    """Vehicle and reason; over all pages."""
    found = []
    while True:
        response = await client.get("refusals", params=params)
        assert response.status_code == 200, response.text
        page = response.json()
        found += [(item["vehicle"], item["reason"]) for item in page["items"]]
        if page["next"] is None:
            return found
        params["cursor"] = page["next"]


async def test_a_refusal_tells_who_what_and_when(fleet: Fleet) -> None:
    await refuse(fleet, None, Reason.UNKNOWN_VEHICLE, named="ghost")
    async with fleet.as_user("chief") as client:
        assert (await client.get("refusals")).json() == {
            "items": [
                {
                    "device": "gateway",
                    "vehicle": None,
                    "vehicle_name": None,
                    "named": "ghost",
                    "reason": "unknown_vehicle",
                    "count": 1,
                    "first_time": "2026-01-01T09:00:00.000Z",
                    "last_time": "2026-01-01T09:00:00.000Z",
                    "fix_time": "2026-01-01T09:00:00.500Z",
                    "detail": "It is.",
                }
            ],
            "next": None,
        }


async def test_refusals_are_seen_with_their_vehicle(fleet: Fleet) -> None:
    """Those of no known vehicle by whoever may watch everything."""
    fleet.store(fleet.make_fix("bus-1"))
    for slug in ("bus-1", "bus-2", None):
        await refuse(fleet, slug, Reason.TOO_OLD)
    async with fleet.as_user("chief") as client:
        everything = [("bus-1", "too_old"), ("bus-2", "too_old"), (None, "too_old")]
        assert await seen(client) == await seen(client, limit=1) == everything
        assert await seen(client, vehicle="bus-2") == [("bus-2", "too_old")]
    async with fleet.as_user("haga") as client:
        assert await seen(client) == [("bus-1", "too_old")]
    async with fleet.as_user("nobody") as client:
        assert await seen(client) == []


@pytest.mark.parametrize(("user", "slug"), [("chief", "bus-9"), ("haga", "bus-2")])
async def test_a_vehicle_that_is_not_seen_has_no_refusals(fleet: Fleet, user: str, slug: str) -> None:
    async with fleet.as_user(user) as client:
        response = await client.get("refusals", params={"vehicle": slug})
    assert_is_problem(response, 422)


async def test_a_stranger_sees_nothing(fleet: Fleet) -> None:
    async with fleet.as_user(None) as client:
        assert_is_problem(await client.get("refusals"), 401)


CSRF = {"X-Fleet": "1"}


async def let_add_vehicles(name: str) -> None:
    user = await User.objects.aget(username=name)
    await user.user_permissions.aadd(await Permission.objects.aget(codename="add_vehicle"))


async def test_a_name_that_nobody_knows_is_adopted(fleet: Fleet) -> None:
    """By whoever may see it and make vehicles; other refusals of it stay."""
    await let_add_vehicles("chief")
    await refuse(fleet, None, Reason.UNKNOWN_VEHICLE, named="ghost")
    await refuse(fleet, None, Reason.TOO_OLD, named="ghost")
    async with fleet.as_user("chief") as client:
        response = await client.post("refusals/adopt", json={"named": "ghost"}, headers=CSRF)
        assert (response.status_code, response.json()) == (200, {"vehicle": "ghost"})
        assert "ghost" in fleet.directory.vehicle_ids
        assert_is_problem(await client.post("refusals/adopt", json={"named": "ghost"}, headers=CSRF), 404)
    assert await Vehicle.objects.filter(slug="ghost", name="ghost").aexists()
    assert [tally.reason async for tally in RefusalTally.objects.all()] == ["too_old"]


async def test_a_name_that_is_no_slug_cannot_be_adopted(fleet: Fleet) -> None:
    await let_add_vehicles("chief")
    await refuse(fleet, None, Reason.UNKNOWN_VEHICLE, named="two words")
    async with fleet.as_user("chief") as client:
        response = await client.post("refusals/adopt", json={"named": "two words"}, headers=CSRF)
    assert_is_problem(response, 422)
    assert "slug" in response.json()["detail"]


@pytest.mark.parametrize("user", ["chief", "haga"])
async def test_others_adopt_nothing(fleet: Fleet, user: str) -> None:
    """`chief` sees the name and may make no vehicles, `haga` may and does not see it."""
    await let_add_vehicles("haga")
    await refuse(fleet, None, Reason.UNKNOWN_VEHICLE, named="ghost")
    async with fleet.as_user(user) as client:
        assert_is_problem(await client.post("refusals/adopt", json={"named": "ghost"}, headers=CSRF), 403)
    assert not await Vehicle.objects.filter(slug="ghost").aexists()
