"""daphne with what it lacks: an end that says goodbye, an ear that closes while the application is busy, a handover."""

import asyncio
import logging
from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

from daphne.endpoints import build_endpoint_description_strings
from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.server import Server
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.internet import reactor
from twisted.internet.error import ConnectionDone
from twisted.python.failure import Failure
from twisted.web.http import HTTPChannel

from tracking.transports.direct import EXTENSION, DirectSocket
from tracking.transports.ending import Ending
from tracking.transports.guard import Guard, Posts
from tracking.transports.patience import Patience
from tracking.transports.poller import Poller
from tracking.transports.servers import MAX_SOCKET_MESSAGE_BYTES, Service

MOST_QUEUED_MESSAGES = 64  # of one socket; daphne itself knows no bound, and a flood took it from 52 to 375 MB in 7 s
LOOK_AGAIN_S = 0.01
UntypedChannel: Any = HTTPChannel
CLOSE_WITHIN_S = (
    5  # autobahn's own second is over after 0 to 1 s, and who still sends then loses bye with the connection
)


def run_daphne(service: Service) -> None:
    # Twisted would read every form body with the email package before the application does so itself: 12 % of a post of fixes.
    WebRequest._parsePOSTFormSubmission = False
    # Twisted's has the address, and with it a phone's token; daphne logs it of requests that were left and go on for 10 s.
    WebRequest.__repr__ = object.__repr__
    WebSocketFactory.protocol = PacedProtocol
    HTTPFactory.protocol = lambda _: QuickChannel(lambda: server.poller, service.quick_posts)
    logging.getLogger("daphne").setLevel(logging.WARNING)
    server = HandingServer(
        service.expect_look,
        application=service.application,
        endpoints=build_endpoint_description_strings(host=service.host, port=service.port),
        signal_handlers=False,
        server_name="fleet",
        websocket_timeout=-1,
        websocket_max_message_size=MAX_SOCKET_MESSAGE_BYTES,
        websocket_max_frame_size=MAX_SOCKET_MESSAGE_BYTES,
        verbosity=0,
    )
    Ending(service.drain, server.stop).listen(reactor._asyncioEventloop)
    server.run()


class HandingServer(Server):  # type: ignore[misc]
    """Tells applications that they may have a WebSocket's connection whole."""

    def __init__(self, expect_look: Callable[[float], None], **given: Any) -> None:
        super().__init__(**given)
        self._expect_look = expect_look

    @cached_property
    def poller(self) -> Poller:
        return Poller(self._expect_look)

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if scope["type"] == "websocket":
            scope["extensions"] = {EXTENSION: protocol.hand_over}
        return super().create_application(protocol, scope)


class QuickChannel(UntypedChannel):  # type: ignore[misc]
    """Lets quick posts by, between the requests that it reads itself."""

    def __init__(self, poller: Callable[[], Poller], posts: Posts) -> None:
        super().__init__()
        self._poller = poller
        self._guard = Guard(posts, self._answer)
        self._idle_s: float | None = None

    def connectionMade(self) -> None:
        super().connectionMade()
        reading = TransportReading(self.transport)
        self._patience = Patience(self._poller(), self.transport.fileno(), reading, self.dataReceived)

    def connectionLost(self, reason: Failure) -> None:
        self._patience.lose()
        super().connectionLost(reason)

    def dataReceived(self, data: bytes) -> None:
        self.resetTimeout()
        was_busy = self._guard.is_busy
        if given := self._guard.take(data, is_between=not (self.requests or self._buffer)):
            self._patience.end()
            super().dataReceived(given)
        elif self._guard.is_busy:
            self._idle_s = self.setTimeout(None) or self._idle_s
            if self._guard.has_held:
                self._patience.end()
                self.transport.pauseProducing()
            elif not was_busy:
                self._patience.posted(asyncio.get_running_loop().time(), is_awaited=self._guard.is_awaited)

    def timeoutConnection(self) -> None:
        if not self._patience.look():
            super().timeoutConnection()

    def _answer(self, data: bytes) -> None:
        if not self.transport.connected or self.transport.disconnecting:
            return
        self._write(data)
        self._patience.answered(asyncio.get_running_loop().time())
        self.setTimeout(self._idle_s)
        if held := self._guard.release():
            self.transport.resumeProducing()
            self.dataReceived(held)

    def _write(self, data: bytes) -> None:
        """At once where nothing waits before it; Twisted would first ask the loop when the socket can be written."""
        transport = self.transport
        sent = 0 if transport.dataBuffer or transport._tempDataBuffer else transport.writeSomeData(data)
        if isinstance(sent, Exception):
            transport.abortConnection()
        elif sent < len(data):
            transport.write(data[sent:])


class TransportReading(NamedTuple):
    """Of a connection of Twisted."""

    transport: Any

    def pause(self) -> None:
        self.transport.stopReading()

    def resume(self) -> None:
        if self.transport.connected and not self.transport.disconnecting:
            self.transport.startReading()

    def abort(self) -> None:
        self.transport.abortConnection()


class PacedProtocol(WebSocketProtocol):  # type: ignore[misc]
    """Reads no more while MOST_QUEUED_MESSAGES wait for the application; TCP then slows the sender.

    It hands its connection over to an application that wants it whole.
    """

    is_paused = False
    is_handed_over = False

    def handle_reply(self, message: dict[str, Any]) -> None:
        """Accepts with headers, which daphne passes over."""
        if message["type"] == "websocket.accept" and message.get("headers"):
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in message["headers"]}
            self.serverAccept((message.get("subprotocol"), headers))
        else:
            super().handle_reply(message)

    async def hand_over(self, socket: DirectSocket) -> None:
        """Twisted gives the connection up without ending it, and daphne once the application has returned."""
        transport = self.transport
        if not transport.connected:
            raise ConnectionResetError("the client has left")
        transport.doWrite()  # the answer to the upgrade
        sock = transport.socket.dup()
        self.is_handed_over = True
        transport._shouldShutdown = False
        transport.connectionLost(Failure(ConnectionDone()))  # type: ignore[no-untyped-call]
        application = self.server.connections[self]["application_instance"]
        application.add_done_callback(lambda _: self.server.protocol_disconnected(self))
        socket.line = self.server.poller.adopt(sock, socket)

    def onClose(self, wasClean: bool, code: int, reason: str) -> None:
        if not self.is_handed_over:
            super().onClose(wasClean, code, reason)

    def onOpen(self) -> None:
        super().onOpen()
        self.closeHandshakeTimeout = CLOSE_WITHIN_S

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        super().onMessage(payload, isBinary)
        if not self.is_paused and self.application_queue.qsize() >= MOST_QUEUED_MESSAGES:
            self.is_paused = True
            self.transport.pauseProducing()
            asyncio.get_running_loop().call_later(LOOK_AGAIN_S, self._look_again)

    def processData(self) -> bool:
        """Also what was read already waits; autobahn calls this as long as it is true."""
        return not self.is_paused and super().processData()

    def _look_again(self) -> None:
        if self.state == self.STATE_CLOSED:
            return
        if self.application_queue.qsize() > MOST_QUEUED_MESSAGES // 2:
            asyncio.get_running_loop().call_later(LOOK_AGAIN_S, self._look_again)
            return
        self.is_paused = False
        self.transport.resumeProducing()
        self.consumeData()
