"""News between processes over the Channels layer: one channel a process, one group a region.

The bus may lose anything; whoever listens repairs itself from the store.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from redis.exceptions import RedisError

from tracking.live.news import Group, News, Parcel, decode_parcel, encode_parcel

logger = logging.getLogger(__name__)

PACE_S = 0.01  # between two rounds of sending; what comes meanwhile travels together
RETRY_S = 1.0


class Bus:
    """`on_news` gets what other publishers and this process sent to a joined group, `on_gap` the group that missed some."""

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
        self._wake = asyncio.Event()
        self._channel = ""
        self._tasks: list[asyncio.Task[None]] = []
        self.is_stale = False

    async def start(self) -> None:
        self._channel = await self._layer.new_channel()
        self._tasks = [asyncio.create_task(self._receive()), asyncio.create_task(self._send())]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for group in list(self._wanted):
            await self.leave(group)

    async def join(self, group: Group) -> None:
        """From now on its news arrive; when the layer is away, after `rejoin` succeeded."""
        self._wanted.add(group)
        await self.rejoin()

    async def rejoin(self) -> None:
        """Joins what could not be joined before."""
        for group in self._wanted - self._joined:
            if await self._try(self._layer.group_add(group, self._channel)):
                self._joined.add(group)

    async def leave(self, group: Group) -> None:
        self._wanted.discard(group)
        if group in self._joined:
            self._joined.discard(group)
            await self._try(self._layer.group_discard(group, self._channel))
        for key in [key for key in self._heard if key[1] == group]:
            del self._heard[key]

    def publish(self, news: Mapping[Group, News]) -> None:
        """Sends soon; never waits."""
        for group, item in news.items():
            self._pending.setdefault(group, []).append(item)
        self._wake.set()

    async def _send(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            pending, self._pending = self._pending, {}
            for group, batches in pending.items():
                number = self._sent[group] = self._sent.get(group, 0) + 1
                payload = encode_parcel(Parcel(self._publisher, number, batches))
                message = {"type": "room.news", "group": group, "payload": payload}
                if not await self._try(self._layer.group_send(group, message)):
                    break
            await asyncio.sleep(PACE_S)

    async def _receive(self) -> None:
        while True:
            try:
                message = await self._layer.receive(self._channel)
                self._hear(message["group"], decode_parcel(message["payload"]))
            except (RedisError, OSError) as error:
                self._note(error)
                await asyncio.sleep(RETRY_S)
            except Exception:
                logger.exception("a bus message was dropped")

    def _hear(self, group: Group, parcel: Parcel) -> None:
        key = (parcel.publisher, group)
        last = self._heard.get(key)
        self._heard[key] = parcel.number
        self._on_news(group, parcel.batches)
        if last is not None and parcel.number != last + 1:
            self._on_gap(group)

    async def _try(self, call: Any) -> bool:
        try:
            await call
        except (RedisError, OSError) as error:
            self._note(error)
            return False
        if self.is_stale:
            logger.info("the bus is back")
            self.is_stale = False
        return True

    def _note(self, error: Exception) -> None:
        if not self.is_stale:
            logger.warning("the bus is away; live goes on from the store: %s", error)
        self.is_stale = True
