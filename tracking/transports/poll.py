"""`GET /live/v1/poll`: what a reader lacks, in one answer; long polling waits until there is something."""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tracking.domain.regions import NOWHERE
from tracking.live import limits
from tracking.live.actions import Action, Close, Enter, Exit, Reply
from tracking.live.attendees import fingerprint, presence_message
from tracking.live.channels import Channel, Namespace, may_hear, may_see_people
from tracking.live.closing import CloseCode, bye_message
from tracking.live.cursor import carry_over, seen_mark, with_mark
from tracking.live.events import EventFrame
from tracking.live.frames import Frame, Notice, text_of
from tracking.live.hub import WatchedRoom
from tracking.live.inbound import error_message
from tracking.live.session import Session, regions_message
from tracking.transports.asked import asked_channels, asked_wait_s
from tracking.transports.connection import now_ms
from tracking.transports.errands import deliver
from tracking.transports.guests import frame_for, note_guest
from tracking.transports.http import ClientLeft, Receive, Send, join_text, query_of, respond, until_gone
from tracking.transports.services import Services

PACE_S = limits.TICK_MS / 2000  # half a tick: who reads one room, and asks again at once, need not wait for it


async def answer_poll(
    services: Services, session: Session, scope: Mapping[str, Any], receive: Receive, send: Send
) -> None:
    """Raises BadRequest, Unavailable or ClientLeft."""
    poll = Poll(services, session, asked_channels(scope, header=b"if-none-match"))
    wait_s = asked_wait_s(scope)
    is_new = not any(poll.cursors.values()) or ("hello", "1") in query_of(scope)
    await poll.join()
    if is_new:
        poll.messages[:0] = [
            text_of(a.message) for a in session.welcome(services.office, now_ms=now_ms()) if isinstance(a, Reply)
        ]
    messages = await poll.answer(wait_s, receive)
    services.presence.note_poll(session)
    cursor = ",".join(poll.cursors.values())
    headers = {b"etag": f'"{cursor}"'.encode(), b"cache-control": b"no-store"}
    if not messages:
        await send({"type": "http.response.start", "status": 304, "headers": list(headers.items())})
        await send({"type": "http.response.body", "body": b""})
        return
    body = f'{{"cursor":"{cursor}","messages":[{",".join(messages)}]}}'.encode()
    await respond(send, 200, b"application/json", body, headers)
    for frame in poll.told:
        await deliver(services, session.caller, frame)


