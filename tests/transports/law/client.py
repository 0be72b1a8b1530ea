"""A reader of the live stream, whatever its transport: it comes with cursors and does what it is told."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

from tests.transports.law.asgi import Call, Headers
from tests.transports.law.knowledge import Known

ASK_AFRESH = {"unknown_channel", "forbidden"}


class Client(ABC):
    """`newest_event` tells the largest id in the store. `headers` say who it is; `bye` is the code it was sent away with.

    `calls` are those that are over, for the client.
    """

    needs_channels = True

    def __init__(self, channels: Sequence[str], headers: Headers, newest_event: Callable[[], int]) -> None:
        self.channels = {channel: Known() for channel in channels}
        self.headers = headers
        self.application: Any = None
        self.calls: list[Call] = []
        self.bye: int | None = None
        self._newest_event = newest_event
        self._call: Call | None = None
        self.is_held = False

    @property
    def is_online(self) -> bool:
        return self._call is not None

    @property
    def is_due(self) -> bool:
        """It is to be answered before any time passes, and is not yet."""
        return False

    @property
    def open_channels(self) -> dict[str, Known]:
        return {channel: known for channel, known in self.channels.items() if known.may_see}

    def connect(self, application: Any) -> None:
        """Comes (back) to a process with what it knows."""
        self.application, self.bye = application, None
        for known in self.open_channels.values():
            known.begin()
        if self.open_channels or not self.needs_channels:
            self._call = self._open()

    def regain(self, channel: str) -> None:
        """It may see a channel again, and asks for it."""
        self.channels[channel].may_see = True
        if self.application is not None and self.bye is None:
            self.cut(arrive=0)
            self.connect(self.application)

    @abstractmethod
    def _open(self) -> Call: ...

    @abstractmethod
    def _read(self, message: dict[str, Any]) -> None:
        """One ASGI message of the server."""

    def hear(self, most: int | None = None) -> bool:
        """Takes what was sent; false when that is nothing."""
        if self._call is None or self.is_held:
            return False
        messages = self._call.take(most)
        for message in messages:
            self._read(message)
        if self._call is not None and self._call.has_ended:
            self._leave()
        return bool(messages)

    def _apply(self, message: dict[str, Any]) -> None:
        """One message of the protocol."""
        match message["type"]:
            case "snapshot" | "delta" | "event":
                known = self.channels[message["channel"]]
                known.apply(message)
                if known.told_from == math.inf and message["type"] != "event":
                    known.told_from = self._newest_event()
            case "kick":
                self._lose(message["channel"])
            case "error":
                assert message["code"] in ASK_AFRESH, message
                self._lose(message["channel"])
            case "bye":
                self.bye = message["code"]

    def _leave(self) -> None:
        if self._call is not None:
            self.calls.append(self._call)
            self._call = None

    def _lose(self, channel: str) -> None:
        self.channels[channel].may_see = False

    def hold(self, *, is_held: bool) -> None:
        """Takes and acknowledges nothing while it is held."""
        self.is_held = is_held

    def cut(self, *, arrive: int) -> None:
        """The connection breaks; so many messages that were on their way still arrive."""
        self.hear(arrive)
        if self._call is not None:
            self._call.cut()
            self._leave()
        self.hold(is_held=False)
