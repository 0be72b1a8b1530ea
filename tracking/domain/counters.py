"""What a process counts about itself: plain integers that only rise; whoever shows them takes differences."""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
FIXES = (1.0, 5.0, 25.0, 100.0, 500.0, 1_000.0, 2_500.0, 5_000.0)


@dataclass(slots=True)
class Histogram:
    """How many values were at most each of `bounds`, which rise; the last count is of those above all."""

    bounds: tuple[float, ...]
    counts: list[int] = field(init=False)
    total: float = 0.0

    def __post_init__(self) -> None:
        self.counts = [0] * (len(self.bounds) + 1)

    @property
    def count(self) -> int:
        return sum(self.counts)

    def observe(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value


class SealedSlice(NamedTuple):
    """Hours that became blobs; `again`: those that had one already, to which fixes came late."""

    hours: int = 0
    again: int = 0
    fixes: int = 0


@dataclass(slots=True, kw_only=True)
class SealingCounts:
    """By the writer's thread."""

    hours: int = 0
    again: int = 0
    fixes: int = 0
    slice_s: Histogram = field(default_factory=lambda: Histogram(SECONDS))
    failures: int = 0
    """Slices that broke off."""
    waiting_hours: int = 0
    """Closed ones since the oldest hot fix of each vehicle that was found to wait, as it is now."""

    def add(self, slice_: SealedSlice, took_s: float) -> None:
        self.hours += slice_.hours
        self.again += slice_.again
        self.fixes += slice_.fixes
        self.slice_s.observe(took_s)


@dataclass(slots=True, kw_only=True)
class Counters:
    """One in a process. Commits are counted by the writer's thread, all else in the event loop."""

    messages_in: int = 0
    frames_out: int = 0
    bytes_out: int = 0
    fixes_stored: int = 0
    fixes_duplicate: int = 0
    fixes_refused: Counter[str] = field(default_factory=Counter)
    """By reason."""
    phone_requests: Counter[str] = field(default_factory=Counter)
    """By dialect."""
    passed_over: Counter[str] = field(default_factory=Counter)
    """Records of phone apps without a position to keep, by kind."""
    commit_fixes: Histogram = field(default_factory=lambda: Histogram(FIXES))
    commit_s: Histogram = field(default_factory=lambda: Histogram(SECONDS))
    sealing: SealingCounts = field(default_factory=SealingCounts)
    tick_s: Histogram = field(default_factory=lambda: Histogram(SECONDS))
    conflated: int = 0
    """Frames that a reader without credit was not sent; it got them merged."""
    resumes: Counter[str] = field(default_factory=Counter)
    """Cursors that came back, by what they were answered with: delta or snapshot."""
    gaps: Counter[str] = field(default_factory=Counter)
    """Rooms read again from the store, by cause."""
    closes: Counter[int] = field(default_factory=Counter)
    """By close code."""
