"""`python -m tests.deploy.busy_server PORT`: daphne as the product runs it, with an application that never reads its socket."""

import asyncio
import sys
from typing import Any

from benchmarks.echo import NoPosts
from tracking.transports.daphne_server import run_daphne
from tracking.transports.servers import Service

queues: list[Any] = []


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answers HTTP with how many messages wait for the last socket."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        queues.append(receive.__self__)
        await asyncio.Event().wait()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(queues[-1].qsize()).encode()})


async def nothing() -> None: ...


if __name__ == "__main__":
    run_daphne(Service(application, NoPosts(), lambda _: None, nothing, "127.0.0.1", int(sys.argv[1])))
