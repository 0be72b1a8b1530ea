"""Open loop: every vehicle posts once a second at its own moment, dispatchers watch a region each over WebSockets.

A fix's time is the moment its post was due, so that latency counts from there: nothing that pushes back can hide a delay.
"""

import asyncio
import gc
import json
import sys
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any, NamedTuple

import msgspec
import uvloop

from benchmarks.load.drives import Drive
from benchmarks.load.http_posts import PostConnection, connect, request, request_head
from benchmarks.load.socket import Socket, upgrade_request
from benchmarks.load.window import figures_between, usage

ACK_AT_FRAMES = 7  # as the live page does
QUIET_EVERY_S = (0.6, 1.4)
SETTLE_S = 1.0

_decode = msgspec.json.Decoder().decode


class Arrival(NamedTuple):
    """One frame at one dispatcher: when (ms since 1970), and the fix times of its rows."""

    at_ms: float
    fix_times_ms: list[int]
    is_quiet: bool


@dataclass(slots=True)
class Log:
    """What was seen, cleared when the window begins."""

    arrivals: list[Arrival] = field(default_factory=list)
    answered_ms: list[float] = field(default_factory=list)
    late_ms: list[float] = field(default_factory=list)
    expected: int = 0
    errors: Counter[str] = field(default_factory=Counter)

    def clear(self) -> None:
        self.arrivals.clear()
        self.answered_ms.clear()
        self.late_ms.clear()
        self.expected = 0


class Dialect(NamedTuple):
    """How a target speaks: where to connect, what to say first, how to read."""

    path: Callable[[str], str]
    subprotocol: str
    greet: Callable[[Socket, str], None]
    fix_times_ms: Callable[[bytes], list[int]]
    acknowledges: bool


def _greet_product(socket: Socket, region: str) -> None:
    socket.send('{"type":"hello"}')
    socket.send(f'{{"type":"join","id":1,"channel":"region:{region}"}}')


def _times_in_delta(payload: bytes) -> list[int]:
    message = _decode(payload)
    if message["type"] in {"error", "bye"}:
        raise ValueError(payload.decode())
    return [row[1] for row in message["rows"]] if message["type"] == "delta" else []


DIALECTS = {
    "product": Dialect(lambda region: "/live/v1/ws", "fleet.v1.json", _greet_product, _times_in_delta, True),
    "tutorial": Dialect(
        lambda region: f"/ws/{region}/", "", lambda socket, region: None, lambda p: [_decode(p)["fix_time"]], False
    ),
}


class Dispatchers:
    """All sockets. The frames of a region are the same for all who watch it, so each is read once."""

    def __init__(self, settings: dict[str, Any], log: Log) -> None:
        self._settings = settings
        self._dialect = DIALECTS[settings["dialect"]]
        self._log = log
        self._read: dict[bytes, list[int]] = {}
        self._unacked: Counter[Socket] = Counter()
        self.sockets: list[Socket] = []

    async def open(self) -> None:
        for number, region in enumerate(self._settings["watched"]):
            await self._open(region, self._settings["sessions"][number])

    async def _open(self, region: str, session: str) -> None:
        port = self._settings["port"]
        upgrade = upgrade_request(
            self._dialect.path(region), port=port, session=session, subprotocol=self._dialect.subprotocol
        )
        on_text = partial(self._take, region == "quiet")
        make = partial(Socket, upgrade, on_text=on_text, on_end=self._ended)
        _, socket = await asyncio.get_running_loop().create_connection(make, "127.0.0.1", port)
        await asyncio.wait_for(socket.opened.wait(), 10)
        self._dialect.greet(socket, region)
        self.sockets.append(socket)

    def _take(self, is_quiet: bool, socket: Socket, payload: bytes) -> None:
        at_ms = time.time() * 1000
        times = self._times(payload)
        if times:
            self._log.arrivals.append(Arrival(at_ms, times, is_quiet))
            if self._dialect.acknowledges:
                self._acknowledge(socket, payload)

    def _times(self, payload: bytes) -> list[int]:
        times = self._read.get(payload)
        if times is None:
            if len(self._read) > 100:
                self._read.clear()
            try:
                times = self._dialect.fix_times_ms(payload)
            except ValueError as error:
                self._log.errors[str(error)] += 1
                times = []
            self._read[payload] = times
        return times

    def _acknowledge(self, socket: Socket, payload: bytes) -> None:
        self._unacked[socket] += 1
        if self._unacked[socket] >= ACK_AT_FRAMES:
            self._unacked[socket] = 0
            socket.send(f'{{"type":"ack","seq":{_decode(payload)["seq"]}}}')

    def _ended(self, reason: str) -> None:
        self._log.errors[f"a dispatcher's socket: {reason}"] += 1

    def close(self) -> None:
        for socket in self.sockets:
            socket.close()


