"""Deletes while the server runs, so slowly that nobody notices: what is older than the retention, and a vehicle that is to be erased."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable

from tracking.domain.errors import Unavailable
from tracking.domain.looks import Look
from tracking.ingest.mail import in_office
from tracking.ingest.writer import FixWriter
from tracking.models import Vehicle
from tracking.storage.erasing import erase_vehicle
from tracking.storage.pruning import Chore, Do, prune
from tracking.storage.telemetry import Telemetry

logger = logging.getLogger(__name__)

FIRST_AFTER_S = 300.0
EVERY_S = 3600.0
REST = 9  # times as long as a step took: a tenth of the writer's time at most
ERASING_REST = 1  # somebody waits for it: half of the writer's time at most
LEAST_REST_S = 0.01
DAY_MS = 86_400_000


class Housekeeper:
    """One in a process; on SQLite the writer's thread is the only one that may delete."""

    def __init__(
        self,
        telemetry: Telemetry,
        writer: FixWriter,
        *,
        retention_days: int,
        prune_office: Callable[[], Counter[str]],
    ) -> None:
        self._telemetry = telemetry
        self._writer = writer
        self._retention_ms = retention_days * DAY_MS
        self._prune_office = prune_office
        self._task: asyncio.Task[None] | None = None
        self._is_stopping = False

    def start(self) -> None:
        """Harmless when it runs already."""
        self._task = self._task or asyncio.create_task(self._run())

    async def stop(self) -> None:
        """A step that is under way ends; no other begins."""
        self._is_stopping = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        await asyncio.sleep(FIRST_AFTER_S)
        while True:
            try:
                await self.clean()
            except Unavailable as error:
                logger.warning("old data is deleted later: %s", error)
            except Exception:
                logger.exception("old data was not deleted")
            await asyncio.sleep(EVERY_S)

    async def clean(self) -> Counter[str]:
        """Rows deleted by table. Raises Unavailable."""
        before_ms = time.time_ns() // 1_000_000 - self._retention_ms
        deleted = await asyncio.to_thread(prune, self._telemetry, self._doing(REST), before_ms=before_ms)
        deleted += await in_office(self._prune_office)
        if deleted:
            logger.info("deleted what is older than the retention: %s", dict(deleted))
        return deleted

    async def erase(self, vehicle: Vehicle, look: Look) -> Counter[str]:
        """Rows deleted by table; goes on when nobody waits for it any more. Raises Unavailable, and can then be begun again."""
        deleted = await in_office(erase_vehicle, self._telemetry, self._doing(ERASING_REST), vehicle, look)
        logger.info("erased vehicle %s: %s", vehicle.pk, dict(deleted))
        return deleted

    def _doing(self, rest: float) -> Do:
        """For another thread: each step between two commits of the writer, then `rest` times as long nothing."""
        loop = asyncio.get_running_loop()

        def do(chore: Chore) -> int:
            if self._is_stopping:
                raise Unavailable("the server ends")
            began_s = time.monotonic()
            deleted = asyncio.run_coroutine_threadsafe(self._writer.do(chore), loop).result()
            time.sleep(max(LEAST_REST_S, rest * (time.monotonic() - began_s)))
            return deleted

        return do
