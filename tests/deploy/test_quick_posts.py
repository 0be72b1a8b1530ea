"""Posts that are answered without ASGI, on real sockets: a client sees no difference, however its bytes come."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from scripts.support.children import LOOPBACK, Children
from tests.deploy.office import Office, Running

NOW_MS = int(time.time() * 1000)

pytestmark = pytest.mark.parametrize("server", ["daphne", "uvicorn"], scope="module")


@pytest.fixture(scope="module")
def running(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with Children() as children:
        yield Office(tmp_path_factory.mktemp("quick")).start(children, server)


class Caller:
    """One connection, byte for byte."""

    def __init__(self, running: Running, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._running = running
        self._reader = reader
        self._writer = writer

    @classmethod
    @asynccontextmanager
    async def at(cls, running: Running) -> AsyncIterator["Caller"]:
        reader, writer = await asyncio.open_connection(LOOPBACK, running.port)
        try:
            yield cls(running, reader, writer)
        finally:
            writer.close()
            await writer.wait_closed()

    def post(self, body: Any, *, token: str | None = None, fields: str = "") -> bytes:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        head = (
            f"POST /api/v1/fixes HTTP/1.1\r\nHost: {LOOPBACK}\r\nAuthorization: Bearer {token or self._running.token}\r\n"
            f"Content-Length: {len(data)}\r\n{fields}\r\n"
        )
        return head.encode() + data

    def write(self, data: bytes) -> None:
        self._writer.write(data)

    async def ask(self, request: bytes) -> tuple[int, Any]:
        self.write(request)
        return await self.answer()

    async def send(self, *parts: bytes) -> None:
        for part in parts:
            self._writer.write(part)
            await self._writer.drain()
            await asyncio.sleep(0.05)

    async def status(self) -> int:
        """Of an answer without a document."""
        return int((await self._reader.readline()).split(b" ")[1])

    async def answer(self) -> tuple[int, Any]:
        """The next one's status, and its document or what else it has."""
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = next(line for line in head.lower().split("\r\n") if line.startswith("content-length:"))
        body = await self._reader.readexactly(int(length.partition(":")[2]))
        return int(head.split(" ")[1]), json.loads(body) if "json" in head else body


def item(number: int, **fields: Any) -> dict[str, Any]:
    return {"fix_time": NOW_MS + number, "lat": 57.7, "lon": 11.95, **fields}


def receipt(stored: int, duplicates: int = 0) -> tuple[int, dict[str, Any]]:
    return 200, {"stored": stored, "duplicates": duplicates, "refused": []}


async def test_the_quick_way_is_taken_and_says_the_same(running: Running) -> None:
    """The other way is asked for by a field that only a whole server reads."""
    async with Caller.at(running) as caller:
        answers = []
        for number, fields in enumerate(("", "Expect: \r\n", "")):
            await caller.send(caller.post([item(number), item(0), {**item(0), "lat": 91}, "x"], fields=fields))
            answers.append(await caller.answer())
        assert answers[0][1]["stored"] == 1
        assert answers[1] == answers[2]


async def test_bodies_come_as_they_like(running: Running) -> None:
    """Head and body apart, in many parts, and several requests at once; a request of another kind in between."""
    async with Caller.at(running) as caller:
        whole = caller.post([item(10)])
        at = whole.index(b"\r\n\r\n") + 4
        await caller.send(whole[:at], whole[at:])
        assert await caller.answer() == receipt(1)
        await caller.send(whole[:7], whole[7:at], whole[at : at + 9], whole[at + 9 :])
        assert await caller.answer() == receipt(0, 1)
        await caller.send(caller.post([item(11)]) + caller.post([item(12)]) + caller.post([item(13)]))
        assert [await caller.answer() for _ in range(3)] == [receipt(1)] * 3
        await caller.send(caller.post([item(14)]))
        assert await caller.answer() == receipt(1)
        probe = f"GET /healthz HTTP/1.1\r\nHost: {LOOPBACK}\r\n\r\n".encode()
        await caller.send(probe, caller.post([item(15)]), probe)
        assert [(await caller.answer())[0] for _ in range(3)] == [200] * 3


