"""The lane of large posts: they go in turn, so that a fleet's backlogs do not keep live reports waiting."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tracking.domain.errors import Overloaded

LARGE_BYTES = 16 * 1024  # inflated: about 120 fixes; what is reported live is smaller, also by a gateway
AT_ONCE = 4  # enough to keep the writer busy; a live report waits for no more than these and the commit under way
MOST_WAITING_BYTES = 64 * 1024 * 1024
PATIENCE_S = 20.0  # less than clients wait for an answer
RETRY_AFTER_S = 5


class BulkLane:
    """One for all doors of a process. First come, first served; a body is read before, since its sender may be slow."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)
        self._waiting_bytes = 0

    @asynccontextmanager
    async def turn(self, size_bytes: int) -> AsyncIterator[None]:
        """Of a body of about that size once inflated; a small one has it at once. Raises Overloaded."""
        if size_bytes <= LARGE_BYTES:
            yield
            return
        await self._wait(size_bytes)
        try:
            yield
        finally:
            self._places.release()

    async def _wait(self, size_bytes: int) -> None:
        if self._waiting_bytes + size_bytes > MOST_WAITING_BYTES:
            reason = f"{self._waiting_bytes} bytes of large posts wait; at most {MOST_WAITING_BYTES} may."
            raise Overloaded(reason, retry_after_s=RETRY_AFTER_S)
        self._waiting_bytes += size_bytes
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._places.acquire()
        except TimeoutError:
            reason = f"A large post had no turn within {PATIENCE_S:g} s."
            raise Overloaded(reason, retry_after_s=RETRY_AFTER_S) from None
        finally:
            self._waiting_bytes -= size_bytes
