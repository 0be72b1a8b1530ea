"""One live connection: runs the actions of its session, whatever carries the messages."""

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from tracking.domain.errors import Unavailable
from tracking.live import limits
from tracking.live.closing import CloseCode, bye_message
from tracking.live.frames import Frame, asgi_message
from tracking.live.session import (
    Action,
    Close,
    Enter,
    Exit,
    Greet,
    Identify,
    Reply,
    Session,
    State,
    Store,
    error_message,
    ok_message,
)
from tracking.transports.outbox import Outbox
from tracking.transports.services import Services

logger = logging.getLogger(__name__)


class LiveConnection:
    """`send` is the ASGI send of an accepted WebSocket."""

    def __init__(
        self,
        services: Services,
        send: Callable[[Mapping[str, Any]], Awaitable[None]],
    ) -> None:
        now_s = time.monotonic()
        bucket = limits.TokenBucket(limits.MESSAGES_PER_S, limits.MESSAGES_BURST, limits.MESSAGES_BURST, now_s)
        self.session = Session(connection=secrets.token_hex(8), rights=None, bucket=bucket)
        self._services = services
        self._outbox = Outbox(send, on_overflow=self._is_too_slow)
        self._opened_s = self._sent_s = now_s
        self._reports: set[asyncio.Task[None]] = set()
        services.feed.connections.add(self)

    def deliver(self, frame: Frame) -> None:
        self._sent_s = time.monotonic()
        self._outbox.put(frame.message)

    def _say(self, message: Mapping[str, Any]) -> None:
        self._sent_s = time.monotonic()
        self._outbox.put(asgi_message(message))

    def beat(self, now_s: float) -> None:
        if self.session.state is State.OPEN and now_s - self._sent_s >= limits.HEARTBEAT_S:
            bus = "stale" if self._services.feed.bus.is_stale else "ok"
            self._say({"type": "heartbeat", "server_time": _now_ms(), "bus": bus})
        elif self.session.state is State.GREETING and now_s - self._opened_s >= limits.HELLO_WITHIN_S:
            self.close(CloseCode.UNAUTHENTICATED, f"No hello came within {limits.HELLO_WITHIN_S} s.")

    async def receive(self, text: str | bytes) -> None:
        """One message of the other side; after the end it is not read."""
        if self.session.state is State.CLOSED:
            return
        await self._run(self.session.receive(text, now_s=time.monotonic(), directory=self._services.directory))

    async def _run(self, actions: Iterable[Action]) -> None:
        for action in actions:
            match action:
                case Reply(message):
                    self._say(message)
                case Store(id_, fixes):
                    self._store(id_, fixes)
                case Enter():
                    await self._enter(action)
                case Exit(channel):
                    self._services.feed.leave(channel, self)
                case Identify(token):
                    await self._identify(token)
                case Greet():
                    await self._run(self.session.welcome(now_ms=_now_ms()))
                case Close(code, reason):
                    self._end(code, reason)

    async def _identify(self, token: str) -> None:
        try:
            device = await self._services.find_device(token)
        except Unavailable as error:
            self.close(CloseCode.OVERLOAD, error.reason)
        else:
            await self._run(self.session.identified(device))

    async def _enter(self, action: Enter) -> None:
        try:
            room = await self._services.feed.open_room(action.channel, action.region)
        except Unavailable as error:
            self.session.channels.pop(action.channel, None)
            self._say(error_message(action.id, "busy", error.reason, retry_after_s=error.retry_after_s))
            return
        self._say(ok_message(action.id))
        self._services.feed.enter(room, self, action.cursor)

    def _store(self, id_: int, fixes: list[Any]) -> None:
        """Reports are answered when stored; the next message need not wait for that."""
        task = asyncio.create_task(self._report(id_, fixes))
        self._reports.add(task)
        task.add_done_callback(self._reports.discard)

    async def _report(self, id_: int, fixes: list[Any]) -> None:
        device = self.session.device
        assert device is not None
        try:
            receipt = await self._services.intake.take(device, fixes)
        except Unavailable as error:
            self._say(error_message(id_, "busy", error.reason, retry_after_s=error.retry_after_s))
        except Exception:
            logger.exception("a report of connection %s failed", self.session.connection)
            self._say(error_message(id_, "busy", "The server failed; try again.", retry_after_s=1))
        else:
            self._say(ok_message(id_, receipt.as_json()))

    def close(self, code: CloseCode, reason: str | None = None) -> None:
        """Says bye and closes, once."""
        for action in self.session.close(code, reason):
            assert isinstance(action, Close)
            self._end(action.code, action.reason)

    def _end(self, code: CloseCode, reason: str | None) -> None:
        """Reports under way are answered before bye."""
        self._leave_rooms()
        if self._reports:
            asyncio.gather(*self._reports).add_done_callback(lambda _: self._say_bye(code, reason))
        else:
            self._say_bye(code, reason)

    def _say_bye(self, code: CloseCode, reason: str | None) -> None:
        logger.info("connection %s is closed with %s", self.session.connection, int(code))
        self._outbox.put(asgi_message(bye_message(code, reason)))
        self._outbox.put({"type": "websocket.close", "code": int(code)})

    def _is_too_slow(self) -> None:
        self.close(CloseCode.SLOW)

    def gone(self) -> None:
        """The other side has left or the socket is closed."""
        self.session.state = State.CLOSED
        self._services.feed.connections.discard(self)
        self._leave_rooms()

    def _leave_rooms(self) -> None:
        for channel in self.session.channels:
            self._services.feed.leave(channel, self)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
