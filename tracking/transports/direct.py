"""A WebSocket whose bytes pass between socket and application without a server's own protocol and without ASGI.

A server that can hand over a connection after its handshake offers `scope["extensions"][EXTENSION]`, a `HandOver`.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, TypeAlias, cast

from tracking.transports import eager
from tracking.transports.poller import Line
from tracking.wire.websocket import FIRST_CONTROL, FrameReader, Heard, Opcode, Status, close_frame, frame

logger = logging.getLogger(__name__)

EXTENSION = "fleet.handover"
CLOSE_WITHIN_S = 5.0
MOST_HELD_MESSAGES = 64
MOST_WAITING_BYTES = 1024 * 1024  # above what credit lets wait

Receive: TypeAlias = Callable[[str | bytes], Coroutine[Any, Any, None] | None]
"""Does with a message what can be done at once; the rest, if there is any, is to be awaited."""
HandOver: TypeAlias = Callable[["DirectSocket"], Awaitable[None]]
"""To be called once, right after `websocket.accept` was sent; gives the socket its `line`. Raises OSError when it is gone.

The server keeps nothing of the connection once the application has returned; the socket lives on.
"""


class DirectSocket:
    """Hears nothing before `begin`. `receive` gets one message at a time: while it waits for something, the next are held.

    `is_held_up`: so many are held that the sender is not read. `on_lost` is called once the connection has ended from whichever
    side; `is_over` from then on. `heard_s` is of the monotonic clock.
    """

    def __init__(self, receive: Receive, *, most_bytes: int, deflates: bool, on_overflow: Callable[[], None]) -> None:
        self._receive = receive
        self._on_overflow = on_overflow
        self._reader = FrameReader(most_bytes=most_bytes, deflates=deflates)
        self._held: deque[Heard] | None = deque()
        self.line: Line
        self._is_closing = False
        self._all_sent: asyncio.Event | None = None
        self._task: asyncio.Task[None] | None = None
        self.is_held_up = False
        self.is_over = False
        self.on_lost: Callable[[], None] = lambda: None
        self.close_code = int(Status.ABNORMAL)
        self.heard_s = time.monotonic()

    def begin(self) -> None:
        """What was sent meanwhile is heard now."""
        self._go_on()

    def data_received(self, data: bytes) -> None:
        self.heard_s = time.monotonic()
        if self._held is None and (text := self._reader.sole_text(data)) is not None:
            self._heed(text)
            return
        heard = self._reader.feed(data)
        if self._held is None:
            self._hear(heard)
        else:
            self._hold(self._held, heard)
        if self._reader.violation is not None:
            logger.debug("a peer broke the protocol: %s", self._reader.violation)
            self.close(self._reader.violation.status)

    def _hold(self, held: deque[Heard], heard: Iterable[Heard]) -> None:
        held.extend(heard)
        if len(held) >= MOST_HELD_MESSAGES and not self.is_held_up:
            self.is_held_up = True
            self.line.read(goes_on=False)

    def _hear(self, heard: Iterable[Heard]) -> None:
        messages = iter(heard)
        for message in messages:
            if message.opcode >= FIRST_CONTROL:
                self._control(message)
            elif (held := self._heed(message.data)) is not None:
                self._hold(held, messages)
                return

    def _heed(self, message: str | bytes) -> deque[Heard] | None:
        """Where the next are to be held while something of it still goes on."""
        if self._is_closing:
            return None
        try:
            rest = self._receive(message)
            task = None if rest is None else eager.start(_logged(rest))
        except Exception:
            logger.exception("a message could not be received")
            return None
        if task is None:
            return None
        self._task, self._held = task, deque()
        task.add_done_callback(lambda _: self._go_on())
        return self._held

    def _go_on(self) -> None:
        held, self._held, self._task = self._held or (), None, None
        self._hear(held)
        if self._held is None and self.is_held_up:
            self.is_held_up = False
            self.line.read(goes_on=True)

    def _control(self, message: Heard) -> None:
        if message.opcode == Opcode.PING:
            self.write(frame(Opcode.PONG, cast(bytes, message.data)))
        elif message.opcode == Opcode.CLOSE:
            self._answer_close(message.close_code)

    def _answer_close(self, code: int) -> None:
        if not self._is_closing:
            self.close_code = code
            self.write(frame(Opcode.CLOSE, b"") if code == Status.NONE_RECEIVED else close_frame(code))
            self._is_closing = True
        self.line.close()
        if self.line.waiting:  # for a peer that reads no more
            asyncio.get_running_loop().call_later(CLOSE_WITHIN_S, self.line.abort)

    def write(self, data: bytes) -> None:
        """Whole frames; what is written once the end has begun is dropped."""
        if self._is_closing:
            return
        self.line.write(data)
        if self.line.waiting > MOST_WAITING_BYTES:
            self._on_overflow()

    def ping(self) -> None:
        self.write(frame(Opcode.PING, b""))

    def close(self, code: int) -> None:
        """Begins the end: the other side has CLOSE_WITHIN_S to answer."""
        if self._is_closing:
            return
        self.close_code = code
        self.write(close_frame(code))
        self._is_closing = True
        asyncio.get_running_loop().call_later(CLOSE_WITHIN_S, self.line.abort)

    def writable(self) -> None:
        if self._all_sent is not None:
            self._all_sent.set()
            self._all_sent = None

    async def flush(self) -> None:
        """Waits until all is sent."""
        if self.line.waiting:
            self._all_sent = self._all_sent or asyncio.Event()
            await self._all_sent.wait()

    def connection_lost(self) -> None:
        self._is_closing = self.is_over = True
        self._held = None
        self.writable()
        self.on_lost()


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception:
        logger.exception("a message could not be received")
