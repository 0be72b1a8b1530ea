"""Serves an application that echoes WebSocket messages, the way the product is served: `python -m benchmarks.echo SERVER PORT`.

`run` is what `manage.py serve` calls, with its protocol classes and limits; only the application is another one.
"""

import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from tracking.transports.servers import Service, run

Message = Mapping[str, Any]


async def application(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    await echo(scope, receive, send)


async def echo(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """Of an accepted connection. An application that has another way to its server, offered in `scope`, takes it here."""
    while (message := await receive())["type"] == "websocket.receive":
        kind = "text" if message.get("text") is not None else "bytes"
        await send({"type": "websocket.send", kind: message[kind]})


async def _drain() -> None:
    """Nobody to say goodbye to."""


if __name__ == "__main__":
    run(sys.argv[1], Service(application, _drain, "127.0.0.1", int(sys.argv[2])))
