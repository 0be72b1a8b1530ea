"""Events reach each reader at least once: what a reader was told is what the store has."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.builders import WEST, make_directory
from tests.live.reader import Reader
from tracking.domain.events import Event
from tracking.live import events as log_rules
from tracking.live.events import REMEMBER_EVENTS_MS, EventLog
from tracking.live.hub import Hub
from tracking.storage.records import OVERLAP_MS, RecentEvents, RoomRows

DIRECTORY = make_directory()
CARDS = DIRECTORY.vehicles
START_MS = 10 * REMEMBER_EVENTS_MS


def make_event(id_: int, *, changed_ms: int = START_MS) -> Event:
    return Event(id_, "enter", 1, WEST, changed_ms, {}, changed_ms)


class Store:
    """The log of events as the database would have it; its clock only rises."""

    def __init__(self) -> None:
        self.now_ms = START_MS
        self.events: list[Event] = []

    def happen(self) -> Event:
        self.now_ms += 1
        self.events.append(make_event(len(self.events) + 1, changed_ms=self.now_ms))
        return self.events[-1]

    def rows(self) -> RoomRows:
        return RoomRows([], [], self.now_ms - OVERLAP_MS)

    def recent(self, since_ms: int | None = None) -> RecentEvents:
        since_ms = self.now_ms - REMEMBER_EVENTS_MS if since_ms is None else since_ms
        found = [event for event in self.events if event.changed_ms >= since_ms]
        return RecentEvents(found, since_ms, self.now_ms - OVERLAP_MS)


class EventsReachReaders(RuleBasedStateMachine):
    """Lost, late and repeated bus messages, repairs, connections that break at any moment, other processes."""

    @initialize()
    def start(self) -> None:
        self.store = Store()
        self.reader = Reader()
        self.late: list[Event] = []
        self.processes = 0
        self.restart()
        self.reconnect()

    @rule()
    def restart(self) -> None:
        """Another process answers from now on."""
        self.processes += 1
        self.hub = Hub("store", f"p{self.processes}-", regions=lambda: DIRECTORY.regions)
        self.watched = self.hub.open_room("region:west", WEST, self.store.rows(), self.store.recent())
        self.is_online = False

    @rule(fate=st.sampled_from(["arrives", "arrives twice", "is lost", "comes late"]))
    def something_happens(self, fate: str) -> None:
        event = self.store.happen()
        if fate.startswith("arrives"):
            self.hub.note(self.watched, [event] * (2 if fate.endswith("twice") else 1))
        elif fate == "comes late":
            self.late.append(event)

    @rule()
    def late_news(self) -> None:
        self.hub.note(self.watched, reversed(self.late))

    @rule()
    def tick(self) -> None:
        self.hub.flush(self.watched, CARDS)

    @rule()
    def repair(self) -> None:
        since_ms = self.watched.events.watermark_ms
        self.hub.merge(self.watched, self.store.rows(), self.store.recent(since_ms))

    @rule(by_ms=st.sampled_from([1_000, OVERLAP_MS, REMEMBER_EVENTS_MS // 3]))
    def time_passes(self, by_ms: int) -> None:
        self.store.now_ms += by_ms

    @rule()
    def connection_breaks(self) -> None:
        self.hub.leave(self.watched, self.reader)
        self.is_online = False

    @rule()
    def reconnect(self) -> None:
        self.reader.newest_seq = 0
        self.hub.join(self.watched, self.reader, self.reader.cursor, CARDS)
        self.is_online = True

    @rule()
    def the_reader_knows_all_after_a_repair_and_a_tick(self) -> None:
        self.repair()
        if not self.is_online:
            self.reconnect()
        self.tick()
        told = {message["event_id"] for message in self.reader.events}
        if not any(message["kind"] == "gap" for message in self.reader.events):
            assert told == {event.id for event in self.store.events}
        young = {e.id for e in self.store.events if e.changed_ms >= self.store.now_ms - REMEMBER_EVENTS_MS}
        assert young <= told


TestEventsReachReaders = EventsReachReaders.TestCase
TestEventsReachReaders.settings = settings(max_examples=150, stateful_step_count=60)


def opened(*events: Event) -> EventLog:
    return EventLog(RecentEvents(list(events), START_MS - REMEMBER_EVENTS_MS, START_MS))


def test_a_reader_away_for_longer_than_a_day_is_told_so() -> None:
    log = opened(make_event(1, changed_ms=START_MS - 1))
    assert log.since(START_MS - REMEMBER_EVENTS_MS).since_ms is None
    assert log.since(START_MS - REMEMBER_EVENTS_MS - 1).since_ms == START_MS - REMEMBER_EVENTS_MS


def test_memory_is_bounded_and_what_is_forgotten_is_known_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_rules, "MOST_EVENTS", 2)
    log = opened(*(make_event(id_, changed_ms=START_MS - 10 + id_) for id_ in range(1, 6)))
    log.advance(RecentEvents([], START_MS, START_MS), position=0)
    assert [event.id for event in log.since(0).events] == [4, 5]
    assert log.since(START_MS - 10 + 3).since_ms is not None
    assert log.since(START_MS - 10 + 4).since_ms is None


def test_what_may_come_again_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_rules, "MOST_EVENTS", 0)
    log = opened()
    young = make_event(1, changed_ms=START_MS + 5)
    log.add(young, position=1)
    log.advance(RecentEvents([young], START_MS, START_MS + 1), position=1)
    assert not log.is_new(young)


def test_an_event_that_is_older_than_a_day_when_it_is_found_is_told_as_a_gap() -> None:
    """As in a process that was suspended: whoever is here would otherwise never ask for it."""
    store, reader = Store(), Reader()
    hub = Hub("store", "p")
    watched = hub.open_room("region:west", WEST, store.rows(), store.recent())
    hub.join(watched, reader, None, CARDS)
    store.happen()
    store.now_ms += REMEMBER_EVENTS_MS + OVERLAP_MS + 1
    hub.merge(watched, store.rows(), store.recent(watched.events.watermark_ms))
    hub.flush(watched, CARDS)
    (gap,) = reader.events
    assert (gap["kind"], gap["time"]) == ("gap", watched.events.horizon_ms)


def test_a_gap_comes_before_the_events_that_are_remembered() -> None:
    store, reader = Store(), Reader()
    hub = Hub("store", "p")
    watched = hub.open_room("region:west", WEST, store.rows(), store.recent())
    hub.join(watched, reader, None, CARDS)
    store.now_ms += REMEMBER_EVENTS_MS + OVERLAP_MS + 1
    another = Hub("store", "q")
    watched = another.open_room("region:west", WEST, store.rows(), store.recent())
    another.note(watched, [store.happen()])
    reader.newest_seq = 0
    another.join(watched, reader, reader.cursor, CARDS)
    assert [event["kind"] for event in reader.events] == ["gap", "enter"]
    assert reader.events[0]["seq"] < reader.events[1]["seq"]


def test_what_was_told_is_forgotten_without_a_gap() -> None:
    store, reader = Store(), Reader()
    hub = Hub("store", "p")
    watched = hub.open_room("region:west", WEST, store.rows(), store.recent())
    hub.join(watched, reader, None, CARDS)
    hub.note(watched, [store.happen()])
    hub.flush(watched, CARDS)
    store.now_ms += REMEMBER_EVENTS_MS + OVERLAP_MS + 1
    hub.merge(watched, store.rows(), store.recent(watched.events.watermark_ms))
    hub.flush(watched, CARDS)
    assert [event["kind"] for event in reader.events] == ["enter"]


def test_an_event_names_its_region_and_its_vehicle() -> None:
    store = Store()
    hub = Hub("store", "p", regions=lambda: DIRECTORY.regions)
    watched = hub.open_room("region:west", WEST, store.rows(), store.recent())
    reader = Reader()
    hub.join(watched, reader, None, CARDS)
    hub.note(watched, [store.happen()])
    hub.flush(watched, CARDS)
    (message,) = reader.events
    assert (message["kind"], message["vehicle"], message["region"], message["event_id"]) == ("enter", 1, "west", 1)
    assert message["vehicles"]["1"]["slug"] == "van"


def test_a_reader_without_credit_is_told_all_the_same() -> None:
    store = Store()
    hub = Hub("store", "p")
    watched = hub.open_room("region:west", WEST, store.rows(), store.recent())
    reader = Reader()
    hub.join(watched, reader, None, CARDS)
    reader.credit = 0
    hub.note(watched, [store.happen()])
    hub.flush(watched, CARDS)
    assert len(reader.events) == 1


def test_what_happens_in_one_tick_is_handed_over_at_once() -> None:
    """A send for each event of a fleet that crosses a border, to each reader, kept a process busy for seconds."""
    store, readers = Store(), [Reader(), Reader()]
    hub = Hub("store", "process")
    watched = hub.open_room("region:west", WEST, store.rows(), store.recent())
    for reader in readers:
        hub.join(watched, reader, None, CARDS)
    hub.note(watched, [store.happen() for _ in range(3)])
    hub.flush(watched, CARDS)
    assert [(reader.tellings, len(reader.events)) for reader in readers] == [(1, 3), (1, 3)]


def test_an_event_of_the_moment_in_which_credit_returns_is_told() -> None:
    """The frame that pays the debt has a cursor behind it: nobody would ask again."""
    store, reader = Store(), Reader()
    hub = Hub("store", "process")
    watched = hub.open_room("region:west", WEST, store.rows(), store.recent())
    hub.join(watched, reader, None, CARDS)
    reader.credit = 0
    hub.note(watched, [store.happen()])
    hub.flush(watched, CARDS)
    hub.note(watched, [store.happen()])
    reader.credit = 9
    hub.resume(watched, reader, CARDS)
    assert [event["event_id"] for event in reader.events] == [1, 2]


def test_a_driver_begins_with_all_of_the_last_day() -> None:
    store = Store()
    store.happen()
    hub = Hub("store", "p")
    watched = hub.open_room("driver:van", None, store.rows(), store.recent(), vehicle=1)
    reader = Reader()
    hub.join(watched, reader, None, CARDS)
    assert [message["event_id"] for message in reader.events] == [1]
