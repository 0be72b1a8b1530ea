"""How the server's memory grows while it is watched."""

import asyncio
import time

from benchmarks.machine import tree_rss_mb

LOOK_EVERY_S = 2.0


class Memory:
    """`grown_mb`: its peak less what it was at first."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._first_mb = tree_rss_mb(pid)
        self.grown_mb = 0.0

    async def watch(self, for_s: float) -> None:
        end_s = time.monotonic() + for_s
        while (left_s := end_s - time.monotonic()) > 0:
            await asyncio.sleep(min(LOOK_EVERY_S, left_s))
            self.grown_mb = max(self.grown_mb, tree_rss_mb(self._pid) - self._first_mb)
