"""A fix: one measurement of where a vehicle was; and why a fix may be refused."""

from enum import StrEnum
from typing import NamedTuple

MAX_SPEED_MPS = 150.0
MAX_ACCURACY_M = 100_000.0
MAX_AHEAD_S = 600

new_tuple = tuple.__new__
"""Makes a named tuple for half of what its own constructor takes."""


class Fix(NamedTuple):
    """One position of one vehicle, in SI units. A tuple, since millions are made.

    `fix_time_ms` is the receiver's clock in milliseconds since 1970 UTC; `course_deg` is clockwise from north, 0 ≤ course < 360,
    None at rest or unknown; None always means unknown.
    """

    vehicle: int
    fix_time_ms: int
    lat: float
    lon: float
    speed_mps: float | None = None
    course_deg: float | None = None
    accuracy_m: float | None = None


class Reason(StrEnum):
    """Why a fix is refused; each value is part of the public API."""

    BAD_JSON = "bad_json"
    NOT_AN_OBJECT = "not_an_object"
    MISSING_FIELD = "missing_field"
    BAD_TYPE = "bad_type"
    BAD_TIME = "bad_time"
    NOT_FINITE = "not_finite"
    NO_POSITION = "no_position"
    ENCRYPTED = "encrypted"
    UNKNOWN_FORMAT = "unknown_format"
    VEHICLE_MISSING = "vehicle_missing"
    UNKNOWN_VEHICLE = "unknown_vehicle"
    VEHICLE_NOT_YOURS = "vehicle_not_yours"
    VEHICLE_INACTIVE = "vehicle_inactive"
    LAT_OUT_OF_RANGE = "lat_out_of_range"
    LON_OUT_OF_RANGE = "lon_out_of_range"
    SPEED_OUT_OF_RANGE = "speed_out_of_range"
    COURSE_OUT_OF_RANGE = "course_out_of_range"
    ACCURACY_OUT_OF_RANGE = "accuracy_out_of_range"
    TOO_OLD = "too_old"
    IN_FUTURE = "in_future"
    TIME_TAKEN = "time_taken"
    OFF_DUTY = "off_duty"


class Refusal(NamedTuple):
    """A refused fix: its reason and a sentence that names the field, what was allowed and what came.

    `vehicle` is how its sender called the vehicle, where that is known before the fix is.
    """

    reason: Reason
    detail: str
    vehicle: str | None = None
