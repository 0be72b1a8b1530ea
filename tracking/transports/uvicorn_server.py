"""uvicorn, ended by our own drain."""

import asyncio
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property, partial
from typing import Any, NamedTuple, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from tracking.live.rounds import until_round_s
from tracking.transports.direct import EXTENSION, DirectSocket
from tracking.transports.ending import Ending
from tracking.transports.guard import Guard, Posts
from tracking.transports.patience import Patience
from tracking.transports.poller import Poller
from tracking.transports.servers import MAX_SOCKET_MESSAGE_BYTES, Service

CLOSE_WITHIN_S = 5
LOOK_ABOUT_S = 1.0  # the Date header is of whole seconds


def run_uvicorn(service: Service) -> None:
    pollers = Pollers(service.expect_look)
    config = uvicorn.Config(
        service.application,
        host=service.host,
        port=service.port,
        log_config=None,
        access_log=False,
        lifespan="off",
        http=partial(QuickProtocol, pollers, service.quick_posts),  # type: ignore[arg-type]
        ws=partial(HandingProtocol, pollers),  # type: ignore[arg-type]
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
    """Looks about itself once a second, not ten times: a wake-up costs a server that has little to do more than its work."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        self.should_exit = True
        self._stopped.set()

    async def main_loop(self) -> None:
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(
                    self._stopped.wait(), until_round_s(asyncio.get_running_loop().time(), LOOK_ABOUT_S)
                )

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None of them; `Ending` hears them."""
        yield


class QuickProtocol(HttpToolsProtocol):
    """Lets quick posts by, between the requests that it reads itself."""

    def __init__(self, pollers: "Pollers", posts: Posts, **given: Any) -> None:
        super().__init__(**given)
        self._pollers = pollers
        self._guard = Guard(posts, self._answer)
        self._is_within = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        descriptor = transport.get_extra_info("socket").fileno()
        self._patience = Patience(self._pollers.poller, descriptor, TransportReading(transport), self.data_received)

    def connection_lost(self, exc: Exception | None) -> None:
        self._patience.lose()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        self._is_within = True
        super().on_message_begin()

    def on_message_complete(self) -> None:
        self._is_within = False
        super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        was_busy = self._guard.is_busy
        owes = self.cycle is not None and not self.cycle.response_complete
        if given := self._guard.take(data, is_between=not (owes or self._is_within)):
            self._patience.end()
            super().data_received(given)
        elif self._guard.has_held:
            self._patience.end()
            self.flow.pause_reading()
        elif self._guard.is_busy and not was_busy:
            self._patience.posted(self.loop.time(), is_awaited=self._guard.is_awaited)

    def timeout_keep_alive_handler(self) -> None:
        if not self._patience.look():
            super().timeout_keep_alive_handler()

    def _answer(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self.transport.write(data)
        self._patience.answered(self.loop.time())
        self.on_response_complete()
        if held := self._guard.release():
            self.data_received(held)


class TransportReading(NamedTuple):
    """Of a connection of the loop."""

    transport: asyncio.Transport

    def pause(self) -> None:
        self.transport.pause_reading()

    def resume(self) -> None:
        if not self.transport.is_closing():
            self.transport.resume_reading()

    def abort(self) -> None:
        self.transport.abort()


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

    def __init__(self, expect_look: Callable[[float], None]) -> None:
        self._expect_look = expect_look

    @cached_property
    def poller(self) -> Poller:
        return Poller(self._expect_look)
