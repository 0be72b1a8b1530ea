"""Views of the live page over HTTP: kept, listed, changed and dropped by their owner."""

from typing import Any

import httpx
import pytest

from tests.api.conftest import Fleet, assert_is_problem
from tracking.domain.saved_views import MAX_VIEW_NAME_CHARS, MAX_VIEW_QUERY_CHARS, MOST_VIEWS

X_FLEET = {"X-Fleet": "1"}
QUERY = "region=haga&at=13/57.7/11.97"


async def keep(client: httpx.AsyncClient, name: str, **more: Any) -> httpx.Response:
    return await client.post("views", json={"name": name, "query": QUERY, **more}, headers=X_FLEET)


async def kept(client: httpx.AsyncClient) -> list[tuple[str, str, bool]]:
    items = (await client.get("views")).json()["items"]
    return [(item["name"], item["query"], item["default"]) for item in items]


async def test_a_view_is_its_owners_alone(fleet: Fleet) -> None:
    async with fleet.as_user("chief") as client:
        answer = await keep(client, "  Night  ")
        assert (answer.status_code, answer.json()["name"]) == (201, "Night")
        assert await kept(client) == [("Night", QUERY, False)]
    async with fleet.as_user("haga") as other:
        assert await kept(other) == []
        id_ = answer.json()["id"]
        assert_is_problem(await other.patch(f"views/{id_}", json={"name": "Mine"}, headers=X_FLEET), 404)
        assert_is_problem(await other.delete(f"views/{id_}", headers=X_FLEET), 404)


async def test_one_is_the_default_at_most(fleet: Fleet) -> None:
    async with fleet.as_user("chief") as client:
        first = (await keep(client, "A", default=True)).json()["id"]
        await keep(client, "B", default=True)
        assert await kept(client) == [("A", QUERY, False), ("B", QUERY, True)]
        answer = await client.patch(f"views/{first}", json={"default": True, "query": ""}, headers=X_FLEET)
        assert (answer.status_code, answer.json()["default"]) == (200, True)
        assert await kept(client) == [("A", "", True), ("B", QUERY, False)]
        await client.patch(f"views/{first}", json={"default": False}, headers=X_FLEET)
        assert [default for *_, default in await kept(client)] == [False, False]


async def test_a_view_is_renamed_and_dropped(fleet: Fleet) -> None:
    async with fleet.as_user("chief") as client:
        id_ = (await keep(client, "Day")).json()["id"]
        await client.patch(f"views/{id_}", json={"name": "Early"}, headers=X_FLEET)
        assert await kept(client) == [("Early", QUERY, False)]
        assert (await client.delete(f"views/{id_}", headers=X_FLEET)).status_code == 204
        assert await kept(client) == []


async def test_a_name_is_taken_once(fleet: Fleet) -> None:
    async with fleet.as_user("chief") as client:
        await keep(client, "Day")
        id_ = (await keep(client, "Night")).json()["id"]
        for answer in (
            await keep(client, "Day"),
            await client.patch(f"views/{id_}", json={"name": "Day"}, headers=X_FLEET),
        ):
            assert_is_problem(answer, 422)
            assert "already" in answer.text
    async with fleet.as_user("haga") as other:
        assert (await keep(other, "Day")).status_code == 201


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "x" * (MAX_VIEW_NAME_CHARS + 1)},
        {"name": "two\nlines"},
        {"query": "x" * (MAX_VIEW_QUERY_CHARS + 1)},
        {"query": "a\r\nb"},
        {"colour": "red"},
    ],
)
async def test_what_does_not_fit_is_refused(fleet: Fleet, wrong: dict[str, str]) -> None:
    async with fleet.as_user("chief") as client:
        assert_is_problem(
            await keep(client, "Day", **wrong) if "name" not in wrong else await keep(client, **wrong), 422
        )


async def test_how_many_are_bounded(fleet: Fleet) -> None:
    async with fleet.as_user("chief") as client:
        for number in range(MOST_VIEWS):
            assert (await keep(client, f"View {number}")).status_code == 201
        answer = await keep(client, "One more")
    assert_is_problem(answer, 422)
    assert str(MOST_VIEWS) in answer.text
