"""The live room of operators: every process's report, asked once for all who read here."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from tracking.live.channels import OPS, Namespace
from tracking.live.frames import Notice

logger = logging.getLogger(__name__)

EVERY_S = 2.0
OPS_CHANNEL = f"{Namespace.ADMIN}:{OPS}"


class Reader(Protocol):
    @property
    def has_credit(self) -> bool: ...

    def show(self, notice: Notice) -> None:
        """Must return at once."""
        ...


class OpsRoom:
    """`ask` gets the reports of all processes; it is called only while somebody reads."""

    def __init__(self, ask: Callable[[], Awaitable[list[dict[str, Any]]]]) -> None:
        self._ask = ask
        self._readers: set[Reader] = set()
        self._task: asyncio.Task[None] | None = None

    def enter(self, reader: Reader) -> None:
        self._readers.add(reader)
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    def leave(self, reader: Reader) -> None:
        """Harmless for one that is not there."""
        self._readers.discard(reader)
        if not self._readers and self._task is not None:
            self._task.cancel()
            self._task = None

    def stop(self) -> None:
        for reader in list(self._readers):
            self.leave(reader)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            began_s = loop.time()
            try:
                self._tell(await self._ask())
            except Exception:
                logger.exception("operators were not told")
            await asyncio.sleep(began_s + EVERY_S - loop.time())

    def _tell(self, processes: list[dict[str, Any]]) -> None:
        message = {"type": "ops", "channel": OPS_CHANNEL, "time": time.time_ns() // 1_000_000, "processes": processes}
        notice = Notice(message)
        for reader in list(self._readers):
            if reader.has_credit:
                reader.show(notice)
