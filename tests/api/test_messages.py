"""Messages between dispatchers and drivers over HTTP."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async

from tests.api.conftest import Fleet, assert_is_problem, make_device_token
from tracking.domain.counters import Counters
from tracking.ingest.mail import Mail
from tracking.ingest.upkeep import Upkeep
from tracking.ingest.writer import FixWriter
from tracking.models import DeviceToken

ASK = {"vehicle": "bus-1", "key": "a", "text": "Can you take one more?", "quick_replies": ["Yes", "No"]}


@pytest.fixture
def post(fleet: Fleet) -> Iterator[Fleet]:
    """A fleet whose messages are told; bus 1 is in Haga, bus 2 nowhere."""
    fleet.store(fleet.make_fix("bus-1"), fleet.make_fix("bus-2", lon=0.0))
    writer = FixWriter(
        fleet.telemetry,
        directory=lambda: fleet.directory,
        on_commit=lambda committed: None,
        counters=Counters(),
        upkeep=Upkeep([]),
    )
    writer.open()
    fleet.mail = Mail(writer)
    yield fleet
    writer.stop()


def dispatcher(fleet: Fleet, name: str = "chief") -> httpx.AsyncClient:
    client = fleet.as_user(name)
    client.headers["X-Fleet"] = "1"
    return client


async def driver(fleet: Fleet, slug: str = "bus-1") -> httpx.AsyncClient:
    return fleet.with_token(await sync_to_async(make_device_token)(slug))


async def send(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    response = await client.post("messages", json={**ASK, **fields})
    assert response.status_code == 200, response.text
    sent: dict[str, Any] = response.json()
    return sent


async def listed(client: httpx.AsyncClient, **params: Any) -> list[dict[str, Any]]:
    response = await client.get("messages", params=params)
    assert response.status_code == 200, response.text
    items: list[dict[str, Any]] = response.json()["items"]
    return items


async def test_a_message_goes_to_the_driver_and_the_answer_comes_back(post: Fleet) -> None:
    async with dispatcher(post) as chief, await driver(post) as bus:
        await send(chief)
        (asked,) = await listed(bus)
        assert (asked["text"], asked["quick_replies"], asked["author"]) == (ASK["text"], ["Yes", "No"], "chief")
        answer = await send(bus, vehicle=None, text="Yes", quick_replies=[])
        assert (answer["vehicle"], answer["from_driver"]) == ("bus-1", True)
        assert [item["text"] for item in await listed(chief, after=asked["id"])] == ["Yes"]


async def test_a_message_is_sent_then_delivered_then_read(post: Fleet) -> None:
    async with dispatcher(post) as chief, await driver(post) as bus:
        sent = await send(chief)
        assert (sent["state"], sent["delivered_time"]) == ("sent", None)
        await listed(bus)
        (delivered,) = await listed(chief)
        assert (delivered["state"], delivered["read_time"]) == ("delivered", None)
        read = (await bus.post(f"messages/{sent['id']}/read")).json()
        assert (read["state"], read["delivered_time"]) == ("read", delivered["delivered_time"])
        assert (await bus.post(f"messages/{sent['id']}/read")).json() == read


async def test_the_newest_come_first_before_an_id(post: Fleet) -> None:
    """Page by page, as who scrolls back in a conversation asks."""
    async with dispatcher(post) as chief:
        ids = [(await send(chief, key=str(number)))["id"] for number in range(5)]
        first = (await chief.get("messages", params={"before": ids[4], "limit": 3})).json()
        assert [item["id"] for item in first["items"]] == [ids[3], ids[2], ids[1]]
        rest = (await chief.get("messages", params={"before": ids[4], "limit": 3, "cursor": first["next"]})).json()
        assert ([item["id"] for item in rest["items"]], rest["next"]) == ([ids[0]], None)


async def test_unread_is_what_a_driver_wrote_and_nobody_read(post: Fleet) -> None:
    async with dispatcher(post) as chief, await driver(post) as bus:
        await send(chief)
        old, new = [await send(bus, vehicle=None, key=key, quick_replies=[]) for key in ("x", "y")]
        await chief.post(f"messages/{old['id']}/read")
        assert [item["id"] for item in await listed(chief, unread=True)] == [new["id"]]


async def test_a_repeated_send_is_the_same_message(post: Fleet) -> None:
    """By its author's key; another author may use the same one."""
    async with dispatcher(post) as chief, await driver(post) as bus:
        assert await send(chief) == await send(chief, text="Changed")
        await send(bus)
        assert [(item["from_driver"], item["text"]) for item in await listed(chief)] == [
            (False, ASK["text"]),
            (True, ASK["text"]),
        ]
        kinds = [item["kind"] for item in (await chief.get("events")).json()["items"]]
        assert kinds.count("message") == 2


