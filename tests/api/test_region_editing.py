"""Regions that people draw, change and delete over HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from django.contrib.auth.models import Permission, User

from tests.api.conftest import HAGA_LON, OUTSIDE_LON, Fleet, assert_is_problem, square
from tracking.models import Region, RegionAccess

CSRF = {"X-Fleet": "1"}
BOWTIE = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}


async def allow(name: str, *codenames: str) -> None:
    user = await User.objects.aget(username=name)
    await user.user_permissions.aadd(*[p async for p in Permission.objects.filter(codename__in=codenames)])


@pytest.fixture
async def editor(fleet: Fleet) -> AsyncIterator[httpx.AsyncClient]:
    """`chief`, who may do all of it."""
    await allow("chief", "add_region", "change_region", "delete_region")
    async with fleet.as_user("chief") as client:
        client.headers.update(CSRF)
        yield client


def drawn(**fields: Any) -> dict[str, Any]:
    return {"name": "Heden", "polygon": square(57.69, OUTSIDE_LON), **fields}


async def etag_of(client: httpx.AsyncClient, slug: str = "haga") -> dict[str, str]:
    return {"If-Match": (await client.get(f"regions/{slug}")).headers["etag"]}


async def test_a_drawn_region_is_there(editor: httpx.AsyncClient) -> None:
    response = await editor.post("regions", json=drawn(colour="#112233"))
    expected = {"slug": "heden", "name": "Heden", "colour": "#112233", "polygon": square(57.69, OUTSIDE_LON)}
    assert (response.status_code, response.json()) == (201, expected)
    assert response.headers["location"] == "/api/v1/regions/heden"
    read = await editor.get("regions/heden")
    assert (read.json(), read.headers["etag"]) == (expected, response.headers["etag"])


async def test_a_region_counts_from_its_answer_on(editor: httpx.AsyncClient) -> None:
    hour = {"from": "2026-01-01T09:00:00Z", "to": "2026-01-01T10:00:00Z"}
    await editor.post("regions", json=drawn())
    assert (await editor.get("regions/heden/visits", params=hour)).status_code == 200
    await editor.delete("regions/heden", headers=await etag_of(editor, "heden"))
    assert (await editor.get("regions/heden/visits", params=hour)).status_code == 404


@pytest.mark.parametrize(
    ("names", "slugs"),
    [
        (["Heden", "Heden", "heden!"], ["heden", "heden-2", "heden-3"]),
        (["Jönköping öst"], ["jonkoping-ost"]),
        (["All"], ["all-2"]),
        (["深圳", "—"], ["region", "region-2"]),
        (["x" * 90], ["x" * 60]),
    ],
)
async def test_a_slug_is_made_of_the_name(editor: httpx.AsyncClient, names: list[str], slugs: list[str]) -> None:
    answers = [await editor.post("regions", json=drawn(name=name)) for name in names]
    assert [answer.json()["slug"] for answer in answers] == slugs


async def test_whoever_draws_a_region_may_watch_it(fleet: Fleet) -> None:
    """Also with few regions granted; others are granted it by the admin."""
    await allow("haga", "add_region")
    async with fleet.as_user("haga") as client:
        await client.post("regions", json=drawn(), headers=CSRF)
        assert [item["slug"] for item in (await client.get("regions")).json()["items"]] == ["haga", "heden"]
    async with fleet.as_user("nobody") as client:
        assert_is_problem(await client.get("regions/heden"), 404)


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"polygon": BOWTIE}, "polygon", "not valid: Self-intersection"),
        ({"polygon": {"type": "Point", "coordinates": [1, 2]}}, "polygon", "of type Polygon or MultiPolygon"),
        ({"polygon": square(95, 0)}, "polygon", "within -180…180"),
        ({"colour": "red"}, "colour", "#rrggbb"),
        ({"name": ""}, "name", "blank"),
        ({"name": " \t"}, "name", "blank"),
        ({"name": "x" * 101}, "name", "100 characters"),
        ({"slug": "haga"}, "slug", "already exists"),
        ({"slug": "all"}, "slug", "means every region"),
        ({"slug": "two words"}, "slug", "letters, numbers"),
    ],
)
async def test_a_region_that_cannot_be_kept_is_told_why(
    editor: httpx.AsyncClient, fields: dict[str, Any], field: str, said: str
) -> None:
    response = await editor.post("regions", json=drawn(**fields))
    assert_is_problem(response, 422)
    [error] = response.json()["errors"]
    assert error["field"] == field and said in error["reason"]
    assert await Region.objects.acount() == 2


async def test_a_region_is_replaced_or_changed_in_part(editor: httpx.AsyncClient) -> None:
    moved = square(57.70, OUTSIDE_LON)
    whole = {"name": "Haga öst", "colour": "#445566", "polygon": moved}
    replaced = await editor.put("regions/haga", json=whole, headers=await etag_of(editor))
    assert replaced.json() == {"slug": "haga", **whole}
    patched = await editor.patch("regions/haga", json={"name": "Haga"}, headers={"If-Match": replaced.headers["etag"]})
    assert patched.json() == {"slug": "haga", **whole, "name": "Haga"}
    assert (await editor.get("regions/haga")).headers["etag"] == patched.headers["etag"]


async def test_a_name_is_kept_without_spaces_around_it(editor: httpx.AsyncClient) -> None:
    made = await editor.post("regions", json=drawn(name=" Heden "))
    assert (made.json()["name"], made.json()["slug"]) == ("Heden", "heden")
    assert_is_problem(await editor.patch("regions/haga", json={"name": " "}, headers=await etag_of(editor)), 422)


async def test_two_editors_do_not_overwrite_each_other(editor: httpx.AsyncClient) -> None:
    """Who read what is gone has to read again; who read nothing may not begin."""
    read = await etag_of(editor)
    assert (await editor.patch("regions/haga", json={"name": "One"}, headers=read)).status_code == 200
    for late in (
        await editor.patch("regions/haga", json={"name": "Two"}, headers=read),
        await editor.delete("regions/haga", headers=read),
    ):
        assert_is_problem(late, 412)
    for blind in (await editor.patch("regions/haga", json={"name": "Two"}), await editor.delete("regions/haga")):
        assert_is_problem(blind, 428)
    assert (await editor.get("regions/haga")).json()["name"] == "One"


async def test_a_region_is_deleted(editor: httpx.AsyncClient) -> None:
    response = await editor.delete("regions/haga", headers=await etag_of(editor))
    assert (response.status_code, response.content) == (204, b"")
    assert_is_problem(await editor.get("regions/haga"), 404)
    assert await RegionAccess.objects.acount() == 0


async def attempts(client: httpx.AsyncClient, slug: str) -> list[httpx.Response]:
    headers = {**CSRF, "If-Match": "*"}
    whole = {"name": "X", "colour": "#000000", "polygon": square(57.69, HAGA_LON)}
    return [
        await client.post("regions", json=drawn(), headers=CSRF),
        await client.put(f"regions/{slug}", json=whole, headers=headers),
        await client.patch(f"regions/{slug}", json={"name": "X"}, headers=headers),
        await client.delete(f"regions/{slug}", headers=headers),
    ]


async def test_without_the_permissions_nothing_changes(fleet: Fleet) -> None:
    """Whoever watches a region may not change it for that; the problem names the permission."""
    async with fleet.as_user("chief") as client:
        for response, permission in zip(
            await attempts(client, "haga"), ["add", *["change"] * 2, "delete"], strict=True
        ):
            assert_is_problem(response, 403)
            assert f"tracking.{permission}_region" in response.json()["detail"]
    async with fleet.as_user(None) as client:
        assert {response.status_code for response in await attempts(client, "haga")} == {401}
    assert await Region.objects.acount() == 2


async def test_a_region_that_may_not_be_watched_is_not_there_to_be_changed(fleet: Fleet) -> None:
    await allow("haga", "change_region", "delete_region")
    async with fleet.as_user("haga") as client:
        for response in (await attempts(client, "majorna"))[1:]:
            assert_is_problem(response, 404)
    assert await Region.objects.filter(slug="majorna", name="Majorna").aexists()


async def test_a_foreign_page_cannot_change_anything(fleet: Fleet) -> None:
    await allow("chief", "add_region")
    async with fleet.as_user("chief") as client:
        assert_is_problem(await client.post("regions", json=drawn()), 403)


async def test_a_body_that_is_too_large_is_refused(editor: httpx.AsyncClient) -> None:
    response = await editor.post("regions", json=drawn(name="x" * 3_000_000))
    assert_is_problem(response, 413)
