"""What is wrong with a field is said in a way that pages know in other languages."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async

from tests.api.conftest import OUTSIDE_LON, Fleet, square
from tests.api.test_region_editing import BOWTIE, CSRF, allow
from tests.api.test_shares import allow_shares, in_days

TEXTS = Path(__file__).parents[2] / "frontend" / "src" / "texts" / "sv.json"
VIEW = {"name": "Night", "query": ""}
RULE = {"name": "Long stay", "kind": "dwell", "region": "haga", "limit_s": 60}
HOURS = {"name": "Night", "kind": "hours", "region": "haga", "from_time": "22:00", "to_time": "06:30"}
REGION = {"name": "Heden", "polygon": square(57.69, OUTSIDE_LON)}
AWAY = {"type": "Polygon", "coordinates": [[[200, 0], [201, 0], [201, 1], [200, 0]]]}
SHARE = {"kind": "vehicle", "vehicle": "bus-1", "expires_time": in_days(1)}


@pytest.fixture
async def chief(fleet: Fleet) -> AsyncIterator[httpx.AsyncClient]:
    """May do all of it."""
    await allow("chief", "add_rule", "add_region")
    await sync_to_async(allow_shares)("chief")
    async with fleet.as_user("chief") as client:
        client.headers.update(CSRF)
        yield client


def is_known(reason: str) -> bool:
    """In one or more sentences of the language file."""
    texts = (re.escape(text) for text in json.loads(TEXTS.read_text()))
    known = "|".join(re.sub(r"\\{\w+\\}", ".+", text) for text in texts)
    return re.fullmatch(rf"(?:(?:{known})(?: |$))+", reason) is not None


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("views", VIEW | {"name": " "}),
        ("views", VIEW | {"name": "n" * 1000}),
        ("views", VIEW | {"name": "two\nlines"}),
        ("rules", {"kind": "dwell"}),
        ("rules", RULE | {"name": " "}),
        ("rules", RULE | {"name": "n" * 101}),
        ("rules", RULE | {"region": "nowhere"}),
        ("rules", RULE | {"region": None}),
        ("rules", RULE | {"kind": "offline"}),
        ("rules", RULE | {"vehicles": ["nobody"]}),
        ("rules", RULE | {"vehicles": ["bus-1"] * 1001}),
        ("rules", RULE | {"limit_s": 0}),
        ("rules", RULE | {"limit_s": 1 << 40}),
        ("rules", RULE | {"limit_s": None}),
        ("rules", RULE | {"limit_mps": 5}),
        ("rules", RULE | {"kind": "speed", "limit_s": None, "limit_mps": 0}),
        ("rules", HOURS | {"from_time": "midnight"}),
        ("rules", HOURS | {"days": ""}),
        ("rules", HOURS | {"time_zone": "Haga"}),
        ("regions", REGION | {"name": ""}),
        ("regions", REGION | {"polygon": BOWTIE}),
        ("regions", REGION | {"polygon": AWAY}),
        ("regions", REGION | {"colour": "red"}),
        ("regions", REGION | {"slug": "all"}),
        ("regions", REGION | {"slug": "haga"}),
        ("regions", REGION | {"slug": "ö ö"}),
        ("regions", REGION | {"polygon": square(57.69, OUTSIDE_LON) | {"note": "nul\0"}}),
        ("shares", SHARE | {"expires_time": in_days(-1)}),
        ("shares", SHARE | {"vehicle": "nobody"}),
        ("shares", SHARE | {"label": "l" * 101}),
        ("shares", SHARE | {"label": "nul\0"}),
        ("shares", SHARE | {"kind": "trip"}),
        ("shares", SHARE | {"kind": "region", "vehicle": None, "region": "nowhere"}),
    ],
)
async def test_pages_know_the_reason(chief: httpx.AsyncClient, path: str, body: dict[str, Any]) -> None:
    answer = await chief.post(path, json=body)
    assert answer.status_code == 422, answer.text
    assert [error["reason"] for error in answer.json()["errors"] if not is_known(error["reason"])] == []


async def test_a_name_that_is_taken_is_known_too(chief: httpx.AsyncClient) -> None:
    await chief.post("views", json=VIEW)
    (error,) = (await chief.post("views", json=VIEW)).json()["errors"]
    assert error["field"] == "name" and is_known(error["reason"])