class Poll:
    """One answer to a reader: what it lacks in each channel, or, if that is nothing, what comes next.

    While it waits it is a connection like others: beaten, counted, told of withdrawn rights and of the server's end.
    """

    transport = "poll"
    is_apart = False
    newest_seq = 0

    def __init__(self, services: Services, session: Session, cursors: Mapping[str, str]) -> None:
        self._services = services
        self._session = session
        self.cursors = dict(cursors)
        self.messages: list[str] = []
        self.told: list[EventFrame] = []
        self._rooms: list[WatchedRoom] = []
        self._news = asyncio.Event()
        self._opened_s = time.monotonic()

    @property
    def has_credit(self) -> bool:
        return True

    def deliver(self, frame: Frame) -> None:
        self._news.set()

    def tell(self, frames: Sequence[EventFrame]) -> None:
        self._news.set()

    def show(self, notice: Notice) -> None:
        self._news.set()

    def beat(self, now_s: float) -> None:
        self.recheck()

    def describe(self, now_s: float) -> dict[str, Any]:
        return {
            "connection": self._session.connection,
            "transport": self.transport,
            "user": self._session.caller.user,
            "is_device": self._session.caller.device_token is not None,
            "rooms": list(self._session.channels),
            "age_s": round(now_s - self._opened_s, 3),
            "unacknowledged": 0,
        }

    def close(self, code: CloseCode) -> None:
        """It answers at once."""
        self._act(self._session.close(code))

    def recheck(self) -> None:
        """Rights, or where a vehicle is, may have changed since it asked."""
        services = self._services
        self._act(self._session.recheck(services.office, now_s=time.time(), regions_of=services.feed.regions_of))
        self._note_regions()

    def _note_regions(self) -> None:
        """The cursors of region rooms say which regions the reader knows; one that says nothing was just welcomed."""
        mark = self._session.regions_mark(self._services.office)
        known = {room.channel: seen_mark(self.cursors[room.channel]) for room in self._rooms if room.vehicle is None}
        if mark is None or all(seen == mark for seen in known.values()):
            return
        self.cursors |= {channel: with_mark(self.cursors[channel], mark) for channel in known}
        if any(known.values()):
            self._say(regions_message(mark))

    def _act(self, actions: Iterable[Action]) -> None:
        for action in actions:
            match action:
                case Exit(name):
                    self._rooms = [room for room in self._rooms if room.channel != name]
                case Reply(message):
                    self._say(message)
                case Close(code, reason):
                    self._rooms = []
                    self._session.channels.clear()
                    self._services.counters.closes[int(code)] += 1
                    self._say(bye_message(code, reason))

    def _say(self, message: Mapping[str, Any]) -> None:
        self.messages.append(text_of(message))
        self._news.set()

    async def join(self) -> None:
        """Opens the rooms that may be seen, and says of the others why not."""
        for name, cursor in self.cursors.items():
            text = join_text(0, name, cursor)
            for action in self._session.receive(text, now_s=time.monotonic(), office=self._services.office):
                if isinstance(action, Enter):
                    await self._enter(action.channel)
                elif isinstance(action, Reply):
                    self._say({**action.message, "id": None, "channel": name})
        self._services.presence.note_poll(self._session)

    async def _enter(self, channel: Channel) -> None:
        room = None if channel.namespace is Namespace.ADMIN else await self._services.feed.open_room(channel)
        regions = NOWHERE if room is None else room.standing.regions
        why_not = self._session.admit(channel, self._services.office, vehicle_regions=regions)
        if why_not is not None:
            self._say({**error_message(None, *why_not), "channel": channel.name})
        elif room is not None:
            note_guest(self._services, self._session.caller, channel)
            self._rooms.append(room)

    async def answer(self, wait_s: float, receive: Receive) -> list[str]:
        """The messages; after `wait_s` perhaps none. Raises ClientLeft."""
        self.recheck()
        if not self._collect() and wait_s > 0:
            await self._wait(wait_s, receive)
            self.recheck()
            self._collect()
        return self.messages

    async def _wait(self, wait_s: float, receive: Receive) -> None:
        """Until something happens, but for PACE_S at least: news of many rooms come together. Raises ClientLeft."""
        feed = self._services.feed
        for room in self._rooms:
            feed.listen(room, self)
        for channel in self._peopled_channels():
            self._services.presence.listen(channel, self)
        feed.connections.add(self)
        gone = asyncio.create_task(until_gone(receive))
        news = asyncio.create_task(self._news.wait())
        try:
            await asyncio.wait([gone, news], timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                raise ClientLeft
            if news.done() and not self.messages:
                await asyncio.sleep(self._opened_s + min(wait_s, PACE_S) - time.monotonic())
        finally:
            gone.cancel()
            news.cancel()
            feed.connections.discard(self)
            for name in self.cursors:
                feed.leave(name, self)
                self._services.presence.leave(name, self)

    def _collect(self) -> list[str]:
        for room in self._rooms:
            for frame in self._services.feed.lacks(room, self.cursors[room.channel]):
                if not isinstance(frame, EventFrame):
                    self.messages.append(frame_for(self._session.caller, frame).text)
                elif may_hear(frame.content, self._session.caller, self._services.office):
                    self.messages.append(frame.text)
                    self.told.append(frame)
                self.cursors[room.channel] = carry_over(self.cursors[room.channel], frame.cursor)
        for channel in self._peopled_channels():
            self._collect_people(channel)
        return self.messages

    def _peopled_channels(self) -> list[Channel]:
        """Those of which the caller may see who is connected."""
        return [*self._session.channels.values()] if may_see_people(self._session.caller) else []

    def _collect_people(self, channel: Channel) -> None:
        """All of them, unless the reader was shown just these."""
        if (people := self._services.presence.people(channel)) is None:
            return
        cursor, mark = self.cursors[channel.name], fingerprint(people)
        if seen_mark(cursor) != mark:
            self._say(presence_message(channel.name, people, is_whole=True, now_ms=now_ms()))
            self.cursors[channel.name] = with_mark(cursor, mark)
