"""News between processes, over both channel layers."""

import asyncio
import contextlib
import secrets
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from channels.layers import InMemoryChannelLayer
from channels_redis.pubsub import RedisPubSubChannelLayer

from benchmarks.redis_server import OwnRedis
from scripts.support.children import Children
from tests.builders import START_MS
from tracking.domain.latest import Standing
from tracking.live import bus
from tracking.live.bus import Bus
from tracking.live.news import Group, News, Parcel, decode_parcel, encode_parcel

NEWS = News(5, [((1, START_MS, 57.7, 11.95, None, 90.0, 1), 4)], [(2, 3)], standings=[(2, Standing(frozenset({7}), 3))])


class Ear:
    """What one process hears."""

    def __init__(self, layer: Any) -> None:
        self.heard: list[tuple[Group, News]] = []
        self.gaps: list[Group] = []
        self.layer = layer
        self.words: list[Any] = []
        self.bus = Bus(
            layer,
            on_news=lambda group, batches: self.heard.extend((group, item) for item in batches),
            on_gap=self.gaps.append,
        )

    async def hear_other(self, number: int) -> None:
        """Another process publishes for the `number`th time."""
        payload = encode_parcel(Parcel("other", number, [NEWS]))
        message = {"type": "room.news", "group": "region.1", "publisher": "other", "payload": payload}
        await self.layer.group_send("region.1", message)

    async def until(self, count: int) -> list[tuple[Group, News]]:
        await holds(lambda: len(self.heard) >= count)
        return self.heard


