"""Pages together are the whole list, and a cursor leads nowhere else."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.api.conftest import MAJORNA_LON, START_MS, Fleet, assert_is_problem
from tracking.domain.fix import Fix
from tracking.wire.rfc3339 import encode_time

RANGE = {"from": encode_time(START_MS), "to": encode_time(START_MS + 7_200_000)}
LISTS = ("vehicles/bus-1/trips", "vehicles/bus-1/stops", "regions/haga/visits", "events")


def drive(fleet: Fleet, slug: str) -> Iterator[Fix]:
    """To Majorna and back, again and again, with rests of five minutes."""
    for minute in range(110):
        part = min(minute % 20, 5) / 5
        way = part if minute // 20 % 2 == 0 else 1 - part
        yield fleet.make_fix(slug, at_s=60 * minute, lon=11.95 + way * (MAJORNA_LON - 11.95))


@pytest.fixture
def busy(fleet: Fleet) -> Fleet:
    fleet.store(*drive(fleet, "bus-1"), *drive(fleet, "bus-2"))
    return fleet


async def first_page(client: httpx.AsyncClient, path: str, **params: Any) -> Any:
    answer = await client.get(path, params={**RANGE, "limit": 1, **params})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def whole(client: httpx.AsyncClient, path: str, **params: Any) -> list[Any]:
    page, items = await first_page(client, path, **params), []
    while True:
        items += page["items"]
        if page["next"] is None:
            return items
        page = await first_page(client, path, **{**params, "cursor": page["next"]})


@pytest.mark.parametrize("path", LISTS)
async def test_pages_of_any_length_are_the_whole_list(busy: Fleet, path: str) -> None:
    async with busy.as_user("chief") as client:
        items = await whole(client, path, limit=100)
        assert len(items) > 3
        assert await whole(client, path) == await whole(client, path, limit=3) == items


@pytest.mark.parametrize("path", LISTS)
async def test_a_late_fix_between_two_pages_loses_nothing(busy: Fleet, path: str) -> None:
    """All that it does not change comes once, whatever it does to what was read before."""
    async with busy.as_user("chief") as client:
        before = await whole(client, path)
        page = await first_page(client, path, limit=3)
        busy.store(busy.make_fix("bus-1", at_s=930, lon=MAJORNA_LON), busy.make_fix("bus-1", at_s=3_030, lon=12.0))
        rest = await whole(client, path, cursor=page["next"])
        after = await whole(client, path)
    unchanged = [item for item in before if item in after]
    seen = [item for item in (*page["items"], *rest) if item in unchanged]
    assert seen == unchanged


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("vehicles/bus-2/trips", {}),
        ("vehicles/bus-1/stops", {}),
        ("regions/haga/visits", {}),
        ("vehicles/bus-1/trips", {"from": encode_time(START_MS + 1)}),
    ],
)
async def test_a_cursor_of_another_question_is_refused(busy: Fleet, path: str, params: dict[str, str]) -> None:
    """Part of the answer would be left out in silence."""
    async with busy.as_user("chief") as client:
        page = await first_page(client, "vehicles/bus-1/trips")
        answer = await client.get(path, params={**RANGE, **params, "cursor": page["next"]})
    assert_is_problem(answer, 422)
    assert [error["field"] for error in answer.json()["errors"]] == ["cursor"]


@pytest.mark.parametrize("key", [1 << 63, -(1 << 63) - 1, 10**40, 1.5, "1", [1], None])
async def test_a_forged_cursor_is_refused(busy: Fleet, key: Any) -> None:
    """SQLite fails at a number of more than 64 bits."""
    async with busy.as_user("chief") as client:
        page = await first_page(client, "events")
        question, _ = json.loads(base64.urlsafe_b64decode(page["next"] + "=="))
        forged = base64.urlsafe_b64encode(json.dumps([question, key]).encode()).decode()
        assert_is_problem(await client.get("events", params={**RANGE, "cursor": forged}), 422)
