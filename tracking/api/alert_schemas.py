"""What the endpoints of alerts and rules answer with."""

from dataclasses import dataclass
from typing import Literal

from tracking.api.schemas import Time


@dataclass(frozen=True, slots=True, kw_only=True)
class RaisedAlert:
    """An episode in which a vehicle broke a rule. `rule` is its name; `end_time` is null while it lasts.

    `region` is null for rules without one, `vehicle` when it was deleted.
    """

    id: int
    rule: str
    rule_id: int
    kind: str
    vehicle: str | None
    region: str | None
    start_time: Time
    end_time: Time | None
    acknowledged_time: Time | None
    acknowledged_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozedRule:
    """Until then the reader wants to hear nothing of alerts of this rule and vehicle."""

    rule_id: int
    vehicle: str
    until_time: Time


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeList:
    """All of them, the next to end first; `next` is null always."""

    items: list[SnoozedRule]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPage:
    """By id. `next` is the cursor of the next page, null at the end."""

    items: list[RaisedAlert]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetRule:
    """`region` is null for a rule of the whole fleet, `vehicles` empty for all. Of the limits those that its kind needs.

    `from_time` and `to_time` are times of the day in `time_zone`; `days` has digits from 1, Monday.
    """

    id: int
    name: str
    kind: Literal["dwell", "speed", "hours", "offline"]
    region: str | None
    vehicles: list[str]
    limit_s: int | None
    limit_mps: float | None
    from_time: str | None
    to_time: str | None
    days: str
    time_zone: str
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePage:
    """By id. `next` is the cursor of the next page, null at the end."""

    items: list[FleetRule]
    next: str | None
