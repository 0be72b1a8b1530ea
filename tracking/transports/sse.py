"""`GET /live/v1/sse`: the live connection as a stream of server-sent events."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any

from tracking.live.closing import CloseCode
from tracking.live.events import EventFrame
from tracking.live.frames import Frame, Notice, text_of
from tracking.live.session import Session, State
from tracking.transports.connection import LiveConnection
from tracking.transports.guests import frame_for
from tracking.transports.http import Receive, Send, join_text, until_gone
from tracking.transports.services import Services

MOST_BYTES = 512 * 1024
LONGEST_S = 60.0
MOST_WAITING = 8
COME_BACK_AFTER_MS = 250
"""A browser left to itself waits for three seconds."""

HEAD = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ],
}
END = {"type": "http.response.body", "body": b"", "more_body": False}


class SseConnection(LiveConnection):
    """Sends frames as they come; each event's id is the stream's cursor so far, so that any process can go on.

    Its credit is what the server has not taken yet; it ends by itself after MOST_BYTES or LONGEST_S, once every picture is whole and
    what was missed is told.
    """

    transport = "sse"

    def __init__(self, services: Services, send: Send, session: Session, cursors: Mapping[str, str]) -> None:
        super().__init__(services, send, session=session)
        self._cursors = dict(cursors)
        self._channels = list(cursors)
        self._partial: set[str] = set()
        self._is_replaying = False
        self._sent_bytes = 0
        self.ended = asyncio.Event()

    @property
    def has_credit(self) -> bool:
        return self._outbox.waiting < MOST_WAITING and not self.ended.is_set()

    def deliver(self, frame: Frame) -> None:
        self.newest_seq = frame.seq
        if frame.ends_picture:
            self._partial.discard(frame.channel)
            self._cursors[frame.channel] = frame.cursor
        else:
            self._partial.add(frame.channel)
        data = frame_for(self.session.caller, frame).sse_data
        event = f"id: {','.join(self._cursors.values())}\n".encode() + data
        self._services.counters.frames_out += 1
        self._services.counters.bytes_out += len(event)
        self._put(event)
        if self._sent_bytes >= MOST_BYTES:
            self._finish()

    def _put_frame(self, frame: Notice) -> int:
        """Of events: their id is that of the frame before."""
        self._put(frame.sse_data)
        return len(frame.sse_data)

    def beat(self, now_s: float) -> None:
        super().beat(now_s)
        if now_s - self._opened_s >= LONGEST_S:
            self._finish()

    async def _join_all(self) -> None:
        self._put(f"retry: {COME_BACK_AFTER_MS}\n\n".encode())
        for number, (channel, cursor) in enumerate(list(self._cursors.items())):
            await self.receive(join_text(number, channel, cursor))

    def _say(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "error" and message["id"] is not None:
            message = {**message, "id": None, "channel": self._channels[message["id"]]}
        self._put(f"data: {text_of(message)}\n\n".encode())

    def _confirm(self, id_: int) -> None:
        """The stream itself says what was joined."""

    def _put(self, event: bytes) -> None:
        self._sent_s = time.monotonic()
        self._sent_bytes += len(event)
        self._outbox.put({"type": "http.response.body", "body": event, "more_body": True})

    def _drained(self) -> None:
        self._resume()

    async def _replay(self, frames: Sequence[EventFrame]) -> None:
        self._is_replaying = True
        await super()._replay(frames)
        self._is_replaying = False

    def _finish(self) -> None:
        """The cursor is behind missed events only with the frame after them: cut before, they would all come again."""
        if not self._partial and not self._is_replaying:
            self._hang_up(CloseCode.DRAIN)

    def _hang_up(self, code: CloseCode) -> None:
        if not self.ended.is_set():
            self.ended.set()
            self.session.state = State.CLOSED
            self._outbox.put(END)

    async def run(self, receive: Receive) -> None:
        """Until it ends or the client leaves."""
        self.register()
        waits = [asyncio.create_task(self.ended.wait()), asyncio.create_task(until_gone(receive))]
        try:
            await self.greet()
            await self._join_all()
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            if self.ended.is_set():
                await self._outbox.flush()
        finally:
            for task in waits:
                task.cancel()
            self.gone()
