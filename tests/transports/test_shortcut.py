"""Posts of fixes on uvicorn by their short way: answered as the application would, which gets only what is out of the ordinary."""

import asyncio
import gzip
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import uvicorn
from uvicorn.server import ServerState

from tests.transports.conftest import Process
from tracking.domain.errors import Unavailable
from tracking.ingest import writer
from tracking.transports.fixes_http import PATH
from tracking.transports.shortcut import Shortcut
from tracking.transports.uvicorn_posts import PostingProtocol
from tracking.wiring import make_doorkeeper

NOW_MS = int(time.time() * 1000)
GZIP = {"Content-Encoding": "gzip"}


def item(**fields: Any) -> dict[str, Any]:
    return {"vehicle": "van", "fix_time": NOW_MS, "lat": 57.7, "lon": 11.95, **fields}


class Server:
    """`calls` counts the requests that came to the application."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.calls = 0
        self.port = 0

    async def application(self, scope: Any, receive: Any, send: Any) -> None:
        self.calls += 1
        await self.process.application(scope, receive, send)

    async def start(self) -> asyncio.Server:
        await self.process.fleet.start()
        shortcut = Shortcut(self.process.fleet, make_doorkeeper(self.process.fleet), self.process.fleet.drain)
        config = uvicorn.Config(self.application, interface="asgi3", lifespan="off", log_config=None)
        config.load()

        def connected() -> PostingProtocol:
            return PostingProtocol(shortcut, config=config, server_state=ServerState(), app_state={})

        server = await asyncio.get_running_loop().create_server(connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        return server

    def client(self, token: str = "gateway") -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {self.process.tokens.get(token, token)}"}
        return httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", headers=headers, trust_env=False)

    def request(self, body: bytes, *headers: str) -> bytes:
        head = [f"POST {PATH} HTTP/1.1", "Host: fleet", f"Authorization: Bearer {self.process.tokens['gateway']}"]
        return "\r\n".join([*head, f"Content-Length: {len(body)}", *headers, "", ""]).encode() + body


@pytest.fixture
async def server(process: Process) -> AsyncIterator[Server]:
    served = Server(process)
    listening = await served.start()
    yield served
    listening.close()


async def test_a_post_in_order_is_answered_without_the_application(server: Server) -> None:
    async with server.client() as client:
        mixed = [item(), item(vehicle="bus"), item(lat=99), "x"]
        answers = [await client.post(PATH, json=sent) for sent in (item(), mixed, [])]
    receipts = [answer.json() for answer in answers]
    assert [(receipt["stored"], receipt["duplicates"]) for receipt in receipts] == [(1, 0), (1, 1), (0, 0)]
    assert [entry["reason"] for entry in receipts[1]["refused"]] == ["lat_out_of_range", "not_an_object"]
    assert {answer.headers["content-type"] for answer in answers} == {"application/json"}
    assert server.calls == 0 and not server.process.fleet.drain.under_way.total()


@pytest.mark.parametrize(
    ("token", "options", "expected"),
    [
        ("nobody", {"json": item()}, 401),
        ("gateway", {"content": b"{"}, 400),
        ("gateway", {"json": [item()] * 1001}, 413),
        ("gateway", {"content": gzip.compress(json.dumps(item()).encode()), "headers": GZIP}, 200),
    ],
)
async def test_the_application_answers_all_else(
    server: Server, token: str, options: dict[str, Any], expected: int
) -> None:
    async with server.client(token) as client:
        answer = await client.post(PATH, **options)
    assert (answer.status_code, server.calls) == (expected, 1)


async def test_the_application_answers_what_has_no_length(server: Server) -> None:
    async def told() -> AsyncIterator[bytes]:
        yield b"[]"

    async with server.client() as client:
        answer = await client.post(PATH, content=told())
    assert (answer.status_code, server.calls) == (200, 1)


async def test_what_goes_wrong_on_the_way_is_told(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise Unavailable("The disk is full.")

    monkeypatch.setattr(writer, "commit", fail)
    monkeypatch.setattr(writer, "GIVE_UP_AFTER_S", 0.0)
    async with server.client() as client:
        answer = await client.post(PATH, json=item())
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "busy", "1")
    assert not server.process.fleet.drain.under_way.total()


async def test_a_bug_is_answered(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server.process.fleet.intake, "begin", None)
    async with server.client() as client:
        assert (await client.post(PATH, json=item())).json()["code"] == "failed"


async def test_requests_sent_ahead_are_answered_in_their_order(server: Server) -> None:
    """However many, and those that need no disk at once."""
    bodies = [json.dumps([item(lat=99)] * (i % 3)).encode() for i in range(1_000)]
    reader, writing = await asyncio.open_connection("127.0.0.1", server.port)
    writing.write(b"".join(map(server.request, bodies)))
    for i in range(len(bodies)):
        head = await reader.readuntil(b"\r\n\r\n")
        size = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        assert len(json.loads(await reader.readexactly(size))["refused"]) == i % 3
    writing.close()


async def test_a_body_in_pieces_is_waited_for_and_an_asked_close_done(server: Server) -> None:
    reader, writing = await asyncio.open_connection("127.0.0.1", server.port)
    request = server.request(json.dumps(item()).encode(), "Connection: close")
    writing.write(request[:-9])
    await asyncio.sleep(0.05)
    writing.write(request[-9:])
    answer = await reader.read()
    writing.close()
    assert b"\r\nconnection: close\r\n" in answer and answer.endswith(b'{"stored":1,"duplicates":0,"refused":[]}')
    assert server.calls == 0


async def test_a_client_that_left_is_not_missed(server: Server) -> None:
    _, writing = await asyncio.open_connection("127.0.0.1", server.port)
    writing.write(server.request(json.dumps(item()).encode()))
    await writing.drain()
    writing.transport.abort()
    async with server.client() as client:
        await client.post(PATH, json=item(vehicle="bus"))
    assert not server.process.fleet.drain.under_way.total()
