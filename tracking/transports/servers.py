"""Runs the ASGI application on daphne or uvicorn until a signal ends it."""

import warnings
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

MAX_SOCKET_MESSAGE_BYTES = 512 * 1024  # above the protocol's own limit, so that the sender hears which one it broke


class Service(NamedTuple):
    """What a server serves, and `drain`, which it awaits before it ends."""

    application: Any
    drain: Callable[[], Awaitable[None]]
    host: str
    port: int


def run(server: str, service: Service) -> None:
    """`server`: daphne or uvicorn."""
    # Whitenoise's files are short; that Django reads each of them whole is no reason to warn.
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
    if server == "daphne":
        from tracking.transports.daphne_server import run_daphne

        run_daphne(service)
    else:
        from tracking.transports.uvicorn_server import run_uvicorn

        run_uvicorn(service)
