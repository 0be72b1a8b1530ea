"""Which vehicles are in alarm, whatever the order and number of arrivals; and what readers see of it."""

import json

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import WEST, make_directory, make_fix, make_latest
from tests.live.reader import Reader
from tracking.domain.alerts import Alarm
from tracking.domain.latest import Changes
from tracking.domain.status import Status
from tracking.live.alarms import Alarms, told_in, word_of
from tracking.live.hub import REMEMBER_DEPARTURES_MS, Hub, WatchedRoom
from tracking.live.news import News, apply_news, group_of, news_of
from tracking.storage.records import AlarmRows, LatestRow, RoomRows

NOW_MS = 10 * REMEMBER_DEPARTURES_MS
CARDS = make_directory().vehicles
HISTORY = {event: Alarm(event % 2 == 1, event, NOW_MS + event) for event in range(1, 5)}


def rows_at(event: int) -> AlarmRows:
    """What a read of the store finds after so many events."""
    return AlarmRows({1} if event % 2 else set(), {1: (event, NOW_MS + event)} if event else {}, NOW_MS)


@given(st.permutations([*HISTORY, *HISTORY]), st.lists(st.integers(0, 4)))
def test_any_order_of_arrival_ends_with_what_the_store_says(told: list[int], reads: list[int]) -> None:
    """Reads that began earlier may end later."""
    alarms = Alarms()
    for place, event in enumerate(told):
        alarms.hear({1: HISTORY[event]})
        if place < len(reads):
            alarms.merge(rows_at(reads[place]))
    assert alarms.on == set()
    alarms.merge(rows_at(3))
    assert alarms.on == set(), "it is older"


def test_the_store_knows_of_an_event_what_its_commit_did_not_see() -> None:
    """Another alert of the vehicle was opened at the same time."""
    alarms = Alarms()
    assert alarms.hear({1: Alarm(False, 7, NOW_MS)}) == []
    assert alarms.merge(AlarmRows({1}, {1: (7, NOW_MS)}, NOW_MS)) == [1]


def test_an_alarm_whose_end_nobody_told_is_lifted_by_the_store() -> None:
    """Its vehicle was erased."""
    alarms = Alarms()
    alarms.hear({1: Alarm(True, 7, NOW_MS - 1)})
    assert alarms.merge(AlarmRows(set(), {}, NOW_MS - 1)) == [] and alarms.on == {1}
    assert alarms.merge(AlarmRows(set(), {}, NOW_MS)) == [1] and alarms.on == set()


def test_what_processes_tell_each_other_comes_back() -> None:
    assert told_in(json.loads(json.dumps(word_of(HISTORY)))) == HISTORY


def opened(*, on: frozenset[int] = frozenset()) -> tuple[Hub, WatchedRoom, Reader]:
    """A room with a vehicle in it, and a reader."""
    hub, latest = Hub("store", "p"), make_latest(regions=frozenset({WEST}))
    rows = RoomRows([LatestRow(latest, 0, NOW_MS)], [], NOW_MS, AlarmRows(on, {}, NOW_MS))
    watched, reader = hub.open_room("region:west", WEST, rows), Reader()
    hub.join(watched, reader, None, CARDS)
    return hub, watched, reader


def moved(at_s: int) -> News:
    latest = make_latest(make_fix(at_s=at_s), regions=frozenset({WEST}))
    return news_of(Changes(latest={1: latest}), NOW_MS + at_s)[group_of(WEST)]


def test_an_alarm_is_raised_and_lifted_without_a_new_fix() -> None:
    hub, watched, reader = opened()
    for alarm, status in ((Alarm(True, 1, NOW_MS), Status.ALARM), (Alarm(False, 2, NOW_MS), Status.MOVING)):
        hub.hear({1: alarm, 2: alarm})
        hub.flush(watched, CARDS)
        assert reader.rows[1][6] == status
    assert [len(frame["rows"]) for frame in reader.frames] == [1, 1, 1]


def test_a_vehicle_in_alarm_stays_so_while_it_moves() -> None:
    hub, watched, reader = opened(on=frozenset({1}))
    apply_news(watched.room, [moved(at_s=5)])
    hub.flush(watched, CARDS)
    assert [frame["rows"][0][6] for frame in reader.frames] == [Status.ALARM, Status.ALARM]


def test_a_cursor_from_before_the_alarm_is_told_of_it_by_any_process() -> None:
    """Its row has changed before; the alarm has not."""
    _, _, reader = opened()
    other = Hub("store", "q")
    latest = make_latest(regions=frozenset({WEST}))
    alarms = AlarmRows(frozenset({1}), {1: (1, NOW_MS + 1)}, NOW_MS)
    rows = RoomRows([LatestRow(latest, 0, NOW_MS - 1)], [], NOW_MS + 20_000, alarms)
    other.join(other.open_room("region:west", WEST, rows), reader, reader.cursor, CARDS)
    assert (reader.frames[-1]["type"], reader.rows[1][6]) == ("delta", Status.ALARM)


def test_guests_see_no_alarm() -> None:
    hub, watched, _ = opened(on=frozenset({1}))
    [snapshot] = hub.answer(watched, None, CARDS)
    assert snapshot.content["rows"][0][6] == Status.ALARM
    assert snapshot.for_guests.content["rows"][0][6] == Status.MOVING
    assert snapshot.for_guests.packed_message != snapshot.packed_message
