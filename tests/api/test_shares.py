"""Links that show one thing to whoever has them: made, listed, revoked, and what they show over REST."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Permission, User
from django.utils import timezone
from pytest_django import Settings

from tests.api.conftest import START_MS, Fleet, assert_is_problem
from tracking.domain.shares import MOST_ACTIVE_SHARES, MOST_TRIP_HOURS
from tracking.models import Look, Region, Share, Vehicle
from tracking.wire.rfc3339 import encode_time

OWN_PAGE = {"X-Fleet": "1"}
TRIP = {
    "kind": "trip",
    "vehicle": "bus-1",
    "from_time": encode_time(START_MS),
    "to_time": encode_time(START_MS + 3_600_000),
}


def in_days(days: float) -> str:
    return (timezone.now() + timedelta(days=days)).isoformat()


def allow_shares(*names: str) -> None:
    for user in User.objects.filter(username__in=names):
        user.user_permissions.add(Permission.objects.get(codename="add_share"))


async def ask(fleet: Fleet, user: str, **fields: Any) -> httpx.Response:
    async with fleet.as_user(user) as client:
        return await client.post("shares", json={"expires_time": in_days(1), **fields}, headers=OWN_PAGE)


async def make(fleet: Fleet, user: str = "chief", **fields: Any) -> dict[str, Any]:
    await sync_to_async(allow_shares)(user)
    answer = await ask(fleet, user, **fields)
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    link: dict[str, Any] = answer.json()
    return link


async def read(fleet: Fleet, secret: str, path: str = "share") -> httpx.Response:
    async with fleet.with_token(secret) as client:
        return await client.get(path)


async def test_a_link_says_what_it_shows_and_no_more(fleet: Fleet) -> None:
    link = await make(fleet, kind="vehicle", vehicle="bus-1", label="for the customer")
    assert link["url"] == f"http://localhost/s#{link['secret']}"
    answer = await read(fleet, link["secret"])
    shown = answer.json()
    assert (shown["name"], shown["channel"], shown["polygon"]) == ("Bus 1", "vehicle:bus-1", None)
    assert "customer" not in answer.text and "chief" not in answer.text and "plate" not in answer.text


async def test_a_region_comes_with_its_outline(fleet: Fleet) -> None:
    link = await make(fleet, kind="region", region="haga")
    shown = (await read(fleet, link["secret"])).json()
    assert (shown["channel"], shown["polygon"]["type"]) == ("region:haga", "Polygon")


async def test_only_the_digest_of_a_secret_is_kept(fleet: Fleet) -> None:
    link = await make(fleet, kind="vehicle", vehicle="bus-1")
    row = await Share.objects.values().aget()
    assert link["secret"] not in str(row)


async def test_a_trip_shows_times_and_places_alone(fleet: Fleet) -> None:
    fleet.store(*(fleet.make_fix(at_s=60 * i, lat=57.69 + i / 200, speed_mps=9) for i in range(4)))
    link = await make(fleet, **TRIP)
    shown = (await read(fleet, link["secret"], "share/track")).json()
    assert shown["fields"] == ["fix_time", "lat", "lon"]
    assert [row[1] for row in shown["parts"][0]] == [57.69, 57.695, 57.7, 57.705]


async def test_a_trimmed_trip_lacks_its_ends(fleet: Fleet) -> None:
    fleet.store(*(fleet.make_fix(at_s=60 * i, lat=57.69 + i / 200) for i in range(4)))
    link = await make(fleet, **TRIP, trimmed=True)
    (part,) = (await read(fleet, link["secret"], "share/track")).json()["parts"]
    assert [row[1] for row in part] == [57.695, 57.7]


async def test_a_trip_ends_where_it_was_said_to(fleet: Fleet) -> None:
    fleet.store(fleet.make_fix(at_s=-1), fleet.make_fix(at_s=0), fleet.make_fix(at_s=3599), fleet.make_fix(at_s=3600))
    link = await make(fleet, **TRIP)
    parts = (await read(fleet, link["secret"], "share/track")).json()["parts"]
    assert [row[0] for part in parts for row in part] == [encode_time(START_MS), encode_time(START_MS + 3_599_000)]


async def test_a_link_shows_no_more_than_its_maker_sees(fleet: Fleet) -> None:
    """Of a trip, what lay in the maker's regions; once they are taken, nothing."""
    fleet.store(fleet.make_fix(at_s=0), fleet.make_fix(at_s=60, lon=0.0), fleet.make_fix(at_s=120, lon=0.0))
    link = await make(fleet, "haga", **TRIP)
    parts = (await read(fleet, link["secret"], "share/track")).json()["parts"]
    assert [row[0] for part in parts for row in part] == [encode_time(START_MS)]
    await Region.objects.all().adelete()
    assert (await read(fleet, link["secret"], "share/track")).json()["parts"] == []


