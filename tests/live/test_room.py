"""What is known of one room."""

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import START_MS, make_fix, make_latest
from tracking.live.room import Room, Row, row_of, split


def row(vehicle: int = 1, at_s: int = 0) -> Row:
    return (vehicle, START_MS + at_s * 1000, 57.7, 11.95, None, None, 1)


def room(*rows: Row) -> Room:
    """Its readers have seen the rows."""
    made = Room(horizon_ms=100)
    for item in rows:
        made.put(item, changed_ms=200, moved_ms=10)
    made.take_delta()
    return made


def test_a_new_vehicle_is_named() -> None:
    made = room()
    made.put(row(), changed_ms=200)
    assert made.take_delta() == ([row()], [], [1])


def test_a_known_vehicle_is_not_named_again() -> None:
    made = room(row())
    made.put(row(at_s=1), changed_ms=201)
    assert made.take_delta() == ([row(at_s=1)], [], [])


def test_only_the_newest_row_of_a_tick_is_sent() -> None:
    made = room()
    for at_s in (1, 3, 2):
        made.put(row(at_s=at_s), changed_ms=200)
    assert made.take_delta().rows == [row(at_s=3)]


def test_a_repeat_is_no_news() -> None:
    made = room(row())
    made.put(row(), changed_ms=300)
    assert not made.has_news


def test_a_stale_row_does_not_bring_back_who_left() -> None:
    made = room(row())
    made.drop(1, moved_ms=20, changed_ms=201)
    made.put(row(at_s=4), changed_ms=202, moved_ms=10)
    assert made.take_delta() == ([], [1], [])


def test_who_is_back_by_the_same_fix_is_back() -> None:
    """A late fix can tell that a vehicle had never left."""
    made = room(row())
    made.drop(1, moved_ms=20, changed_ms=201)
    made.put(row(), changed_ms=202, moved_ms=21)
    assert made.take_delta() == ([row()], [], [1])


def test_a_late_departure_does_not_remove_who_came_back() -> None:
    made = room(row(at_s=9))
    made.drop(1, moved_ms=9, changed_ms=201)
    assert (made.rows, made.has_news) == ({1: row(at_s=9)}, False)


def test_who_comes_and_goes_within_a_tick_is_reported_gone_only() -> None:
    made = room()
    made.put(row(), changed_ms=200)
    made.drop(1, moved_ms=20, changed_ms=201)
    assert made.take_delta() == ([], [1], [])


def test_memory_answers_since_a_moment() -> None:
    made = room(row(1), row(2), row(3))
    made.put(row(2, at_s=1), changed_ms=300)
    made.drop(3, moved_ms=20, changed_ms=301)
    assert made.since(250) == ([row(2, at_s=1)], [3], [2])


def test_memory_answers_after_a_position() -> None:
    made = room(row(1), row(2), row(3))
    made.take_delta()
    seen = made.position
    made.put(row(2, at_s=1), changed_ms=300)
    made.drop(3, moved_ms=20, changed_ms=301)
    assert made.after(seen) == ([row(2, at_s=1)], [3], [])
    assert made.after(made.position) == ([], [], [])
    assert made.after(made.position + 1) is None
    made.take_delta()
    made.forget_departures(before_ms=302)
    assert made.after(seen) is None


def test_memory_says_when_it_cannot_tell() -> None:
    made = room(row())
    made.drop(1, moved_ms=20, changed_ms=150)
    assert made.since(99) is None
    made.take_delta()
    made.forget_departures(before_ms=200)
    assert made.since(199) is None
    assert made.since(200) == ([], [], [])


def test_no_departure_is_forgotten_before_it_was_told() -> None:
    """As in a process that was suspended."""
    made = room(row())
    made.take_delta()
    made.drop(1, moved_ms=20, changed_ms=150)
    made.forget_departures(before_ms=1_000_000)
    assert made.take_delta().gone == [1]


def test_a_renamed_vehicle_is_sent_again() -> None:
    made = room(row(1), row(2))
    made.rename([2, 5])
    assert made.take_delta() == ([row(2)], [], [2])


def test_rows_are_rounded_to_what_a_map_shows() -> None:
    fix = make_fix(lat=57.12345678, lon=11.98765432, speed_mps=3.14159, course_deg=359.97)
    assert row_of(make_latest(fix)) == (1, START_MS, 57.123457, 11.987654, 3.14, 0.0, 1)


def test_an_empty_snapshot_has_one_part() -> None:
    assert split([], 2) == [[]]
    assert split([1, 2, 3], 2) == [[1, 2], [3]]


@given(st.permutations(["0", "1", "left", "3"]), st.booleans())
def test_any_order_of_arrival_ends_the_same(order: list[str], repeat: bool) -> None:
    """A vehicle moves at 0 and 1 s, is outside from 2 s on, and back at 3 s."""
    made = room()
    for step in order * (2 if repeat else 1):
        if step == "left":
            made.drop(1, moved_ms=20, changed_ms=200)
        else:
            made.put(row(at_s=int(step)), changed_ms=200, moved_ms=30 if step == "3" else 10)
    assert made.rows == {1: row(at_s=3)}
