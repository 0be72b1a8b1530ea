"""One Socket.IO client in one namespace: a live connection whose messages are Socket.IO events."""

import asyncio
import itertools
import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from engineio.packet import MESSAGE, Packet

from tracking.live.closing import CloseCode
from tracking.live.session import State
from tracking.transports.connection import LiveConnection
from tracking.transports.services import Services

MAX_WAITING_PACKETS = 64
MAX_WAITING_EVENTS = 64
UNANSWERED = "ack"
TYPE_PREFIX = '{"type":"'
ANSWERS = (TYPE_PREFIX + 'ok"', TYPE_PREFIX + 'error"')


class Wire(NamedTuple):
    """How a door reaches its client. `waiting` counts packets that the client has not taken, None once it has left."""

    packet_of: Callable[[Mapping[str, Any]], Packet]
    send: Callable[[Packet], Any]
    waiting: Callable[[], int | None]
    hang_up: Callable[[], None]


class SocketIoConnection(LiveConnection):
    transport = "socketio"


class Door:
    """`open` says hello for the client; `release` lets out what was said before the client knew that it is in."""

    def __init__(self, services: Services, wire: Wire) -> None:
        self.connection = SocketIoConnection(services, self._send)
        self._wire = wire
        self._ids = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._early: list[Mapping[str, Any]] | None = []
        self._turn = asyncio.Lock()
        self._heard_id = 0

    async def open(self, auth: Any) -> dict[str, Any] | None:
        """None when the client is welcome, else the message that says why not. `auth` has the fields of hello."""
        self.connection.register()
        fields = auth if isinstance(auth, dict) else {}
        await self.connection.receive(_text_of({**fields, "type": "hello"}))
        first: dict[str, Any] = json.loads((self._early or [{}])[0].get("text", "{}"))
        return None if first.get("type") == "welcome" else first

    async def release(self) -> None:
        early, self._early = self._early or [], None
        for message in early:
            await self._send(message)

    async def receive(self, event: Any, arguments: tuple[Any, ...]) -> dict[str, Any] | None:
        """The answer, once there is one. Events are heard in their order; a report's answer holds up nobody."""
        if len(self._answers) >= MAX_WAITING_EVENTS:
            self.connection.close(CloseCode.RATE)
            return None
        id_ = next(self._ids)
        answer = self._answers[id_] = asyncio.get_running_loop().create_future()
        try:
            async with self._turn:
                self._heard_id = id_
                await self.connection.receive(_message_of(event, arguments, id_))
            return None if event == UNANSWERED and not answer.done() else await answer
        finally:
            del self._answers[id_]

    def gone(self) -> None:
        """The client has left the namespace."""
        self.connection.gone()
        for answer in self._answers.values():
            answer.cancel()

    async def _send(self, message: Mapping[str, Any]) -> None:
        """Takes the ASGI messages of a WebSocket."""
        if self._early is not None:
            self._early.append(message)
            return
        waiting = self._wire.waiting()
        if message["type"] == "websocket.close" or waiting is None:
            self._wire.hang_up()
        elif message["text"].startswith(ANSWERS):
            self._answer(json.loads(message["text"]))
        elif waiting >= MAX_WAITING_PACKETS and self.connection.session.state is not State.CLOSED:
            self.connection.close(CloseCode.SLOW)
        else:
            await self._wire.send(self._wire.packet_of(message))

    def _answer(self, message: dict[str, Any]) -> None:
        """An error without an id is about the event that is being heard."""
        id_ = message.pop("id")
        answer = self._answers.get(self._heard_id if id_ is None else id_)
        if answer is not None and not answer.done():
            answer.set_result(message)


class Packets:
    """Makes an Engine.IO packet once for all clients of a namespace that are sent the same message object.

    A frame's text goes into the packet as it is; it is neither parsed nor encoded again.
    """

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace
        self._message: Mapping[str, Any] | None = None
        self._packet = Packet()

    def of(self, message: Mapping[str, Any]) -> Packet:
        if message is not self._message:
            text: str = message["text"]
            event = text[len(TYPE_PREFIX) : text.index('"', len(TYPE_PREFIX))]
            self._packet = Packet(MESSAGE, f'2{self._namespace},["{event}",{text}]')
            self._message = message
        return self._packet


def _message_of(event: Any, arguments: tuple[Any, ...], id_: int) -> str:
    """The protocol's message; the session refuses what is none."""
    if len(arguments) == 1 and isinstance(arguments[0], dict):
        return _text_of({**arguments[0], "type": event, "id": id_})
    return _text_of([event, *arguments])


def _text_of(value: Any) -> str:
    """NaN passes, so that its fix alone is refused; attached bytes do not."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=lambda _: None)