async def test_a_message_sent_several_times_at_once_is_told_once(post: Fleet) -> None:
    """As by a page that sends again what it got no answer to; all hear the same id."""
    async with dispatcher(post) as chief:
        answers = await asyncio.gather(*(send(chief) for _ in range(5)))
        kinds = [item["kind"] for item in (await chief.get("events")).json()["items"]]
    assert (len({answer["id"] for answer in answers}), kinds.count("message")) == (1, 1)


async def test_what_happens_to_a_message_is_in_the_log(post: Fleet) -> None:
    async with dispatcher(post) as chief, await driver(post) as bus:
        sent = await send(chief)
        await bus.post(f"messages/{sent['id']}/read")
        events = (await chief.get("events", params={"vehicle": "bus-1"})).json()["items"]
    assert [(event["kind"], event["data"].get("text"), event["data"].get("state")) for event in events[1:]] == [
        ("message", ASK["text"], None),
        ("receipt", None, "read"),
    ]


async def test_a_limited_dispatcher_writes_to_vehicles_in_sight(post: Fleet) -> None:
    async with dispatcher(post, "haga") as haga, dispatcher(post) as chief:
        assert (await send(haga))["vehicle"] == "bus-1"
        assert_is_problem(await haga.post("messages", json={**ASK, "vehicle": "bus-2"}), 422)
        other = await send(chief, vehicle="bus-2")
        assert [item["vehicle"] for item in await listed(haga)] == ["bus-1"]
        assert_is_problem(await haga.post(f"messages/{other['id']}/read"), 404)


async def test_a_driver_sees_its_own_vehicle_only(post: Fleet) -> None:
    async with dispatcher(post) as chief, await driver(post, "bus-2") as bus:
        sent = await send(chief)
        assert await listed(bus) == []
        assert_is_problem(await bus.post("messages", json=ASK), 422)
        assert_is_problem(await bus.post(f"messages/{sent['id']}/read"), 404)


async def test_a_message_is_read_by_the_other_side(post: Fleet) -> None:
    async with dispatcher(post) as chief:
        sent = await send(chief)
        assert_is_problem(await chief.post(f"messages/{sent['id']}/read"), 403)


async def test_a_gateway_has_no_driver(post: Fleet) -> None:
    def make_gateway() -> str:
        token = DeviceToken()
        secret = token.renew_secret()
        token.save()
        return secret

    async with post.with_token(await sync_to_async(make_gateway)()) as gateway:
        assert_is_problem(await gateway.get("messages"), 403)


async def test_a_foreign_page_cannot_send_with_the_cookie(post: Fleet) -> None:
    async with post.as_user("chief") as chief:
        assert_is_problem(await chief.post("messages", json=ASK), 403)
        assert await listed(chief) == []


async def test_pages_of_messages_follow_each_other(post: Fleet) -> None:
    async with dispatcher(post) as chief:
        for key in "abc":
            await send(chief, key=key)
        first = (await chief.get("messages", params={"limit": 2})).json()
        assert [item["key"] for item in first["items"]] == ["a", "b"]
        assert [item["key"] for item in await listed(chief, cursor=first["next"])] == ["c"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"text": ""}, 422),
        ({"text": "x" * 1_001}, 422),
        ({"text": "  "}, 400),
        ({"text": "nul\0"}, 422),
        ({"key": "x" * 65}, 422),
        ({"quick_replies": ["x"] * 7}, 422),
        ({"quick_replies": ["x" * 61]}, 422),
        ({"vehicle": "bus-9"}, 422),
        ({"vehicle": None}, 422),
        ({"colour": "red"}, 422),
    ],
)
async def test_what_cannot_be_sent_is_told(post: Fleet, fields: dict[str, Any], status: int) -> None:
    async with dispatcher(post) as chief:
        assert_is_problem(await chief.post("messages", json={**ASK, **fields}), status)
