"""Dispatchers who join a quiet region and hear nothing: what each costs the server."""

import asyncio
import json
import sys
from typing import Any

import uvloop

from benchmarks.load.calls import Calls
from benchmarks.load.dialects import DIALECTS
from benchmarks.load.log import Log
from benchmarks.load.socket import Socket
from benchmarks.load.watchers import session_of
from benchmarks.load.window import figures_between, usage
from benchmarks.machine import tree_rss_mb

FIRST = 50
"""Opened before, for what is loaded once."""
SETTLE_S = 2.0


async def measure(settings: dict[str, Any]) -> dict[str, Any]:
    log = Log()
    await _open(settings, log, FIRST)
    before_mb = tree_rss_mb(settings["server_pid"])
    await _open(settings, log, settings["count"])
    after_mb = tree_rss_mb(settings["server_pid"])
    before = usage(settings["server_pid"])
    await asyncio.sleep(settings["window_s"])
    figures = figures_between(before, usage(settings["server_pid"]))
    kib = (after_mb - before_mb) * 1e6 / 1024 / settings["count"]
    return figures | {"kib": kib, "errors": dict(log.errors)}


async def _open(settings: dict[str, Any], log: Log, count: int) -> None:
    """Returns when everybody has its picture and the server has nothing left to do."""
    dialect = DIALECTS["product"]
    calls = Calls(port=settings["port"], dialect=dialect, log=log)
    heard: set[Socket] = set()

    def hear(socket: Socket, payload: bytes) -> None:
        if b'"snapshot"' in payload:
            heard.add(socket)

    await asyncio.gather(
        *(
            calls.open(
                dialect.watch_path("quiet"),
                session=session_of(settings, number),
                greetings=dialect.watch_greetings("quiet"),
                on_message=hear,
            )
            for number in range(count)
        )
    )
    while len(heard) < count and not log.errors:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    await asyncio.sleep(SETTLE_S)


if __name__ == "__main__":
    print(json.dumps(uvloop.run(measure(json.load(sys.stdin)))))
