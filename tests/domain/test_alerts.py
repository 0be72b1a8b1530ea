"""Which rules are broken, and when an alert begins and ends: no storms."""

from datetime import time
from zoneinfo import ZoneInfo

import pytest

from tests.builders import EAST, START_MS, WEST, make_fix
from tracking.domain.alerts import Alert, Breach, Sign, find_breaches, find_speeding, judge
from tracking.domain.region_rules import Hours, Rule, RuleKind

VAN = 1
DWELL = Rule(1, "Too long", RuleKind.DWELL, WEST, limit_s=600)
OFFLINE = Rule(2, "Silent", RuleKind.OFFLINE, limit_s=900)
SPEED = Rule(3, "Too fast", RuleKind.SPEED, WEST, limit_mps=10.0)
ALWAYS = Hours(time(0), time(0), frozenset(range(1, 8)), ZoneInfo("UTC"))
HOURS = Rule(4, "At home", RuleKind.HOURS, WEST, hours=ALWAYS)
MIDNIGHT_MS = START_MS // 86_400_000 * 86_400_000


def sign(*, heard_s: float = 0, moved_s: float = 0) -> Sign:
    return Sign(START_MS, START_MS + round(heard_s * 1000), START_MS + round(moved_s * 1000))


def broken(rule: Rule, *, at_s: float, inside: bool = True, **signs: float) -> list[float]:
    """Since when, in seconds after the start."""
    entered = {(WEST, VAN): START_MS} if inside else {}
    found = find_breaches([rule], {VAN: sign(**signs)}, entered, now_ms=START_MS + round(at_s * 1000))
    return [(breach.start_ms - START_MS) / 1000 for breach in found]


@pytest.mark.parametrize(
    ("rule", "at_s", "inside", "expected"),
    [
        (DWELL, 600, True, []),
        (DWELL, 601, True, [600]),
        (DWELL, 601, False, []),
        (OFFLINE, 900, True, []),
        (OFFLINE, 901, False, [900]),
        (HOURS, 10, True, []),
        (HOURS, 10, False, [0]),
        (SPEED, 10, True, []),
    ],
)
def test_a_rule_is_broken_since(rule: Rule, at_s: float, inside: bool, expected: list[float]) -> None:
    assert broken(rule, at_s=at_s, inside=inside) == expected


def test_hours_are_broken_since_they_began_or_the_vehicle_left() -> None:
    assert broken(HOURS, at_s=10, inside=False, moved_s=-86_400) == [(MIDNIGHT_MS - START_MS) / 1000]
    assert broken(HOURS, at_s=10, inside=False, moved_s=5) == [5]


def test_a_rule_for_some_vehicles_leaves_the_others_alone() -> None:
    assert broken(DWELL._replace(vehicles=frozenset({2})), at_s=999) == []
    assert broken(DWELL._replace(vehicles=frozenset({VAN})), at_s=999) == [600]


def test_speed_counts_in_the_region_and_above_the_limit() -> None:
    fixes = [make_fix(at_s=s, speed_mps=v) for s, v in enumerate((10.0, 10.1, 30.0, None))]
    places = [frozenset({WEST}), frozenset({WEST}), frozenset({EAST}), frozenset({WEST})]
    assert [b.start_ms for b in find_speeding([SPEED], fixes, places)] == [START_MS + 1000]


ALERT = Alert(7, DWELL.id, DWELL.name, DWELL.kind, VAN, WEST, START_MS)
BREACH = Breach(DWELL, VAN, START_MS)


def test_a_new_breach_opens_one_alert_and_one_that_is_known_none() -> None:
    assert judge([], [BREACH, BREACH], {}, now_ms=START_MS).opened == [BREACH]
    assert judge([ALERT], [BREACH], {}, now_ms=START_MS) == ([], [], [], [])


@pytest.mark.parametrize(("quiet_s", "is_over"), [(59, False), (60, True)])
def test_an_alert_ends_when_its_rule_has_been_kept_for_a_minute(quiet_s: int, is_over: bool) -> None:
    assert judge([ALERT], [], {}, now_ms=START_MS).calmed == [ALERT]
    quiet = ALERT._replace(quiet_ms=START_MS)
    assert judge([quiet], [], {}, now_ms=START_MS + quiet_s * 1000).ended == [quiet] * is_over
    assert judge([quiet], [], {VAN: sign()}, now_ms=START_MS + quiet_s * 1000).ended == [quiet] * is_over


def test_what_flickers_is_one_alert() -> None:
    quiet = ALERT._replace(quiet_ms=START_MS)
    assert judge([quiet], [BREACH], {}, now_ms=START_MS + 59_000) == ([], [], [quiet], [])
