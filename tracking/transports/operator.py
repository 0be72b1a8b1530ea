"""What this process tells an operator, and what an operator may order of it."""

import os
import secrets
import signal
import socket
import time
from collections.abc import Mapping
from typing import Any

from tracking.domain.counters import Counters, Histogram
from tracking.live.closing import CloseCode
from tracking.live.feed import LiveFeed
from tracking.transports.drain import Drain

MOST_CONNECTIONS = 200  # listed of a process; all are counted


class Operator:
    """`server` is the name of what serves: daphne or uvicorn."""

    def __init__(self, counters: Counters, feed: LiveFeed, drain: Drain) -> None:
        self.process = secrets.token_hex(4)
        self.server = "asgi"
        self._counters = counters
        self._feed = feed
        self._drain = drain
        self._started_s = time.monotonic()

    def report(self) -> dict[str, Any]:
        now_s = time.monotonic()
        connections = sorted(
            (connection.describe(now_s) for connection in self._feed.connections),
            key=lambda described: (-described["unacknowledged"], -described["age_s"]),
        )
        return {
            "process": self.process,
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "server": self.server,
            "uptime_s": round(now_s - self._started_s, 3),
            "is_draining": self._drain.is_on,
            "is_bus_stale": self._feed.bus.is_stale,
            "under_way": dict(self._drain.under_way),
            "counters": counters_report(self._counters),
            "connections": connections[:MOST_CONNECTIONS],
        }

    def obey(self, order: Mapping[str, Any]) -> None:
        """`{"do": "drain"}` ends the process as SIGTERM does; `{"do": "end", "connection": …}` one connection for good."""
        if order["do"] == "drain":
            os.kill(os.getpid(), signal.SIGTERM)
        elif order["do"] == "end":
            for connection in list(self._feed.connections):
                if connection.describe(0)["connection"] == order["connection"]:
                    connection.close(CloseCode.WITHDRAWN)


def counters_report(counters: Counters) -> dict[str, Any]:
    """Names and numbers; tables have texts as keys."""
    return {
        "messages_in": counters.messages_in,
        "frames_out": counters.frames_out,
        "bytes_out": counters.bytes_out,
        "fixes_stored": counters.fixes_stored,
        "fixes_duplicate": counters.fixes_duplicate,
        "fixes_refused": dict(counters.fixes_refused),
        "commits": _sums(counters.commit_s),
        "ticks": _sums(counters.tick_s),
        "conflated": counters.conflated,
        "resumes": dict(counters.resumes),
        "gaps": dict(counters.gaps),
        "closes": {str(code): count for code, count in counters.closes.items()},
    }


def _sums(histogram: Histogram) -> dict[str, float]:
    return {"count": histogram.count, "total_s": histogram.total}
