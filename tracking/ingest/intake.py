"""The way of fixes from decoded items to a receipt, shared by every door."""

import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple

from tracking.domain.counters import Counters
from tracking.domain.directory import Device, Directory
from tracking.domain.fix import Refusal
from tracking.ingest.rules import Checked, Context, check_fixes, has_unknown_vehicle
from tracking.ingest.writer import FixWriter


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
    """`refresh_directory` looks whether the office changed a moment ago; it may be called for every request."""

    def __init__(
        self,
        writer: FixWriter,
        *,
        directory: Callable[[], Directory],
        refresh_directory: Callable[[], Awaitable[None]],
        retention_ms: int,
        counters: Counters,
    ) -> None:
        self._writer = writer
        self._directory = directory
        self._refresh_directory = refresh_directory
        self._retention_ms = retention_ms
        self._counters = counters

    async def take(self, device: Device, items: Sequence[Any]) -> Receipt:
        """Checks and stores; returns when all accepted fixes are on disk. Raises Overloaded and Unavailable."""
        checked = self._check(device, items)
        if has_unknown_vehicle(checked):
            await self._refresh_directory()
            checked = self._check(device, items)
        stored = await self._writer.submit(checked.fixes) if checked.fixes else 0
        receipt = Receipt(stored, len(checked.fixes) - stored, checked.refused)
        self._count(receipt)
        return receipt

    def _count(self, receipt: Receipt) -> None:
        self._counters.fixes_stored += receipt.stored
        self._counters.fixes_duplicate += receipt.duplicates
        for _, refusal in receipt.refused:
            self._counters.fixes_refused[refusal.reason] += 1

    def _check(self, device: Device, items: Sequence[Any]) -> Checked:
        now_ms = time.time_ns() // 1_000_000
        return check_fixes(items, Context(self._directory(), device, now_ms, self._retention_ms))
