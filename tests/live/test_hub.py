"""The law of live sync: an old picture and the frames since make the new picture, whatever was lost between."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.builders import EAST, WEST, make_directory, make_fix, make_latest
from tests.live.reader import Reader
from tracking.domain.fix import Fix
from tracking.domain.latest import Changes, Latest, Standing, moved
from tracking.live.frames import Frame
from tracking.live.hub import REMEMBER_DEPARTURES_MS, SNAPSHOT_PART_ROWS, Hub
from tracking.live.news import News, apply_news, driver_group, group_of, news_of
from tracking.live.room import row_of
from tracking.storage.records import OVERLAP_MS, LatestRow, RoomRows

DIRECTORY = make_directory()
CARDS = DIRECTORY.vehicles


class Store:
    """The latest states and departures, as the database would have them; its clock only rises."""

    def __init__(self) -> None:
        self.now_ms = 10 * REMEMBER_DEPARTURES_MS
        self.latest: dict[int, tuple[Latest, int]] = {}
        self.left: list[tuple[int, int, int, int]] = []

    def commit(self, fixes: list[Fix]) -> dict[str, News]:
        """Late ones change nothing."""
        places = DIRECTORY.index.containing([fix.lat for fix in fixes], [fix.lon for fix in fixes])
        changes = Changes()
        self.now_ms += 1
        for fix, regions in zip(fixes, places, strict=True):
            before = self.latest[fix.vehicle][0] if fix.vehicle in self.latest else make_latest(fix)
            if before.fix is fix or before.fix.fix_time_ms < fix.fix_time_ms:
                self.move(before._replace(fix=fix), regions, changes)
        return news_of(changes, self.now_ms)

    def settle(self, vehicle: int, regions: frozenset[int]) -> dict[str, News]:
        """Late fixes tell that the vehicle is elsewhere than it was thought to be."""
        changes = Changes()
        self.now_ms += 1
        self.move(self.latest[vehicle][0], regions, changes)
        return news_of(changes, self.now_ms)

    def move(self, latest: Latest, regions: frozenset[int], changes: Changes) -> None:
        vehicle, left = latest.fix.vehicle, latest.regions - regions
        if regions != latest.regions:
            latest = moved(latest, regions, changed_ms=self.now_ms)
            changes.left[vehicle] = left
        changes.latest[vehicle] = latest
        self.latest[vehicle] = (latest, self.now_ms)
        self.left += [(region, vehicle, latest.moved_ms, self.now_ms) for region in left]

    def load_room(self, region: int, since_ms: int) -> RoomRows:
        rows = [
            LatestRow(latest, 0, changed)
            for latest, changed in self.latest.values()
            if region in latest.regions and changed >= since_ms
        ]
        present = {v for v, (latest, _) in self.latest.items() if region in latest.regions}
        oldest_ms = since_ms or self.now_ms - REMEMBER_DEPARTURES_MS
        gone = {v: t for r, v, t, changed in self.left if r == region and changed >= oldest_ms and v not in present}
        return RoomRows(rows, list(gone.items()), self.now_ms - OVERLAP_MS)


class LiveSync(RuleBasedStateMachine):
    """Commits, lost and repeated bus messages, repairs, lost frames, reconnects to this or a new process."""

    @initialize()
    def start(self) -> None:
        self.store = Store()
        self.time_s = 0
        self.reader = Reader()
        self.slow = Reader()
        self.poller = Reader()
        self.online = False
        self.processes = 0
        self.restart()

    @rule()
    def restart(self) -> None:
        """The process is replaced; its rooms are read afresh."""
        self.processes += 1
        self.hub = Hub("store", f"process{self.processes}")
        self.watched = self.hub.open_room("region:west", WEST, self.store.load_room(WEST, 0))
        self.lost: list[News] = []
        self.online = False
        self.slow.credit, self.slow.seq, self.slow.newest_seq = 0, 0, 0
        self.hub.join(self.watched, self.slow, self.slow.cursor, CARDS)

    @rule(
        vehicles=st.lists(st.integers(1, 4), min_size=1, max_size=4),
        lon=st.sampled_from([11.5, 12.5, 14.0]),
        late=st.booleans(),
        fate=st.sampled_from(["arrives", "arrives", "is lost", "comes late"]),
    )
    def commit(self, vehicles: list[int], lon: float, late: bool, fate: str) -> None:
        self.time_s += 1
        at_s = self.time_s - (5 if late else 0)
        news = self.store.commit([make_fix(vehicle=v, at_s=at_s + v / 10, lon=lon) for v in vehicles]).get(
            group_of(WEST)
        )
        if news is not None and fate == "arrives":
            apply_news(self.watched.room, [news])
        elif news is not None and fate == "comes late":
            self.lost.append(news)

    @rule(vehicle=st.integers(1, 4), region=st.sampled_from([WEST, EAST]), fate=st.sampled_from(["arrives", "late"]))
    def settle(self, vehicle: int, region: int, fate: str) -> None:
        """A vehicle moves without a newer fix."""
        if vehicle not in self.store.latest:
            return
        news = self.store.settle(vehicle, frozenset({region})).get(group_of(WEST))
        if news is not None and fate == "arrives":
            apply_news(self.watched.room, [news])
        elif news is not None:
            self.lost.append(news)

    @rule()
    def late_news(self) -> None:
        """In the wrong order, and perhaps not for the first time."""
        apply_news(self.watched.room, reversed(self.lost))

    @rule()
    def repair(self) -> None:
        self.hub.merge(self.watched, self.store.load_room(WEST, self.watched.room.watermark_ms))

    @rule()
    def tick(self) -> None:
        self.hub.flush(self.watched, CARDS)

    @rule(frames=st.integers(0, 3))
    def slow_reader_acknowledges(self, frames: int) -> None:
        self.slow.credit = frames
        self.hub.resume(self.watched, self.slow, CARDS)

    @rule()
    def poll(self) -> None:
        frames = self.hub.lacks(self.watched, self.poller.cursor or "", CARDS)
        for frame in frames:
            self.poller.apply(frame.content)
        assert self.poller.rows == self.watched.room.rows

    @rule(by_ms=st.sampled_from([1_000, OVERLAP_MS, REMEMBER_DEPARTURES_MS * 2]))
    def time_passes(self, by_ms: int) -> None:
        self.store.now_ms += by_ms

    @rule(keeps_cursor=st.booleans())
    def reconnect(self, keeps_cursor: bool) -> None:
        self.hub.leave(self.watched, self.reader)
        self.reader.seq = self.reader.newest_seq = 0
        self.hub.join(self.watched, self.reader, self.reader.cursor if keeps_cursor else None, CARDS)
        self.online = True

    @rule()
    def connection_breaks(self) -> None:
        self.hub.leave(self.watched, self.reader)
        self.online = False

    @invariant()
    def an_online_reader_sees_the_room(self) -> None:
        if not self.online or self.watched.room.has_news:
            return
        assert self.reader.rows == self.watched.room.rows
        assert self.reader.rows.keys() & CARDS.keys() <= self.reader.names.keys()

    @rule()
    def everyone_agrees_after_a_repair_and_a_tick(self) -> None:
        self.repair()
        if not self.online:
            self.reconnect(keeps_cursor=True)
        self.tick()
        fresh = {v: row_of(latest) for v, (latest, _) in self.store.latest.items() if WEST in latest.regions}
        self.slow_reader_acknowledges(5)
        self.poll()
        for reader in (self.reader, self.slow, self.poller):
            assert reader.rows == fresh
            assert not reader.gap
            assert reader.rows.keys() & CARDS.keys() <= reader.names.keys()
        assert list(self.hub.lacks(self.watched, self.hub.cursor(self.watched), CARDS)) == []


TestLiveSync = LiveSync.TestCase
TestLiveSync.settings = settings(max_examples=150, stateful_step_count=60)


def opened(count: int = 0) -> tuple[Hub, Store]:
    store = Store()
    if count:
        store.commit([make_fix(vehicle=v) for v in range(1, count + 1)])
    return Hub("store", "process"), store


def test_a_large_room_comes_in_parts() -> None:
    hub, store = opened(SNAPSHOT_PART_ROWS + 1)
    watched = hub.open_room("region:west", WEST, store.load_room(WEST, 0))
    reader = Reader()
    hub.join(watched, reader, None, CARDS)
    assert [(f["part"], f["parts"], len(f["rows"])) for f in reader.frames] == [(1, 2, SNAPSHOT_PART_ROWS), (2, 2, 1)]
    assert len(reader.rows) == SNAPSHOT_PART_ROWS + 1


def test_a_frame_is_encoded_once_for_all() -> None:
    """For all who come within a tick, hear of one, or have fallen behind alike."""
    hub, store = opened(1)
    watched = hub.open_room("region:west", WEST, store.load_room(WEST, 0))
    frames: list[Frame] = []

    class Keeper(Reader):
        def deliver(self, frame: Frame) -> None:
            super().deliver(frame)
            frames.append(frame)

    def same_for_all() -> bool:
        once, taken = {id(frame) for frame in frames}, len(frames)
        frames.clear()
        return taken == 3 and len(once) == 1

    def tick(at_s: int) -> None:
        apply_news(watched.room, [store.commit([make_fix(at_s=at_s)])[group_of(WEST)]])
        hub.flush(watched, CARDS)

    readers = [Keeper() for _ in range(3)]
    for reader in readers:
        hub.join(watched, reader, None, CARDS)
    assert same_for_all()
    tick(1)
    assert same_for_all()
    for reader in readers:
        reader.credit = 0
    tick(2)
    for reader in readers:
        reader.credit = 9
        hub.resume(watched, reader, CARDS)
    assert same_for_all()
    tick(3)
    assert [reader.rows for reader in readers] == [watched.room.rows] * 3 and not any(reader.gap for reader in readers)


def test_a_reader_that_leaves_while_it_is_served_disturbs_nobody() -> None:
    hub, store = opened(1)
    watched = hub.open_room("region:west", WEST, store.load_room(WEST, 0))

    class Leaver(Reader):
        def deliver(self, frame: Frame) -> None:
            super().deliver(frame)
            if self.frames[-1]["type"] == "delta":
                hub.leave(watched, self)

    readers = [Leaver() for _ in range(5)]
    for reader in readers:
        hub.join(watched, reader, None, CARDS)
    apply_news(watched.room, [store.commit([make_fix(at_s=1)])[group_of(WEST)]])
    hub.flush(watched, CARDS)
    assert [reader.rows for reader in readers] == [watched.room.rows] * 5
    assert not watched.watchers


def test_who_may_not_follow_a_vehicle_leaves_before_it_is_told_where_that_went() -> None:
    """Also while it waits for credit."""
    hub, store = Hub("store", "p"), Store()
    van = store.load_room(WEST, 0)
    watched = hub.open_room("vehicle:van", None, van, vehicle=1, standing=Standing(frozenset({WEST})))

    class Follower(Reader):
        def recheck(self) -> None:
            if WEST not in watched.standing.regions:
                hub.leave(watched, self)

    reader, slow = Follower(), Follower()
    slow.credit = 0
    for follower in (reader, slow):
        hub.join(watched, follower, None, CARDS)
    news = store.commit([make_fix(lon=12.5)])[group_of(None)]
    apply_news(watched.room, [news])
    for _, standing in news.standings:
        hub.locate(watched, standing)
    hub.flush(watched, CARDS)
    assert not watched.watchers and not watched.held
    assert [frame["rows"] for frame in reader.frames] == [[]] and not reader.events


def test_a_lost_frame_shows_as_a_gap() -> None:
    hub, store = opened(1)
    watched = hub.open_room("region:west", WEST, store.load_room(WEST, 0))
    reader = Reader()
    hub.join(watched, reader, None, CARDS)
    for at_s in (1, 2):
        apply_news(watched.room, [store.commit([make_fix(at_s=at_s)])[group_of(WEST)]])
        hub.leave(watched, reader) if at_s == 1 else watched.watchers.add(reader)
        hub.flush(watched, CARDS)
    assert reader.gap


def test_a_cursor_of_another_store_starts_afresh() -> None:
    hub, store = opened(1)
    watched = hub.open_room("region:west", WEST, store.load_room(WEST, 0))
    for cursor in ("other.ffffffffff", "nonsense", "store.zz", "store.1.a.zz", ""):
        reader = Reader()
        hub.join(watched, reader, cursor, CARDS)
        assert reader.frames[0]["type"] == "snapshot"


def test_a_fresh_cursor_is_answered_with_a_delta() -> None:
    hub, store = opened(2)
    watched = hub.open_room("region:west", WEST, store.load_room(WEST, 0))
    reader = Reader()
    hub.join(watched, reader, None, CARDS)
    again = Reader()
    hub.join(watched, again, reader.cursor, CARDS)
    assert (again.frames[0]["type"], again.frames[0]["prev"]) == ("delta", 0)


def test_a_reader_who_missed_a_rename_elsewhere_starts_afresh() -> None:
    """This process cannot tell which names have changed since."""
    store = Store()
    store.commit([make_fix()])
    elsewhere, here = Hub("store", "one", names=5), Hub("store", "two", names=6)
    reader = Reader()
    elsewhere.join(elsewhere.open_room("region:west", WEST, store.load_room(WEST, 0)), reader, None, CARDS)
    here.join(here.open_room("region:west", WEST, store.load_room(WEST, 0)), reader, reader.cursor, CARDS)
    assert [frame["type"] for frame in reader.frames] == ["snapshot", "snapshot"]


def test_a_reader_without_credit_gets_one_merged_delta_once_it_has_some() -> None:
    hub, store = opened(2)
    watched = hub.open_room("region:west", WEST, store.load_room(WEST, 0))
    slow = Reader()
    slow.credit = 1
    hub.join(watched, slow, None, CARDS)
    for at_s in (1, 2, 3):
        apply_news(watched.room, [store.commit([make_fix(at_s=at_s)])[group_of(WEST)]])
        hub.flush(watched, CARDS)
    assert len(slow.frames) == 1
    slow.credit = 5
    hub.resume(watched, slow, CARDS)
    assert [(frame["type"], len(frame["rows"])) for frame in slow.frames[1:]] == [("delta", 1)]
    assert slow.rows == watched.room.rows


def test_a_snapshot_waits_for_credit_between_its_parts() -> None:
    hub, store = opened(2 * SNAPSHOT_PART_ROWS)
    watched = hub.open_room("region:west", WEST, store.load_room(WEST, 0))
    slow = Reader()
    slow.credit = 1
    hub.join(watched, slow, None, CARDS)
    assert len(slow.rows) == SNAPSHOT_PART_ROWS
    slow.credit = 5
    hub.resume(watched, slow, CARDS)
    assert slow.rows == watched.room.rows


def test_a_poll_of_the_same_process_repeats_nothing() -> None:
    hub, store = opened(3)
    watched = hub.open_room("region:west", WEST, store.load_room(WEST, 0))
    cursor = hub.cursor(watched)
    apply_news(watched.room, [store.commit([make_fix(vehicle=2, at_s=1)])[group_of(WEST)]])
    (frame,) = hub.lacks(watched, cursor, CARDS)
    assert ([row[0] for row in frame.content["rows"]], frame.content["vehicles"]) == ([2], {})
    assert list(hub.lacks(watched, frame.cursor, CARDS)) == []


def test_news_reach_each_touched_room() -> None:
    store = Store()
    store.commit([make_fix()])
    news = store.commit([make_fix(at_s=1, lon=12.5)])
    assert set(news) == {group_of(None), group_of(WEST), group_of(EAST), driver_group(1)}
    assert (news[group_of(WEST)].rows, [v for v, _ in news[group_of(WEST)].gone]) == ([], [1])


def test_where_a_vehicle_is_is_what_was_told_last_by_the_store() -> None:
    """Whatever the order and number of arrivals."""
    hub, store = opened()
    watched = hub.open_room("vehicle:van", None, store.load_room(WEST, 0), vehicle=1, standing=Standing())
    for standing in (Standing(frozenset({EAST}), 3), Standing(frozenset({WEST}), 2), Standing(frozenset({EAST}), 3)):
        hub.locate(watched, standing)
    assert watched.standing == Standing(frozenset({EAST}), 3)
