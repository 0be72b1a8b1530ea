"""Rules looked after on a real store: episodes, what is told of them, and regions drawn anew."""

from typing import Any

import pytest
from shapely.geometry import box

from tests.builders import EAST, START_MS, WEST, make_directory, make_fix
from tests.storage.conftest import Store
from tracking.domain.alerts import happening_of
from tracking.domain.directory import Directory
from tracking.domain.events import Event, EventKind
from tracking.domain.region_rules import Rule, RuleKind
from tracking.domain.regions import RegionIndex
from tracking.ingest.commit import commit
from tracking.ingest.watchman import relocate, watch

DWELL = Rule(1, "Too long", RuleKind.DWELL, WEST, limit_s=600)
OFFLINE = Rule(2, "Silent", RuleKind.OFFLINE, limit_s=900)
SPEED = Rule(3, "Too fast", RuleKind.SPEED, WEST, limit_mps=10.0)


def look(store: Store, *rules: Rule, at_s: float) -> list[tuple[str, int | None, float]]:
    """What the watchman tells then: kind, region, seconds after the start."""
    directory = make_directory(rules=rules)
    with store.writer.transaction() as transaction:
        watched = watch(transaction, directory, now_ms=START_MS + round(at_s * 1000))
    return [] if watched is None else told(watched.events)


def told(events: list[Event]) -> list[tuple[str, int | None, float]]:
    return [(event.kind, event.region, (event.time_ms - START_MS) / 1000) for event in events]


def drive(store: Store, *speeds_mps: float, from_s: int) -> list[Event]:
    fixes = [make_fix(at_s=from_s + i, speed_mps=speed) for i, speed in enumerate(speeds_mps)]
    with store.writer.transaction() as transaction:
        events = commit(transaction, [fixes], index=store.index, received_ms=START_MS, rules=[SPEED]).events
    return [event for event in events if event.kind == EventKind.ALERT]


def test_a_stay_that_is_too_long_is_one_episode(store: Store) -> None:
    store.commit([make_fix()])
    assert look(store, DWELL, at_s=600) == []
    assert look(store, DWELL, at_s=601) == [("alert", WEST, 600)]
    assert look(store, DWELL, at_s=700) == []
    store.commit([make_fix(at_s=800, lon=12.5)])
    assert look(store, DWELL, at_s=800) == []
    assert look(store, DWELL, at_s=859) == []
    assert look(store, DWELL, at_s=860) == [("alert_end", WEST, 800)]
    (alert,) = store.telemetry.load_alerts(limit=9)
    assert (alert.start_ms, alert.end_ms) == (START_MS + 600_000, START_MS + 800_000)


def test_two_watchmen_open_one_alert(store: Store) -> None:
    """Each process has one."""
    store.commit([make_fix()])
    assert [look(store, DWELL, at_s=at_s) for at_s in (700, 700, 701)] == [[("alert", WEST, 600)], [], []]


def test_a_silent_vehicle_is_told_where_it_is(store: Store) -> None:
    store.commit([make_fix()])
    assert look(store, OFFLINE, at_s=901) == [("alert", None, 900)]
    assert "alert" in {e.kind for e in store.telemetry.load_recent_events(since_ms=0, region=WEST, limit=9).events}


def test_a_rule_that_is_no_more_ends_its_alerts(store: Store) -> None:
    store.commit([make_fix()])
    look(store, DWELL, at_s=700)
    assert look(store, at_s=710) == []
    assert look(store, at_s=770) == [("alert_end", WEST, 710)]


def test_speeding_is_told_once_until_it_was_kept_for_a_minute(store: Store) -> None:
    assert told(drive(store, 9, 11, 12, 9, 13, from_s=0)) == [("alert", WEST, 1)]
    assert drive(store, 9, 14, 9, from_s=30) == []
    assert look(store, SPEED, at_s=90) == []
    assert look(store, SPEED, at_s=91) == [("alert_end", WEST, 31)]
    assert told(drive(store, 15, from_s=200)) == [("alert", WEST, 200)]


def test_late_speed_is_history(store: Store) -> None:
    drive(store, 9, from_s=100)
    assert drive(store, 30, from_s=50) == []


def test_the_first_who_takes_note_counts(store: Store) -> None:
    store.commit([make_fix()])
    look(store, DWELL, at_s=700)
    (alert,) = store.telemetry.load_alerts(is_acknowledged=False, limit=9)
    for by, at_ms in (("anna", 1), ("otto", 2)):
        happening = happening_of(alert, EventKind.ACKNOWLEDGED, at_ms, by=by)
        with store.writer.transaction() as transaction:
            done = commit(transaction, [], index=store.index, received_ms=START_MS, happenings=[happening])
        assert [event.data["by"] for event in done.events] == ["anna"]
    (noted,) = store.telemetry.load_alerts(is_acknowledged=True, is_open=True, limit=9)
    assert (noted.acknowledged_by, noted.acknowledged_ms) == ("anna", 1)


def test_alerts_are_narrowed_by_what_may_be_seen(store: Store) -> None:
    store.commit([make_fix()])
    look(store, DWELL, OFFLINE, at_s=1_000)

    def kinds(**asked: Any) -> set[str]:
        return {alert.kind for alert in store.telemetry.load_alerts(limit=9, **asked)}

    assert kinds(regions=[WEST], vehicles=[1]) == {"dwell", "offline"}
    assert kinds(regions=[WEST], vehicles=[]) == {"dwell"}
    assert kinds(regions=[EAST], vehicles=[]) == set()
    assert kinds(vehicle=2) == kinds(is_open=False) == set()


def redraw(store: Store, **polygons: Any) -> list[tuple[str, int | None, float]]:
    store.index = RegionIndex({{"west": WEST, "east": EAST}[name]: shape for name, shape in polygons.items()})
    events: list[Event] = []
    while True:
        with store.writer.transaction() as transaction:
            done = relocate(transaction, store.index)
        if done is None:
            return told(events)
        events += done[1]


def test_a_region_drawn_anew_is_entered_and_left_at_once(store: Store) -> None:
    store.commit([make_fix(), make_fix(at_s=20)])
    assert redraw(store, west=box(11, 57, 12, 58), east=box(12, 57, 13, 58)) == []
    assert redraw(store, west=box(11, 57, 11.5, 58), east=box(11.5, 57, 13, 58)) == [
        ("exit", WEST, 20),
        ("enter", EAST, 20),
    ]
    assert store.telemetry.standing_of(1).regions == {EAST}
    store.commit([make_fix(at_s=30)])
    assert store.telemetry.standing_of(1).regions == {EAST}


def test_a_region_that_is_no_more_is_left(store: Store) -> None:
    store.commit([make_fix()])
    assert redraw(store, east=box(12, 57, 13, 58)) == [("exit", WEST, 0)]
    assert store.telemetry.regions_of(1) == frozenset()


@pytest.mark.parametrize("active", [True, False])
def test_a_vehicle_out_of_use_breaks_no_rule(store: Store, active: bool) -> None:
    store.commit([make_fix(vehicle=3)])
    directory: Directory = make_directory(rules=[DWELL])
    card = directory.vehicles[3]._replace(active=active)
    directory = make_directory(rules=[DWELL], vehicles={**directory.vehicles, 3: card})
    with store.writer.transaction() as transaction:
        assert (watch(transaction, directory, now_ms=START_MS + 999_000) is not None) == active
