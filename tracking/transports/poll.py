"""`GET /live/v1/poll`: what a reader lacks, in one answer; long polling waits until there is something."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from tracking.live.actions import Close, Enter, Exit, Reply
from tracking.live.channels import Channel, may_hear
from tracking.live.closing import bye_message
from tracking.live.cursor import carry_over
from tracking.live.events import EventFrame
from tracking.live.frames import Frame, text_of
from tracking.live.hub import WatchedRoom
from tracking.live.inbound import error_message
from tracking.live.session import Session
from tracking.transports.asked import asked_channels, asked_wait_s
from tracking.transports.connection import now_ms
from tracking.transports.http import ClientLeft, Receive, Send, join_text, query_of, respond, until_gone
from tracking.transports.services import Services


async def answer_poll(
    services: Services, session: Session, scope: Mapping[str, Any], receive: Receive, send: Send
) -> None:
    """Raises BadRequest, Unavailable or ClientLeft."""
    cursors = asked_channels(scope, header=b"if-none-match")
    wait_s = asked_wait_s(scope)
    poll = Poll(services, session, cursors)
    await poll.join()
    if not any(cursors.values()) or ("hello", "1") in query_of(scope):
        poll.messages[:0] = [text_of(a.message) for a in session.welcome(now_ms=now_ms()) if isinstance(a, Reply)]
    messages = await poll.wait(wait_s, receive)
    cursor = ",".join(poll.cursors.values())
    headers = {b"etag": f'"{cursor}"'.encode(), b"cache-control": b"no-store"}
    if not messages:
        await send({"type": "http.response.start", "status": 304, "headers": list(headers.items())})
        await send({"type": "http.response.body", "body": b""})
        return
    body = f'{{"cursor":"{cursor}","messages":[{",".join(messages)}]}}'.encode()
    await respond(send, 200, b"application/json", body, headers)


class Poll:
    """One answer to a reader: what it lacks in each channel, or, if that is nothing, what comes next."""

    def __init__(self, services: Services, session: Session, cursors: Mapping[str, str]) -> None:
        self._services = services
        self._session = session
        self.cursors = dict(cursors)
        self.messages: list[str] = []
        self._rooms: list[WatchedRoom] = []
        self._news = asyncio.Event()

    @property
    def has_credit(self) -> bool:
        return True

    def deliver(self, frame: Frame) -> None:
        self._news.set()

    def tell(self, frame: EventFrame) -> None:
        self._news.set()

    async def join(self) -> None:
        """Opens the rooms that may be seen, and says of the others why not."""
        for name, cursor in self.cursors.items():
            text = join_text(0, name, cursor)
            for action in self._session.receive(text, now_s=time.monotonic(), office=self._services.office):
                if isinstance(action, Enter):
                    await self._enter(action.channel)
                elif isinstance(action, Reply):
                    self.messages.append(text_of({**action.message, "id": None, "channel": name}))

    async def _enter(self, channel: Channel) -> None:
        room = await self._services.feed.open_room(channel)
        regions = room.whereabouts.regions
        why_not = self._session.admit(channel, self._services.office, vehicle_regions=regions)
        if why_not is None:
            self._rooms.append(room)
        else:
            self.messages.append(text_of({**error_message(None, *why_not), "channel": channel.name}))

    async def wait(self, wait_s: float, receive: Receive) -> list[str]:
        """The messages; after `wait_s` perhaps none. Raises ClientLeft."""
        if self._collect() or wait_s <= 0:
            return self.messages
        for room in self._rooms:
            self._services.feed.listen(room, self)
        gone = asyncio.create_task(until_gone(receive))
        news = asyncio.create_task(self._news.wait())
        try:
            await asyncio.wait([gone, news], timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                raise ClientLeft
            self.recheck()
            return self._collect()
        finally:
            gone.cancel()
            news.cancel()
            for channel in self.cursors:
                self._services.feed.leave(channel, self)

    def recheck(self) -> None:
        """Rights, or where a vehicle is, may have changed while it waited."""
        services = self._services
        for action in self._session.recheck(services.office, now_s=time.time(), regions_of=services.feed.regions_of):
            self._news.set()
            if isinstance(action, Exit):
                self._rooms = [room for room in self._rooms if room.channel != action.channel]
            elif isinstance(action, Reply):
                self.messages.append(text_of(action.message))
            elif isinstance(action, Close):
                self._rooms = []
                self.messages.append(text_of(bye_message(action.code, action.reason)))

    def _collect(self) -> list[str]:
        for room in self._rooms:
            for frame in self._services.feed.lacks(room, self.cursors[room.channel]):
                if not isinstance(frame, EventFrame) or self._hears(frame):
                    self.messages.append(frame.text)
                self.cursors[room.channel] = carry_over(self.cursors[room.channel], frame.cursor)
        return self.messages

    def _hears(self, frame: EventFrame) -> bool:
        return may_hear(frame.content, self._session.caller, self._services.office)