async def test_a_body_may_come_after_the_servers_patience_between_requests(running: Running) -> None:
    """uvicorn ends a connection that was quiet for five seconds after an answer; a head that came before counts."""
    async with Caller.at(running) as caller:
        assert await caller.ask(caller.post([item(50)])) == receipt(1)
        whole = caller.post([item(51)])
        at = whole.index(b"\r\n\r\n") + 4
        await asyncio.sleep(3.5)
        caller.write(whole[:at])
        await asyncio.sleep(3.0)
        assert await caller.ask(whole[at:]) == receipt(1)


async def test_who_posts_now_and_then_may_do_all_else_on_the_same_connection(running: Running) -> None:
    """It is read by looks from the second post on, which no client can tell."""
    async with Caller.at(running) as caller:
        for turn in range(3):
            for number in range(3):
                assert await caller.ask(caller.post([item(60 + 10 * turn + number)])) == receipt(1)
                await asyncio.sleep(0.05)
            probe = f"GET /healthz HTTP/1.1\r\nHost: {LOOPBACK}\r\n\r\n".encode()
            assert (await caller.ask(probe))[0] == 200
            whole = caller.post([item(64 + 10 * turn)])
            await caller.send(whole[:30], whole[30:-5], whole[-5:] + caller.post([item(65 + 10 * turn)]))
            assert [await caller.answer() for _ in range(2)] == [receipt(1)] * 2
            await asyncio.sleep(0.05)


async def test_who_posts_now_and_then_may_leave_at_any_time(running: Running) -> None:
    for leaves_early in (True, False):
        async with Caller.at(running) as caller:
            for number in range(3):
                await caller.ask(caller.post([item(100 + number)]))
                await asyncio.sleep(0.05)
            if leaves_early:
                caller.write(caller.post([item(110)]))
    async with Caller.at(running) as other, asyncio.timeout(10):
        while await other.ask(other.post([item(110)])) != receipt(0, 1):
            pass


async def test_requests_that_do_not_wait_are_answered_in_order(running: Running) -> None:
    async with Caller.at(running) as caller:
        count = 200
        posts = b"".join(caller.post([item(1_000 + number)] * (1 + number % 3)) for number in range(count))
        for at in range(0, len(posts), 777):
            caller.write(posts[at : at + 777])
            await asyncio.sleep(0)
        answers = [await caller.answer() for _ in range(count)]
        assert answers == [receipt(1, number % 3) for number in range(count)]


async def test_whoever_is_not_known_and_what_cannot_be_read_is_told(running: Running) -> None:
    async with Caller.at(running) as caller:
        await caller.send(caller.post([item(20)], token="wrong"))
        assert (await caller.answer())[1]["code"] == "not_authenticated"
        await caller.send(caller.post(b"{"))
        assert (await caller.answer())[1]["code"] == "bad_json"
        await caller.send(caller.post([{"lat": 1}]))
        assert (await caller.answer())[1]["refused"][0]["reason"] == "missing_field"
        await caller.send(caller.post([item(21)], fields="Content-Length: 3\r\n"))
        assert await caller.status() == 400


async def test_who_leaves_without_waiting_has_stored_it_all_the_same(running: Running) -> None:
    async with Caller.at(running) as caller:
        caller.write(caller.post([item(30)]))
    async with Caller.at(running) as other, asyncio.timeout(10):
        while await other.ask(other.post([item(30)])) != receipt(0, 1):
            pass


async def test_an_end_waits_for_what_is_under_way(server: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    with Children() as children:
        running = Office(tmp_path_factory.mktemp("end")).start(children, server, FLEET_DRAIN_S="0")
        async with AsyncExitStack() as stack:
            callers = [await stack.enter_async_context(Caller.at(running)) for _ in range(20)]
            await callers[0].ask(callers[0].post([item(0)]))
            for number, caller in enumerate(callers):
                caller.write(caller.post([item(1 + number)]))
            await callers[0].answer()
            running.child.terminate()
            answers = await asyncio.gather(*(caller.answer() for caller in callers[1:]))
        assert answers == [receipt(1)] * 19
        assert running.ended() == 0
