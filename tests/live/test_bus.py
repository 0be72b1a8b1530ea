"""News between processes, over both channel layers."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from channels.layers import InMemoryChannelLayer
from channels_redis.pubsub import RedisPubSubChannelLayer

from tests.builders import START_MS
from tracking.live.bus import Bus
from tracking.live.news import Group, News, Parcel, decode_parcel, encode_parcel

NEWS = News(5, [(1, START_MS, 57.7, 11.95, None, 90.0, 1)], [(2, START_MS)])


class Ear:
    """What one process hears."""

    def __init__(self, layer: Any) -> None:
        self.heard: list[tuple[Group, News]] = []
        self.gaps: list[Group] = []
        self.bus = Bus(
            layer,
            on_news=lambda group, batches: self.heard.extend((group, item) for item in batches),
            on_gap=self.gaps.append,
        )

    async def until(self, count: int) -> list[tuple[Group, News]]:
        async with asyncio.timeout(5):
            while len(self.heard) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        return self.heard


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


async def test_news_reach_every_process_that_joined(ear: Callable[[], Ear]) -> None:
    one, two, stranger = ear(), ear(), ear()
    for item in (one, two, stranger):
        await item.bus.start()
    await one.bus.join("region.1")
    await two.bus.join("region.1")
    await stranger.bus.join("region.2")
    one.bus.publish({"region.1": NEWS})
    assert await one.until(1) == await two.until(1) == [("region.1", NEWS)]
    assert stranger.heard == []


async def test_who_left_hears_no_more(ear: Callable[[], Ear]) -> None:
    one, two = ear(), ear()
    await one.bus.start()
    await two.bus.start()
    for item in (one, two):
        await item.bus.join("region.1")
    await two.bus.leave("region.1")
    one.bus.publish({"region.1": NEWS})
    await one.until(1)
    assert two.heard == []


async def test_news_of_a_busy_moment_travel_together_in_order(ear: Callable[[], Ear]) -> None:
    one = ear()
    await one.bus.start()
    await one.bus.join("region.1")
    for number in range(200):
        one.bus.publish({"region.1": NEWS._replace(changed_ms=number)})
    assert [item.changed_ms for _, item in await one.until(200)] == list(range(200))
    assert one.gaps == []


async def test_a_lost_message_is_noticed() -> None:
    layer = InMemoryChannelLayer()
    one = Ear(layer)
    await one.bus.start()
    await one.bus.join("region.1")
    for number in (4, 5, 7):
        payload = encode_parcel(Parcel("other", number, [NEWS]))
        await layer.group_send("region.1", {"type": "room.news", "group": "region.1", "payload": payload})
    await one.until(3)
    assert one.gaps == ["region.1"]
    await one.bus.stop()


async def test_a_layer_that_is_away_makes_the_bus_stale_and_its_return_ends_that() -> None:
    class Layer(InMemoryChannelLayer):  # type: ignore[misc]
        away = True

        async def group_add(self, group: str, channel: str) -> None:
            if self.away:
                raise ConnectionError("away")
            await super().group_add(group, channel)

    layer = Layer()
    one = Ear(layer)
    await one.bus.start()
    await one.bus.join("region.1")
    assert one.bus.is_stale
    layer.away = False
    await one.bus.rejoin()
    assert not one.bus.is_stale
    one.bus.publish({"region.1": NEWS})
    await one.until(1)
    await one.bus.stop()


def test_a_parcel_survives_the_way() -> None:
    parcel = Parcel("p", 3, [NEWS, News(6, [], [])])
    assert decode_parcel(encode_parcel(parcel)) == parcel
