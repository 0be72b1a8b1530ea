"""What happened once: enter, exit, alert, message; it may not be conflated as state may."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

from tracking.domain.regions import NOWHERE


class EventKind(StrEnum):
    ENTER = "enter"
    EXIT = "exit"
    MESSAGE = "message"
    RECEIPT = "receipt"
    RETRACT = "retract"
    ALERT = "alert"
    ALERT_END = "alert_end"
    ACKNOWLEDGED = "acknowledged"


class Happening(NamedTuple):
    """An event before it is stored; `region` and `data` as its kind needs them."""

    kind: EventKind
    vehicle: int
    region: int | None
    time_ms: int
    data: Mapping[str, Any]


class Event(NamedTuple):
    """`id` rises; `time_ms` is when it happened, `changed_ms` when the store learned of it, by the store's clock."""

    id: int
    kind: str
    vehicle: int
    region: int | None
    time_ms: int
    data: Mapping[str, Any]
    changed_ms: int


VehicleRegions: TypeAlias = Mapping[int, frozenset[int]]
"""The regions in which vehicles are, by vehicle."""


def told_in(event: Happening | Event, vehicle_regions: VehicleRegions) -> frozenset[int]:
    """The regions whose readers hear of it: its own, else those in which its vehicle is."""
    return vehicle_regions.get(event.vehicle, NOWHERE) if event.region is None else frozenset({event.region})
