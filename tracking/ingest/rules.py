"""The rule book: what makes a fix acceptable, one rule after the other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, NamedTuple

from msgspec.structs import astuple

from tracking.domain.directory import Device, Directory
from tracking.domain.duty import is_off_duty
from tracking.domain.fix import MAX_ACCURACY_M, MAX_AHEAD_S, MAX_SPEED_MPS, Fix, Reason, Refusal, new_tuple
from tracking.wire.fix_json import Reading, SoundFix, reading_from, time_ms_of

NO_IDS: Mapping[str | None, int] = {}


class Context(NamedTuple):
    """What the rules judge by; times in ms since 1970 UTC."""

    directory: Directory
    device: Device
    now_ms: int
    retention_ms: int

    @property
    def oldest_ms(self) -> int:
        """No store knows a time before 1970."""
        return max(0, self.now_ms - self.retention_ms)


@dataclass(slots=True, kw_only=True)
class Checked:
    """Accepted fixes in order, and the refused ones with their index in the request."""

    fixes: list[Fix] = field(default_factory=list)
    refused: list[tuple[int, Refusal]] = field(default_factory=list)


def lat_is_in_range(reading: Reading, context: Context) -> Refusal | None:
    if -90 <= reading.lat <= 90:
        return None
    return _outside(Reason.LAT_OUT_OF_RANGE, "lat", reading.lat, "between -90 and 90 degrees")


def lon_is_in_range(reading: Reading, context: Context) -> Refusal | None:
    if -180 <= reading.lon <= 180:
        return None
    return _outside(Reason.LON_OUT_OF_RANGE, "lon", reading.lon, "between -180 and 180 degrees")


def speed_is_in_range(reading: Reading, context: Context) -> Refusal | None:
    if (speed := reading.speed_mps) is None or 0 <= speed <= MAX_SPEED_MPS:
        return None
    return _outside(Reason.SPEED_OUT_OF_RANGE, "speed_mps", speed, f"between 0 and {MAX_SPEED_MPS:g}, or be null")


def course_is_in_range(reading: Reading, context: Context) -> Refusal | None:
    if (course := reading.course_deg) is None or 0 <= course <= 360:
        return None
    return _outside(Reason.COURSE_OUT_OF_RANGE, "course_deg", course, "between 0 and 360, or be null")


def accuracy_is_in_range(reading: Reading, context: Context) -> Refusal | None:
    if (accuracy := reading.accuracy_m) is None or 0 <= accuracy <= MAX_ACCURACY_M:
        return None
    allowed = f"between 0 and {MAX_ACCURACY_M:g}, or be null"
    return _outside(Reason.ACCURACY_OUT_OF_RANGE, "accuracy_m", accuracy, allowed)


def _outside(reason: Reason, name: str, value: float, allowed: str) -> Refusal:
    """NaN and infinity, which some senders' JSON can carry, have a reason of their own."""
    if type(value) is float and not isfinite(value):
        return Refusal(Reason.NOT_FINITE, f"{name} must be a finite number; it is {value}.")
    return Refusal(reason, f"{name} must lie {allowed}; it is {str(value)[:40]}.")


def time_is_kept(reading: Reading, context: Context) -> Refusal | None:
    """Older fixes would be deleted again by retention."""
    if reading.fix_time_ms >= context.oldest_ms:
        return None
    days = (context.now_ms - context.oldest_ms) // 86_400_000
    return Refusal(Reason.TOO_OLD, f"fix_time is older than the {days} days that are kept.")


def time_is_not_ahead(reading: Reading, context: Context) -> Refusal | None:
    """A clock may run a little ahead."""
    if reading.fix_time_ms <= context.now_ms + MAX_AHEAD_S * 1000:
        return None
    ahead_s = (reading.fix_time_ms - context.now_ms) // 1000
    return Refusal(Reason.IN_FUTURE, f"fix_time may be at most {MAX_AHEAD_S} s ahead of the server; it is {ahead_s} s.")


