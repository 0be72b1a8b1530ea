"""A bus between processes that loses, delays, repeats and reorders, or is away, as it is told."""

import asyncio
from collections import deque
from enum import Enum
from itertools import count
from typing import Any, NamedTuple


class Fate(Enum):
    """Of one message on its way to one process."""

    ARRIVES = "arrives"
    IS_LOST = "is lost"
    COMES_LATE = "comes late"
    COMES_TWICE = "comes now and late"


class Trouble(Enum):
    """Of a process with the bus."""

    NONE = "none"
    REFUSED = "every call fails"
    SILENT = "calls are never answered"
    DEAF = "calls succeed and nothing arrives"


class Delayed(NamedTuple):
    channel: str
    message: dict[str, Any]


class Air:
    """`fates` are used up by the next group messages in turn; those after them arrive."""

    def __init__(self) -> None:
        self.fates: deque[Fate] = deque()
        self.late: list[Delayed] = []
        self.groups: dict[str, set[str]] = {}
        self.queues: dict[str, asyncio.Queue[dict[str, Any]]] = {}
        self.names = count(1)

    def spread(self, group: str, message: dict[str, Any]) -> None:
        for channel in sorted(self.groups.get(group, ())):
            fate = self.fates.popleft() if self.fates else Fate.ARRIVES
            if fate in {Fate.ARRIVES, Fate.COMES_TWICE}:
                self.put(channel, message)
            if fate in {Fate.COMES_LATE, Fate.COMES_TWICE}:
                self.late.append(Delayed(channel, message))

    def put(self, channel: str, message: dict[str, Any]) -> None:
        if channel in self.queues:
            self.queues[channel].put_nowait(message)

    def deliver_late(self, *, is_reversed: bool, keeps: bool) -> None:
        """`keeps`: they come once more later."""
        late = self.late[::-1] if is_reversed else list(self.late)
        if not keeps:
            self.late.clear()
        for channel, message in late:
            self.put(channel, message)


class Line:
    """One process's end, with the interface of a Channels layer."""

    def __init__(self, air: Air) -> None:
        self._air = air
        self._own: set[str] = set()
        self.trouble = Trouble.NONE

    async def new_channel(self, prefix: str = "line.") -> str:
        await self._ask()
        name = f"{prefix}{next(self._air.names)}"
        self._own.add(name)
        self._air.queues[name] = asyncio.Queue()
        return name

    async def group_add(self, group: str, channel: str) -> None:
        await self._ask()
        self._air.groups.setdefault(group, set()).add(channel)

    async def group_discard(self, group: str, channel: str) -> None:
        await self._ask()
        self._air.groups.get(group, set()).discard(channel)

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        await self._ask()
        self._air.spread(group, message)

    async def send(self, channel: str, message: dict[str, Any]) -> None:
        await self._ask()
        if self.trouble is not Trouble.DEAF:
            self._air.put(channel, message)

    async def receive(self, channel: str) -> dict[str, Any]:
        return await self._air.queues[channel].get()

    async def flush(self) -> None:
        await self._ask()
        self.hang_up()

    def hang_up(self) -> None:
        """It has left all groups, as a process that ended."""
        for members in self._air.groups.values():
            members.difference_update(self._own)
        for name in self._own:
            del self._air.queues[name]
        self._own.clear()

    def break_down(self, trouble: Trouble) -> None:
        """A deaf line has lost its groups without knowing it."""
        self.trouble = trouble
        if trouble is Trouble.DEAF:
            for members in self._air.groups.values():
                members.difference_update(self._own)

    async def _ask(self) -> None:
        if self.trouble is Trouble.REFUSED:
            raise ConnectionError("the bus is away")
        if self.trouble is Trouble.SILENT:
            await asyncio.get_running_loop().create_future()
