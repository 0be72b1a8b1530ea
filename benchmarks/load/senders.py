"""Vehicles: one position a second each, when due, by POST, over a WebSocket of their own, or many in a message of a gateway."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any, Protocol

from benchmarks.load.calls import Calls
from benchmarks.load.dialects import DIALECTS, Dialect
from benchmarks.load.drives import Drive
from benchmarks.load.http import HttpConnection, connect
from benchmarks.load.log import Log
from benchmarks.load.socket import Socket

QUIET_EVERY_S = (0.6, 1.4)
BATCH_EVERY_S = 0.05
BATCH_FIXES = 500
ENTERING_AT_ONCE = 500
LOOK_S = 0.05
GATEWAYS = 8  # so that none sends more messages than a connection may


class Way(Protocol):
    async def open(self) -> None: ...
    def send(self, i: int, position: str, due_ms: int) -> None: ...
    @property
    def is_idle(self) -> bool:
        """All that was sent is answered, if it will be."""

    def close(self) -> None: ...


class Vehicles:
    """A fix's time is the moment it was due, so that nothing that pushes back can hide a delay."""

    def __init__(self, settings: dict[str, Any], log: Log) -> None:
        self._log = log
        self._dialect = DIALECTS[settings["dialect"]]
        self._drives = [Drive(vehicle) for vehicle in settings["vehicles"]]
        self._bounds: dict[str, list[float]] = settings["regions"]
        self._watchers = Counter(settings["watched"])
        self._has_quiet = "quiet" in self._watchers
        ways: dict[str, Callable[[dict[str, Any], Log, Dialect, list[Drive]], Way]] = {
            "post": Posts,
            "socket": Reports,
            "batch": Batches,
        }
        self.way: Way = ways[settings["ingest"]](settings, log, self._dialect, self._drives)
        is_batched = settings["ingest"] == "batch"
        self._position = self._dialect.named_position if is_batched else self._dialect.position

    async def enter(self) -> None:
        """Each reports once, before anybody watches, at the pace at which the server takes it.

        A whole fleet that enters its regions at once is no usual second.
        """
        for i, drive in enumerate(self._drives, 1):
            now_ms = round(time.time() * 1000)
            self.way.send(i - 1, self._position(drive, now_ms), now_ms)
            if i % ENTERING_AT_ONCE == 0 or i == len(self._drives):
                await asyncio.sleep(LOOK_S)
                while not self.way.is_idle:  # noqa: ASYNC110
                    await asyncio.sleep(LOOK_S)

    async def run(self, *, until_s: float) -> None:
        """Spreads the vehicles evenly over each second; a watched quiet region has the last one, which keeps its own times."""
        start_ms, busy = round(time.time() * 1000) + 50, len(self._drives) - self._has_quiet
        quiet = asyncio.create_task(self._run_quiet(busy)) if self._has_quiet else None
        number = 0
        while (now_s := time.time()) < until_s:
            while (due_ms := start_ms + number * 1000 // busy) <= now_s * 1000:
                self._send(number % busy, due_ms)
                number += 1
            await asyncio.sleep(max(0.0, due_ms / 1000 - time.time()))
        if quiet is not None:
            quiet.cancel()

    async def _run_quiet(self, i: int) -> None:
        chance = Random("quiet")
        while True:
            await asyncio.sleep(chance.uniform(*QUIET_EVERY_S))
            self._send(i, round(time.time() * 1000))

    def _send(self, i: int, due_ms: int) -> None:
        position = self._position(self._drives[i], due_ms)
        self._log.late_ms.append(time.time() * 1000 - due_ms)
        self._log.expected += sum(self._watchers[region] for region in self._regions_now(self._drives[i]))
        self.way.send(i, position, due_ms)

    def _regions_now(self, drive: Drive) -> list[str]:
        """A peer's region is what the post says, the product's where the vehicle is."""
        if self._dialect.position_names_region:
            return [drive.region]
        lat, lon = drive.place()
        return [
            name
            for name, (west, south, east, north) in self._bounds.items()
            if west < lon < east and south < lat < north
        ]


class Posts:
    """A fixed set of kept-alive connections; one that is busy lets its next posts wait in line.

    One that the server ended since it was idle for long is opened anew.
    """

    def __init__(self, settings: dict[str, Any], log: Log, dialect: Dialect, drives: list[Drive]) -> None:
        self._port, self._count = settings["port"], settings["connections"]
        self._log = log
        self._dialect = dialect
        self._drives = drives
        self._connections: list[HttpConnection] = []
        self._opening: dict[int, asyncio.Task[None]] = {}
        self._waiting: list[deque[tuple[bytes, int]]] = [deque() for _ in range(self._count)]

    async def open(self) -> None:
        self._connections = await connect(self._port, self._count, self._lost)

    def send(self, i: int, position: str, due_ms: int) -> None:
        line = i % self._count
        self._waiting[line].append((self._dialect.post(self._drives[i], position), due_ms))
        self._send_next(line)

    def _send_next(self, line: int) -> None:
        connection, waiting = self._connections[line], self._waiting[line]
        if not waiting or not connection.is_free or line in self._opening:
            return
        if connection.is_lost:
            self._opening[line] = asyncio.create_task(self._reopen(line))
            return
        sent, due_ms = waiting.popleft()

        def answered(status: int, body: bytes) -> None:
            if status == 200:
                self._log.answered_ms.append(time.time() * 1000 - due_ms)
            else:
                self._log.errors[f"{status} {body[:200].decode(errors='replace')}"] += 1
            self._send_next(line)

        connection.ask(sent, answered)

    async def _reopen(self, line: int) -> None:
        [self._connections[line]] = await connect(self._port, 1, self._lost)
        del self._opening[line]
        self._send_next(line)

    @property
    def is_idle(self) -> bool:
        return not any(self._waiting) and all(connection.is_free for connection in self._connections)

    def _lost(self) -> None:
        self._log.errors["a posting connection was lost"] += 1

    def close(self) -> None:
        for connection in self._connections:
            connection.close()


class Reports:
    """A WebSocket a vehicle; what the server answers, if it does, comes in order."""

    def __init__(self, settings: dict[str, Any], log: Log, dialect: Dialect, drives: list[Drive]) -> None:
        self._log = log
        self._dialect = dialect
        self._drives = drives
        self._calls = Calls(port=settings["port"], dialect=dialect, log=log)
        self._sockets: list[Socket] = []
        self._due_ms: list[deque[int]] = [deque() for _ in drives]

    async def open(self) -> None:
        self._sockets = list(await asyncio.gather(*map(self._open, range(len(self._drives)))))

    async def _open(self, i: int) -> Socket:
        greetings = self._dialect.drive_greetings(self._drives[i])
        return await self._calls.open(
            self._dialect.drive_path, session="", greetings=greetings, on_message=partial(self._hear, i)
        )

    def send(self, i: int, position: str, due_ms: int) -> None:
        if self._dialect.answers_reports:
            self._due_ms[i].append(due_ms)
        self._sockets[i].send(self._dialect.report(position))

    @property
    def is_idle(self) -> bool:
        return not any(self._due_ms)

    def _hear(self, i: int, _socket: Socket, payload: bytes) -> None:
        try:
            if self._dialect.is_report_stored(payload):
                self._log.answered_ms.append(time.time() * 1000 - self._due_ms[i].popleft())
        except ValueError as error:
            self._log.errors[str(error)] += 1

    def close(self) -> None:
        self._calls.close()


class Batches:
    """A few gateways send what is due for all vehicles, each BATCH_EVERY_S or BATCH_FIXES, so that taking it in is cheap."""

    def __init__(self, settings: dict[str, Any], log: Log, dialect: Dialect, drives: list[Drive]) -> None:
        self._token = settings["gateway_token"]
        self._log = log
        self._dialect = dialect
        self._calls = Calls(port=settings["port"], dialect=dialect, log=log)
        self._sockets: deque[Socket] = deque()
        self._due: list[str] = []
        self._unanswered = 0
        self._flushing: asyncio.TimerHandle | None = None

    async def open(self) -> None:
        for _ in range(GATEWAYS):
            greetings = self._dialect.batch_greetings(self._token)
            path = self._dialect.drive_path
            self._sockets.append(await self._calls.open(path, session="", greetings=greetings, on_message=self._hear))

    def send(self, i: int, position: str, due_ms: int) -> None:
        self._due.append(position)
        if len(self._due) >= BATCH_FIXES:
            self._flush()
        elif self._flushing is None:
            self._flushing = asyncio.get_running_loop().call_later(BATCH_EVERY_S, self._flush)

    def _flush(self) -> None:
        if self._flushing is not None:
            self._flushing.cancel()
            self._flushing = None
        self._sockets[0].send(self._dialect.batch(self._due))
        self._unanswered += self._dialect.answers_reports
        self._sockets.rotate()
        self._due = []

    @property
    def is_idle(self) -> bool:
        return not self._due and not self._unanswered

    def _hear(self, _socket: Socket, payload: bytes) -> None:
        try:
            self._unanswered -= self._dialect.is_report_stored(payload)
        except ValueError as error:
            self._log.errors[str(error)] += 1

    def close(self) -> None:
        if self._flushing is not None:
            self._flushing.cancel()
        self._calls.close()
