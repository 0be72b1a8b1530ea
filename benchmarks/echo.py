"""Serves an application that echoes WebSocket messages, the way the product is served: `python -m benchmarks.echo SERVER PORT`.

`run` is what `manage.py serve` calls, with its protocol classes and limits; only the application is another one.
"""

import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from tracking.transports.direct import EXTENSION, DirectSocket
from tracking.transports.guard import Answer, Verdict
from tracking.transports.servers import MAX_SOCKET_MESSAGE_BYTES, Service, run
from tracking.wire.websocket import Opcode, accept_deflate, deflated_frame, frame

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class NoPosts:
    """All requests are the server's."""

    def begin(self, data: bytes, answer: Answer) -> Verdict:
        return Verdict.SERVERS


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """At `/direct` it takes the socket over, as the live endpoint does; elsewhere its messages pass through ASGI."""
    await receive()
    if scope["path"] == "/direct":
        await echo_directly(scope, send)
    else:
        await send({"type": "websocket.accept"})
        await echo(receive, send)


async def echo(receive: Receive, send: Send) -> None:
    while (message := await receive())["type"] == "websocket.receive":
        kind = "text" if message.get("text") is not None else "bytes"
        await send({"type": "websocket.send", kind: message[kind]})


async def echo_directly(scope: Message, send: Send) -> None:
    offers = dict(scope["headers"]).get(b"sec-websocket-extensions", b"")
    deflate = accept_deflate(offers.decode("latin-1"))
    headers = [] if deflate is None else [(b"sec-websocket-extensions", deflate.encode())]
    await send({"type": "websocket.accept", "headers": headers})
    encode = frame if deflate is None else deflated_frame

    async def answer(message: str | bytes) -> None:
        if isinstance(message, str):
            socket.write(encode(Opcode.TEXT, message.encode()))
        else:
            socket.write(encode(Opcode.BINARY, message))

    socket = DirectSocket(
        answer, most_bytes=MAX_SOCKET_MESSAGE_BYTES, deflates=deflate is not None, on_overflow=lambda: None
    )
    await scope["extensions"][EXTENSION](socket)
    socket.begin()


async def _drain() -> None:
    """Nobody to say goodbye to."""


if __name__ == "__main__":
    run(sys.argv[1], Service(application, NoPosts(), lambda _: None, _drain, "127.0.0.1", int(sys.argv[2])))
