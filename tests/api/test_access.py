"""Who may ask for what: every path with every kind of credential."""

import re
from collections.abc import Callable
from typing import TypeAlias

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User

from tests.api.conftest import Fleet, assert_is_problem, make_api_token, make_device_token

RANGE = "from=2026-01-01T09:00:00Z&to=2026-01-01T10:00:00Z"
PATHS = (
    "vehicles/bus-1/data",
    "vehicles/bus-1/export",
    "fleet/days?vehicles=bus-1&day=2026-01-01",
    "views",
    f"vehicles/bus-1/trips?{RANGE}",
    f"vehicles/bus-2/trips?{RANGE}",
    f"vehicles/bus-1/stops?{RANGE}",
    f"vehicles/bus-2/stops?{RANGE}",
    f"vehicles/bus-1/summary?{RANGE}",
    f"vehicles/bus-2/summary?{RANGE}",
    "fleet/summary?day=2026-01-01",
    "shares",
    "audit",
    "share",
    "share/track",
    "vehicles",
    "vehicles/bus-1",
    "vehicles/bus-2",
    f"vehicles/bus-1/track?{RANGE}",
    f"vehicles/bus-2/track?{RANGE}",
    "vehicles/bus-9",
    f"vehicles/bus-9/track?{RANGE}",
    "regions",
    "regions.geojson",
    "regions/haga",
    "regions/majorna",
    f"regions/haga/visits?{RANGE}",
    f"regions/majorna/visits?{RANGE}",
    "regions/nowhere",
    f"regions/nowhere/visits?{RANGE}",
    "events",
    "events?region=haga",
    "events?region=majorna",
    "fleet/at?time=2026-01-01T09:00:00Z",
    f"fleet/replay?{RANGE}",
    "fleet/at?time=2026-01-01T09:00:00Z&region=haga",
    f"fleet/replay?{RANGE}&region=majorna",
    f"fleet/within?{RANGE}&west=11.9&south=57.6&east=12&north=57.8",
    "alerts",
    "alerts?vehicle=bus-1",
    "alerts/snoozes",
    "rules",
    "rules/1",
    f"vehicles/bus-1/quality?{RANGE}",
    f"vehicles/bus-2/quality?{RANGE}",
    "refusals",
    "refusals?vehicle=bus-1",
    "refusals?vehicle=bus-2",
    "duty?vehicle=bus-1",
    "duty?vehicle=bus-2",
    "messages",
    "messages?vehicle=bus-1",
    "messages?vehicle=bus-2",
)
NUMBER = re.compile(r"/\d+$")
SLUG = re.compile(r"^(vehicles|regions)/[\w-]+")
NOBODY = (401,) * len(PATHS)
NOT_STAFF = (200, 403, 401, 401)
EVERYTHING = (
    *(403, 403),
    200,
    200,
    *(200,) * 7,
    *NOT_STAFF,
    *(200, 200, 200, 200, 200, 404, 404, 200, 200, 200, 200, 200, 200, 404, 404),
    *(200,) * 3,
    *(200,) * 5,
    *(200,) * 4,
    404,
    *(200,) * 10,
)
HAGA_ONLY = (
    *(403, 403),
    200,
    200,
    *(200, 404) * 3,
    200,
    *NOT_STAFF,
    *(200, 200, 404, 200, 404, 404, 404, 200, 200, 200, 404, 200, 404, 404, 404),
    *(200, 200, 422),
    *(200, 200, 200, 422, 200),
    *(200, 200, 200, 200, 404, 200, 404),
    *(200, 200, 422),
    *(200, 422),
    *(200, 200, 422),
)
NO_REGION = (
    *(403, 403),
    200,
    200,
    *(404,) * 6,
    200,
    *NOT_STAFF,
    *(200, 404, 404, 404, 404, 404, 404, 200, 200, 404, 404, 404, 404, 404, 404),
    *(200, 422, 422),
    *(200, 200, 422, 422, 200),
    *(200, 422, 200, 200, 404, 404, 404),
    *(200, 422, 422),
    *(422, 422),
    *(200, 422, 422),
)
BUS_1_DRIVER = (*(401,) * (len(PATHS) - 5), 200, 422, 200, 200, 422)

