"""Runs the ASGI application on daphne or uvicorn until a signal ends it."""

import warnings
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from tracking.transports.guard import Posts

MAX_SOCKET_MESSAGE_BYTES = 512 * 1024  # above the protocol's own limit, so that the sender hears which one it broke


class Service(NamedTuple):
    """What a server serves; `expect_look` is told when sockets are read next, `drain` is awaited before it ends."""

    application: Any
    quick_posts: Posts
    expect_look: Callable[[float], None]
    drain: Callable[[], Awaitable[None]]
    host: str
    port: int


def run(server: str, service: Service) -> None:
    """`server`: daphne or uvicorn."""
    # Whitenoise's files are short; that Django reads each of them whole is no reason to warn.
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
    if server == "daphne":
        _give_twisted_a_fast_loop()
        from tracking.transports.daphne_server import run_daphne

        run_daphne(service)
    else:
        from tracking.transports.uvicorn_server import run_uvicorn

        run_uvicorn(service)


def _give_twisted_a_fast_loop() -> None:
    """daphne takes the reactor that is there when it is imported."""
    import uvloop
    from twisted.internet import asyncioreactor

    asyncioreactor.install(uvloop.new_event_loop())  # type: ignore[no-untyped-call]
