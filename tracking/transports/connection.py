"""One live connection: runs the actions of its session, whatever carries the messages."""

import logging
import math
import secrets
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from typing import Any

from tracking.domain.errors import Unavailable
from tracking.domain.regions import NOWHERE
from tracking.live import limits
from tracking.live.actions import Acknowledge, Action, Close, Enter, Exit, Greet, Identify, Read, Reply, Send, Store
from tracking.live.channels import Namespace, may_hear, may_see_people
from tracking.live.closing import CloseCode, bye_message
from tracking.live.credit import Credit
from tracking.live.events import EventFrame
from tracking.live.frames import Frame, Notice, asgi_message
from tracking.live.inbound import error_message, ok_message
from tracking.live.ops_room import OPS_CHANNEL
from tracking.live.session import Session, State
from tracking.transports.errands import Errands
from tracking.transports.guests import frame_for, note_guest
from tracking.transports.outbox import Outbox
from tracking.transports.services import Services

logger = logging.getLogger(__name__)

TAKES_TIME = (Enter, Identify, Greet)
REPLAY_AT_ONCE = 32  # below what the outbox lets wait


class LiveConnection:
    """`send` is the ASGI send of an accepted WebSocket; `is_packed`: it reads `fleet.v1.bin`."""

    transport = "websocket"
    is_apart = False
    """No call of the application lasts as long as it does."""

    def __init__(
        self,
        services: Services,
        send: Callable[[Mapping[str, Any]], Awaitable[None]],
        *,
        is_packed: bool = False,
        session: Session | None = None,
    ) -> None:
        now_s = time.monotonic()
        bucket = limits.TokenBucket(limits.MESSAGES_PER_S, limits.MESSAGES_BURST, limits.MESSAGES_BURST, now_s)
        self.session = session or Session(connection=secrets.token_hex(8), bucket=bucket)
        self._services = services
        self._is_packed = is_packed
        self._credit = Credit()
        self.newest_seq = 0
        self._outbox = Outbox(send, on_overflow=self._is_too_slow, on_empty=self._drained)
        self._opened_s = self._sent_s = now_s
        self._hello_until_s = math.inf
        self._errands = Errands(services, answer=self._say, await_next=self._await_next)

    def register(self) -> None:
        """From now on it is beaten, and seen by whoever counts connections."""
        self._services.feed.connections.add(self)

    def await_hello(self) -> None:
        """It can be heard from now on; until it was known who asks, it had to wait itself."""
        self._hello_until_s = time.monotonic() + limits.HELLO_WITHIN_S

    def _drained(self) -> None:
        """Nothing waits to be sent any more."""

    def _await_next(self, is_awaited: bool) -> None:
        """Whether what comes next is to be heard at once, where that is not always so."""

    @property
    def has_credit(self) -> bool:
        return self._credit.is_left

    def deliver(self, frame: Frame) -> None:
        self.newest_seq = frame.seq
        size = self._put_frame(frame_for(self.session.caller, frame))
        self._credit.spend(frame.seq, size, now_s=self._sent_s)
        self._services.counters.frames_out += 1
        self._services.counters.bytes_out += size

    def tell(self, frames: Sequence[EventFrame]) -> None:
        caller, office = self.session.caller, self._services.office
        if heard := [frame for frame in frames if may_hear(frame.content, caller, office)]:
            self.newest_seq = heard[-1].seq
            self._put_frames(heard)
            for frame in heard:
                self._errands.note_delivery(caller, frame)

    def show(self, notice: Notice) -> None:
        """Who is connected, or what operators see."""
        self._put_frame(notice)

    def _put_frames(self, frames: Sequence[Notice]) -> None:
        for frame in frames:
            self._put_frame(frame)

    def _put_frame(self, frame: Notice) -> int:
        """Its size in bytes."""
        self._sent_s = time.monotonic()
        message = frame.packed_message if self._is_packed else frame.message
        self._outbox.put(message)
        return len(message.get("bytes") or message["text"])

    def _acknowledge(self, seq: int) -> None:
        if self._credit.acknowledge(seq, now_s=time.monotonic()):
            self._resume()

    def _resume(self) -> None:
        for channel in self.session.channels:
            self._services.feed.resume(channel, self)

    def _say(self, message: Mapping[str, Any]) -> None:
        self._sent_s = time.monotonic()
        self._outbox.put(asgi_message(message))

    def describe(self, now_s: float) -> dict[str, Any]:
        return {
            "connection": self.session.connection,
            "transport": self.transport,
            "user": self.session.caller.user,
            "is_device": self.session.caller.device_token is not None,
            "rooms": list(self.session.channels),
            "age_s": round(now_s - self._opened_s, 3),
            "unacknowledged": self._credit.frames,
        }

    def beat(self, now_s: float) -> None:
        if self.session.may_change_by_itself(time.time()):
            self.recheck()
        if self._credit.is_stuck(now_s):
            self.close(CloseCode.SLOW)
        elif self.session.state is State.OPEN and now_s - self._sent_s >= limits.HEARTBEAT_S:
            bus = "stale" if self._services.feed.bus.is_stale else "ok"
            self._say({"type": "heartbeat", "server_time": now_ms(), "bus": bus})
        elif self.session.state is State.GREETING and now_s >= self._hello_until_s:
            self.close(CloseCode.UNAUTHENTICATED, f"No hello came within {limits.HELLO_WITHIN_S} s.")

    async def receive(self, text: str | bytes) -> None:
        """One message of the other side; after the end it is not read."""
        if (rest := self.hear(text)) is not None:
            await rest

    def hear(self, text: str | bytes) -> Coroutine[Any, Any, None] | None:
        """As `receive`: does what can be done at once, which most of it can, and gives the rest."""
        if self.session.state is State.CLOSED:
            return None
        self._services.counters.messages_in += 1
        actions = self.session.receive(text, now_s=time.monotonic(), office=self._services.office)
        for number, action in enumerate(actions):
            if isinstance(action, TAKES_TIME):
                return self._run(actions[number:])
            self._act(action)
        return None

    async def _run(self, actions: Iterable[Action]) -> None:
        for action in actions:
            match action:
                case Enter():
                    await self._enter(action)
                case Identify(token, auth):
                    await self._identify(token, auth)
                case Greet():
                    await self.greet()
                case _:
                    self._act(action)

    def _act(self, action: Action) -> None:
        match action:
            case Store() | Send() | Read():
                self._errands.begin(action, self.session.caller)
            case Reply(message):
                self._say(message)
            case Acknowledge(seq):
                self._acknowledge(seq)
            case Exit(channel):
                self._leave(channel)
                self._services.presence.note(self.session, self.transport)
            case Close(code, reason):
                self._end(code, reason)

    async def greet(self) -> None:
        """Says welcome."""
        if (reader := self.session.caller.reader) is not None:
            self._services.roster.enter(reader, self)
        self._credit.window = self.session.window
        await self._run(self.session.welcome(self._services.office, now_ms=now_ms()))
        self._services.presence.note(self.session, self.transport)

    async def _identify(self, token: str, auth: dict[str, Any] | None) -> None:
        try:
            caller = await self._services.admission.identify_token(token)
        except Unavailable as error:
            self.close(CloseCode.OVERLOAD, error.reason)
        else:
            known = (
                self.session.identified(caller) if auth is None else self.session.renewed(auth, caller, now_ms=now_ms())
            )
            await self._run(known)

    def recheck(self) -> None:
        """Rights may have changed, or time has passed."""
        services = self._services
        for action in self.session.recheck(services.office, now_s=time.time(), regions_of=services.feed.regions_of):
            self._act(action)
        for action in self.session.recheck_regions(services.office):
            self._act(action)

    async def _enter(self, action: Enter) -> None:
        if action.channel.namespace is not Namespace.ADMIN:
            await self._enter_room(action)
        elif self._admit(action, NOWHERE):
            self._services.ops_room.enter(self)
        if self.session.is_in(action.channel):
            self._services.presence.note(self.session, self.transport)
            if may_see_people(self.session.caller):
                self._services.presence.enter(action.channel, self)

    async def _enter_room(self, action: Enter) -> None:
        try:
            note_guest(self._services, self.session.caller, action.channel)
            room = await self._services.feed.open_room(action.channel)
        except Unavailable as error:
            self._say(error_message(action.id, "busy", error.reason, retry_after_s=error.retry_after_s))
            return
        if self.session.state is State.CLOSED:
            return
        if not self._admit(action, room.standing.regions):
            return
        told = room.room.position
        with self._services.feed.kept_open(room):
            await self._replay(self._services.feed.missed(room, action.cursor))
        if self.session.is_in(action.channel):
            self._services.feed.enter(room, self, action.cursor, told=told)

    def _admit(self, action: Enter, vehicle_regions: frozenset[int]) -> bool:
        """Answers; whether the channel is joined now."""
        why_not = self.session.admit(action.channel, self._services.office, vehicle_regions=vehicle_regions)
        if why_not is not None:
            self._say(error_message(action.id, *why_not))
        else:
            self._confirm(action.id)
        return why_not is None

    async def _replay(self, frames: Sequence[EventFrame]) -> None:
        """At the pace at which the server takes them."""
        for first in range(0, len(frames), REPLAY_AT_ONCE):
            if first:
                await self._flush()
            self.tell(frames[first : first + REPLAY_AT_ONCE])

    async def _flush(self) -> None:
        """Waits until the server has taken what was sent."""
        await self._outbox.flush()

    def _confirm(self, id_: int) -> None:
        self._say(ok_message(id_))

    def close(self, code: CloseCode, reason: str | None = None) -> None:
        """Says bye and closes, once."""
        for action in self.session.close(code, reason):
            assert isinstance(action, Close)
            self._end(action.code, action.reason)

    def _end(self, code: CloseCode, reason: str | None) -> None:
        """What is under way is answered before bye."""
        self._leave_rooms()
        self._errands.when_done(lambda: self._say_bye(code, reason))

    def _say_bye(self, code: CloseCode, reason: str | None) -> None:
        self._services.counters.closes[int(code)] += 1
        logger.info("connection %s is closed with %s", self.session.connection, int(code))
        self._say(bye_message(code, reason))
        self._hang_up(code)

    def _hang_up(self, code: CloseCode) -> None:
        self._outbox.put({"type": "websocket.close", "code": int(code)})

    def _is_too_slow(self) -> None:
        self.close(CloseCode.SLOW)

    def gone(self) -> None:
        """The other side has left or the socket is closed."""
        self.session.state = State.CLOSED
        self._services.feed.connections.discard(self)
        if (reader := self.session.caller.reader) is not None:
            self._services.roster.leave(reader, self)
        self._services.presence.note_end(self.session)
        self._leave_rooms()

    def _leave_rooms(self) -> None:
        for channel in self.session.channels:
            self._leave(channel)

    def _leave(self, channel: str) -> None:
        self._services.feed.leave(channel, self)
        self._services.presence.leave(channel, self)
        if channel == OPS_CHANNEL:
            self._services.ops_room.leave(self)


async def nowhere(message: Mapping[str, Any]) -> None:
    """The `send` of a connection that sends in a way of its own."""


def now_ms() -> int:
    return time.time_ns() // 1_000_000
