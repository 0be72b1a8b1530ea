"""The way of fixes from decoded items to a receipt, shared by every door."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple

from tracking.domain.counters import Counters
from tracking.domain.directory import Device, Directory
from tracking.domain.fix import Fix, Reason, Refusal
from tracking.ingest.refusals import RefusalLog
from tracking.ingest.rules import Checked, Context, check_fixes, has_unknown_vehicle
from tracking.ingest.writer import FixWriter

TIME_TAKEN = Refusal(Reason.TIME_TAKEN, "Another position is stored for this vehicle and time already.")


class Receipt(NamedTuple):
    """What became of a request's fixes; all are on disk, known before, or refused by index."""

    stored: int
    duplicates: int
    refused: list[tuple[int, Refusal]]

    def as_json(self) -> dict[str, Any]:
        return {
            "stored": self.stored,
            "duplicates": self.duplicates,
            "refused": [
                {"index": index, "reason": refusal.reason, "detail": refusal.detail} for index, refusal in self.refused
            ],
        }


class Intake:
    """`refresh_directory` looks whether the office changed a moment ago; it may be called for every request.

    `find_clashes` gives the indexes of fixes whose time is taken by another position; it may block.
    """

    def __init__(
        self,
        writer: FixWriter,
        *,
        directory: Callable[[], Directory],
        refresh_directory: Callable[[], Awaitable[None]],
        find_clashes: Callable[[Sequence[Fix]], list[int]],
        retention_ms: int,
        counters: Counters,
        refusals: RefusalLog,
    ) -> None:
        self._writer = writer
        self._directory = directory
        self._refresh_directory = refresh_directory
        self._find_clashes = find_clashes
        self._retention_ms = retention_ms
        self._counters = counters
        self._refusals = refusals

    async def take(self, device: Device, items: Sequence[Any]) -> Receipt:
        """Checks and stores; returns when all accepted fixes are on disk. Raises Overloaded and Unavailable."""
        checked = self._check(device, items)
        if has_unknown_vehicle(checked):
            await self._refresh_directory()
            checked = self._check(device, items)
        stored = await self._writer.submit(checked.fixes) if checked.fixes else 0
        known = len(checked.fixes) - stored
        clashes = await self._clashes(checked, len(items)) if known else []
        receipt = Receipt(stored, known - len(clashes), sorted([*checked.refused, *clashes]))
        self._count(receipt)
        if receipt.refused:
            self._refusals.note(device, items, receipt.refused, directory=self._directory(), now_ms=_now_ms())
        return receipt

    async def _clashes(self, checked: Checked, count: int) -> list[tuple[int, Refusal]]:
        """Of the fixes that were not new, those that say something else than what is stored; by index in the request."""
        refused = {index for index, _ in checked.refused}
        places = [index for index in range(count) if index not in refused]
        found = await asyncio.to_thread(self._find_clashes, checked.fixes)
        return [(places[i], TIME_TAKEN) for i in found]

    def _count(self, receipt: Receipt) -> None:
        self._counters.fixes_stored += receipt.stored
        self._counters.fixes_duplicate += receipt.duplicates
        for _, refusal in receipt.refused:
            self._counters.fixes_refused[refusal.reason] += 1

    def _check(self, device: Device, items: Sequence[Any]) -> Checked:
        return check_fixes(items, Context(self._directory(), device, _now_ms(), self._retention_ms))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
