"""An ASGI server's part by hand: what a client sends goes in, what it is sent is kept until it is taken."""

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from typing import Any, NamedTuple

Headers = list[tuple[bytes, bytes]]

HOST = (b"host", b"localhost")
OWN_PAGE = [(b"origin", b"http://localhost"), (b"x-fleet", b"1")]


class Call:
    """One call of the application; `is_held`: it finds that its client takes nothing at present."""

    def __init__(self, application: Any, scope: Mapping[str, Any]) -> None:
        self._incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._kind = scope["type"]
        self._said: deque[dict[str, Any]] = deque()
        self._flows = asyncio.Event()
        self._flows.set()
        self._is_cut = False
        self.task = asyncio.create_task(application(scope, self._incoming.get, self._send))

    @property
    def has_ended(self) -> bool:
        return self.task.done()

    def tell(self, **message: Any) -> None:
        self._incoming.put_nowait(message)

    async def _send(self, message: Mapping[str, Any]) -> None:
        await self._flows.wait()
        if not self._is_cut:
            self._said.append(dict(message))

    def take(self, most: int | None = None) -> list[dict[str, Any]]:
        """What was sent since, in order."""
        count = len(self._said) if most is None else min(most, len(self._said))
        return [self._said.popleft() for _ in range(count)]

    def hold(self, *, is_held: bool) -> None:
        if is_held:
            self._flows.clear()
        else:
            self._flows.set()

    def cut(self) -> None:
        """The connection is lost with all that was on its way; the application finds that out when it looks."""
        self._is_cut = True
        self._said.clear()
        self._flows.set()
        self.tell(type=f"{self._kind}.disconnect", code=1006)


class Answer(NamedTuple):
    status: int
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def call_http(application: Any, path: str, *, query: str = "", headers: Headers, body: bytes | None = None) -> Call:
    """A POST when there is a body."""
    scope = {
        "type": "http",
        "method": "GET" if body is None else "POST",
        "path": path,
        "query_string": query.encode(),
        "headers": [HOST, *headers],
    }
    call = Call(application, scope)
    call.tell(type="http.request", body=body or b"")
    return call


def call_websocket(application: Any, path: str, *, query: str = "", headers: Headers, offered: list[str]) -> Call:
    scope = {
        "type": "websocket",
        "path": path,
        "query_string": query.encode(),
        "headers": [HOST, OWN_PAGE[0], *headers],
        "subprotocols": offered,
    }
    call = Call(application, scope)
    call.tell(type="websocket.connect")
    return call


def answer_of(call: Call) -> Answer:
    """Of a request that has been answered."""
    call.task.result()
    start, *parts = call.take()
    return Answer(start["status"], b"".join(part.get("body", b"") for part in parts))


async def ask(application: Any, path: str, **request: Any) -> Answer:
    call = call_http(application, path, **request)
    await call.task
    return answer_of(call)
