"""What a poll is told besides news, what it may not do too often, and what it does to messages."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async

from fleet.asgi import django_application
from tests.transports.conftest import Process
from tests.transports.test_rights import (
    OWN_PAGE,
    delete_session,
    grant_east,
    has_watcher,
    move_west,
    take_region,
)
from tests.transports.test_streams import browser
from tests.transports.test_websocket import NOW_MS, item, post
from tracking.live import limits
from tracking.transports import poll
from tracking.wiring import make_application

POLL = "http://localhost/live/v1/poll"
COMMAND = "http://localhost/live/v1/command"
MESSAGE = {"type": "send", "id": 7, "channel": "driver:van", "key": "k", "text": "One more?"}


async def wait_in(process: Process, *channels: str) -> "asyncio.Task[httpx.Response]":
    """A poll of `west` that has seen all there is."""

    async def ask(**fields: Any) -> httpx.Response:
        async with browser(process, "west") as client:
            return await client.get("poll", params={"channel": channels, **fields})

    cursor = (await ask()).json()["cursor"]
    waiting = asyncio.create_task(ask(cursor=cursor, wait=20))
    await has_watcher(process)
    return waiting


async def test_a_poll_that_waits_ends_when_the_server_drains(process: Process) -> None:
    """With cursors that go on elsewhere."""
    waiting = await wait_in(process, "region:west")
    assert [one.describe(0)["transport"] for one in process.fleet.feed.connections] == ["poll"]
    await process.fleet.drain.run(spread_s=0)
    answer = (await waiting).json()
    assert [(bye["code"], bye["resume"]) for bye in answer["messages"]] == [(4000, True)]
    assert answer["cursor"] and not process.fleet.feed.connections


@pytest.mark.parametrize(("withdraw", "told"), [(take_region, ("kick", "forbidden")), (delete_session, ("bye", 4505))])
async def test_a_poll_that_waits_is_told_of_withdrawn_rights(
    process: Process, withdraw: Callable[[Process], None], told: Any
) -> None:
    waiting = await wait_in(process, "region:west")
    await sync_to_async(withdraw)(process)
    assert [(message["type"], message["code"]) for message in (await waiting).json()["messages"]] == [told]


async def test_polls_are_told_of_other_regions(process: Process) -> None:
    """One that waits at once, one between two questions with the next answer; once each."""
    waiting = await wait_in(process, "region:west")
    await sync_to_async(grant_east)(process)
    answer = (await waiting).json()
    (told,) = answer["messages"]
    assert told["type"] == "regions"
    await sync_to_async(move_west)(process)
    await process.fleet.admission.identify_token("a look at the office")
    async with browser(process, "west") as client:
        later = (await client.get("poll", params={"channel": "region:west", "cursor": answer["cursor"]})).json()
        assert [message["type"] for message in later["messages"]] == ["regions"]
        assert later["messages"][0]["mark"] != told["mark"]
        quiet = await client.get("poll", params={"channel": "region:west", "cursor": later["cursor"]})
    assert quiet.status_code == 304


async def test_what_many_rooms_tell_in_short_order_is_one_answer(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poll, "PACE_S", 2.0)
    await post(process, item())
    waiting = await wait_in(process, "region:west", "vehicle:van")
    await post(process, item(1))
    await post(process, item(2))
    deltas = (await waiting).json()["messages"]
    assert {(delta["channel"], delta["rows"][0][1]) for delta in deltas} == {
        ("region:west", NOW_MS + 2000),
        ("vehicle:van", NOW_MS + 2000),
    }


async def test_a_message_is_delivered_by_a_poll_of_whom_it_was_written_to(process: Process) -> None:
    async with browser(process) as boss, process.http("van") as van:
        await boss.post("command", json=MESSAGE, headers=OWN_PAGE)
        states = []
        for client in (boss, van):
            answer = await client.get(POLL, params={"channel": "driver:van"})
            texts = [m["data"].get("text") for m in answer.json()["messages"] if m["type"] == "event"]
            assert texts == ["One more?"]
            kept = (await boss.get("http://localhost/api/v1/messages")).json()["items"]
            states.append(kept[0]["state"])
    assert states == ["sent", "delivered"]


async def test_who_polls_too_often_has_to_wait(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever token he comes with; others go on."""
    monkeypatch.setattr(limits, "POLLS_BURST", 2)
    monkeypatch.setattr(limits, "POLLS_PER_S", 0.001)
    process.application = make_application(process.fleet, django_application)
    async with browser(process, "west") as client, browser(process) as other:
        token = (await client.post("token", headers=OWN_PAGE)).json()["token"]
        for _ in range(2):
            assert (await client.get("poll?channel=region:west")).status_code == 200
        by_token = await client.get("poll?channel=region:west", headers={"Authorization": f"Bearer {token}"})
        assert (by_token.status_code, by_token.json()["code"], by_token.headers["retry-after"]) == (429, "rate", "1")
        assert (await other.get("poll?channel=region:west")).status_code == 200


async def test_who_commands_too_often_has_to_wait(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MESSAGES_BURST", 2)
    monkeypatch.setattr(limits, "MESSAGES_PER_S", 0.001)
    process.application = make_application(process.fleet, django_application)
    report = {"type": "report", "id": 1, "fixes": []}
    async with process.http("van") as van, process.http("gateway") as gateway:
        assert [(await van.post(COMMAND, json=report)).status_code for _ in range(2)] == [200, 200]
        answer = await van.post(COMMAND, json=report)
        assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (429, "rate", "1")
        assert (await gateway.post(COMMAND, json=report)).status_code == 200
