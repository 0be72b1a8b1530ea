"""Several processes on one layer make one picture of who is connected."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from channels.layers import InMemoryChannelLayer
from channels_redis.pubsub import RedisPubSubChannelLayer

from benchmarks.redis_server import OwnRedis
from scripts.support.children import Children
from tests.builders import BOSS, VAN_TOKEN, WATCHER, make_access, make_caller, make_office
from tests.live.test_bus import holds, impatient  # noqa: F401
from tracking.domain.access import Caller, Person
from tracking.live import limits, presence_feed
from tracking.live.bus import Bus
from tracking.live.channels import find_channel
from tracking.live.frames import Notice
from tracking.live.presence import GRACE_MS
from tracking.live.presence_feed import PresenceFeed
from tracking.live.session import Session, State
from tracking.live.statements import SILENT_MS

START_MS = 1_000_000
STEP_MS = 200


class Reader:
    """What a client knows of one room; `left` are those of whom it was told that they have."""

    def __init__(self) -> None:
        self.people: dict[str, Any] = {}
        self.left: dict[str, Any] = {}

    def show(self, notice: Notice) -> None:
        message = json.loads(notice.text)
        if message["whole"]:
            self.people.clear()
        for person in message["people"]:
            known = self.people if person["connections"] else self.left
            self.people.pop(person["who"], None)
            known[person["who"]] = person

    @property
    def seen(self) -> set[str]:
        return set(self.people)


class Installation:
    """Processes with one clock, on one layer in memory unless each brings its own."""

    def __init__(self) -> None:
        self.layer = InMemoryChannelLayer()
        self.office = make_office()
        self.now_ms = START_MS
        self.processes: list[Process] = []

    async def start(self, name: str, layer: Any = None) -> "Process":
        process = Process(self, name, layer or self.layer)
        self.processes.append(process)
        await process.bus.start()
        await process.feed.start()
        return process

    async def stop(self) -> None:
        while self.processes:
            process = self.processes.pop()
            await process.feed.stop()
            await process.bus.stop()

    async def holds_in_time(self, condition: Callable[[], bool]) -> None:
        """Time passes until then."""

        def look() -> bool:
            self.now_ms += STEP_MS
            return condition()

        await holds(look)


class Process:
    def __init__(self, installation: Installation, name: str, layer: Any) -> None:
        self.bus = Bus(layer, on_news=lambda group, batches: None, on_gap=lambda group: None)
        self._installation = installation
        self.feed = PresenceFeed(
            self.bus, process=name, office=lambda: installation.office, clock_ms=lambda: installation.now_ms
        )

    def connect(self, caller: Caller, *channels: str, transport: str = "websocket") -> Session:
        bucket = limits.TokenBucket(limits.MESSAGES_PER_S, limits.MESSAGES_BURST, limits.MESSAGES_BURST, 0.0)
        session = Session(connection=f"{id(bucket)}", bucket=bucket, caller=caller, state=State.OPEN)
        for name in channels:
            channel = find_channel(name, self._installation.office.directory)
            assert channel is not None
            session.channels[name] = channel
        self.feed.note(session, transport)
        return session

    def read(self, name: str) -> Reader:
        reader = Reader()
        channel = find_channel(name, self._installation.office.directory)
        assert channel is not None
        self.feed.enter(channel, reader)
        return reader


@pytest.fixture
async def installation(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Installation]:
    monkeypatch.setattr(presence_feed, "TICK_S", 0.01)
    made = Installation()
    yield made
    await made.stop()


DRIVER = make_caller(token=VAN_TOKEN)


async def test_who_is_connected_anywhere_is_seen_everywhere(installation: Installation) -> None:
    """Each in the rooms that show it: in what comes whole at the beginning, and in what changes."""
    one, two = await installation.start("one"), await installation.start("two")
    rooms = ("admin:ops", "vehicle:van", "driver:van", "vehicle:bus")
    early = [two.read(room) for room in rooms]
    one.connect(DRIVER)
    one.connect(make_caller(BOSS), "driver:van")
    expected = [{"device:2", "user:1"}] * 3 + [set()]
    await holds(lambda: [reader.seen for reader in early] == expected)
    late = [process.read(room) for process in (one, two) for room in rooms]
    assert [reader.seen for reader in late] == expected * 2


async def test_who_has_left_is_told_after_the_grace(installation: Installation) -> None:
    one, two = await installation.start("one"), await installation.start("two")
    session, reader = one.connect(DRIVER), two.read("vehicle:van")
    await holds(lambda: reader.seen == {"device:2"})
    one.feed.note_end(session)
    installation.now_ms += GRACE_MS
    await holds(lambda: not reader.seen)
    person = reader.left["device:2"]
    assert (person["connections"], person["transports"], person["last_seen"]) == (0, [], START_MS)


async def test_a_reconnection_elsewhere_is_none(installation: Installation) -> None:
    """Neither for those who read nor for since when."""
    one, two = await installation.start("one"), await installation.start("two")
    session, reader = one.connect(DRIVER), two.read("vehicle:van")
    await holds(lambda: reader.seen == {"device:2"})
    one.feed.note_end(session)
    installation.now_ms += GRACE_MS - 1
    two.connect(DRIVER, transport="sse")
    installation.now_ms += GRACE_MS
    await holds(lambda: reader.people["device:2"]["transports"] == ["sse"])
    assert reader.left == {} and reader.people["device:2"]["since"] == START_MS


async def test_people_of_a_process_without_goodbye_leave(installation: Installation) -> None:
    one, two = await installation.start("one"), await installation.start("two")
    one.connect(DRIVER)
    reader = two.read("admin:ops")
    await holds(lambda: reader.seen == {"device:2"})
    await one.bus.stop()
    installation.now_ms += SILENT_MS
    await holds(lambda: not reader.seen)


async def test_people_of_a_process_that_says_goodbye_have_their_grace(installation: Installation) -> None:
    one, two = await installation.start("one"), await installation.start("two")
    one.connect(DRIVER)
    reader = two.read("admin:ops")
    await holds(lambda: reader.seen == {"device:2"})
    await one.feed.stop()
    await one.bus.stop()
    installation.now_ms += GRACE_MS
    await holds(lambda: not reader.seen)


@pytest.mark.usefixtures("impatient")
async def test_without_redis_a_process_knows_its_own(installation: Installation, tmp_path: Path) -> None:
    """And all of them again once it is back, whatever has changed meanwhile."""
    with Children() as children:
        redis = OwnRedis(children, tmp_path)
        one, two = [
            await installation.start(name, RedisPubSubChannelLayer(hosts=[redis.url])) for name in ("one", "two")
        ]
        one.connect(DRIVER)
        reader = two.read("admin:ops")
        await installation.holds_in_time(lambda: reader.seen == {"device:2"})
        redis.kill()
        two.connect(make_caller(BOSS))
        await installation.holds_in_time(lambda: reader.seen == {"user:1"})
        one.connect(make_caller(WATCHER))
        redis.start()
        await installation.holds_in_time(lambda: reader.seen == {"user:1", "user:2", "device:2"})
        await installation.stop()


async def test_another_name_is_told(installation: Installation) -> None:
    one = await installation.start("one")
    one.connect(make_caller(BOSS))
    reader = one.read("admin:ops")
    rights = installation.office.access.people[BOSS].rights
    installation.office = make_office(access=make_access(people={BOSS: Person(rights, b"stamp", "Bo")}))
    one.feed.recheck()
    await holds(lambda: reader.people["user:1"]["name"] == "Bo")


async def test_who_does_not_read_any_more_is_shown_nothing(installation: Installation) -> None:
    one = await installation.start("one")
    gone, reader = one.read("admin:ops"), one.read("admin:ops")
    one.feed.leave("admin:ops", gone)
    one.connect(DRIVER)
    await holds(lambda: reader.seen == {"device:2"})
    assert gone.seen == set()
