"""Keeps looks at history: noted in memory, written by a thread of its own, so that no reader waits for the audit."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TypeAlias

from django.db import DatabaseError

from tracking.domain.errors import Unavailable
from tracking.domain.looks import Look
from tracking.ingest.minutes import Minutes

MAX_WAITING_LOOKS = 10_000
REPEATED_WITHIN_MS = 600_000  # a page that asks again and again looks once
MINUTE_MS = 60_000
MAX_REMEMBERED_LOOKS = 10_000

Seen: TypeAlias = tuple[int, Look]
"""When, in ms since 1970 UTC, and what."""


class LookLog:
    """`note` from any thread; `keep` is called in the log's thread and may raise DatabaseError: then it is tried again."""

    def __init__(self, keep: Callable[[Sequence[Seen]], None]) -> None:
        self._keep = keep
        self._waiting: list[Seen] = []
        self._remembered: OrderedDict[Look, int] = OrderedDict()
        self._lock = threading.Lock()
        self._minutes = Minutes("looks", self._flush)

    def note(self, look: Look) -> None:
        """Raises Unavailable when too many wait: history that cannot be audited is not shown."""
        now_ms = time.time_ns() // 1_000_000
        asked = as_asked(look, now_ms)
        with self._lock:
            if self._is_repeated(asked, now_ms):
                return
            if len(self._waiting) >= MAX_WAITING_LOOKS:
                raise Unavailable("the office database does not take the audit")
            self._remember(asked, now_ms)
            self._waiting.append((now_ms, look))
        self._minutes.hurry()

    def _is_repeated(self, look: Look, now_ms: int) -> bool:
        seen_ms = self._remembered.get(look)
        return seen_ms is not None and now_ms - seen_ms < REPEATED_WITHIN_MS

    def _remember(self, look: Look, now_ms: int) -> None:
        self._remembered.pop(look, None)
        self._remembered[look] = now_ms
        if len(self._remembered) > MAX_REMEMBERED_LOOKS:
            self._remembered.popitem(last=False)

    def stop(self) -> None:
        """Writes what waits, then ends the thread."""
        self._minutes.stop()

    def _flush(self) -> None:
        with self._lock:
            taken, self._waiting = self._waiting, []
        if not taken:
            return
        try:
            self._keep(taken)
        except DatabaseError:
            with self._lock:
                self._waiting[:0] = taken
            raise


def as_asked(look: Look, now_ms: int) -> Look:
    """Who asks for the last half hour again a minute later looks again at the same."""
    if look.from_ms is None or look.to_ms is None or abs(now_ms - look.to_ms) > MINUTE_MS:
        return look
    minutes = round((look.to_ms - look.from_ms) / MINUTE_MS)
    return look._replace(from_ms=-minutes, to_ms=0)
