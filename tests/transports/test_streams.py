"""The live stream over server-sent events, long polling, polling and the command uplink, in process."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from asgiref.testing import ApplicationCommunicator

from tests.transports.conftest import Process
from tests.transports.test_websocket import NOW_MS, item, post
from tracking.transports import sse


@asynccontextmanager
async def browser(process: Process, user: str = "boss") -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=process.application)
    cookies = {"sessionid": process.sessions[user]}
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost/live/v1/", cookies=cookies) as client:
        yield client


class Events:
    """An event source: (id, message) one by one."""

    def __init__(self, process: Process, query: str, *, user: str = "boss", last_id: str = "") -> None:
        headers = [(b"host", b"localhost"), (b"cookie", f"sessionid={process.sessions[user]}".encode())]
        headers += [(b"last-event-id", last_id.encode())] if last_id else []
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/live/v1/sse",
            "query_string": query.encode(),
            "headers": headers,
        }
        self._app = ApplicationCommunicator(process.application, scope)
        self.has_ended = False

    async def open(self) -> int:
        await self._app.send_input({"type": "http.request", "body": b""})
        return int((await self._app.receive_output(timeout=5))["status"])

    async def next(self) -> tuple[str, dict[str, Any]]:
        part = await self._app.receive_output(timeout=5)
        if not part.get("more_body"):
            self.has_ended = True
            return "", {"type": "end"}
        lines = dict(line.split(": ", 1) for line in part["body"].decode().strip().splitlines())
        message = json.loads(lines.get("data", "{}"))
        return (lines.get("id", ""), message) if message.get("type", "event") != "event" else await self.next()

    async def close(self) -> None:
        await self._app.send_input({"type": "http.disconnect"})
        await self._app.wait(timeout=5)


async def test_a_stream_gives_the_picture_then_what_changes(process: Process) -> None:
    await post(process, item())
    events = Events(process, "channel=region:west")
    assert await events.open() == 200
    assert (await events.next())[1]["type"] == "welcome"
    _, snapshot = await events.next()
    assert [row[:4] for row in snapshot["rows"]] == [[1, NOW_MS, 57.7, 11.5]]
    await post(process, item(1))
    cursor, delta = await events.next()
    assert (delta["type"], delta["cursor"], delta["rows"][0][1]) == ("delta", cursor, NOW_MS + 1000)
    await events.close()
    assert not process.fleet.feed.connections


async def test_a_stream_goes_on_where_the_last_one_ended(process: Process) -> None:
    await post(process, item(), item(vehicle="bus", lon=12.5))
    first = Events(process, "channel=region:west&channel=region:east")
    await first.open()
    for _ in range(3):
        cursor, _ = await first.next()
    await first.close()
    second = Events(process, "channel=region:west&channel=region:east", last_id=cursor)
    await second.open()
    await post(process, item(1))
    frames = [(await second.next())[1] for _ in range(4)][1:]
    assert [(f["channel"], f["type"], len(f["rows"])) for f in frames] == [
        ("region:west", "delta", 0),
        ("region:east", "delta", 0),
        ("region:west", "delta", 1),
    ]
    await second.close()


async def test_a_stream_ends_by_itself_after_so_many_bytes(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "MOST_BYTES", 500)
    await post(process, item())
    events = Events(process, "channel=region:west")
    await events.open()
    seen = [(await events.next())[1]["type"] for _ in range(3)]
    assert seen == ["welcome", "snapshot", "end"]


async def test_a_stream_ends_by_itself_after_a_minute(process: Process) -> None:
    events = Events(process, "channel=region:west")
    await events.open()
    for _ in range(2):
        await events.next()
    (connection,) = process.fleet.feed.connections
    connection.beat(time.monotonic() + sse.LONGEST_S)
    while not events.has_ended:
        await events.next()


@pytest.mark.parametrize("path", ["sse", "poll"])
async def test_channels_one_may_not_see_are_refused_and_the_others_go_on(process: Process, path: str) -> None:
    query = "channel=region:east&channel=region:west"
    if path == "sse":
        events = Events(process, query, user="west")
        await events.open()
        messages = [(await events.next())[1] for _ in range(3)]
        await events.close()
    else:
        async with browser(process, "west") as client:
            messages = (await client.get(f"poll?{query}")).json()["messages"]
    told = [(message["type"], message.get("channel"), message.get("code")) for message in messages]
    assert told[0][0] == "welcome"
    assert set(told[1:]) == {("error", "region:east", "forbidden"), ("snapshot", "region:west", None)}


async def test_a_poll_gives_what_is_new_and_then_nothing(process: Process) -> None:
    await post(process, item())
    async with browser(process) as client:
        first = await client.get("poll", params={"channel": "region:west"})
        assert [message["type"] for message in first.json()["messages"]] == ["welcome", "snapshot"]
        tag = first.headers["etag"]
        again = await client.get("poll", params={"channel": "region:west"}, headers={"if-none-match": tag})
        assert (again.status_code, again.headers["etag"], again.content) == (304, tag, b"")
        await post(process, item(1), item(2))
        asked = {"channel": "region:west", "cursor": tag.strip('"'), "wait": "5"}
        third = await client.get("poll", params=asked)
        (delta,) = third.json()["messages"]
        assert (delta["prev"], [row[1] for row in delta["rows"]], delta["vehicles"]) == (0, [NOW_MS + 2000], {})


async def test_who_comes_back_to_poll_is_welcome_when_he_asks(process: Process) -> None:
    async with browser(process) as client:
        cursor = (await client.get("poll", params={"channel": "region:west"})).json()["cursor"]
        asked = {"channel": "region:west", "cursor": cursor, "wait": "20", "hello": "1"}
        answer = await client.get("poll", params=asked)
        assert [message["type"] for message in answer.json()["messages"]] == ["welcome"]


async def test_a_long_poll_answers_when_something_happens(process: Process) -> None:
    await post(process, item())
    async with browser(process) as client:
        cursor = (await client.get("poll", params={"channel": "region:west"})).json()["cursor"]
        asked = {"channel": "region:west", "cursor": cursor, "wait": "20"}
        waiting = asyncio.create_task(client.get("poll", params=asked))
        room = process.fleet.feed.hub.rooms["region:west"]
        while not room.watchers:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await post(process, item(1))
        assert (await waiting).json()["messages"][0]["rows"][0][1] == NOW_MS + 1000
        assert not room.watchers
        quiet = await client.get("poll", params={**asked, "cursor": (await waiting).json()["cursor"], "wait": "0.05"})
        assert quiet.status_code == 304


async def test_any_process_answers_any_cursor(process: Process) -> None:
    """A cursor of a process that is gone is answered by what changed since."""
    await post(process, item(), item(vehicle="bus"))
    async with browser(process) as client:
        cursor = (await client.get("poll", params={"channel": "region:west"})).json()["cursor"]
        elsewhere = cursor.split(".")
        elsewhere[2] = "another"
        answer = (await client.get("poll", params={"channel": "region:west", "cursor": ".".join(elsewhere)})).json()
        assert [message["type"] for message in answer["messages"]] == ["event", "event", "delta"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("poll", "bad_request"),
        ("poll?channel=region:west&wait=26", "bad_request"),
        ("poll?channel=region:west&wait=soon", "bad_request"),
        ("poll?" + "&".join(f"channel=region:{i}" for i in range(33)), "bad_request"),
        ("sse?channel=region:west&channel=region:west", "bad_request"),
    ],
)
async def test_a_wrong_question_gets_a_clear_problem(process: Process, path: str, code: str) -> None:
    async with browser(process) as client:
        answer = await client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize("path", ["sse?channel=region:west", "poll?channel=region:west"])
async def test_nobody_sees_nothing(process: Process, path: str) -> None:
    async with browser(process) as client:
        client.cookies.clear()
        assert (await client.get(path)).status_code == 401
        client.cookies["sessionid"] = "nonsense"
        assert (await client.get(path)).status_code == 401


async def test_a_device_reports_by_command(process: Process) -> None:
    async with process.http("van") as client:
        report = {"type": "report", "id": 7, "fixes": [{"fix_time": NOW_MS, "lat": 57.7, "lon": 11.5}]}
        answer = await client.post("http://localhost/live/v1/command", json=report)
        assert answer.json() == {"type": "ok", "id": 7, "result": {"stored": 1, "duplicates": 0, "refused": []}}
        wrong = await client.post("http://localhost/live/v1/command", content=b"[1")
        assert (wrong.status_code, wrong.json()["code"]) == (400, "bad_message")


async def test_a_browser_commands_only_with_the_header_that_forms_cannot_send(process: Process) -> None:
    report = {"type": "report", "id": 7, "fixes": []}
    async with browser(process) as client:
        client.headers["origin"] = "http://localhost"
        assert (await client.post("command", json=report)).status_code == 401
        answer = await client.post("command", json=report, headers={"x-fleet": "1"})
        assert (answer.status_code, answer.json()["reason"]) == (
            403,
            "Only a device may report; say hello with its token.",
        )
        assert (await client.get("command")).status_code == 405
