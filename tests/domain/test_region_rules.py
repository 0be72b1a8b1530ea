"""What makes a rule whole, and the hours of one over midnight and in time zones."""

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tracking.domain.region_rules import Hours, rule_error

WHOLE: dict[str, dict[str, Any]] = {
    "dwell": {"region": 1, "limit_s": 600},
    "speed": {"region": 1, "limit_mps": 13.9},
    "hours": {"region": 1, "from_time": time(8), "to_time": time(17)},
    "offline": {"region": None, "limit_s": 900},
}


@pytest.mark.parametrize("kind", WHOLE)
def test_a_whole_rule_is_in_order(kind: str) -> None:
    assert rule_error(kind, **WHOLE[kind]) is None


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        ("dance", {}, "kind"),
        ("dwell", {"region": None}, "region"),
        ("offline", {"region": 1}, "region"),
        ("dwell", {"limit_s": None}, "limit_s"),
        ("dwell", {"limit_s": 0}, "limit_s"),
        ("dwell", {"limit_s": 2_592_001}, "limit_s"),
        ("dwell", {"limit_mps": 3.0}, "limit_mps"),
        ("speed", {"limit_mps": 0.0}, "limit_mps"),
        ("speed", {"limit_mps": 151.0}, "limit_mps"),
        ("hours", {"to_time": None}, "to_time"),
        ("hours", {"days": ""}, "days"),
        ("hours", {"days": "0"}, "days"),
        ("hours", {"time_zone": "Europe/Nowhere"}, "time_zone"),
        ("hours", {"time_zone": "../etc"}, "time_zone"),
    ],
)
def test_what_is_wrong_is_named(kind: str, changes: dict[str, Any], field: str) -> None:
    wrong = rule_error(kind, **{**WHOLE.get(kind, WHOLE["dwell"]), **changes})
    assert wrong is not None and wrong.field == field and wrong.reason.endswith(".")


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


DAY = Hours(time(8), time(17), frozenset({1, 2, 3, 4, 5}), ZoneInfo("UTC"))
NIGHT = Hours(time(22), time(6), frozenset({5}), ZoneInfo("UTC"))
STOCKHOLM = DAY._replace(zone=ZoneInfo("Europe/Stockholm"))
AUCKLAND = DAY._replace(zone=ZoneInfo("Pacific/Auckland"))
WHOLE_DAY = Hours(time(0), time(0), frozenset({6}), ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("hours", "now", "began"),
    [
        (DAY, "2026-11-26T07:59:59", None),
        (DAY, "2026-11-26T08:00", "2026-11-26T08:00"),
        (DAY, "2026-11-26T16:59:59", "2026-11-26T08:00"),
        (DAY, "2026-11-26T17:00", None),
        (DAY, "2026-11-28T12:00", None),
        (NIGHT, "2026-11-27T23:00", "2026-11-27T22:00"),
        (NIGHT, "2026-11-28T05:59", "2026-11-27T22:00"),
        (NIGHT, "2026-11-28T06:00", None),
        (NIGHT, "2026-11-27T05:00", None),
        (NIGHT, "2026-11-28T23:00", None),
        (STOCKHOLM, "2026-11-26T07:00", "2026-11-26T07:00"),
        (STOCKHOLM, "2026-07-01T06:30", "2026-07-01T06:00"),
        (AUCKLAND, "2026-11-25T19:30", "2026-11-25T19:00"),
        (AUCKLAND, "2026-11-29T19:30", "2026-11-29T19:00"),
        (WHOLE_DAY, "2026-11-28T00:00", "2026-11-28T00:00"),
        (WHOLE_DAY, "2026-11-29T00:00", None),
    ],
)
def test_hours_begin_on_their_days_in_their_zone(hours: Hours, now: str, began: str | None) -> None:
    assert hours.began_ms(ms(now)) == (None if began is None else ms(began))


def test_hours_on_the_day_the_clocks_change_are_as_the_clock_on_the_wall() -> None:
    """On 29 March 2026 2 o'clock is followed by 3 o'clock in Stockholm."""
    early = Hours(time(1), time(4), frozenset({7}), ZoneInfo("Europe/Stockholm"))
    assert [early.began_ms(ms(f"2026-03-29T{text}")) is not None for text in ("00:00", "01:59", "02:00")] == [
        True,
        True,
        False,
    ]
