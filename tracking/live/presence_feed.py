"""Keeps the picture of who is connected: hears connections and other processes, tells readers and the others."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from tracking.domain.access import Office
from tracking.live.attendees import POLL, Attendee, Picture
from tracking.live.audience import Audience, Reader
from tracking.live.bus import Bus
from tracking.live.channels import Channel
from tracking.live.presence import EVERYBODY, GRACE_MS, Contact, Register, find_circle, find_contact
from tracking.live.session import Session, State
from tracking.live.statements import (
    SILENT_MS,
    WHOLE_EVERY_MS,
    Change,
    Hearsay,
    Statement,
    decode_statement,
    encode_statement,
)

logger = logging.getLogger(__name__)

GROUP = "presence"
TICK_S = 1.0


class PresenceFeed:
    """One in a process, whose name is `process`. Readers and other processes are told at most once a second.

    Without the bus the others are forgotten, and known again once it is back.
    """

    def __init__(
        self,
        bus: Bus,
        *,
        process: str,
        office: Callable[[], Office],
        clock_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._bus = bus
        self._process = process
        self._office = office
        self._clock_ms = clock_ms
        self._sessions: dict[str, tuple[Session, str]] = {}
        self._register = Register()
        self._hearsay = Hearsay()
        self._picture = Picture()
        self._audience = Audience(self._picture)
        self._unsaid: dict[str, Contact | None] = {}
        self._number = 0
        self._said_whole_ms = 0
        self._stirred = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Harmless when it runs already."""
        self._task = self._task or asyncio.create_task(self._run())
        await self._bus.follow(GROUP, self._hear)

    async def stop(self) -> None:
        """Those who are here have their grace elsewhere."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._say(is_whole=True, lasts_ms=GRACE_MS)

    def note(self, session: Session, transport: str) -> None:
        """It was greeted, or has joined or left a room."""
        if session.state is State.OPEN and (contact := self._contact(session, transport)) is not None:
            self._sessions[session.connection] = session, transport
            self._register.put(session.connection, contact)
            self._stirred.set()

    def note_poll(self, session: Session) -> None:
        """It has asked for its rooms, or is answered. Another question for the same rooms is the same contact."""
        if (contact := self._contact(session, POLL)) is not None:
            id_ = f"{contact.who} {contact.vehicles}"
            self._register.answer(id_, contact, now_ms=self._clock_ms())
            self._stirred.set()

    def note_end(self, session: Session) -> None:
        if self._sessions.pop(session.connection, None) is not None:
            self._register.end(session.connection, now_ms=self._clock_ms())
            self._stirred.set()

    def recheck(self) -> None:
        """Names may have changed."""
        for session, transport in list(self._sessions.values()):
            self.note(session, transport)

    def _contact(self, session: Session, transport: str) -> Contact | None:
        """Whoever comes back within the grace has been here all the time."""
        contact = find_contact(
            session.caller,
            session.channels.values(),
            self._office(),
            transport=transport,
            since_ms=self._clock_ms(),
        )
        known = None if contact is None else self._picture.find(EVERYBODY, contact.who)
        return contact if contact is None or known is None else contact._replace(since_ms=known.since)

    def people(self, channel: Channel) -> list[Attendee] | None:
        """Whom the room shows; None for one that shows nobody's presence."""
        circle = find_circle(channel)
        if circle is None:
            return None
        self._look_here()
        return list(self._picture.people(circle).values())

    def enter(self, channel: Channel, reader: Reader) -> None:
        """Shows everybody, and from then on whoever changes."""
        if (circle := find_circle(channel)) is not None:
            self._look_here()
            self._audience.enter(channel.name, circle, reader, now_ms=self._clock_ms())

    def listen(self, channel: Channel, reader: Reader) -> None:
        """Shows only who changes."""
        if (circle := find_circle(channel)) is not None:
            self._audience.listen(channel.name, circle, reader)

    def leave(self, channel: str, reader: Reader) -> None:
        self._audience.leave(channel, reader)

    def _look_here(self) -> None:
        """What has changed here comes into the picture."""
        changes = self._register.take_changes()
        self._unsaid |= changes
        now_ms = self._clock_ms()
        self._picture.apply(Change(self._process, id_, contact, now_ms) for id_, contact in changes.items())

    def _hear(self, word: Mapping[str, Any]) -> None:
        if word["process"] == self._process:
            return
        changes = self._hearsay.hear(decode_statement(word["statement"]), now_ms=self._clock_ms())
        if changes:
            self._picture.apply(changes)
            self._stirred.set()

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK_S):
                    await self._stirred.wait()
            was_stirred = self._stirred.is_set()
            self._stirred.clear()
            try:
                self._tick()
            except Exception:
                logger.exception("a round of presence failed")
            if was_stirred:
                await asyncio.sleep(TICK_S)

    def _tick(self) -> None:
        now_ms = self._clock_ms()
        self._register.expire(now_ms=now_ms)
        self._look_here()
        self._picture.apply(self._hearsay.expire(now_ms=now_ms))
        if now_ms - self._said_whole_ms >= WHOLE_EVERY_MS:
            self._said_whole_ms = now_ms
            self._say(is_whole=True)
        elif self._unsaid:
            self._say(is_whole=False)
        self._audience.tell(now_ms=now_ms)

    def _say(self, *, is_whole: bool, lasts_ms: int = SILENT_MS) -> None:
        self._number += 1
        unsaid, self._unsaid = self._unsaid, {}
        contacts = self._register.contacts if is_whole else unsaid
        statement = Statement(self._process, self._number, is_whole, contacts, lasts_ms)
        self._bus.say(GROUP, {"process": self._process, "statement": encode_statement(statement)})