Login: TypeAlias = Callable[[Fleet], httpx.AsyncClient]


def session(name: str | None) -> Login:
    return lambda fleet: fleet.as_user(name)


def api_token(name: str) -> Login:
    return lambda fleet: fleet.with_token(make_api_token(name)[1])


def revoked_api_token(fleet: Fleet) -> httpx.AsyncClient:
    token, secret = make_api_token("chief")
    token.revoke()
    return fleet.with_token(secret)


def api_token_of_someone_inactive(fleet: Fleet) -> httpx.AsyncClient:
    secret = make_api_token("chief")[1]
    User.objects.filter(username="chief").update(is_active=False)
    return fleet.with_token(secret)


def session_of_someone_inactive(fleet: Fleet) -> httpx.AsyncClient:
    User.objects.filter(username="chief").update(is_active=False)
    return fleet.as_user("chief")


def session_with_a_wrong_token(fleet: Fleet) -> httpx.AsyncClient:
    client = fleet.as_user("chief")
    client.headers["Authorization"] = "Bearer wrong"
    return client


def session_with_foreign_authorization(fleet: Fleet) -> httpx.AsyncClient:
    """A proxy's own password, which is none of the product's business."""
    client = fleet.as_user("chief")
    client.headers["Authorization"] = "Basic dXNlcjpwYXNz"
    return client


CREDENTIALS: dict[str, tuple[Login, tuple[int, ...]]] = {
    "none": (session(None), NOBODY),
    "a forged session": (lambda fleet: fleet.with_cookie("a" * 32), NOBODY),
    "a session with everything": (session("chief"), EVERYTHING),
    "a session with one region": (session("haga"), HAGA_ONLY),
    "a session with no region": (session("nobody"), NO_REGION),
    "a session of someone inactive": (session_of_someone_inactive, NOBODY),
    "an API token with everything": (api_token("chief"), EVERYTHING),
    "an API token with one region": (api_token("haga"), HAGA_ONLY),
    "an API token with no region": (api_token("nobody"), NO_REGION),
    "an API token of someone inactive": (api_token_of_someone_inactive, NOBODY),
    "a revoked API token": (revoked_api_token, NOBODY),
    "a wrong token": (lambda fleet: fleet.with_token("wrong"), NOBODY),
    "an empty token": (lambda fleet: fleet.with_token(""), NOBODY),
    "a device token": (lambda fleet: fleet.with_token(make_device_token("bus-1")), BUS_1_DRIVER),
    "a session and a wrong token": (session_with_a_wrong_token, NOBODY),
    "a session and another scheme": (session_with_foreign_authorization, EVERYTHING),
}


@pytest.mark.parametrize("credential", CREDENTIALS)
async def test_every_path_answers_every_credential_as_the_table_says(fleet: Fleet, credential: str) -> None:
    """`bus-1` is in Haga, `bus-2` never was; a foreign thing is not found, rather than forbidden."""
    login, expected = CREDENTIALS[credential]
    fleet.store(fleet.make_fix("bus-1"), fleet.make_fix("bus-2", lon=0.0))
    async with await sync_to_async(login)(fleet) as client:
        answers = [await client.get(path) for path in PATHS]
    assert {path: answer.status_code for path, answer in zip(PATHS, answers, strict=True)} == dict(
        zip(PATHS, expected, strict=True)
    )
    for answer in answers:
        if answer.status_code != 200:
            assert_is_problem(answer, answer.status_code)


async def test_the_table_has_every_path_of_the_document(fleet: Fleet) -> None:
    """A new endpoint cannot be forgotten here."""
    async with fleet.as_user(None) as client:
        document = (await client.get("openapi.json")).json()
    documented = {path.removeprefix("/api/v1/") for path, item in document["paths"].items() if "get" in item}
    asked = {NUMBER.sub("/{id_}", SLUG.sub(r"\1/{slug}", path.partition("?")[0])) for path in PATHS}
    assert asked == documented


async def test_a_refusal_names_the_scheme(fleet: Fleet) -> None:
    async with fleet.as_user(None) as client:
        response = await client.get("vehicles")
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.headers["cache-control"] == "no-store"
