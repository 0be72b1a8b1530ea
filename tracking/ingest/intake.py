"""The way of fixes from decoded items to a receipt, shared by every door."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from tracking.domain.counters import Counters
from tracking.domain.directory import Device, Directory
from tracking.domain.errors import Overloaded
from tracking.domain.fix import Fix, Reason, Refusal
from tracking.ingest.refusals import RefusalLog
from tracking.ingest.rules import Checked, Context, check_fixes, has_unknown_vehicle
from tracking.ingest.sightings import OWN, SightingLog, Source
from tracking.ingest.writer import FixWriter, settle

NOW_MS = 10_000
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


Done: TypeAlias = Callable[[Receipt | Exception], None]


class Request(NamedTuple):
    device: Device
    items: Sequence[Any]
    checked: Checked
    done: Done
    source: Source


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
        sightings: SightingLog,
    ) -> None:
        self._writer = writer
        self._directory = directory
        self._refresh_directory = refresh_directory
        self._find_clashes = find_clashes
        self._retention_ms = retention_ms
        self._counters = counters
        self._refusals = refusals
        self._sightings = sightings
        self._tasks: set[asyncio.Task[None]] = set()

    async def take(self, device: Device, items: Sequence[Any], *, source: Source = OWN) -> Receipt:
        """Checks and stores; returns when all accepted fixes are on disk. Raises Overloaded and Unavailable."""
        receipt = asyncio.get_running_loop().create_future()
        self.begin(device, items, partial(settle, receipt), source=source)
        taken: Receipt = await receipt
        return taken

    def begin(self, device: Device, items: Sequence[Any], done: Done, *, source: Source = OWN) -> Sequence[Fix]:
        """As `take`, without a task for what is in order: `done` gets the receipt or what went wrong, perhaps at once.

        Gives the fixes that are to be stored, as far as they are known already.
        """
        checked = self._check(device, items)
        request = Request(device, items, checked, done, source)
        if checked.refused and has_unknown_vehicle(checked):
            self._start(request, self._look_again(request))
        else:
            self._submit(request)
        return checked.fixes

    async def _look_again(self, request: Request) -> None:
        await self._refresh_directory()
        self._submit(request._replace(checked=self._check(request.device, request.items)))

    def _submit(self, request: Request) -> None:
        if not request.checked.fixes:
            self._answer(request, 0, [])
            return
        try:
            self._writer.submit(
                request.checked.fixes, partial(self._stored, request), is_urgent=not _is_of_now(request)
            )
        except Overloaded as error:
            request.done(error)

    def _stored(self, request: Request, outcome: int | Exception) -> None:
        if outcome == len(request.checked.fixes):
            self._answer(request, outcome, [])
        elif isinstance(outcome, Exception):
            request.done(outcome)
        else:
            self._start(request, self._look_for_clashes(request, outcome))

    async def _look_for_clashes(self, request: Request, stored: int) -> None:
        """Of the fixes that were not new, some may say something else than what is stored."""
        refused = {index for index, _ in request.checked.refused}
        places = [index for index in range(len(request.items)) if index not in refused]
        found = await asyncio.to_thread(self._find_clashes, request.checked.fixes)
        self._answer(request, stored, [(places[i], TIME_TAKEN) for i in found])

    def _start(self, request: Request, work: Coroutine[Any, Any, None]) -> None:
        """What it raises is the answer."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda ended: _pass_on(ended, request.done))

    def _answer(self, request: Request, stored: int, clashes: list[tuple[int, Refusal]]) -> None:
        duplicates = len(request.checked.fixes) - stored - len(clashes)
        refused = request.checked.refused
        receipt = Receipt(stored, duplicates, sorted([*refused, *clashes]) if clashes else refused)
        self._count(receipt)
        self._keep_in_sight(request, receipt)
        request.done(receipt)

    def _keep_in_sight(self, request: Request, receipt: Receipt) -> None:
        device, items, checked, _, source = request
        directory, now_ms = self._directory(), _now_ms()
        self._sightings.note(device, items, checked.fixes, source=source, directory=directory, now_ms=now_ms)
        if receipt.refused:
            self._refusals.note(device, items, receipt.refused, directory=directory, now_ms=now_ms)

    def _count(self, receipt: Receipt) -> None:
        self._counters.fixes_stored += receipt.stored
        self._counters.fixes_duplicate += receipt.duplicates
        for _, refusal in receipt.refused:
            self._counters.fixes_refused[refusal.reason] += 1

    def _check(self, device: Device, items: Sequence[Any]) -> Checked:
        return check_fixes(items, Context(self._directory(), device, _now_ms(), self._retention_ms))


def _pass_on(ended: "asyncio.Task[None]", done: Done) -> None:
    if not ended.cancelled() and isinstance(error := ended.exception(), Exception):
        done(error)


def _is_of_now(request: Request) -> bool:
    """A vehicle's own device tells where it is, and has no more to tell before it has moved."""
    fixes = request.checked.fixes
    return request.device.vehicle is not None and len(fixes) == 1 and fixes[0].fix_time_ms > _now_ms() - NOW_MS


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
