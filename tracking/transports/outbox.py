"""Hands messages to an ASGI `send` in order without making the caller wait for a slow reader."""

import asyncio
import logging
import types
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator, Mapping
from typing import Any

logger = logging.getLogger(__name__)

MAX_WAITING_MESSAGES = 64


class Outbox:
    """A send that finishes at once costs no task and no switch; what cannot be sent now waits in order.

    Beyond MAX_WAITING_MESSAGES `on_overflow` is called and the message dropped; `on_empty` when nothing waits any more.
    """

    def __init__(
        self,
        send: Callable[[Mapping[str, Any]], Awaitable[None]],
        *,
        on_overflow: Callable[[], None],
        on_empty: Callable[[], None] = lambda: None,
    ) -> None:
        self._send: Callable[[Mapping[str, Any]], Coroutine[Any, Any, None]] = send  # type: ignore[assignment]
        self._on_overflow = on_overflow
        self._on_empty = on_empty
        self._waiting: deque[Mapping[str, Any]] = deque()
        self._drain: asyncio.Task[None] | None = None

    def put(self, message: Mapping[str, Any]) -> None:
        if self._drain is None:
            self._start(message)
        elif len(self._waiting) < MAX_WAITING_MESSAGES:
            self._waiting.append(message)
        else:
            self._on_overflow()

    def _start(self, message: Mapping[str, Any]) -> None:
        coroutine = self._send(message)
        try:
            pending = coroutine.send(None)
        except StopIteration:
            return
        except Exception as error:
            logger.debug("a message to a closed connection was dropped: %s", error)
            return
        self._drain = asyncio.get_running_loop().create_task(self._finish(coroutine, pending))

    async def _finish(self, coroutine: Coroutine[Any, Any, None], pending: Any) -> None:
        try:
            await _resume(coroutine, pending)
            while self._waiting:
                await self._send(self._waiting.popleft())
        except Exception as error:
            self._waiting.clear()
            logger.debug("messages to a closed connection were dropped: %s", error)
        finally:
            self._drain = None
        self._on_empty()

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    async def flush(self) -> None:
        """Waits until all that was put is sent."""
        if self._drain is not None:
            await self._drain


@types.coroutine
def _resume(coroutine: Coroutine[Any, Any, None], pending: Any) -> Generator[Any, Any, None]:
    """Goes on with a coroutine that was started by hand and waits for `pending`."""
    while True:
        advance: Callable[[Any], Any]
        argument: Any
        try:
            argument = yield pending
            advance = coroutine.send
        except BaseException as error:
            argument, advance = error, coroutine.throw
        try:
            pending = advance(argument)
        except StopIteration:
            return
