"""Closed loop: every connection posts its next fixes as soon as the last are acknowledged.

Kinds: `single` (a device, one fix a post), `backlog` (a device, 20 consecutive fixes), `gateway` (20 vehicles, one fix each).
"""

import asyncio
import gc
import json
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import msgspec
import uvloop

from benchmarks.load.drives import Drive
from benchmarks.load.http import HttpConnection, connect, request, request_head
from benchmarks.load.window import figures_between, usage

BATCH = 20
PATH = "/api/v1/fixes"
MAX_ERRORS = 100


class Fleet:
    """Takes turns among the vehicles; `is_named`: fixes carry their vehicle, as a gateway's do."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._drives = [Drive(vehicle) for vehicle in settings["vehicles"]]
        self._heads = [request_head(PATH, token=drive.token) for drive in self._drives]
        self._gateway = request_head(PATH, token=settings["gateway_token"])
        self._is_named = settings["is_named"]
        self._turn = 0
        self._times = SecondTexts(settings["start_ms"])
        self._times_sent = [0] * len(self._drives)
        self.make = {"single": self._single, "backlog": self._backlog, "gateway": self._of_gateway}[settings["kind"]]

    def _next(self) -> int:
        self._turn = (self._turn + 1) % len(self._drives)
        return self._turn

    def _fix(self, i: int, *, is_named: bool) -> str:
        self._times_sent[i] += 1
        return self._drives[i].next_fix(self._times[self._times_sent[i]], is_named=is_named)

    def _single(self) -> bytes:
        i = self._next()
        return request(self._heads[i], self._fix(i, is_named=self._is_named).encode())

    def _backlog(self) -> bytes:
        i = self._next()
        fixes = [self._fix(i, is_named=self._is_named) for _ in range(BATCH)]
        return request(self._heads[i], f"[{','.join(fixes)}]".encode())

    def _of_gateway(self) -> bytes:
        fixes = [self._fix(self._next(), is_named=True) for _ in range(BATCH)]
        return request(self._gateway, f"[{','.join(fixes)}]".encode())


class SecondTexts:
    """RFC 3339 texts, as JSON, of the seconds after a start; each is made once."""

    def __init__(self, start_ms: int) -> None:
        self._start_s = start_ms / 1000
        self._texts: list[str] = []

    def __getitem__(self, second: int) -> str:
        while len(self._texts) <= second:
            moment = datetime.fromtimestamp(self._start_s + len(self._texts), UTC)
            self._texts.append(f'"{moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")}"')
        return self._texts[second]


class ClosedLoop:
    """Counts what is acknowledged."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._decode = msgspec.json.Decoder().decode
        self.stored = 0
        self.posts = 0
        self.errors: Counter[str] = Counter()
        self.answer_s: list[float] = []
        self.is_over = False

    def run(self, connection: HttpConnection) -> None:
        sent_s = time.monotonic()

        def answered(status: int, body: bytes) -> None:
            self._count(status, body)
            self.answer_s.append(time.monotonic() - sent_s)
            if not self.is_over and self.errors.total() < MAX_ERRORS:
                self.run(connection)

        connection.ask(self._fleet.make(), answered)

    def _count(self, status: int, body: bytes) -> None:
        if status == 200:
            self.posts += 1
            self.stored += self._decode(body)["stored"]
        else:
            self.errors[f"{status} {body[:200].decode(errors='replace')}"] += 1

    def lost(self) -> None:
        self.errors["connection lost"] += 1


async def measure(settings: dict[str, Any]) -> dict[str, Any]:
    loop = ClosedLoop(Fleet(settings))
    connections = await connect(settings["port"], settings["connections"], loop.lost)
    for connection in connections:
        loop.run(connection)
    await asyncio.sleep(settings["warmup_s"])
    before, stored, posts = usage(settings["server_pid"]), loop.stored, loop.posts
    loop.answer_s.clear()
    await asyncio.sleep(settings["window_s"])
    after, stored, posts = usage(settings["server_pid"]), loop.stored - stored, loop.posts - posts
    answer_ms = sorted(1000 * s for s in loop.answer_s)
    loop.is_over = True
    await asyncio.sleep(0.2)
    for connection in connections:
        connection.close()
    return figures_between(before, after) | {
        "stored": stored,
        "posts": posts,
        "answer_p50_ms": answer_ms[len(answer_ms) // 2] if answer_ms else None,
        "answer_p99_ms": answer_ms[len(answer_ms) * 99 // 100] if answer_ms else None,
        "errors": dict(loop.errors),
    }


if __name__ == "__main__":
    gc.disable()
    print(json.dumps(uvloop.run(measure(json.load(sys.stdin)))))
