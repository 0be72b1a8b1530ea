"""Hands messages to an ASGI `send` in order without making the caller wait for a slow reader."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from tracking.transports import eager

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
        self._send = send
        self._on_overflow = on_overflow
        self._on_empty = on_empty
        self._waiting: list[Mapping[str, Any]] = []  # a deque has 700 bytes when it is empty
        self._drain: asyncio.Task[None] | None = None

    def put(self, message: Mapping[str, Any]) -> None:
        if self._drain is None:
            self._drain = eager.start(self._send_from(message))
        elif len(self._waiting) < MAX_WAITING_MESSAGES:
            self._waiting.append(message)
        else:
            self._on_overflow()

    async def _send_from(self, message: Mapping[str, Any]) -> None:
        try:
            await self._send(message)
            while self._waiting:
                await self._send(self._waiting.pop(0))
        except Exception as error:
            self._waiting.clear()
            logger.debug("messages to a closed connection were dropped: %s", error)
        if self._drain is not None:
            self._drain = None
            self._on_empty()

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    async def flush(self) -> None:
        """Waits until all that was put is sent."""
        if self._drain is not None:
            await self._drain