async def test_a_live_share_has_no_track(fleet: Fleet) -> None:
    link = await make(fleet, kind="vehicle", vehicle="bus-1")
    assert_is_problem(await read(fleet, link["secret"], "share/track"), 404)


def revoke() -> None:
    Share.objects.update(revoked_at=timezone.now())


def expire() -> None:
    Share.objects.update(expires_at=timezone.now())


def disable_maker() -> None:
    User.objects.filter(username="chief").update(is_active=False)


def delete_vehicle() -> None:
    Vehicle.objects.filter(slug="bus-1").delete()


@pytest.mark.parametrize("end", [revoke, expire, disable_maker, delete_vehicle])
async def test_an_ended_share_opens_nothing(fleet: Fleet, end: Any) -> None:
    link = await make(fleet, **TRIP)
    await sync_to_async(end)()
    for path in ("share", "share/track"):
        assert_is_problem(await read(fleet, link["secret"], path), 401)


REFUSED = [
    ({"kind": "vehicle", "vehicle": "bus-1", "label": "a\0b"}, "label"),
    ({"kind": "vehicle"}, "vehicle"),
    ({"kind": "vehicle", "vehicle": "bus-9"}, "vehicle"),
    ({"kind": "vehicle", "vehicle": "bus-1", "trimmed": True}, "trimmed"),
    ({"kind": "vehicle", "vehicle": "bus-1", "region": "haga"}, "region"),
    ({"kind": "region"}, "region"),
    ({"kind": "region", "region": "haga", "vehicle": "bus-1"}, "vehicle"),
    ({"kind": "vehicle", "vehicle": "bus-1", "expires_time": in_days(-1)}, "expires_time"),
    ({"kind": "vehicle", "vehicle": "bus-1", "expires_time": in_days(31)}, "expires_time"),
    ({"kind": "trip", "vehicle": "bus-1"}, "to_time"),
    ({**TRIP, "to_time": TRIP["from_time"]}, "to_time"),
    ({**TRIP, "to_time": encode_time(START_MS + MOST_TRIP_HOURS * 3_600_000 + 1)}, "to_time"),
    ({"kind": "vehicle", "vehicle": "bus-1", "label": "x" * 101}, "label"),
    ({"kind": "everything"}, "kind"),
]


@pytest.mark.parametrize(("fields", "named"), REFUSED)
async def test_what_cannot_be_shared_is_refused_by_its_field(fleet: Fleet, fields: dict[str, Any], named: str) -> None:
    await sync_to_async(allow_shares)("chief")
    answer = await ask(fleet, "chief", **fields)
    assert_is_problem(answer, 422)
    assert [error["field"] for error in answer.json()["errors"]] == [named]


async def test_sharing_needs_the_permission(fleet: Fleet) -> None:
    assert_is_problem(await ask(fleet, "chief", kind="vehicle", vehicle="bus-1"), 403)


@pytest.mark.parametrize(
    "fields",
    [{"kind": "region", "region": "majorna"}, {"kind": "vehicle", "vehicle": "bus-2"}, {**TRIP, "vehicle": "bus-2"}],
)
async def test_nobody_shares_what_he_may_not_see(fleet: Fleet, fields: dict[str, Any]) -> None:
    fleet.store(fleet.make_fix("bus-2", lon=0.0))
    await sync_to_async(allow_shares)("haga")
    assert_is_problem(await ask(fleet, "haga", **fields), 422)


