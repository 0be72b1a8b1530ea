"""Keeps refused fixes in sight: tallied in memory, then written by a thread of its own, off the way of the good ones."""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import DatabaseError

from tracking.domain.directory import Device, Directory
from tracking.domain.fix import Refusal
from tracking.domain.refusals import MAX_DETAIL_CHARS, MAX_NAMED_CHARS, Origin, Tally, added, kept_text
from tracking.ingest.minutes import Minutes
from tracking.wire.fix_json import Reading, reading_from

MAX_WAITING_TALLIES = 500  # beyond it, names are left out and reasons still counted


class RefusalLog:
    """`note` from the event loop; `keep` is called in the log's thread and may raise DatabaseError: then it is tried again."""

    def __init__(self, keep: Callable[[Mapping[Origin, Tally]], None]) -> None:
        self._keep = keep
        self._waiting: dict[Origin, Tally] = {}
        self._lock = threading.Lock()
        self._minutes = Minutes("refusals", self._flush)

    def note(
        self,
        device: Device,
        items: Sequence[Any],
        refused: Sequence[tuple[int, Refusal]],
        *,
        directory: Directory,
        now_ms: int,
    ) -> None:
        """`refused` by index in `items`."""
        tallies = [tally_of(device, items[index], refusal, directory, now_ms) for index, refusal in refused]
        with self._lock:
            for origin, tally in tallies:
                self._add(origin, tally)
        self._minutes.hurry()

    def _add(self, origin: Origin, tally: Tally) -> None:
        if origin not in self._waiting and len(self._waiting) >= MAX_WAITING_TALLIES:
            origin = origin._replace(named="")
        self._waiting[origin] = added(self._waiting.get(origin), tally)

    def stop(self) -> None:
        """Writes what waits, then ends the thread."""
        self._minutes.stop()

    def _flush(self) -> None:
        with self._lock:
            taken, self._waiting = self._waiting, {}
        if not taken:
            return
        try:
            self._keep(taken)
        except DatabaseError:
            self._put_back(taken)
            raise

    def _put_back(self, taken: Mapping[Origin, Tally]) -> None:
        with self._lock:
            newer, self._waiting = self._waiting, dict(taken)
            for origin, tally in newer.items():
                self._add(origin, tally)


def tally_of(device: Device, item: Any, refusal: Refusal, directory: Directory, now_ms: int) -> tuple[Origin, Tally]:
    """Of one refused fix."""
    reading = reading_from(item)
    vehicle, named = whose(device, item, directory)
    tally = Tally(
        vehicle=vehicle,
        count=1,
        first_ms=now_ms,
        last_ms=now_ms,
        fix_time_ms=reading.fix_time_ms if isinstance(reading, Reading) else None,
        detail=kept_text(refusal.detail, most_chars=MAX_DETAIL_CHARS),
    )
    return Origin(device.id, kept_text(named, most_chars=MAX_NAMED_CHARS), refusal.reason), tally


def whose(device: Device, item: Any, directory: Directory) -> tuple[int | None, str]:
    """The vehicle and its slug, or None and what a gateway called it. A vehicle's own device speaks for that one alone."""
    if device.vehicle is not None:
        card = directory.vehicles.get(device.vehicle)
        return device.vehicle, "" if card is None else card.slug
    named = item.get("vehicle") if isinstance(item, dict) else getattr(item, "vehicle", None)
    return (directory.vehicle_ids.get(named), named) if isinstance(named, str) else (None, "")
