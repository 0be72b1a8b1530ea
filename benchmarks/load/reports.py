"""Devices that report one fix at a time over WebSockets, each answered when it is on disk.

`closed`: each device sends again once it was answered, but no faster than a connection may. `open`: so many a second, when due.
"""

import asyncio
import gc
import json
import sys
import time
from collections import deque
from typing import Any

import uvloop

from benchmarks.load.calls import Calls
from benchmarks.load.dialects import DIALECTS
from benchmarks.load.drives import Drive
from benchmarks.load.log import Log, quantile
from benchmarks.load.socket import Socket
from benchmarks.load.window import figures_between, usage

EVERY_S = 0.051  # a connection may send 20 messages a second
DIALECT = DIALECTS["product"]


class Devices:
    """One socket each; answers come in the order of the reports."""

    def __init__(self, settings: dict[str, Any], log: Log) -> None:
        self._calls = Calls(port=settings["port"], dialect=DIALECT, log=log)
        self._log = log
        self._drives = [Drive(vehicle) for vehicle in settings["vehicles"]]
        self._due_s: list[deque[float]] = [deque() for _ in self._drives]
        self._last_ms = [0] * len(self._drives)
        self._numbers: dict[Socket, int] = {}
        self._sockets: list[Socket] = []
        self.is_closed_loop = settings["per_s"] == 0
        self.is_over = False
        self.stored = 0

    async def open(self) -> None:
        self._sockets = list(await asyncio.gather(*map(self._open, self._drives)))
        self._numbers = {socket: number for number, socket in enumerate(self._sockets)}

    async def _open(self, drive: Drive) -> Socket:
        greetings = DIALECT.drive_greetings(drive)
        return await self._calls.open(DIALECT.drive_path, session="", greetings=greetings, on_message=self._hear)

    def send(self, number: int, due_s: float | None = None) -> None:
        """Fix times of a device rise, whatever the pace."""
        if self.is_over:
            return
        self._due_s[number].append(due_s or time.monotonic())
        self._last_ms[number] = time_ms = max(self._last_ms[number] + 1, time.time_ns() // 1_000_000)
        self._sockets[number].send(DIALECT.report(DIALECT.position(self._drives[number], time_ms)))

    def _hear(self, socket: Socket, payload: bytes) -> None:
        if not payload.startswith(b'{"type":"ok"'):
            self._check(payload)
            return
        self.stored += 1
        number = self._numbers[socket]
        waited_s = time.monotonic() - self._due_s[number].popleft()
        self._log.answered_ms.append(1000 * waited_s)
        if self.is_closed_loop:
            asyncio.get_running_loop().call_later(max(0.0, EVERY_S - waited_s), self.send, number)

    def _check(self, payload: bytes) -> None:
        try:
            DIALECT.is_report_stored(payload)
        except ValueError as error:
            self._log.errors[str(error)] += 1

    async def run(self, per_s: int) -> None:
        """Begins the closed loop, or sends when due for ever; a delay counts from there."""
        start_s, number = time.monotonic(), 0
        while not self.is_closed_loop or number < len(self._drives):
            due_s = start_s + number / (per_s or 10_000)
            await asyncio.sleep(due_s - time.monotonic())
            self.send(number % len(self._drives), due_s)
            number += 1


async def measure(settings: dict[str, Any]) -> dict[str, Any]:
    log = Log()
    devices = Devices(settings, log)
    await devices.open()
    running = asyncio.create_task(devices.run(settings["per_s"]))
    await asyncio.sleep(settings["warmup_s"])
    before, stored = usage(settings["server_pid"]), devices.stored
    log.answered_ms.clear()
    await asyncio.sleep(settings["window_s"])
    after, stored = usage(settings["server_pid"]), devices.stored - stored
    answered_ms = list(log.answered_ms)
    devices.is_over = True
    running.cancel()
    return figures_between(before, after) | {
        "stored": stored,
        "answer_p50_ms": quantile(answered_ms, 0.5),
        "answer_p99_ms": quantile(answered_ms, 0.99),
        "errors": dict(log.errors),
    }


if __name__ == "__main__":
    gc.disable()
    print(json.dumps(uvloop.run(measure(json.load(sys.stdin)))))