async def test_a_maker_has_so_many_active_shares_at_most(fleet: Fleet) -> None:
    def fill() -> None:
        chief, bus = User.objects.get(username="chief"), Vehicle.objects.get(slug="bus-1")
        for number in range(MOST_ACTIVE_SHARES):
            expires_at = timezone.now() + timedelta(days=1)
            Share.objects.create(
                kind="vehicle", vehicle=bus, maker=chief, digest=bytes([number]), expires_at=expires_at
            )

    await sync_to_async(allow_shares)("chief")
    await sync_to_async(fill)()
    answer = await ask(fleet, "chief", kind="vehicle", vehicle="bus-1")
    assert_is_problem(answer, 422)
    assert str(MOST_ACTIVE_SHARES) in answer.json()["detail"]


async def test_makers_see_their_own_shares_and_staff_sees_all(fleet: Fleet) -> None:
    fleet.store(fleet.make_fix())
    await make(fleet, "haga", kind="region", region="haga", label="mine")
    await make(fleet, "chief", kind="vehicle", vehicle="bus-2")
    await User.objects.filter(username="nobody").aupdate(is_staff=True)
    counts = {}
    for name in ("haga", "chief", "nobody"):
        async with fleet.as_user(name) as client:
            counts[name] = [item["maker"] for item in (await client.get("shares")).json()["items"]]
    assert counts == {"haga": ["haga"], "chief": ["chief"], "nobody": ["chief", "haga"]}


async def test_shares_come_in_pages_and_say_what_became_of_them(fleet: Fleet) -> None:
    for label in ("one", "two", "three"):
        await make(fleet, kind="vehicle", vehicle="bus-1", label=label)
    await Share.objects.filter(label="one").aupdate(expires_at=timezone.now())
    await Share.objects.filter(label="two").aupdate(revoked_at=timezone.now())
    async with fleet.as_user("chief") as client:
        first = (await client.get("shares?limit=2")).json()
        rest = (await client.get("shares", params={"cursor": first["next"]})).json()
        active = (await client.get("shares?active=true")).json()
    assert [item["state"] for item in first["items"] + rest["items"]] == ["active", "revoked", "expired"]
    assert rest["next"] is None and [item["label"] for item in active["items"]] == ["three"]


async def test_a_share_is_revoked_once_and_by_whom_it_belongs_to(fleet: Fleet) -> None:
    link = await make(fleet, kind="vehicle", vehicle="bus-1")
    path = f"shares/{link['share']['id']}"
    async with fleet.as_user("haga") as client:
        assert_is_problem(await client.delete(path, headers=OWN_PAGE), 404)
    async with fleet.as_user("chief") as client:
        assert_is_problem(await client.delete(path), 403)
        answers = [await client.delete(path, headers=OWN_PAGE) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [204, 204]
    assert (await read(fleet, link["secret"])).status_code == 401


async def test_the_longest_life_is_a_setting(fleet: Fleet, settings: Settings) -> None:
    settings.SHARE_DAYS = 2
    await sync_to_async(allow_shares)("chief")
    assert (await ask(fleet, "chief", kind="vehicle", vehicle="bus-1", expires_time=in_days(2.01))).status_code == 422


async def test_who_opens_a_share_is_in_the_audit(fleet: Fleet) -> None:
    link = await make(fleet, **TRIP)
    await read(fleet, link["secret"])
    await read(fleet, link["secret"], "share/track")
    await sync_to_async(fleet.looks.stop)()
    look = await Look.objects.aget()
    assert (look.kind, look.who, look.vehicle) == ("share", f"chief, share {link['share']['id']}", "bus-1")
    assert look.from_time is not None and encode_time(int(look.from_time.timestamp() * 1000)) == TRIP["from_time"]
