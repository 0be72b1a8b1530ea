"""Devices that were away send what they kept, oldest first, one post after the other, while vehicles report each second.

Bodies are made before the clock runs, packed as the Python client packs them. A live fix's delay counts from when it was due.
"""

import asyncio
import gc
import gzip
import json
import sys
import time
from collections import Counter
from typing import Any

import uvloop

from benchmarks.load.drives import Drive
from benchmarks.load.http import HttpConnection, connect, request, request_head
from benchmarks.load.log import Log, quantile
from benchmarks.load.senders import Vehicles
from benchmarks.load.window import figures_between, usage

HEAD_EXTRA = b"Content-Encoding: gzip\r\n"
BUSY_AGAIN_S = 1.0
SETTLED_S, ALONE_S = 2.0, 5.0


class Backlogs:
    """One a device; `answered_ms` of each post that was taken."""

    def __init__(self, settings: dict[str, Any]) -> None:
        fixes, batch = settings["fixes"], settings["batch"]
        start_ms = (int(time.time()) - fixes) * 1000
        self._waiting = [posts_of(Drive(vehicle), start_ms, fixes, batch) for vehicle in settings["backlogs"]]
        self._left = len(self._waiting)
        self._drained = asyncio.Event()
        self.answered_ms: list[float] = []
        self.busy = 0
        self.errors: Counter[str] = Counter()

    async def drain(self, port: int) -> None:
        connections = await connect(port, len(self._waiting), self._lost)
        for connection, waiting in zip(connections, self._waiting, strict=True):
            self._send(connection, waiting)
        await self._drained.wait()

    def _send(self, connection: HttpConnection, waiting: list[bytes]) -> None:
        """The head of the queue until it is taken."""
        sent_s = time.monotonic()

        def answered(status: int, body: bytes) -> None:
            if status == 503:
                self.busy += 1
                asyncio.get_running_loop().call_later(BUSY_AGAIN_S, self._send, connection, waiting)
                return
            if status != 200:
                self.errors[f"{status} {body[:200].decode(errors='replace')}"] += 1
            self.answered_ms.append(1000 * (time.monotonic() - sent_s))
            waiting.pop()
            if waiting:
                self._send(connection, waiting)
            else:
                connection.close()
                self._end_one()

        connection.ask(waiting[-1], answered)

    def _end_one(self) -> None:
        self._left -= 1
        if not self._left:
            self._drained.set()

    def _lost(self) -> None:
        self.errors["a connection with a backlog was lost"] += 1
        self._drained.set()


def posts_of(drive: Drive, start_ms: int, fixes: int, batch: int) -> list[bytes]:
    """The newest first: they are taken from the end."""
    head = request_head("/api/v1/fixes", token=drive.token) + HEAD_EXTRA
    posts = []
    for first in range(0, fixes, batch):
        texts = [drive.next_fix(str(start_ms + i * 1000), is_named=False) for i in range(first, first + batch)]
        posts.append(request(head, gzip.compress(f"[{','.join(texts)}]".encode(), 1)))
    return posts[::-1]


async def measure(settings: dict[str, Any]) -> dict[str, Any]:
    backlogs, log = Backlogs(settings), Log()
    vehicles = Vehicles(settings, log)
    await vehicles.way.open()
    await vehicles.enter()
    live = asyncio.create_task(vehicles.run(until_s=time.time() + settings["longest_s"]))
    await asyncio.sleep(SETTLED_S)
    log.clear()
    await asyncio.sleep(ALONE_S)
    alone_ms = list(log.answered_ms)
    log.clear()
    before = usage(settings["server_pid"])
    await asyncio.wait_for(backlogs.drain(settings["port"]), settings["longest_s"])
    after = usage(settings["server_pid"])
    answered_ms = list(log.answered_ms)
    live.cancel()
    return figures_between(before, after) | {
        "alone_p50_ms": quantile(alone_ms, 0.5),
        "alone_p99_ms": quantile(alone_ms, 0.99),
        "live_p50_ms": quantile(answered_ms, 0.5),
        "live_p99_ms": quantile(answered_ms, 0.99),
        "live_max_ms": max(answered_ms),
        "late_p99_ms": quantile(log.late_ms, 0.99),
        "post_p50_ms": quantile(backlogs.answered_ms, 0.5),
        "post_p99_ms": quantile(backlogs.answered_ms, 0.99),
        "busy": backlogs.busy,
        "errors": dict(backlogs.errors + log.errors),
    }


if __name__ == "__main__":
    gc.disable()
    print(json.dumps(uvloop.run(measure(json.load(sys.stdin)))))
