"""The Socket.IO server at `/socket.io/`: namespaces, who may connect to them, and the ends of connections."""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import socketio
from engineio.payload import Payload
from socketio.exceptions import ConnectionRefusedError as Refused

from tracking.domain.access import NOBODY, Caller, Office
from tracking.domain.errors import Unavailable
from tracking.domain.rights import NO_RIGHTS
from tracking.live import limits
from tracking.live.closing import CloseCode, bye_message
from tracking.transports.admission import is_foreign
from tracking.transports.services import Services
from tracking.transports.socketio_door import Door, Packets, Wire
from tracking.wire.fix_json import decode_json

logger = logging.getLogger(__name__)
library_logger = logging.getLogger("socketio.server")

MAX_PACKET_BYTES = 2 * limits.REPORT_BYTES
MAX_REFUSALS = 10


class Gate(NamedTuple):
    """Who may connect to a namespace; `reason` is what the others hear."""

    admits: Callable[[Caller, Office], bool]
    reason: str


GATES = {
    "/dispatch": Gate(
        lambda caller, office: caller.rights(office) is not None,
        "Only a person may connect here: log in, or bring a stream token.",
    ),
    "/driver": Gate(
        lambda caller, office: caller.device(office) is not None, "Only a device may connect here: bring its token."
    ),
    "/admin": Gate(lambda caller, office: (caller.rights(office) or NO_RIGHTS).staff, "Only staff may connect here."),
}


class SocketIoApp:
    """ASGI, for HTTP and WebSocket."""

    def __init__(self, services: Services) -> None:
        Payload.max_decode_packets = limits.MESSAGES_BURST  # a client that polls sends all it has at once
        self._server = Server(
            async_mode="asgi",
            json=Json,
            logger=library_logger,
            engineio_logger=library_logger,
            http_compression=False,
            max_http_buffer_size=MAX_PACKET_BYTES,
            cors_allowed_origins=_is_allowed_origin,
        )
        for name, gate in GATES.items():
            self._server.register_namespace(LiveNamespace(name, gate, services))

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        await self._server.handle_request(scope, receive, send)


class Json:
    """What the library reads and writes JSON with; ValueError for whatever cannot be read."""

    loads = staticmethod(decode_json)
    dumps = staticmethod(json.dumps)


class Server(socketio.AsyncServer):  # type: ignore[misc]
    """Ends Engine.IO connections that send no Socket.IO or are in no namespace."""

    async def _handle_eio_connect(self, eio_sid: str, environ: dict[str, Any]) -> None:
        await super()._handle_eio_connect(eio_sid, environ)
        self._expect_use(eio_sid)

    def _expect_use(self, eio_sid: str) -> None:
        asyncio.get_running_loop().call_later(limits.HELLO_WITHIN_S, self._end_unused, eio_sid)

    def _end_unused(self, eio_sid: str) -> None:
        if any(self.manager.sid_from_eio_sid(eio_sid, name) for name in GATES):
            self._expect_use(eio_sid)
        elif eio_sid in self.eio.sockets:
            self.start_background_task(self.end, eio_sid)

    async def _handle_eio_message(self, eio_sid: str, data: Any) -> None:
        try:
            await super()._handle_eio_message(eio_sid, data)
        except (ValueError, TypeError, LookupError) as error:
            logger.debug("a Socket.IO client sent what cannot be read: %s", error)
            await self.end(eio_sid)

    async def end(self, eio_sid: str) -> None:
        """Leaves all namespaces and closes the transport."""
        if (socket := self.eio.sockets.get(eio_sid)) is not None:
            await socket.close(wait=False)

    async def _handle_eio_disconnect(self, eio_sid: str, reason: str) -> None:
        await super()._handle_eio_disconnect(eio_sid, reason)
        if (socket := self.eio.sockets.get(eio_sid)) is not None:
            socket.queue.put_nowait(None)  # the end of the packets: it answers a poll that waits and closes a WebSocket


class LiveNamespace(socketio.AsyncNamespace):  # type: ignore[misc]
    def __init__(self, name: str, gate: Gate, services: Services) -> None:
        super().__init__(name)
        self._gate = gate
        self._services = services
        self._packets = Packets(name)
        self._doors: dict[str, Door] = {}

    async def trigger_event(self, event: Any, sid: str, *arguments: Any) -> dict[str, Any] | None:
        """The library tells by name that clients come and go; a client's own event may bear the same name."""
        manager = self.server.manager
        if manager.is_connected(sid, self.namespace):
            return await self._doors[sid].receive(event, arguments)
        if event == "connect" and manager.is_pre_connected(sid, self.namespace):
            await self._connect(sid, arguments[1])
        elif event == "disconnect" and (door := self._doors.pop(sid, None)) is not None:
            door.gone()
            logger.info("connection %s has left %s", door.connection.session.connection, self.namespace)
        return None

    async def _connect(self, sid: str, auth: Any) -> None:
        eio_sid = self.server.manager.eio_sid_from_sid(sid, self.namespace)
        environ = self.server.environ[eio_sid]
        door = Door(self._services, self._wire(sid, eio_sid))
        refusal = await self._refusal(door, environ["asgi.scope"], auth)
        if refusal is not None:
            door.gone()
            self._count_refusal(eio_sid, environ)
            raise Refused(refusal["reason"], refusal)
        self._doors[sid] = door
        self.server.start_background_task(door.release)
        logger.info("connection %s is open in %s", door.connection.session.connection, self.namespace)

    async def _refusal(self, door: Door, scope: Mapping[str, Any], auth: Any) -> dict[str, Any] | None:
        """None for a client that may come in."""
        session = door.connection.session
        try:
            await self._services.start()
            session.caller = await self._services.admission.identify(scope) or NOBODY
            refusal = await door.open(auth)
        except Unavailable as error:
            return bye_message(CloseCode.OVERLOAD, error.reason)
        except Exception:
            logger.exception("connection %s could not be opened", session.connection)
            return bye_message(CloseCode.OVERLOAD)
        if refusal is None and not self._gate.admits(session.caller, self._services.office):
            return bye_message(CloseCode.FORBIDDEN, self._gate.reason)
        return refusal

    def _wire(self, sid: str, eio_sid: str) -> Wire:
        def waiting() -> int | None:
            socket = self.server.eio.sockets.get(eio_sid)
            return None if socket is None or socket.closed else socket.queue.qsize()

        return Wire(
            packet_of=self._packets.of,
            send=lambda packet: self.server.eio.send_packet(eio_sid, packet),
            waiting=waiting,
            hang_up=lambda: self.server.start_background_task(self.server.disconnect, sid, self.namespace),
        )

    def _count_refusal(self, eio_sid: str, environ: dict[str, Any]) -> None:
        """Nobody tries tokens without end on one connection."""
        environ["fleet.refusals"] = environ.get("fleet.refusals", 0) + 1
        if environ["fleet.refusals"] >= MAX_REFUSALS:
            self.server.start_background_task(self.server.end, eio_sid)


def _is_allowed_origin(origin: str | None, environ: Mapping[str, Any]) -> bool:
    return origin is not None and not is_foreign(environ["asgi.scope"])
