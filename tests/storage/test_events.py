"""The log of events, on both engines."""

from typing import Any

from tests.builders import EAST, START_MS, WEST, make_fix
from tests.storage.conftest import Store
from tracking.domain.events import Event, EventKind, Happening
from tracking.domain.fix import Fix
from tracking.ingest.commit import Committed, commit

IN_EAST = 12.5


def told(store: Store, **asked: Any) -> list[tuple[str, int, int | None, int]]:
    """Kind, vehicle, region, seconds after the start."""
    events = store.telemetry.load_events(**{"limit": 100, **asked})
    return [(e.kind, e.vehicle, e.region, (e.time_ms - START_MS) // 1000) for e in events]


def say(store: Store, text: str) -> list[Event]:
    with store.writer.transaction() as transaction:
        return transaction.append_events(
            [Happening(EventKind.MESSAGE, 1, None, START_MS, {"message": 1, "text": text})], {}
        )


def commit_messages(store: Store, messages: list[int], *fixes: Fix) -> Committed:
    happenings = [Happening(EventKind.MESSAGE, 1, None, START_MS, {"message": id_}) for id_ in messages]
    with store.writer.transaction() as transaction:
        return commit(transaction, [fixes], index=store.index, received_ms=START_MS, happenings=happenings)


def drive(store: Store) -> list[Event]:
    """A van goes from West to East, a bus enters East."""
    van = [make_fix(lon=11.999), make_fix(at_s=20, lon=12.001)]
    return store.commit([*van, make_fix(vehicle=2, at_s=20, lon=IN_EAST)]).events


def test_a_commit_gives_its_events_as_they_are_stored(store: Store) -> None:
    events = drive(store)
    assert store.telemetry.load_events(limit=9) == events
    assert told(store) == [("enter", 1, WEST, 0), ("exit", 1, WEST, 10), ("enter", 1, EAST, 10), ("enter", 2, EAST, 20)]


def test_events_are_found_by_what_they_are_about(store: Store) -> None:
    drive(store)
    say(store, "Hello")
    assert told(store, regions=[WEST]) == [("enter", 1, WEST, 0), ("exit", 1, WEST, 10)]
    assert told(store, vehicle=2) == [("enter", 2, EAST, 20)]
    assert told(store, span=(START_MS + 10_000, START_MS + 20_000), regions=[EAST]) == [("enter", 1, EAST, 10)]
    assert told(store, regions=[]) == []


def test_a_message_is_found_in_the_regions_its_vehicle_was_in(store: Store) -> None:
    """Also after it has gone."""
    nowhere = commit_messages(store, [1]).events[-1]
    in_west = commit_messages(store, [2], make_fix()).events[-1]
    in_west_too = commit_messages(store, [3]).events[-1]
    in_east = commit_messages(store, [4], make_fix(at_s=1, lon=IN_EAST)).events[-1]
    for region, expected in ((WEST, [in_west, in_west_too]), (EAST, [in_east])):
        recent = store.telemetry.load_recent_events(since_ms=0, region=region, limit=9).events
        logged = store.telemetry.load_events(regions=[region], limit=9)
        assert recent == logged and [event for event in recent if event.kind == "message"] == expected
    late = store.telemetry.load_recent_events(since_ms=in_west_too.changed_ms, region=WEST, limit=9).events
    assert [event.kind for event in late] == ["message", "exit"]
    assert store.telemetry.load_events(vehicle=1, limit=1) == [nowhere]
    assert store.telemetry.load_events(regions=[WEST], after=in_west.id, limit=1) == [in_west_too]


def test_a_message_is_told_once(store: Store) -> None:
    """However often it was sent, and by whichever commit; two that were sent in the same millisecond are two."""
    first = commit_messages(store, [7, 7, 8])
    (seven, eight) = store.telemetry.load_events(limit=9)
    assert (first.events, first.told) == ([seven, eight], [seven.id, seven.id, eight.id])
    again = commit_messages(store, [8, 7])
    assert (again.events, again.told) == ([], [eight.id, seven.id])
    assert store.telemetry.load_events(limit=9) == [seven, eight]


def test_pages_follow_each_other_by_id(store: Store) -> None:
    events = drive(store)
    first = store.telemetry.load_events(limit=3)
    assert first + store.telemetry.load_events(after=first[-1].id, limit=3) == events


def test_what_was_stored_since_a_moment_is_found_whenever_it_happened(store: Store) -> None:
    entered, *_ = drive(store)
    (late,) = say(store, "late")
    recent = store.telemetry.load_recent_events(since_ms=late.changed_ms, limit=9)
    assert (recent.events[-1], recent.since_ms) == (late, late.changed_ms)
    in_west = store.telemetry.load_recent_events(since_ms=entered.changed_ms, region=WEST, limit=9).events
    assert [event.kind for event in in_west] == ["enter", "exit"]
    bus = store.telemetry.load_recent_events(since_ms=0, vehicle=2, limit=9).events
    assert [event.vehicle for event in bus] == [2]


def test_of_too_many_the_newest_are_found_and_it_says_so(store: Store) -> None:
    events = drive(store)
    recent = store.telemetry.load_recent_events(since_ms=1, limit=2)
    assert recent.events == events[-2:]
    assert recent.since_ms > events[1].changed_ms


def test_data_comes_back_as_it_was(store: Store) -> None:
    (event,) = say(store, "Tyvärr — „ja“ 🚚")
    assert store.telemetry.load_events(limit=1) == [event]
    assert event.data == {"message": 1, "text": "Tyvärr — „ja“ 🚚"}


def test_a_failed_commit_leaves_no_event(store: Store) -> None:
    class Broken(Exception):
        pass

    try:
        with store.writer.transaction() as transaction:
            transaction.append_events(
                [Happening(EventKind.MESSAGE, 1, None, START_MS, {"message": 1})], {1: frozenset({WEST})}
            )
            raise Broken
    except Broken:
        pass
    assert store.telemetry.load_events(limit=9) == []
