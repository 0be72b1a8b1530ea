"""What the writer's thread does between commits, in slices of one transaction each, so that no sender waits for long."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

from tracking.domain.counters import Counters
from tracking.domain.directory import Directory
from tracking.domain.latest import Changes
from tracking.domain.regions import RegionIndex
from tracking.ingest.commit import Committed
from tracking.ingest.sealing import Sealer
from tracking.ingest.settling import settle_marked, tell_due
from tracking.ingest.watchman import relocate, watch
from tracking.storage.telemetry import Transaction

SETTLE_EVERY_S = 2.0  # for what another process left behind; its own marks are settled at once
TELL_EVERY_S = 1.0
RELOCATE_EVERY_S = 1.0
WATCH_EVERY_S = 3.0  # reads every vehicle's newest state: 0.1 ms for each hundred
SEAL_EVERY_S = 60.0  # a round asks for each vehicle's oldest hot fix: 0.3 ms for each hundred
SEAL_REST = 3.0  # a backlog takes a quarter of the writer's time at most
PUT_OFF_S = 1.0
LONGEST_WAIT_S = 60.0

Work: TypeAlias = Callable[[Transaction], Committed | None]
"""One slice; None when there is nothing left to do."""


class Chore:
    """Work that is looked at every so often, and again while there is more of it: after `rest` times as long as a slice took.

    `is_hurried`: when a commit left something behind, too.
    """

    def __init__(self, work: Work, *, every_s: float, rest: float = 0.0, is_hurried: bool = False) -> None:
        self._work = work
        self._every_s = every_s
        self._rest = rest
        self.is_hurried = is_hurried
        self.due_s = 0.0

    def run(self, transaction: Transaction, clock_s: Callable[[], float]) -> Committed | None:
        began_s = clock_s()
        self.due_s = began_s + self._every_s
        done = self._work(transaction)
        if done is not None:
            now_s = clock_s()
            self.due_s = now_s + self._rest * (now_s - began_s)
        return done


class Upkeep:
    """The chores, the longest due first, so that none waits for ever where slices are slow. `clock_s` rises."""

    def __init__(self, chores: Sequence[Chore], *, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._chores = chores
        self._clock_s = clock_s

    def wait_s(self) -> float:
        """Until something is due; 0 when it is."""
        now_s = self._clock_s()
        soonest_s = min((chore.due_s for chore in self._chores), default=now_s + LONGEST_WAIT_S)
        return max(0.0, soonest_s - now_s)

    def hurry(self) -> None:
        """There is something new to look at."""
        for chore in self._chores:
            if chore.is_hurried:
                chore.due_s = 0.0

    def put_off(self) -> None:
        """The store does not answer."""
        for chore in self._chores:
            chore.due_s = self._clock_s() + PUT_OFF_S

    def run(self, transaction: Transaction) -> Committed | None:
        """One slice of what is due: what it changed, for the live rooms."""
        chore = min(self._chores, key=lambda chore: chore.due_s, default=None)
        return chore.run(transaction, self._clock_s) if chore and chore.due_s <= self._clock_s() else None


class Relocation:
    """Looks where vehicles are whenever the regions were drawn anew."""

    def __init__(self, directory: Callable[[], Directory]) -> None:
        self._directory = directory
        self._done: RegionIndex | None = None

    def __call__(self, transaction: Transaction) -> Committed | None:
        index = self._directory().index
        if index is self._done:
            return None
        if (moved := relocate(transaction, index)) is None:
            self._done = index
            return None
        return Committed([], *moved, {}, transaction.changed_ms)


def make_upkeep(directory: Callable[[], Directory], *, seal_after_ms: int, counters: Counters) -> Upkeep:
    """All that has to be kept up; hours are sealed so long after they ended."""
    return Upkeep(
        [
            Chore(partial(_settle, directory=directory), every_s=SETTLE_EVERY_S, is_hurried=True),
            Chore(partial(_tell, directory=directory), every_s=TELL_EVERY_S),
            Chore(Relocation(directory), every_s=RELOCATE_EVERY_S),
            Chore(partial(_watch, directory=directory), every_s=WATCH_EVERY_S),
            Chore(Sealer(closed_ms=seal_after_ms, counts=counters.sealing), every_s=SEAL_EVERY_S, rest=SEAL_REST),
        ]
    )


def _settle(transaction: Transaction, *, directory: Callable[[], Directory]) -> Committed | None:
    settled = settle_marked(transaction, directory().index)
    return None if settled is None else Committed([], *settled, {}, transaction.changed_ms)


def _tell(transaction: Transaction, *, directory: Callable[[], Directory]) -> Committed | None:
    events = tell_due(transaction, directory().index, now_ms=_now_ms())
    return Committed([], Changes(), events, {}, transaction.changed_ms) if events else None


def _watch(transaction: Transaction, *, directory: Callable[[], Directory]) -> Committed | None:
    watched = watch(transaction, directory(), now_ms=_now_ms())
    if watched is None:
        return None
    events, vehicle_regions, alarms = watched
    return Committed([], Changes(), events, vehicle_regions, transaction.changed_ms, alarms=alarms)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
