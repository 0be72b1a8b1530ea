"""uvicorn, ended by our own drain."""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from typing import Any, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from tracking.transports.direct import EXTENSION, DirectSocket
from tracking.transports.ending import Ending
from tracking.transports.guard import Guard, Posts
from tracking.transports.poller import Poller
from tracking.transports.servers import MAX_SOCKET_MESSAGE_BYTES, Service

CLOSE_WITHIN_S = 5


def run_uvicorn(service: Service) -> None:
    config = uvicorn.Config(
        service.application,
        host=service.host,
        port=service.port,
        log_config=None,
        access_log=False,
        lifespan="off",
        http=partial(QuickProtocol, service.quick_posts),  # type: ignore[arg-type]
        ws=partial(HandingProtocol, Pollers()),  # type: ignore[arg-type]
        ws_max_size=MAX_SOCKET_MESSAGE_BYTES,
        ws_per_message_deflate=False,  # a compressor for each connection costs more memory than everything else of it
        timeout_graceful_shutdown=CLOSE_WITHIN_S,
    )
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_serve(DrainedServer(config), service))


async def _serve(server: "DrainedServer", service: Service) -> None:
    Ending(service.drain, server.stop).listen(asyncio.get_running_loop())
    await server.serve()


class DrainedServer(uvicorn.Server):
    def stop(self) -> None:
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None of them; `Ending` hears them."""
        yield


class QuickProtocol(HttpToolsProtocol):
    """Lets quick posts by, between the requests that it reads itself."""

    def __init__(self, posts: Posts, **given: Any) -> None:
        super().__init__(**given)
        self._guard = Guard(posts, self._answer)
        self._is_within = False

    def on_message_begin(self) -> None:
        self._is_within = True
        super().on_message_begin()

    def on_message_complete(self) -> None:
        self._is_within = False
        super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        owes = self.cycle is not None and not self.cycle.response_complete
        if given := self._guard.take(data, is_between=not (owes or self._is_within)):
            super().data_received(given)
        elif self._guard.has_held:
            self.flow.pause_reading()

    def _answer(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self.transport.write(data)
        self.on_response_complete()
        if held := self._guard.release():
            self.data_received(held)


class HandingProtocol(WebSocketsSansIOProtocol):
    """Hands its connection over to an application that wants it whole."""

    def __init__(self, poller: "Pollers", **given: Any) -> None:
        super().__init__(**given)
        self._pollers = poller
        self._lost = asyncio.Event()

    async def run_asgi(self) -> None:
        cast(dict[str, Any], self.scope["extensions"])[EXTENSION] = self._hand_over
        await super().run_asgi()
        self.scope["extensions"] = {}  # it holds this, and nobody would look soon whether both are still needed

    async def _hand_over(self, direct: DirectSocket) -> None:
        """uvicorn gives the connection up without ending it; the application's task stays its own until it returns."""
        sock = socket.socket(fileno=os.dup(self.transport.get_extra_info("socket").fileno()))
        self.stop_keepalive()
        self.transport.close()
        await self._lost.wait()  # what was written before has been sent
        direct.line = self._pollers.poller.adopt(sock, direct)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._lost.set()


class Pollers:
    """Makes the loop's when it is first needed."""

    @cached_property
    def poller(self) -> Poller:
        return Poller()
