"""What was heard of a device last: when, its newest fix, how full its battery is, and in which dialect it speaks."""

from typing import NamedTuple, TypeVar

OWN_DIALECT = "fleet"
"""Fix objects, over HTTP or a live connection; all others are those of phone apps."""


class Whose(NamedTuple):
    """A device, and the vehicle it spoke of: a gateway speaks of many."""

    device: int
    vehicle: int


class Battery(NamedTuple):
    """`time_ms` is when the device measured it, in ms since 1970 UTC."""

    time_ms: int
    percent: int


LOW_BATTERY_PERCENT = 20
"""So little, and somebody should tell the driver to charge."""

T = TypeVar("T", int, Battery)


class Sighting(NamedTuple):
    """`seen_ms` is the server's clock, `fix_time_ms` the receiver's; None: never."""

    seen_ms: int
    fix_time_ms: int | None
    battery: Battery | None
    dialect: str


def merged(a: Sighting | None, b: Sighting) -> Sighting:
    """Both as one, in whichever order they came: a backlog tells of a battery as it was."""
    if a is None:
        return b
    later = a if a.seen_ms > b.seen_ms else b
    fix_time_ms, battery = _newer(a.fix_time_ms, b.fix_time_ms), _newer(a.battery, b.battery)
    return Sighting(later.seen_ms, fix_time_ms, battery, later.dialect)


def _newer(a: T | None, b: T | None) -> T | None:
    if a is None or b is None:
        return b if a is None else a
    return a if a > b else b
