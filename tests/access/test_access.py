"""Every path of the product with every kind of credential: `tests/data/access.csv` says what each is answered."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.access.conftest import Guards
from tests.api.test_shares import in_days
from tests.transports.test_websocket import item
from tracking.api.urls import api
from tracking.wiring import bare_apps

TABLE = Path(__file__).parent.parent / "data" / "access.csv"
RANGE = "from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z"
REGION = "channel=region:west"
QUERIES = {
    "/live/v1/sse": REGION,
    "/live/v1/poll": REGION,
    "/api/v1/vehicles/{slug}/track": RANGE,
    "/api/v1/regions/{slug}/visits": RANGE,
    "/api/v1/fleet/at": "time=2026-01-01T00:00:00Z",
    "/api/v1/fleet/replay": RANGE,
    "/api/v1/fleet/within": f"{RANGE}&west=11&south=57&east=12&north=58",
    "/api/v1/fleet/summary": "day=2026-01-01",
    "/api/v1/fleet/days": "vehicles=van&day=2026-01-01",
    "/api/v1/duty": "vehicle=van",
    **dict.fromkeys((f"/api/v1/vehicles/{{slug}}/{what}" for what in ("trips", "stops", "summary", "quality")), RANGE),
}
SQUARE = {"type": "Polygon", "coordinates": [[[1, 1], [2, 1], [2, 2], [1, 1]]]}
BODIES: dict[str, Any] = {
    "/api/v1/refusals/adopt": {"named": "ghost"},
    "/api/v1/regions": {"name": "North", "polygon": SQUARE},
    "/api/v1/regions/{slug}": {"name": "North", "colour": "#112233", "polygon": SQUARE},
    "/api/v1/regions.geojson": {"type": "FeatureCollection", "features": []},
    "/api/v1/rules": {"name": "Long", "kind": "dwell", "region": "west", "limit_s": 60},
    "/api/v1/rules/{id_}": {"name": "Longer"},
    "/api/v1/fixes": [item(60)],
    "/in/{token}": {"_type": "location", "tst": 1, "lat": 57, "lon": 11},
    "/live/v1/command": {"type": "send", "id": 1, "channel": "driver:van", "key": "k", "text": "Hello"},
    "/api/v1/messages": {"vehicle": "van", "key": "k", "text": "Hello"},
    "/api/v1/duty": {"switches": [{"time": in_days(0), "off_duty": True}]},
    "/api/v1/alerts/{id_}/snooze": {"until_time": in_days(1)},
    "/api/v1/views": {"name": "Night", "query": "region=west"},
    "/api/v1/views/{id_}": {"default": True},
    "/api/v1/vehicles/{slug}/erase": {"confirm": "no"},
    "/api/v1/pair": {"code": "ABCD-2345"},
    "/api/v1/shares": {"kind": "region", "region": "west", "expires_time": in_days(1)},
}
EXAMPLES = {
    "vehicles/<slug:slug>": "vehicles/van",
    "<int:token>": "999",
    "vehicles/{slug}": "vehicles/van",
    "regions/{slug}": "regions/west",
    "{id_}": "1",
    "<path:rest>": "nothing",
}


def rows() -> list[dict[str, str]]:
    with TABLE.open() as file:
        return list(csv.DictReader(file))


def walked(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    """The routes of URL patterns."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walked(pattern.url_patterns, route)
        else:
            assert isinstance(pattern, URLPattern)
            yield route


def served(guards: Guards) -> set[str]:
    """Every path that is there; methods of the API stand before it."""
    routes = {f"/{route}" for route in walked(get_resolver().url_patterns)}
    documented = api.get_openapi_schema(path_prefix="/api/v1/")["paths"]
    operations = {f"{method.upper()} {path}" for path, item in documented.items() for method in item}
    pages = {route for route in routes if not route.startswith(("/admin/", "/api/v1/"))}
    others = {route for route in routes if route.startswith("/api/v1/")}
    undocumented = {route for route in others if re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route) not in documented}
    application = guards.process.application
    bare = bare_apps(guards.process.fleet, application, application)
    return operations | pages | undocumented | set(bare)


def path_of(row: dict[str, str]) -> str:
    path = row["path"]
    for pattern, example in EXAMPLES.items():
        path = path.replace(pattern, example)
    return path


async def test_the_table_has_every_path(guards: Guards) -> None:
    """A new one without a row fails here."""
    known = {row["path"] for row in rows()} | {f"{row['method']} {row['path']}" for row in rows()}
    assert served(guards) - known == set()


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['method']} {row['path']}")
async def test_every_path_answers_everybody_as_the_table_says(guards: Guards, row: dict[str, str]) -> None:
    expected = {who: int(status) for who, status in row.items() if who not in {"method", "path"}}
    body = json.dumps(BODIES[row["path"]]).encode() if row["path"] in BODIES else b""
    query = QUERIES.get(row["path"], "") if row["method"] == "GET" else ""
    answers = {who: await guards.knock(who, row["method"], path_of(row), query=query, body=body) for who in expected}
    assert answers == expected


async def test_nobody_but_staff_comes_into_the_administration(guards: Guards) -> None:
    """Each of its addresses leads to its login, and staff is shown what it was granted: nothing."""
    routes = [f"/{route}" for route in walked(get_resolver().url_patterns) if route.startswith("admin/")]
    assert len(routes) > 50
    for route in routes:
        path = re.sub(r"<[^>]*>|\(\?P.*$", "1", route)
        open_to_all = path in {"/admin/login/", "/admin/jsi18n/", "/admin/logout/"}
        for who in ("nobody", "guest", "device", "token all", "west", "all", "logged out"):
            assert open_to_all or await guards.knock(who, "GET", path) == 302, (path, who)
        assert await guards.knock("clerk", "GET", path) < 500 and await guards.knock("boss", "GET", path) < 500