RULES: tuple[Callable[[Reading, Context], Refusal | None], ...] = (
    lat_is_in_range,
    lon_is_in_range,
    speed_is_in_range,
    course_is_in_range,
    accuracy_is_in_range,
    time_is_kept,
    time_is_not_ahead,
)


def find_vehicle(slug: str | None, context: Context) -> int | Refusal:
    """The vehicle that the device may post for, by the slug in the fix or by the device's own."""
    directory, own = context.directory, context.device.vehicle
    if slug is None:
        if own is None:
            return Refusal(Reason.VEHICLE_MISSING, "A gateway's fix must name its vehicle.")
        vehicle = own
    else:
        found = directory.vehicle_ids.get(slug)
        if own is not None and found != own:
            return Refusal(Reason.VEHICLE_NOT_YOURS, "This device posts for another vehicle.")
        if found is None:
            return Refusal(Reason.UNKNOWN_VEHICLE, f"No vehicle has the slug {slug[:64]!r}.")
        vehicle = found
    if (card := directory.vehicles.get(vehicle)) is None:
        return Refusal(Reason.UNKNOWN_VEHICLE, "The device's vehicle was deleted.")
    if not card.active:
        return Refusal(Reason.VEHICLE_INACTIVE, "The vehicle is not active.")
    return vehicle


def is_on_duty(vehicle: int, reading: Reading, context: Context) -> Refusal | None:
    """Where a driver is off duty is nobody's business, whichever device says it; a backlog from before is taken."""
    spans = context.directory.off_duty.get(vehicle)
    if spans is None or not is_off_duty(spans, reading.fix_time_ms):
        return None
    return Refusal(Reason.OFF_DUTY, "The driver was off duty at that time.")


def check_fix(item: Any, context: Context) -> Fix | Refusal:
    """The first rule that is broken refuses the fix."""
    reading = reading_from(item)
    if type(reading) is not Reading:
        return reading  # type: ignore[return-value]
    vehicle = find_vehicle(reading.vehicle, context)
    if type(vehicle) is not int:
        return vehicle  # type: ignore[return-value]
    for rule in RULES:
        if (refusal := rule(reading, context)) is not None:
            return refusal
    if (refusal := is_on_duty(vehicle, reading, context)) is not None:
        return refusal
    _, time_ms, lat, lon, speed, course, accuracy, _ = reading
    return Fix(vehicle, time_ms, lat, lon, speed, course, accuracy)


def check_fixes(items: Sequence[Any], context: Context) -> Checked:
    """Judges each item alone: a bad one never blocks the good ones.

    Of sound fixes most rules hold already: those of a vehicle that is ready for them are judged here, as `check_fix` would.
    """
    checked = Checked()
    ids, times = _ready_ids(context), dict[int | str, int | Refusal]()
    oldest_ms, newest_ms = context.oldest_ms, context.now_ms + MAX_AHEAD_S * 1000
    for index, item in enumerate(items):
        if type(item) is SoundFix:
            time, lat, lon, speed, course, accuracy, slug = astuple(item)
            if (time_ms := times.get(time)) is None:
                time_ms = times[time] = time_ms_of(time)
            if (vehicle := ids.get(slug)) is not None and type(time_ms) is int and oldest_ms <= time_ms <= newest_ms:
                checked.fixes.append(new_tuple(Fix, (vehicle, time_ms, lat, lon, speed, course, accuracy)))
                continue
        outcome = check_fix(item, context)
        if type(outcome) is Fix:
            checked.fixes.append(outcome)
        else:
            checked.refused.append((index, outcome))  # type: ignore[arg-type]
    return checked


def _ready_ids(context: Context) -> Mapping[str | None, int]:
    """What a sound fix of this device may call a vehicle that is ready for it."""
    own, ready = context.device.vehicle, context.directory.ready_ids
    if own is None:
        return ready
    card = context.directory.vehicles.get(own)
    return {None: own, card.slug: own} if card is not None and card.slug in ready else NO_IDS


def has_unknown_vehicle(checked: Checked) -> bool:
    """A newer directory might know better."""
    refused = checked.refused
    return bool(refused) and any(refusal.reason is Reason.UNKNOWN_VEHICLE for _, refusal in refused)
