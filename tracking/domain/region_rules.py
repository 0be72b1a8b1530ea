"""The rules a fleet sets for its regions and vehicles, and what makes a rule whole."""

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

MAX_LIMIT_S = 30 * 86_400
MAX_LIMIT_MPS = 150.0
LIMITS = ("limit_s", "limit_mps", "from_time", "to_time")


class RuleKind(StrEnum):
    """The values are part of the public API."""

    DWELL = "dwell"
    SPEED = "speed"
    HOURS = "hours"
    OFFLINE = "offline"

    @property
    def label(self) -> str:
        return {
            RuleKind.DWELL: "dwell: in the region for longer than a time limit",
            RuleKind.SPEED: "speed: faster than a limit in the region",
            RuleKind.HOURS: "hours: outside of the region when it should be inside",
            RuleKind.OFFLINE: "offline: not heard of for longer than a time limit",
        }[self]


NEEDED: dict[RuleKind, tuple[str, ...]] = {
    RuleKind.DWELL: ("limit_s",),
    RuleKind.SPEED: ("limit_mps",),
    RuleKind.HOURS: ("from_time", "to_time"),
    RuleKind.OFFLINE: ("limit_s",),
}


class Hours(NamedTuple):
    """A time of the day on some days (ISO, 1 is Monday) in a zone; one that ends before it begins ends on the next day."""

    from_time: time
    to_time: time
    days: frozenset[int]
    zone: ZoneInfo

    def began_ms(self, now_ms: int) -> int | None:
        """When the hours began in which `now_ms` lies; None when it lies in none."""
        now = datetime.fromtimestamp(now_ms / 1000, UTC)
        today = now.astimezone(self.zone).date()
        for day in (today, today - timedelta(days=1)):
            if day.isoweekday() not in self.days:
                continue
            begin = datetime.combine(day, self.from_time, self.zone)
            goes_on = self.to_time <= self.from_time
            end = datetime.combine(day + timedelta(days=goes_on), self.to_time, self.zone)
            if begin.astimezone(UTC) <= now < end.astimezone(UTC):
                return round(begin.timestamp() * 1000)
        return None


class Rule(NamedTuple):
    """`region` is None for offline alone; `vehicles` None: all. Of the limits those that the kind needs."""

    id: int
    name: str
    kind: RuleKind
    region: int | None = None
    vehicles: frozenset[int] | None = None
    limit_s: float = 0.0
    limit_mps: float = 0.0
    hours: Hours | None = None

    def is_for(self, vehicle: int) -> bool:
        return self.vehicles is None or vehicle in self.vehicles


class RuleError(NamedTuple):
    """What is wrong with a field, for whoever wrote it."""

    field: str
    reason: str


def rule_error(
    kind: str,
    *,
    region: object,
    limit_s: float | None = None,
    limit_mps: float | None = None,
    from_time: time | None = None,
    to_time: time | None = None,
    days: str = "1",
    time_zone: str = "UTC",
) -> RuleError | None:
    """The first thing that keeps the values from being a rule, or None."""
    if kind not in list(RuleKind):
        return RuleError("kind", f"A kind is one of {', '.join(RuleKind)}.")
    if (region is None) != (kind == RuleKind.OFFLINE):
        return RuleError(
            "region", "Only an offline rule has no region." if region is None else "An offline rule has none."
        )
    given = {"limit_s": limit_s, "limit_mps": limit_mps, "from_time": from_time, "to_time": to_time}
    for name, value in given.items():
        if (value is None) == (name in NEEDED[RuleKind(kind)]):
            return RuleError(name, f"A rule of kind {kind} {'needs it' if value is None else 'has none'}.")
    if limit_s is not None and not 0 < limit_s <= MAX_LIMIT_S:
        return RuleError("limit_s", f"A time limit lies between 1 and {MAX_LIMIT_S} s.")
    if limit_mps is not None and not 0 < limit_mps <= MAX_LIMIT_MPS:
        return RuleError("limit_mps", f"A speed limit lies above 0 and up to {MAX_LIMIT_MPS:g} m/s.")
    if kind == RuleKind.HOURS:
        return _hours_error(days, time_zone)
    return None


def _hours_error(days: str, time_zone: str) -> RuleError | None:
    if not days or not set(days) <= set("1234567"):
        return RuleError("days", "Days are digits from 1, Monday, to 7.")
    try:
        ZoneInfo(time_zone)
    except (ValueError, OSError, LookupError):
        return RuleError("time_zone", f"There is no time zone {time_zone!r}.")
    return None
