"""News and words between processes over the Channels layer: one channel a process, one group a region.

The bus may lose anything; whoever listens repairs itself from the store. A process asks for its own echo: a layer that has lost
a subscription is found out like one that is away, and begun anew.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from channels.layers import InMemoryChannelLayer
from redis.exceptions import RedisError

from tracking.live.news import Group, News, Parcel, decode_parcel, encode_parcel
from tracking.live.rounds import next_round

logger = logging.getLogger(__name__)

PACE_S = 0.05  # between two rounds of sending; what comes meanwhile travels together
ECHO_EVERY_S = 1.0
ANSWERS_WITHIN_S = 3.0


class Bus:
    """`on_news` gets what other publishers sent to a joined group, `on_gap` the group that may have missed some.

    While it is stale nothing arrives; when that ends, every joined group has a gap. Besides news it carries words: anything that
    msgpack takes, for all who `follow` a group; lost ones are not noticed.
    """

    def __init__(
        self, layer: Any, *, on_news: Callable[[Group, list[News]], None], on_gap: Callable[[Group], None]
    ) -> None:
        self._layer = layer
        self._on_news = on_news
        self._on_gap = on_gap
        self._publisher = secrets.token_hex(4)
        self._sent: dict[Group, int] = {}
        self._heard: dict[tuple[str, Group], int] = {}
        self._wanted: set[Group] = set()
        self._joined: set[Group] = set()
        self._pending: dict[Group, list[News]] = {}
        self._words: list[tuple[Group, Any]] = []
        self._followers: dict[Group, Callable[[Any], None]] = {}
        self._wake = asyncio.Event()
        self._echo = asyncio.Event()
        self._channel = ""
        self._receiver: asyncio.Task[None] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._is_over = False
        self.is_stale = False

    async def start(self) -> None:
        """A layer that is away makes the bus stale, no more."""
        await self._try(self._connect())
        self._tasks = [asyncio.create_task(self._keep_connected()), asyncio.create_task(self._send())]

    async def stop(self) -> None:
        """What was said last is sent before."""
        self._is_over = True  # a layer that is begun anew swallows a cancellation
        await _end(*self._tasks)
        await self.flush()
        for group in list(self._wanted):
            await self.leave(group)
        await self._end_receiver()

    async def join(self, group: Group) -> None:
        """From now on its news arrive; when the bus is stale, once that ends."""
        self._wanted.add(group)
        if not self.is_stale:
            await self._try(self._join_missing())

    async def _join_missing(self) -> None:
        while missing := self._wanted - self._joined:
            group = missing.pop()
            await self._layer.group_add(group, self._channel)
            self._joined.add(group)

    async def follow(self, group: Group, hear: Callable[[Any], None]) -> None:
        """From now on `hear` gets the group's words, those of this process included."""
        self._followers[group] = hear
        await self.join(group)

    async def leave(self, group: Group) -> None:
        self._wanted.discard(group)
        if group in self._joined:
            self._joined.discard(group)
            await self._try(self._layer.group_discard(group, self._channel))
        for key in [key for key in self._heard if key[1] == group]:
            del self._heard[key]

    def publish(self, news: Mapping[Group, News]) -> None:
        """Sends soon, unless nobody else can hear it; never waits. What cannot be sent is lost and leaves a gap in the numbers."""
        for group, item in news.items():
            if self.may_be_heard(group):
                self._pending.setdefault(group, []).append(item)
                self._wake.set()

    def may_be_heard(self, group: Group) -> bool:
        """By other publishers. Within one process the layer knows who listens; usually that is this bus alone."""
        if not isinstance(self._layer, InMemoryChannelLayer):
            return True
        return bool(self._layer.groups.get(group, {}).keys() - {self._channel})

    def say(self, group: Group, word: Any) -> None:
        """Sends soon; never waits. What cannot be sent is lost."""
        self._words.append((group, word))
        self._wake.set()

    async def _send(self) -> None:
        while not self._is_over:
            await self._wake.wait()
            self._wake.clear()
            await self.flush()
            await asyncio.sleep(PACE_S)

    async def flush(self) -> None:
        """Sends what waits."""
        pending, self._pending = self._pending, {}
        words, self._words = self._words, []
        for group, batches in pending.items():
            number = self._sent[group] = self._sent.get(group, 0) + 1
            payload = encode_parcel(Parcel(self._publisher, number, batches))
            message = {"type": "room.news", "group": group, "publisher": self._publisher, "payload": payload}
            await self._send_to(group, message)
        for group, word in words:
            await self._send_to(group, {"type": "bus.word", "group": group, "word": word})

    async def _send_to(self, group: Group, message: dict[str, Any]) -> None:
        if not self.is_stale:
            await self._try(self._layer.group_send(group, message))

    async def _keep_connected(self) -> None:
        while not self._is_over:
            await next_round(ECHO_EVERY_S)
            if not self.is_stale:
                await self._try(self._hear_echo())
            elif await self._try(self._layer.flush()) and await self._try(self._reconnect()):
                self._note_return()

    async def _reconnect(self) -> None:
        """From nothing, since a layer may come back without its subscriptions."""
        await self._connect()
        await self._join_missing()
        await self._hear_echo()
        await self._join_missing()

    async def _connect(self) -> None:
        await self._end_receiver()
        self._joined.clear()
        self._channel = await self._layer.new_channel()
        self._receiver = asyncio.create_task(self._receive(self._channel))

    async def _end_receiver(self) -> None:
        self._channel = ""
        if self._receiver is not None:
            await _end(self._receiver)

    async def _hear_echo(self) -> None:
        self._echo.clear()
        await self._layer.send(self._channel, {"type": "bus.echo"})
        await self._echo.wait()

    async def _receive(self, channel: str) -> None:
        while channel == self._channel:
            try:
                message = await self._layer.receive(channel)
                match message["type"]:
                    case "bus.echo":
                        self._echo.set()
                    case "bus.word":
                        self._followers[message["group"]](message["word"])
                    case _ if message["publisher"] != self._publisher:
                        self._hear(message["group"], decode_parcel(message["payload"]))
            except Exception:
                logger.exception("a bus message was dropped")

    def _hear(self, group: Group, parcel: Parcel) -> None:
        key = (parcel.publisher, group)
        last = self._heard.get(key)
        self._heard[key] = parcel.number
        self._on_news(group, parcel.batches)
        if last is not None and parcel.number != last + 1:
            self._on_gap(group)

    async def _try(self, call: Awaitable[None]) -> bool:
        """Whether the layer did it in time; else the bus is stale."""
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                await call
        except (RedisError, OSError) as error:
            if not self.is_stale:
                logger.warning("the bus is away; live goes on from the store: %s", error or "no answer")
            self.is_stale = True
            return False
        return True

    def _note_return(self) -> None:
        logger.info("the bus is back")
        self.is_stale = False
        for group in self._joined - self._followers.keys():
            self._on_gap(group)


async def _end(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
