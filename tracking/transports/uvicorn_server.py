"""uvicorn, ended by our own drain."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from tracking.transports.ending import Ending
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
        ws_max_size=MAX_SOCKET_MESSAGE_BYTES,
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
