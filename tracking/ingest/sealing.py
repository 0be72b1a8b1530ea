"""Seals closed hours between commits, in slices so short that no sender waits for long."""

from heapq import heappop, heappush
from typing import NamedTuple

from tracking.domain.counters import SealedSlice, SealingCounts
from tracking.domain.hours import HOUR_MS
from tracking.domain.latest import Changes
from tracking.ingest.commit import Committed
from tracking.storage.sealing import Amount, closed_before_ms, seal
from tracking.storage.telemetry import Transaction

SLICE = Amount(hours=16, fixes=4_000)  # 10 ms; an hour with more fixes is a slice of its own
SLACK = 17 / 16  # of the fixes of an hour: the next one may have some more
LOOKED_AT = 500  # vehicles a look


class Waiting(NamedTuple):
    """A vehicle's oldest hot fix of a closed hour."""

    hour: int
    vehicle: int
    time_ms: int


class Sealer:
    """Goes round all vehicles, once each: an hour that a backlog fills is sealed once a round, not after each of its posts.

    Of many hours the oldest come first, of all vehicles: where they were stored together they lie on the same pages.

    Several processes may do so at once: each passes over vehicles that another holds.
    """

    def __init__(self, *, closed_ms: int, counts: SealingCounts | None = None) -> None:
        self._closed_ms = closed_ms
        self._counts = counts or SealingCounts()
        self._slice = SealedSlice()
        self._after = -1
        self._waiting: list[Waiting] = []
        self._taken: list[Waiting] = []
        self._failed: dict[int, int] = {}
        self._fixes_an_hour: dict[int, int] = {}

    def __call__(self, transaction: Transaction) -> Committed | None:
        """One slice; None at the end of a round."""
        self._take_back()
        if not self._waiting and not self._look(transaction):
            self._note_waiting(transaction)
            self._failed.clear()
            return None
        self._slice, left = SealedSlice(), SLICE
        while self._waiting and is_enough(left):
            self._taken.append(heappop(self._waiting))
            left = self._seal(transaction, self._taken[-1].vehicle, self._taken[-1].time_ms, left)
        self._taken.clear()
        self._note_waiting(transaction)
        sealed = self._slice if self._slice.hours else None
        return Committed([], Changes(), [], {}, transaction.changed_ms, sealed=sealed)

    def _take_back(self) -> None:
        """What a slice that failed had begun, but for the vehicle at which it failed."""
        self._counts.failures += bool(self._taken)
        for begun in self._taken:
            if begun.vehicle not in self._failed:
                heappush(self._waiting, begun)
        self._taken.clear()

    def _look(self, transaction: Transaction) -> bool:
        """At the next vehicles; False when there are no more."""
        hot, before_ms = transaction.history.hot, closed_before_ms(transaction, self._closed_ms)
        looked = hot.oldest(after=self._after, before_ms=before_ms, limit=LOOKED_AT)
        self._after = looked[-1][0] if looked else -1
        for vehicle, time_ms in looked:
            if time_ms is not None and vehicle not in self._failed:
                self._wait(vehicle, time_ms)
        return bool(looked)

    def _wait(self, vehicle: int, time_ms: int) -> None:
        heappush(self._waiting, Waiting(time_ms // HOUR_MS, vehicle, time_ms))

    def _seal(self, transaction: Transaction, vehicle: int, oldest_ms: int, left: Amount) -> Amount:
        """What is left of the slice. One that cannot be sealed is not tried again in this round."""
        if not transaction.hold(vehicle):
            return left
        self._failed[vehicle] = oldest_ms
        most = left._replace(fixes=self._to_read(vehicle, left.fixes))
        amount, again, rest_ms = seal(transaction, vehicle, oldest_ms=oldest_ms, closed_ms=self._closed_ms, most=most)
        del self._failed[vehicle]
        hours, known, fixes = self._slice
        self._slice = SealedSlice(hours + amount.hours, known + again, fixes + amount.fixes)
        if amount.hours:
            self._fixes_an_hour[vehicle] = amount.fixes // amount.hours
        if rest_ms is not None:
            self._wait(vehicle, rest_ms)
        return Amount(left.hours - amount.hours, left.fixes - amount.fixes)

    def _note_waiting(self, transaction: Transaction) -> None:
        before_hour = closed_before_ms(transaction, self._closed_ms) // HOUR_MS
        hours = [waiting.hour for waiting in self._waiting]
        hours += [time_ms // HOUR_MS for time_ms in self._failed.values()]
        self._counts.waiting_hours = sum(before_hour - hour for hour in hours)

    def _to_read(self, vehicle: int, most: int) -> int:
        """Whole hours and a little, if it goes on as in the last ones: what is read and not sealed was read for nothing."""
        an_hour = self._fixes_an_hour.get(vehicle, 0) * SLACK
        return most if not 0 < an_hour < most else int(most // an_hour * an_hour) + 1


def is_enough(left: Amount) -> bool:
    """To begin with another hour."""
    return left.hours > 0 and 2 * left.fixes > SLICE.fixes
