"""Rules over HTTP: who sees, makes, changes and deletes them, and what is no rule."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.api.conftest import Fleet, assert_is_problem
from tests.api.test_region_editing import CSRF, allow
from tracking.domain.region_rules import RuleKind
from tracking.models import Rule
from tracking.storage.region_rules import load_rules

ALL = ("add_rule", "change_rule", "delete_rule")
DWELL = {"name": "Long stay", "kind": "dwell", "region": "haga", "limit_s": 3600}
HOURS = {"name": "Night", "kind": "hours", "region": "haga", "from_time": "22:00", "to_time": "06:30:00"}
OFFLINE = {"name": "Silent", "kind": "offline", "limit_s": 900, "vehicles": ["bus-2", "bus-1"]}


@pytest.fixture
async def editor(fleet: Fleet) -> AsyncIterator[httpx.AsyncClient]:
    """`chief`, who may do all of it."""
    await allow("chief", *ALL)
    async with fleet.as_user("chief") as client:
        client.headers.update(CSRF)
        yield client


@pytest.fixture
async def limited(fleet: Fleet) -> AsyncIterator[httpx.AsyncClient]:
    """`haga`, with the permissions and one region."""
    await allow("haga", *ALL)
    async with fleet.as_user("haga") as client:
        client.headers.update(CSRF)
        yield client


async def add(client: httpx.AsyncClient, **fields: Any) -> httpx.Response:
    response = await client.post("rules", json=fields)
    assert response.status_code == 201, response.text
    return response


async def names(client: httpx.AsyncClient, **params: Any) -> list[str]:
    return [item["name"] for item in (await client.get("rules", params=params)).json()["items"]]


async def test_a_rule_is_made_and_read(editor: httpx.AsyncClient) -> None:
    made = await add(editor, **OFFLINE)
    id_ = made.json()["id"]
    assert made.json() == {
        **OFFLINE,
        "id": id_,
        "region": None,
        "vehicles": ["bus-1", "bus-2"],
        "limit_mps": None,
        "from_time": None,
        "to_time": None,
        "days": "12345",
        "time_zone": "UTC",
        "active": True,
    }
    assert made.headers["location"] == f"/api/v1/rules/{id_}"
    read = await editor.get(f"rules/{id_}")
    assert (read.json(), read.headers["etag"]) == (made.json(), made.headers["etag"])


async def test_a_rule_that_one_has_read_already_is_not_sent_again(editor: httpx.AsyncClient) -> None:
    made = await add(editor, **OFFLINE)
    known = {"If-None-Match": made.headers["etag"]}
    again = await editor.get(f"rules/{made.json()['id']}", headers=known)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", made.headers["etag"])


async def test_what_is_made_counts_for_the_watchman(editor: httpx.AsyncClient, fleet: Fleet) -> None:
    await add(editor, **HOURS, days="7", time_zone="Europe/Stockholm")
    await fleet.refresh_office()
    [rule] = fleet.directory.rules
    assert rule.kind is RuleKind.HOURS and rule.hours is not None
    assert (rule.hours.days, str(rule.hours.zone), rule.hours.from_time.isoformat()) == (
        {7},
        "Europe/Stockholm",
        "22:00:00",
    )


async def test_rules_come_in_pages_and_by_region(editor: httpx.AsyncClient) -> None:
    for fields in (DWELL, OFFLINE, HOURS):
        await add(editor, **fields)
    first = (await editor.get("rules", params={"limit": 2})).json()
    assert [item["name"] for item in first["items"]] == ["Long stay", "Silent"]
    assert await names(editor, cursor=first["next"]) == ["Night"]
    assert await names(editor, region="haga") == ["Long stay", "Night"]
    assert await names(editor, region="majorna") == []


async def test_a_rule_is_changed_in_part_and_into_another_kind(editor: httpx.AsyncClient) -> None:
    made = await add(editor, **DWELL, vehicles=["bus-1"])
    path, etag = f"rules/{made.json()['id']}", made.headers["etag"]
    slower = await editor.patch(path, json={"active": False, "vehicles": []}, headers={"If-Match": etag})
    assert slower.json() == {**made.json(), "active": False, "vehicles": []}
    change = {"kind": "speed", "limit_s": None, "limit_mps": 8.5}
    other = await editor.patch(path, json=change, headers={"If-Match": slower.headers["etag"]})
    assert other.json() == {**slower.json(), **change}
    assert await editor.delete(path, headers={"If-Match": other.headers["etag"]}) is not None
    assert_is_problem(await editor.get(path), 404)


async def test_two_editors_do_not_overwrite_each_other(editor: httpx.AsyncClient) -> None:
    made = await add(editor, **DWELL)
    path, read = f"rules/{made.json()['id']}", {"If-Match": made.headers["etag"]}
    assert (await editor.patch(path, json={"name": "One"}, headers=read)).status_code == 200
    for late in (await editor.patch(path, json={"name": "Two"}, headers=read), await editor.delete(path, headers=read)):
        assert_is_problem(late, 412)
    for blind in (await editor.patch(path, json={"name": "Two"}), await editor.delete(path)):
        assert_is_problem(blind, 428)
    assert (await editor.delete(path, headers={"If-Match": "*"})).status_code == 204


async def test_a_name_is_kept_without_spaces_around_it(editor: httpx.AsyncClient) -> None:
    made = await add(editor, **{**DWELL, "name": " Long stay\n"})
    assert made.json()["name"] == "Long stay"
    path, read = f"rules/{made.json()['id']}", {"If-Match": made.headers["etag"]}
    assert_is_problem(await editor.patch(path, json={"name": "  "}, headers=read), 422)


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({**DWELL, "kind": "nap"}, "kind", "not a valid choice"),
        ({**DWELL, "name": ""}, "name", "blank"),
        ({**DWELL, "name": " \t"}, "name", "blank"),
        ({**DWELL, "name": "x" * 101}, "name", "100 characters"),
        ({**DWELL, "region": None}, "region", "Only an offline rule"),
        ({**DWELL, "region": "nowhere"}, "region", "no region 'nowhere'"),
        ({**OFFLINE, "region": "haga"}, "region", "has none"),
        ({**OFFLINE, "vehicles": ["bus-1", "bus-9"]}, "vehicles", "no vehicle 'bus-9'"),
        ({**DWELL, "limit_s": None}, "limit_s", "needs it"),
        ({**DWELL, "limit_s": 0}, "limit_s", "between 1 and"),
        ({**DWELL, "limit_s": 10**9}, "limit_s", "between 1 and"),
        ({**DWELL, "limit_s": 10**30}, "limit_s", ""),
        ({**DWELL, "limit_mps": 3.0}, "limit_mps", "has none"),
        ({**DWELL, "kind": "speed", "limit_s": None, "limit_mps": 151}, "limit_mps", "up to 150"),
        ({**HOURS, "from_time": "25:00"}, "from_time", "time of the day"),
        ({**HOURS, "to_time": "06:00+02:00"}, "to_time", "time of the day"),
        ({**HOURS, "to_time": None}, "to_time", "needs it"),
        ({**HOURS, "days": "89"}, "days", "digits from 1"),
        ({**HOURS, "time_zone": "Mars/Base"}, "time_zone", "no time zone"),
        ({**DWELL, "colour": "red"}, "colour", "Extra"),
    ],
)
async def test_what_is_no_rule_is_told_why(
    editor: httpx.AsyncClient, fields: dict[str, Any], field: str, said: str
) -> None:
    response = await editor.post("rules", json=fields)
    assert_is_problem(response, 422)
    [error] = response.json()["errors"]
    assert error["field"] == field and said in error["reason"], error
    assert await Rule.objects.acount() == 0


async def test_who_watches_a_region_sees_and_keeps_its_rules_alone(
    editor: httpx.AsyncClient, limited: httpx.AsyncClient
) -> None:
    for fields in (DWELL, OFFLINE, {**DWELL, "name": "Elsewhere", "region": "majorna"}):
        made = await add(editor, **fields)
    assert await names(limited) == ["Long stay"]
    hidden = f"rules/{made.json()['id']}"
    for answer in (
        await limited.get(hidden),
        await limited.patch(hidden, json={"name": "Mine"}, headers={"If-Match": "*"}),
        await limited.delete(hidden, headers={"If-Match": "*"}),
    ):
        assert_is_problem(answer, 404)
    for fields, field in ((OFFLINE, "region"), ({**DWELL, "region": "majorna"}, "region")):
        response = await limited.post("rules", json=fields)
        assert_is_problem(response, 422)
        assert response.json()["errors"][0]["field"] == field


async def test_each_way_to_change_takes_its_permission(fleet: Fleet, editor: httpx.AsyncClient) -> None:
    path = f"rules/{(await add(editor, **DWELL)).json()['id']}"
    async with fleet.as_user("haga") as client:
        client.headers.update(CSRF)
        assert (await client.get(path)).status_code == 200
        for answer in (
            await client.post("rules", json=DWELL),
            await client.patch(path, json={"name": "x"}, headers={"If-Match": "*"}),
            await client.delete(path, headers={"If-Match": "*"}),
        ):
            assert_is_problem(answer, 403)


async def test_a_rule_that_is_out_of_use_is_looked_after_by_nobody(editor: httpx.AsyncClient) -> None:
    from asgiref.sync import sync_to_async

    await add(editor, **DWELL, active=False)
    assert await sync_to_async(load_rules)() == ()
