"""Lets a process end without loss: nobody new is admitted, who is here is sent elsewhere, what is under way is answered."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, Protocol

from tracking.live.closing import CloseCode, bye_message
from tracking.live.frames import asgi_message
from tracking.transports.http import Receive, Send

logger = logging.getLogger(__name__)

STREAMS = {"/live/v1/sse": "sse", "/live/v1/poll": "poll"}
STREAMS_PROBLEM = (
    b'{"type":"about:blank","title":"Busy","status":503,"code":"busy","detail":"The server drains; come back."}'
)
LOOK_AGAIN_S = 0.25
SETTLE_WITHIN_S = 10.0  # once everybody was told; a commit that must wait for its database gives up before

AsgiApp = Callable[[Any, Any, Any], Awaitable[None]]


class Leaver(Protocol):
    """A live connection that can be told to go."""

    @property
    def is_apart(self) -> bool:
        """It is a WebSocket that lives on without a call of the application."""
        ...

    def close(self, code: CloseCode) -> None: ...


class Drain:
    """`connections` gives the live ones that are open now."""

    def __init__(self, connections: Callable[[], Iterable[Leaver]]) -> None:
        self._connections = connections
        self._idle = asyncio.Event()
        self._calls: Counter[str] = Counter()
        self.is_on = False

    @property
    def under_way(self) -> Counter[str]:
        """How many connections and requests, by way."""
        return self._calls + Counter(websocket=sum(connection.is_apart for connection in self._connections()))

    @property
    def _is_busy(self) -> bool:
        return bool(self._calls.total()) or any(connection.is_apart for connection in self._connections())

    def around(self, application: AsgiApp) -> AsgiApp:
        """The same application, with a doorkeeper."""

        async def admit(scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
            way = STREAMS.get(scope["path"], scope["type"])
            self.enter(way)
            try:
                await (self._turn_away_from(scope) or application)(scope, receive, send)
            finally:
                self.leave(way)

        return admit

    def enter(self, way: str) -> None:
        """One more is under way."""
        self._calls[way] += 1

    def leave(self, way: str) -> None:
        self._calls[way] -= 1
        if self.is_on and not self._is_busy:
            self._idle.set()

    def _turn_away_from(self, scope: Mapping[str, Any]) -> AsgiApp | None:
        """Pages, API and reports go on to the end; only what would stay is sent elsewhere."""
        if not self.is_on:
            return None
        if scope["type"] == "websocket":
            return _turn_socket_away
        return _turn_stream_away if scope["path"] in STREAMS else None

    async def run(self, *, spread_s: float) -> None:
        """Tells every live connection, evenly over `spread_s`, then waits until nothing is under way or SETTLE_WITHIN_S."""
        self.is_on = True
        leaving = list(self._connections())
        logger.info("draining %s live connections over %s s", len(leaving), spread_s)
        for number, connection in enumerate(leaving):
            await asyncio.sleep(spread_s / len(leaving) if number else 0)
            connection.close(CloseCode.DRAIN)
        self._tell_all()
        await self._settle()

    def _tell_all(self) -> None:
        for connection in list(self._connections()):
            connection.close(CloseCode.DRAIN)

    async def _settle(self) -> None:
        """Who was being admitted when the drain began is told soon."""
        try:
            async with asyncio.timeout(SETTLE_WITHIN_S):
                while self._is_busy:
                    self._idle.clear()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._idle.wait(), LOOK_AGAIN_S)
                    self._tell_all()
        except TimeoutError:
            logger.warning("%s requests and connections are cut off", self.under_way.total())


async def _turn_socket_away(scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.accept", "subprotocol": next(iter(scope.get("subprotocols") or ()), None)})
    await send(asgi_message(bye_message(CloseCode.DRAIN)))
    await send({"type": "websocket.close", "code": int(CloseCode.DRAIN)})


async def _turn_stream_away(scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
    headers = [(b"content-type", b"application/problem+json"), (b"retry-after", b"1")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": STREAMS_PROBLEM})
