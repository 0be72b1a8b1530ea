"""What a vehicle is doing, judged from its newest fix and the one before."""

from enum import IntEnum

from tracking.domain.fix import Fix
from tracking.domain.geo import distance_m

MOVING_FROM_MPS = 1.0  # slower is receiver noise of a vehicle at rest
STOPPED_AFTER_S = 300
STALE_AFTER_S = 120
OFFLINE_AFTER_S = 900


class Status(IntEnum):
    """The numbers are part of the live protocol."""

    MOVING = 1
    IDLE = 2
    STOPPED = 3
    ALARM = 4


def is_moving(fix: Fix, previous: Fix | None) -> bool | None:
    """By reported speed, else by the way made since `previous`; None if neither tells."""
    if fix.speed_mps is not None:
        return fix.speed_mps >= MOVING_FROM_MPS
    if previous is None or fix.fix_time_ms <= previous.fix_time_ms:
        return None
    way_m = distance_m(previous.lat, previous.lon, fix.lat, fix.lon)
    return way_m >= MOVING_FROM_MPS * (fix.fix_time_ms - previous.fix_time_ms) / 1000


def status_of(fix: Fix, *, moving: bool | None, rest_ms: int | None) -> Status | None:
    """None when it cannot be told whether the vehicle moves."""
    if moving is None:
        return None
    if moving:
        return Status.MOVING
    rested_ms = fix.fix_time_ms - (fix.fix_time_ms if rest_ms is None else rest_ms)
    return Status.STOPPED if rested_ms >= STOPPED_AFTER_S * 1000 else Status.IDLE