class Posts:
    """Posts when due over a fixed set of connections; one that is busy lets its next posts wait in line."""

    def __init__(self, settings: dict[str, Any], log: Log, connections: list[PostConnection]) -> None:
        self._log = log
        self._connections = connections
        self._waiting: list[deque[tuple[bytes, int]]] = [deque() for _ in connections]
        self._drives = [Drive(vehicle) for vehicle in settings["vehicles"]]
        self._regions = [vehicle["region"] for vehicle in settings["vehicles"]]
        self._bounds: dict[str, list[float]] = settings["regions"]
        self._watchers = Counter(settings["watched"])
        self._is_product = settings["dialect"] == "product"
        self._heads = [request_head("/api/v1/fixes", token=drive.token) for drive in self._drives]

    async def run(self, *, until_s: float) -> None:
        """Spreads the vehicles evenly over each second; the last one is the quiet region's and keeps its own times."""
        start_ms, busy = round(time.time() * 1000) + 50, len(self._drives) - 1
        quiet = asyncio.create_task(self._run_quiet(busy))
        number = 0
        while (now_s := time.time()) < until_s:
            while (due_ms := start_ms + number * 1000 // busy) <= now_s * 1000:
                self._post(number % busy, due_ms)
                number += 1
            await asyncio.sleep(max(0.0, due_ms / 1000 - time.time()))
        quiet.cancel()

    async def _run_quiet(self, vehicle: int) -> None:
        chance = Random("quiet")
        while True:
            await asyncio.sleep(chance.uniform(*QUIET_EVERY_S))
            self._post(vehicle, round(time.time() * 1000))

    def _post(self, i: int, due_ms: int) -> None:
        body = self._drives[i].next_fix(str(due_ms), is_named=not self._is_product)
        if not self._is_product:
            body = f'{{"region":"{self._regions[i]}",{body[1:]}'
        self._log.late_ms.append(time.time() * 1000 - due_ms)
        self._log.expected += sum(self._watchers[region] for region in self._regions_now(i))
        line = i % len(self._connections)
        self._waiting[line].append((request(self._heads[i], body.encode()), due_ms))
        self._send_next(line)

    def _regions_now(self, i: int) -> list[str]:
        """The tutorial's region is what the post says, the product's where the vehicle is."""
        if not self._is_product:
            return [self._regions[i]]
        lat, lon = self._drives[i].place()
        return [
            name
            for name, (west, south, east, north) in self._bounds.items()
            if west < lon < east and south < lat < north
        ]

    def _send_next(self, line: int) -> None:
        connection, waiting = self._connections[line], self._waiting[line]
        if not waiting or not connection.is_free:
            return
        sent, due_ms = waiting.popleft()

        def answered(status: int, body: bytes) -> None:
            if status == 200:
                self._log.answered_ms.append(time.time() * 1000 - due_ms)
            else:
                self._log.errors[f"{status} {body[:200].decode(errors='replace')}"] += 1
            self._send_next(line)

        connection.post(sent, answered)


async def measure(settings: dict[str, Any]) -> dict[str, Any]:
    log = Log()

    def lost() -> None:
        log.errors["a posting connection was lost"] += 1

    connections = await connect(settings["port"], settings["connections"], lost)
    dispatchers = Dispatchers(settings, log)
    await dispatchers.open()
    await asyncio.sleep(SETTLE_S)
    end_s = time.time() + settings["warmup_s"] + settings["window_s"]
    posting = asyncio.create_task(Posts(settings, log, connections).run(until_s=end_s + 0.5))
    await asyncio.sleep(settings["warmup_s"])
    log.clear()
    received = sum(socket.received_bytes for socket in dispatchers.sockets)
    before = usage(settings["server_pid"], redis_url=settings["redis_url"])
    await asyncio.sleep(settings["window_s"])
    after = usage(settings["server_pid"], redis_url=settings["redis_url"])
    figures = figures_between(before, after) | _figures(log)
    received = sum(socket.received_bytes for socket in dispatchers.sockets) - received
    figures["bytes_per_update"] = received / max(1, figures["delivered"])
    figures["is_compressed"] = any(socket.is_compressed for socket in dispatchers.sockets)
    await posting
    for connection in connections:
        connection.close()
    dispatchers.close()
    return figures


def _figures(log: Log) -> dict[str, Any]:
    busy = sorted(a.at_ms - time_ms for a in log.arrivals if not a.is_quiet for time_ms in a.fix_times_ms)
    quiet = sorted(a.at_ms - time_ms for a in log.arrivals if a.is_quiet for time_ms in a.fix_times_ms)
    return {
        "delivered": len(busy) + len(quiet),
        "expected": log.expected,
        "frames": len(log.arrivals),
        "p50_ms": _quantile(busy, 0.5),
        "p99_ms": _quantile(busy, 0.99),
        "quiet_p50_ms": _quantile(quiet, 0.5),
        "quiet_p90_ms": _quantile(quiet, 0.9),
        "answer_p50_ms": _quantile(sorted(log.answered_ms), 0.5),
        "answer_p99_ms": _quantile(sorted(log.answered_ms), 0.99),
        "late_p99_ms": _quantile(sorted(log.late_ms), 0.99),
        "errors": dict(log.errors),
    }


def _quantile(values: list[float], share: float) -> float:
    """Of sorted values; NaN of none."""
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


if __name__ == "__main__":
    gc.disable()
    print(json.dumps(uvloop.run(measure(json.load(sys.stdin)))))
