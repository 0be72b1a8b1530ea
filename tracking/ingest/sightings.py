"""Keeps in sight when each device was heard of last: noted in memory, written by a thread of its own, seldom."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import DatabaseError

from tracking.domain.directory import Device, Directory
from tracking.domain.fix import Fix
from tracking.domain.sightings import OWN_DIALECT, Battery, Sighting, Whose, merged
from tracking.ingest.minutes import Minutes
from tracking.wire.fix_json import Reading
from tracking.wire.phone import Heartbeat

KEEP_EVERY_S = 15.0  # a thousand devices that report each second cost a thousand rows in so many


class Source(NamedTuple):
    """How a request spoke, and what it told beside its fixes."""

    dialect: str
    heartbeats: Sequence[Heartbeat] = ()


OWN = Source(OWN_DIALECT)
NEVER_MS = -1


class Heard(NamedTuple):
    """Of a device's fixes in our own dialect, by vehicle: when they came, and the newest by its own clock."""

    seen_ms: dict[int, int]
    fix_time_ms: dict[int, int]


class SightingLog:
    """`note` from the event loop; `keep` is called in the log's thread and may raise DatabaseError: then it is tried again.

    No more can wait than there are devices and vehicles.
    """

    def __init__(self, keep: Callable[[Mapping[Whose, Sighting]], None]) -> None:
        self._keep = keep
        self._waiting: dict[Whose, Sighting] = {}
        self._heard: dict[int, Heard] = {}
        self._lock = threading.Lock()
        self._minutes = Minutes("sightings", self._flush, every_s=KEEP_EVERY_S)

    def note(
        self,
        device: Device,
        items: Sequence[Any],
        fixes: Sequence[Fix],
        *,
        source: Source,
        directory: Directory,
        now_ms: int,
    ) -> None:
        """`items` as the request had them, `fixes` those that were accepted."""
        with self._lock:
            if source is OWN:
                self._hear(device, fixes, now_ms)
            else:
                batteries = batteries_of(device, [*items, *source.heartbeats], directory)
                self._see(device, fixes, batteries, now_ms, source.dialect)
        self._minutes.hurry()

    def _hear(self, device: Device, fixes: Sequence[Fix], now_ms: int) -> None:
        """As `_see`, for a seventh of its cost: most of what comes is of this kind."""
        heard = self._heard.get(device.id)
        if heard is None:
            heard = self._heard[device.id] = Heard({}, {})
        seen_ms, newest_ms = heard
        if device.vehicle is not None:
            seen_ms[device.vehicle] = now_ms
        for vehicle, fix_time_ms, _, _, _, _, _ in fixes:
            seen_ms[vehicle] = now_ms
            if newest_ms.get(vehicle, NEVER_MS) < fix_time_ms:
                newest_ms[vehicle] = fix_time_ms

    def _see(
        self, device: Device, fixes: Sequence[Fix], batteries: Mapping[int, Battery], now_ms: int, dialect: str
    ) -> None:
        newest: dict[int, int | None] = dict.fromkeys(batteries)
        if device.vehicle is not None:
            newest[device.vehicle] = None
        for vehicle, fix_time_ms, *_ in fixes:
            if (known_ms := newest.get(vehicle)) is None or fix_time_ms > known_ms:
                newest[vehicle] = fix_time_ms
        for vehicle, newest_ms in newest.items():
            self._merge(Whose(device.id, vehicle), Sighting(now_ms, newest_ms, batteries.get(vehicle), dialect))

    def _merge(self, whose: Whose, sighting: Sighting) -> None:
        self._waiting[whose] = merged(self._waiting.get(whose), sighting)

    def stop(self) -> None:
        """Writes what waits, then ends the thread."""
        self._minutes.stop()

    def _flush(self) -> None:
        with self._lock:
            taken, self._waiting = self._waiting, {}
            heard, self._heard = self._heard, {}
        for whose, sighting in sightings_of(heard):
            taken[whose] = merged(taken.get(whose), sighting)
        if not taken:
            return
        try:
            self._keep(taken)
        except DatabaseError:
            with self._lock:
                for whose, sighting in taken.items():
                    self._merge(whose, sighting)
            raise


def sightings_of(heard: Mapping[int, Heard]) -> Iterator[tuple[Whose, Sighting]]:
    for device, (seen, newest) in heard.items():
        for vehicle, seen_ms in seen.items():
            yield Whose(device, vehicle), Sighting(seen_ms, newest.get(vehicle), None, OWN_DIALECT)


def batteries_of(device: Device, records: Sequence[Any], directory: Directory) -> dict[int, Battery]:
    """The newest by vehicle; of a gateway's records those whose vehicle is known."""
    found: dict[int, Battery] = {}
    for record in records:
        if not isinstance(record, Reading | Heartbeat) or record.battery_percent is None:
            continue
        vehicle = device.vehicle if device.vehicle is not None else directory.vehicle_ids.get(record.vehicle or "")
        time_ms = record.fix_time_ms if isinstance(record, Reading) else record.time_ms
        if vehicle is not None and time_ms is not None:
            battery = Battery(time_ms, record.battery_percent)
            found[vehicle] = max(battery, found.get(vehicle, battery))
    return found
