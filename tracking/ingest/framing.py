"""Makes the minute frames and overviews of sealed hours, beside the writer: it takes the writing connection for a moment only."""

import asyncio
import logging
import time
from collections.abc import Callable
from functools import partial

from tracking.domain.directory import Directory
from tracking.domain.errors import Unavailable
from tracking.ingest.writer import FixWriter
from tracking.storage.frames import build_frames, find_stale, save_frames
from tracking.storage.overviews import build_overviews, save_overviews
from tracking.storage.telemetry import Telemetry

logger = logging.getLogger(__name__)

EVERY_S = 60.0
QUIET_MS = 60_000  # an hour is sealed vehicle by vehicle; frames made before the last of them would be thrown away
REST = 3  # times as long as an hour took
MOST_HOURS = 100
SLICE_ROWS = 500  # overviews written at once: a few milliseconds


class Framer:
    """One in a process; when several make the same hour, the first is kept."""

    def __init__(
        self,
        telemetry: Telemetry,
        writer: FixWriter,
        *,
        directory: Callable[[], Directory],
        quiet_ms: int = QUIET_MS,
    ) -> None:
        self._telemetry = telemetry
        self._writer = writer
        self._directory = directory
        self._quiet_ms = quiet_ms
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Harmless when it runs already."""
        self._task = self._task or asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.frame()
            except Unavailable as error:
                logger.warning("minute frames are made later: %s", error)
            except Exception:
                logger.exception("minute frames were not made")

    async def frame(self) -> int:
        """How many hours are done with. Raises Unavailable."""
        made = 0
        for stale in await asyncio.to_thread(find_stale, self._telemetry, quiet_ms=self._quiet_ms, limit=MOST_HOURS):
            began_s = time.monotonic()
            blobs = await asyncio.to_thread(build_frames, self._telemetry, stale.hour)
            await self._overview(stale.hour)
            made += await self._writer.do(partial(save_frames, stale=stale, blobs=blobs))
            await asyncio.sleep(REST * (time.monotonic() - began_s))
        return made

    async def _overview(self, hour: int) -> None:
        rows = await asyncio.to_thread(build_overviews, self._telemetry, hour, self._directory().manner_of)
        for begin in range(0, len(rows), SLICE_ROWS):
            await self._writer.do(partial(save_overviews, rows=rows[begin : begin + SLICE_ROWS]))
