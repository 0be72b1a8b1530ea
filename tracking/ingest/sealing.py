"""Seals closed hours between commits, in slices so short that no sender waits for long."""

from tracking.domain.latest import Changes
from tracking.ingest.commit import Committed
from tracking.storage.sealing import Sealed, closed_before_ms, seal
from tracking.storage.telemetry import Transaction

SLICE = Sealed(hours=32, fixes=4_000)  # 10 ms; an hour with more fixes is a slice of its own
LOOKED_AT = 500  # vehicles a slice


class Sealer:
    """Goes round all vehicles. Several processes may do so at once: each passes over vehicles that another holds."""

    def __init__(self, *, closed_ms: int) -> None:
        self._closed_ms = closed_ms
        self._after = -1

    def __call__(self, transaction: Transaction) -> Committed | None:
        """One slice; None at the end of a round."""
        before_ms = closed_before_ms(transaction, self._closed_ms)
        looked = transaction.history.hot.oldest(after=self._after, before_ms=before_ms, limit=LOOKED_AT)
        if not looked:
            self._after = -1
            return None
        left = SLICE
        for vehicle, oldest_ms in looked:
            self._after = vehicle  # so that one that cannot be sealed does not keep the others waiting
            if oldest_ms is not None and transaction.hold(vehicle):
                left = self._seal(transaction, vehicle, left)
                if not is_enough(left):
                    self._after = vehicle - 1
                    break
        return Committed([], Changes(), [], {}, transaction.changed_ms)

    def _seal(self, transaction: Transaction, vehicle: int, left: Sealed) -> Sealed:
        """What is left of the slice."""
        while is_enough(left):
            done = seal(transaction, vehicle, closed_ms=self._closed_ms, most=left)
            if not done.hours:
                break
            left = Sealed(left.hours - done.hours, left.fixes - done.fixes)
        return left


def is_enough(left: Sealed) -> bool:
    """To begin with another hour."""
    return left.hours > 0 and 2 * left.fixes > SLICE.fixes
