"""A live connection that has its WebSocket to itself."""

import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any

from tracking.live import limits
from tracking.live.closing import CloseCode
from tracking.live.frames import Notice, bytes_of
from tracking.live.session import State
from tracking.transports.connection import LiveConnection, nowhere
from tracking.transports.direct import DirectSocket
from tracking.transports.patience import PROMPT_S
from tracking.transports.servers import MAX_SOCKET_MESSAGE_BYTES
from tracking.transports.services import Services
from tracking.wire.websocket import Opcode, frame

logger = logging.getLogger(__name__)

CALM_S = 4.0  # a few of them make no difference to what is due after 20 s and more


class DirectConnection(LiveConnection):
    """Frames go out as the bytes that all readers share. `begin` once its socket has a line, `go_on` once it is admitted."""

    def __init__(self, services: Services, *, is_packed: bool, deflates: bool) -> None:
        super().__init__(services, nowhere, is_packed=is_packed)
        self._deflates = deflates
        self._calm_until_s = 0.0
        self.socket = DirectSocket(
            self.hear, most_bytes=MAX_SOCKET_MESSAGE_BYTES, deflates=deflates, on_overflow=self._is_too_slow
        )

    def begin(self) -> None:
        self.register()
        self.socket.on_lost = self.gone
        if self.socket.is_over:
            self.gone()

    def go_on(self) -> None:
        """From now on it hears, and lives on without a call of the application."""
        self.is_apart = True
        self.socket.begin()

    def _await_next(self, is_awaited: bool) -> None:
        is_prompt = self.socket.heard_s - self._sent_s < PROMPT_S
        self.socket.line.hurry(is_awaited or is_prompt)

    def gone(self) -> None:
        logger.info("connection %s has left with %s", self.session.connection, self.socket.close_code)
        super().gone()

    def _put_frames(self, frames: Sequence[Notice]) -> None:
        """In one write: a send costs more than what it carries."""
        self._write(b"".join(map(self._on_wire, frames)))

    def _put_frame(self, frame: Notice) -> int:
        data = self._on_wire(frame)
        self._write(data)
        return len(data)

    def _on_wire(self, frame: Notice) -> bytes:
        return frame.on_wire(packed=self._is_packed, deflated=self._deflates)

    def _write(self, data: bytes) -> None:
        self._sent_s = time.monotonic()
        self.socket.write(data)

    def _say(self, message: Mapping[str, Any]) -> None:
        self._write(frame(Opcode.TEXT, bytes_of(message)))

    async def _flush(self) -> None:
        await self.socket.flush()

    def beat(self, now_s: float) -> None:
        """One that talks and is in no room, as devices are, is seldom looked at."""
        if now_s < self._calm_until_s and not self.session.channels:
            return
        if self.session.state is State.OPEN:
            self._calm_until_s = now_s + CALM_S
        super().beat(now_s)
        silent_s = now_s - self.socket.heard_s
        if silent_s >= limits.SILENT_AFTER_S:
            self.close(CloseCode.SILENT)
        elif silent_s >= limits.PING_AFTER_S and self.session.state is State.OPEN:
            self.socket.ping()

    def _hang_up(self, code: CloseCode) -> None:
        self.socket.close(code)