async def holds(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


@pytest.fixture(params=["memory", "redis"])
async def ear(request: pytest.FixtureRequest) -> AsyncIterator[Callable[[], Ear]]:
    """Makes processes on one bus; over Redis each has a connection of its own."""
    made: list[Ear] = []
    shared = InMemoryChannelLayer()
    prefix = f"test{secrets.token_hex(4)}"
    layers: list[RedisPubSubChannelLayer] = []

    def make() -> Ear:
        if request.param == "redis":
            layers.append(RedisPubSubChannelLayer(hosts=[request.getfixturevalue("redis_url")], prefix=prefix))
        made.append(Ear(layers[-1] if layers else shared))
        return made[-1]

    yield make
    for item in made:
        await item.bus.stop()
    for layer in layers:
        await layer.flush()


async def test_news_reach_every_other_process_that_joined(ear: Callable[[], Ear]) -> None:
    """Its own a process knows without the bus."""
    one, two, three, stranger = ear(), ear(), ear(), ear()
    for item in (one, two, three, stranger):
        await item.bus.start()
        await item.bus.join("region.2" if item is stranger else "region.1")
    one.bus.publish({"region.1": NEWS})
    assert await two.until(1) == await three.until(1) == [("region.1", NEWS)]
    assert one.heard == stranger.heard == []


async def test_news_that_nobody_else_hears_are_not_sent() -> None:
    """Within one process the layer knows."""

    class CountingLayer(InMemoryChannelLayer):  # type: ignore[misc]
        sent = 0

        async def group_send(self, group: str, message: Any) -> None:
            self.sent += 1
            await super().group_send(group, message)

    layer = CountingLayer()
    one, two = Ear(layer), Ear(layer)
    for item in (one, two):
        await item.bus.start()
        await item.bus.join("region.1")
    await two.bus.leave("region.1")
    one.bus.publish({"region.1": NEWS, "region.2": NEWS})
    await one.bus.flush()
    assert layer.sent == 0
    await two.bus.join("region.2")
    one.bus.publish({"region.1": NEWS, "region.2": NEWS})
    assert await two.until(1) == [("region.2", NEWS)]
    assert (layer.sent, two.gaps) == (1, [])
    for item in (one, two):
        await item.bus.stop()


async def test_words_reach_every_process_that_follows(ear: Callable[[], Ear]) -> None:
    """In their order, and no other process."""
    one, two, stranger = ear(), ear(), ear()
    for item in (one, two, stranger):
        await item.bus.start()
    for item in (one, two):
        await item.bus.follow("talk", item.words.append)
    for number in range(3):
        one.bus.say("talk", {"number": number})
    await holds(lambda: len(one.words) == len(two.words) == 3)
    assert two.words == [{"number": 0}, {"number": 1}, {"number": 2}]
    assert stranger.words == []


async def test_what_was_said_last_is_sent_before_the_end(ear: Callable[[], Ear]) -> None:
    one, two = ear(), ear()
    await one.bus.start()
    await two.bus.start()
    await two.bus.follow("talk", two.words.append)
    one.bus.say("talk", "goodbye")
    await one.bus.stop()
    await holds(lambda: two.words == ["goodbye"])


async def test_who_left_hears_no_more(ear: Callable[[], Ear]) -> None:
    one, two, three = ear(), ear(), ear()
    for item in (one, two, three):
        await item.bus.start()
        await item.bus.join("region.1")
    await two.bus.leave("region.1")
    one.bus.publish({"region.1": NEWS})
    await three.until(1)
    assert two.heard == []


async def test_news_of_a_busy_moment_travel_together_in_order(ear: Callable[[], Ear]) -> None:
    one, two = ear(), ear()
    for item in (one, two):
        await item.bus.start()
        await item.bus.join("region.1")
    for number in range(200):
        one.bus.publish({"region.1": NEWS._replace(changed_ms=number)})
    assert [item.changed_ms for _, item in await two.until(200)] == list(range(200))
    assert two.gaps == []


async def test_a_lost_message_is_noticed() -> None:
    one = Ear(InMemoryChannelLayer())
    await one.bus.start()
    await one.bus.join("region.1")
    for number in (4, 5, 7):
        await one.hear_other(number)
    await one.until(3)
    assert one.gaps == ["region.1"]
    await one.bus.stop()


class FrailLayer(InMemoryChannelLayer):  # type: ignore[misc]
    """Cannot be reached while it is away."""

    is_away = False

    async def new_channel(self, prefix: str = "specific.") -> str:
        if self.is_away:
            raise ConnectionError("away")
        return str(await super().new_channel(prefix))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Echoes are asked for all the time and given up soon."""
    monkeypatch.setattr(bus, "ECHO_EVERY_S", 0.02)
    monkeypatch.setattr(bus, "ANSWERS_WITHIN_S", 0.5)


async def listening(layer: Any) -> Ear:
    """To news and to words."""
    one = Ear(layer)
    await one.bus.start()
    await one.bus.join("region.1")
    await one.bus.follow("talk", one.words.append)
    return one


async def comes_back(one: Ear) -> None:
    """With a gap, and news and words arrive again."""
    await holds(lambda: not one.bus.is_stale)
    assert one.gaps == ["region.1"]
    heard = len(one.heard)
    await one.hear_other(9)
    await one.until(heard + 1)
    one.bus.say("talk", "back")
    await holds(lambda: one.words == ["back"])
    await one.bus.stop()


@pytest.mark.usefixtures("impatient")
async def test_a_layer_that_is_away_at_the_start_is_joined_once_it_comes() -> None:
    """The bus is stale until then, and nothing else fails."""
    layer = FrailLayer()
    layer.is_away = True
    one = await listening(layer)
    assert one.bus.is_stale
    layer.is_away = False
    await comes_back(one)


@pytest.mark.usefixtures("impatient")
async def test_a_forgotten_subscription_is_found_out() -> None:
    """No call fails then: only the echo is missing."""
    one = await listening(layer := FrailLayer())
    await one.hear_other(8)
    await one.until(1)
    layer.is_away = True
    await layer.flush()
    await holds(lambda: one.bus.is_stale)
    layer.is_away = False
    await comes_back(one)


class StubbornLayer(FrailLayer):
    """As that of Redis: whoever is cancelled while it is begun anew goes on."""

    is_begun_anew = False

    async def flush(self) -> None:
        self.is_begun_anew = True
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        await super().flush()


@pytest.mark.usefixtures("impatient")
async def test_a_bus_ends_while_its_layer_is_begun_anew() -> None:
    one = await listening(layer := StubbornLayer())
    await one.hear_other(8)
    await one.until(1)
    layer.is_away = True
    await FrailLayer.flush(layer)
    await holds(lambda: layer.is_begun_anew)
    async with asyncio.timeout(30):
        await one.bus.stop()


@pytest.mark.usefixtures("impatient")
async def test_a_redis_that_was_killed_is_heard_again(tmp_path: Path) -> None:
    """Its successor knows of no subscription."""
    with Children() as children:
        redis = OwnRedis(children, tmp_path)
        one = await listening(RedisPubSubChannelLayer(hosts=[redis.url]))
        redis.kill()
        one.bus.publish({"region.1": NEWS})
        await holds(lambda: one.bus.is_stale)
        redis.start()
        await comes_back(one)


@pytest.mark.usefixtures("impatient")
async def test_a_redis_that_hangs_is_given_up_and_heard_again(tmp_path: Path) -> None:
    """Nothing waits for it: publishing, joining and leaving go on."""
    with Children() as children:
        redis = OwnRedis(children, tmp_path)
        one = await listening(RedisPubSubChannelLayer(hosts=[redis.url]))
        redis.signal(signal.SIGSTOP)
        await holds(lambda: one.bus.is_stale)
        for _ in range(100):
            one.bus.publish({"region.1": NEWS})
        await one.bus.join("region.2")
        await one.bus.leave("region.2")
        redis.signal(signal.SIGCONT)
        await comes_back(one)


def test_a_parcel_survives_the_way() -> None:
    parcel = Parcel("p", 3, [NEWS, News(6, [], [])])
    assert decode_parcel(encode_parcel(parcel)) == parcel
