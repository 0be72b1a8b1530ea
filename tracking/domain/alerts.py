"""Alerts: episodes in which a vehicle breaks a rule of its fleet, told by what is known of it now."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tracking.domain.events import EventKind, Happening
from tracking.domain.fix import Fix
from tracking.domain.region_rules import Rule, RuleKind

MOST_SNOOZE_DAYS = 7
MOST_SNOOZES = 500  # of one person
QUIET_S = 60.0  # an alert ends when its rule has been kept for so long: what flickers is one alert, not a storm


class Sign(NamedTuple):
    """Of a vehicle's newest fix: its time, when it was received, and since when the vehicle is in its regions."""

    fix_time_ms: int
    received_ms: int
    moved_ms: int


class Alert(NamedTuple):
    """`end_ms` is None while it lasts, `quiet_ms` while the rule is broken; `acknowledged_by` is a person's name."""

    id: int
    rule: int
    name: str
    kind: str
    vehicle: int
    region: int | None
    start_ms: int
    end_ms: int | None = None
    quiet_ms: int | None = None
    acknowledged_ms: int | None = None
    acknowledged_by: str | None = None


class Alarm(NamedTuple):
    """Whether a vehicle has an alert that lasts and that nobody has noted.

    `event` is the last one of its alerts, 0 when not known; the store learned of it at `changed_ms`, by its own clock.
    """

    is_on: bool
    event: int
    changed_ms: int


ALARMING = frozenset({EventKind.ALERT, EventKind.ALERT_END, EventKind.ACKNOWLEDGED})
"""What may raise or lift an alarm."""


class Breach(NamedTuple):
    """A rule that a vehicle breaks, since when."""

    rule: Rule
    vehicle: int
    start_ms: int

    @property
    def key(self) -> tuple[int, int]:
        return self.rule.id, self.vehicle


def find_breaches(
    rules: Iterable[Rule], signs: Mapping[int, Sign], entered_ms: Mapping[tuple[int, int], int], *, now_ms: int
) -> list[Breach]:
    """What is broken now; speed is judged by each fix that comes.

    `signs` are those of the vehicles in use; `entered_ms` are open visits, by region and vehicle.
    """
    found = []
    for rule in rules:
        for vehicle, sign in signs.items():
            if rule.is_for(vehicle):
                start_ms = _broken_since(rule, sign, entered_ms.get((rule.region or 0, vehicle)), now_ms=now_ms)
                if start_ms is not None:
                    found.append(Breach(rule, vehicle, start_ms))
    return found


def _broken_since(rule: Rule, sign: Sign, entered_ms: int | None, *, now_ms: int) -> int | None:
    limit_ms = round(rule.limit_s * 1000)
    match rule.kind:
        case RuleKind.DWELL if entered_ms is not None:
            return _past(entered_ms + limit_ms, now_ms)
        case RuleKind.OFFLINE:
            return _past(sign.received_ms + limit_ms, now_ms)
        case RuleKind.HOURS if entered_ms is None and rule.hours is not None:
            began_ms = rule.hours.began_ms(now_ms)
            return None if began_ms is None else min(now_ms, max(began_ms, sign.moved_ms))
    return None


def _past(time_ms: int, now_ms: int) -> int | None:
    return time_ms if time_ms < now_ms else None


def find_speeding(rules: Sequence[Rule], fixes: Sequence[Fix], places: Sequence[frozenset[int]]) -> list[Breach]:
    """Of fixes with the regions they lie in."""
    return [
        Breach(rule, fix.vehicle, fix.fix_time_ms)
        for rule in rules
        for fix, place in zip(fixes, places, strict=True)
        if rule.region in place and (fix.speed_mps or 0.0) > rule.limit_mps and rule.is_for(fix.vehicle)
    ]


class Verdict(NamedTuple):
    """What becomes of the open alerts: `opened` breaches are new, of `calmed` the rule is kept, of `resumed` it is broken again."""

    opened: list[Breach]
    calmed: list[Alert]
    resumed: list[Alert]
    ended: list[Alert]


def judge(alerts: Sequence[Alert], breaches: Sequence[Breach], signs: Mapping[int, Sign], *, now_ms: int) -> Verdict:
    """`alerts` are the open ones, one at most of a rule and vehicle."""
    broken = {breach.key: breach for breach in breaches}
    known = {(alert.rule, alert.vehicle) for alert in alerts}
    kept = [alert for alert in alerts if (alert.rule, alert.vehicle) not in broken]
    return Verdict(
        opened=[breach for key, breach in broken.items() if key not in known],
        calmed=[alert for alert in kept if alert.quiet_ms is None],
        resumed=[alert for alert in alerts if (alert.rule, alert.vehicle) in broken and alert.quiet_ms is not None],
        ended=[alert for alert in kept if alert.quiet_ms is not None and _is_over(alert, signs, now_ms=now_ms)],
    )


def _is_over(alert: Alert, signs: Mapping[int, Sign], *, now_ms: int) -> bool:
    """By the clock, or by the vehicle's own when that is ahead."""
    assert alert.quiet_ms is not None
    sign = signs.get(alert.vehicle)
    newest_ms = now_ms if sign is None else max(now_ms, sign.fix_time_ms)
    return newest_ms - alert.quiet_ms >= QUIET_S * 1000


def happening_of(alert: Alert, kind: EventKind, time_ms: int, **more: Any) -> Happening:
    """What is told of it."""
    data = {"alert": alert.id, "rule": alert.name, "rule_id": alert.rule, "rule_kind": alert.kind, **more}
    return Happening(kind, alert.vehicle, alert.region, time_ms, data)
