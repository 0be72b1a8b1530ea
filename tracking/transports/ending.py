"""What the signals that end a server do: the first drains it, the second ends it at once."""

import asyncio
import signal
from collections.abc import Awaitable, Callable

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Ending:
    """`stop` is called in the loop after `drain`."""

    def __init__(self, drain: Callable[[], Awaitable[None]], stop: Callable[[], None]) -> None:
        self._drain = drain
        self._stop = stop
        self._task: asyncio.Task[None] | None = None

    def listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """From the main thread."""
        for number in SIGNALS:
            loop.add_signal_handler(number, self._begin, loop)

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)
        self._task = loop.create_task(self._finish())

    async def _finish(self) -> None:
        try:
            await self._drain()
        finally:
            self._stop()
