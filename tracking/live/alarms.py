"""Which vehicles of the fleet are in alarm, as far as a process knows; and what processes tell each other of it."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from tracking.domain.alerts import Alarm
from tracking.domain.status import Status
from tracking.live.room import Row
from tracking.storage.records import AlarmRows

GROUP = "alarms"
UNKNOWN = Alarm(False, 0, 0)


class Alarms:
    """Of two that are told of a vehicle the one with the later event counts, whatever the order and number of arrivals."""

    def __init__(self) -> None:
        self._known: dict[int, Alarm] = {}
        self._on: set[int] = set()

    @property
    def on(self) -> AbstractSet[int]:
        return self._on

    def changed_ms(self, vehicle: int) -> int:
        """When the store learned of the last change, by its clock; 0: not known."""
        return self._known.get(vehicle, UNKNOWN).changed_ms

    def hear(self, told: Mapping[int, Alarm]) -> list[int]:
        """What a commit tells; gives the vehicles whose alarm was raised or lifted."""
        return [
            v for v, alarm in told.items() if alarm.event > self._known.get(v, UNKNOWN).event and self._set(v, alarm)
        ]

    def merge(self, rows: AlarmRows) -> list[int]:
        """What the store says: it may know of an event what the commit did not see. Gives the vehicles as `hear` does."""
        changed = []
        for vehicle in rows.on | rows.changes.keys() | self._on:
            known = self._known.get(vehicle, UNKNOWN)
            event, changed_ms = rows.changes.get(vehicle, (0, 0))
            is_newer = event >= known.event if event else known.changed_ms < rows.since_ms
            alarm = Alarm(vehicle in rows.on, max(event, known.event), max(changed_ms, known.changed_ms))
            if is_newer and self._set(vehicle, alarm):
                changed.append(vehicle)
        return changed

    def _set(self, vehicle: int, alarm: Alarm) -> bool:
        was_on = vehicle in self._on
        self._known[vehicle] = alarm
        if alarm.is_on:
            self._on.add(vehicle)
        else:
            self._on.discard(vehicle)
        return was_on != alarm.is_on

    def shown(self, rows: list[Row]) -> list[Row]:
        """As readers get them."""
        on = self._on
        return [(*row[:6], Status.ALARM) if row[0] in on else row for row in rows] if on else rows


def word_of(told: Mapping[int, Alarm]) -> list[Any]:
    """For the bus."""
    return [[vehicle, *alarm] for vehicle, alarm in told.items()]


def told_in(word: Iterable[Any]) -> dict[int, Alarm]:
    return {vehicle: Alarm(*alarm) for vehicle, *alarm in word}
