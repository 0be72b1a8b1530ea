"""One live conversation, server side: messages in, actions out. No socket, no clock, no loop."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from tracking.domain.access import NOBODY, Caller, Office, watched_mark
from tracking.domain.status import OFFLINE_AFTER_S, STALE_AFTER_S
from tracking.live import limits
from tracking.live.actions import Acknowledge, Action, Close, Enter, Exit, Greet, Identify, Reply, Store
from tracking.live.channels import Channel, Denial, Namespace, denial, find_channel, unknown
from tracking.live.closing import CloseCode
from tracking.live.commands import COMMANDS
from tracking.live.credit import MOST_WINDOW_FRAMES, WINDOW_FRAMES
from tracking.live.inbound import (
    Refused,
    decode_message,
    error_message,
    find_joinable,
    id_field,
    integer_field,
    known_id,
    ok_message,
    text_field,
)
from tracking.wire.fix_json import decode_report


class State(Enum):
    GREETING = "waits for hello"
    OPEN = "talks"
    CLOSED = "has ended"


@dataclass(slots=True, kw_only=True)
class Session:
    """`caller` is NOBODY until it is known who asks."""

    connection: str
    bucket: limits.TokenBucket
    caller: Caller = NOBODY
    state: State = State.GREETING
    channels: dict[str, Channel] = field(default_factory=dict)
    window: int = WINDOW_FRAMES
    _told_regions: str | None = None
    _refused_in_a_row: int = 0

    def receive(self, text: str | bytes, *, now_s: float, office: Office) -> list[Action]:
        """What to do about one message."""
        if self.state is State.CLOSED:
            return []
        if len(text) > limits.REPORT_BYTES:
            return self.close(CloseCode.PROTOCOL_ERROR, f"A message may have {limits.REPORT_BYTES} bytes at most.")
        if (store := self._report(text, now_s, office)) is not None:
            return [store]
        message: Any = None
        try:
            if not self.bucket.take(now_s):
                raise Refused("rate", f"At most {limits.MESSAGES_PER_S} messages a second.", retry_after_s=1)
            message = decode_message(text)
            actions = self._handle(message, len(text), office)
        except Refused as refused:
            return self._refuse(message, refused)
        self._refused_in_a_row = 0
        return actions

    def _report(self, text: str | bytes, now_s: float, office: Office) -> Store | None:
        """What a device says most, a report in order, by a shorter way; of anything else nothing is taken."""
        if (device := self.caller.device(office)) is None or self.state is not State.OPEN or type(text) is not str:
            return None
        report = decode_report(text)
        if report is None or len(report.fixes) > limits.FIXES_PER_REPORT or not self.bucket.take(now_s):
            return None
        self._refused_in_a_row = 0
        return Store(report.id, device, report.fixes)

    def _refuse(self, message: Any, refused: Refused) -> list[Action]:
        if refused.code == "rate":
            self._refused_in_a_row += 1
            if self._refused_in_a_row >= limits.REFUSED_IN_A_ROW:
                return self.close(CloseCode.RATE)
        id_ = known_id(message)
        return [Reply(error_message(id_, refused.code, refused.reason, retry_after_s=refused.retry_after_s))]

    def _handle(self, message: dict[str, Any], size: int, office: Office) -> list[Action]:
        kind = message.get("type")
        if size > limits.INBOUND_BYTES and kind != "report":
            raise Refused("too_large", f"A message may have {limits.INBOUND_BYTES} bytes at most; this one has {size}.")
        if self.state is State.GREETING:
            return self._hello(message) if kind == "hello" else self.close(CloseCode.PROTOCOL_ERROR, "Say hello first.")
        name = kind if isinstance(kind, str) else ""
        if (handler := HANDLERS.get(name)) is not None:
            return handler(self, message, office)
        if (command := COMMANDS.get(name)) is not None:
            return [command(self.caller, message, office)]
        raise Refused("unknown_type", f"The type {str(kind)[:40]!r} is not known.")

    def _hello(self, message: dict[str, Any]) -> list[Action]:
        token, window = message.get("token"), message.get("window", WINDOW_FRAMES)
        if type(window) is not int or not 1 <= window <= MOST_WINDOW_FRAMES:
            raise Refused("bad_message", f"window must be an integer from 1 to {MOST_WINDOW_FRAMES}.")
        self.window = window
        if token is not None:
            return [Identify(text_field(message, "token"))]
        return self.close(CloseCode.UNAUTHENTICATED) if not self.caller.is_known else [Greet()]

    def identified(self, caller: Caller | None) -> list[Action]:
        """The answer to Identify: whose token it is, None for nobody's. A conversation that ended meanwhile stays so."""
        if self.state is State.CLOSED:
            return []
        if caller is None:
            return self.close(CloseCode.UNAUTHENTICATED)
        self.caller = self.caller.joined_by(caller)
        return [Greet()]

    def _auth(self, message: dict[str, Any], office: Office) -> list[Action]:
        return [Identify(text_field(message, "token"), message)]

    def renewed(self, auth: dict[str, Any], caller: Caller | None, *, now_ms: int) -> list[Action]:
        """The answer to Identify after `auth`: the same user, or guest of the same share, goes on for longer."""
        if caller is None or caller.reader is None or caller.reader != self.caller.reader:
            return self.close(CloseCode.UNAUTHENTICATED)
        self.caller = self.caller.joined_by(caller)
        return [Reply({"type": "ok", "id": known_id(auth), "result": {"expires_in_s": self._expires_in_s(now_ms)}})]

    def _expires_in_s(self, now_ms: int) -> int | None:
        expires_s = self.caller.expires_s
        return None if expires_s is None else max(0, int(expires_s - now_ms / 1000))

    def may_change_by_itself(self, now_s: float) -> bool:
        """Whether time or a vehicle's way may have ended a right; for all else `recheck` is called when it changes."""
        return self.caller.has_expired(now_s) or any(
            channel.namespace in {Namespace.VEHICLE, Namespace.DRIVER} for channel in self.channels.values()
        )

    def recheck(self, office: Office, *, now_s: float, regions_of: Callable[[Channel], frozenset[int]]) -> list[Action]:
        """What to do when rights or a vehicle's regions have changed or time has passed; `now_s` counts from 1970."""
        if self.state is State.CLOSED:
            return []
        if self.caller.has_expired(now_s):
            return self.close(CloseCode.TOKEN_EXPIRED)
        if not self.caller.holds(office):
            return self.close(CloseCode.WITHDRAWN)
        lost = {
            channel: why
            for channel in self.channels.values()
            if (why := self._why_not(channel, office, regions_of(channel)))
        }
        for channel in lost:
            del self.channels[channel.name]
        kicks = [Reply({"type": "kick", "channel": channel.name, "code": why.code}) for channel, why in lost.items()]
        return [*(Exit(channel.name) for channel in lost), *kicks]

    def _why_not(self, channel: Channel, office: Office, vehicle_regions: frozenset[int]) -> Denial | None:
        """A name that means another room now is one that was lost."""
        if find_channel(channel.name, office.directory) != channel:
            return unknown(channel.name)
        return denial(channel, self.caller, office, vehicle_regions=vehicle_regions)

    def regions_mark(self, office: Office) -> str | None:
        """Of the regions that the caller may watch now; None for a device."""
        rights = self.caller.rights(office)
        return None if rights is None else watched_mark(rights, office.directory.regions)

    def recheck_regions(self, office: Office) -> list[Action]:
        """What to say when the regions that the caller may watch are others than was said."""
        mark = self.regions_mark(office)
        if self.state is not State.OPEN or mark == self._told_regions:
            return []
        self._told_regions = mark
        return [Reply(regions_message(mark))]

    def welcome(self, office: Office, *, now_ms: int) -> list[Action]:
        """Ends the greeting."""
        self.state = State.OPEN
        self._told_regions = self.regions_mark(office)
        return [
            Reply(
                {
                    "type": "welcome",
                    "connection": self.connection,
                    "heartbeat_s": limits.HEARTBEAT_S,
                    "tick_ms": limits.TICK_MS,
                    "server_time": now_ms,
                    "expires_in_s": self._expires_in_s(now_ms),
                    "limits": limits.WELCOME_LIMITS,
                    "regions": self._told_regions,
                    "stale_after_s": STALE_AFTER_S,
                    "offline_after_s": OFFLINE_AFTER_S,
                }
            )
        ]

    def _join(self, message: dict[str, Any], office: Office) -> list[Action]:
        id_, cursor = id_field(message), message.get("cursor")
        if cursor is not None and not isinstance(cursor, str):
            raise Refused("bad_message", "cursor must be a text.")
        channel = find_joinable(message, self.caller, office)
        if channel.name not in self.channels and len(self.channels) >= limits.CHANNELS:
            raise Refused("too_many_channels", f"A connection joins {limits.CHANNELS} channels at most.")
        return [Enter(id_, channel, cursor)]

    def admit(self, channel: Channel, office: Office, *, vehicle_regions: frozenset[int]) -> Denial | None:
        """The answer to Enter, now that it is known where the room's vehicle is; None: the channel is joined."""
        why_not = self._why_not(channel, office, vehicle_regions)
        if why_not is None:
            self.channels[channel.name] = channel
        return why_not

    def is_in(self, channel: Channel) -> bool:
        return self.state is State.OPEN and self.channels.get(channel.name) == channel

    def _leave(self, message: dict[str, Any], office: Office) -> list[Action]:
        id_, channel = id_field(message), text_field(message, "channel")
        if channel not in self.channels:
            raise Refused("not_joined", f"The channel {channel[:80]!r} was not joined.")
        del self.channels[channel]
        return [Exit(channel), Reply(ok_message(id_))]

    def _ack(self, message: dict[str, Any], office: Office) -> list[Action]:
        return [Acknowledge(integer_field(message, "seq"))]

    def close(self, code: CloseCode, reason: str | None = None) -> list[Action]:
        """Ends the conversation from any state; a second call does nothing."""
        if self.state is State.CLOSED:
            return []
        self.state = State.CLOSED
        return [Close(code, reason)]


def regions_message(mark: str | None) -> dict[str, Any]:
    return {"type": "regions", "mark": mark}


HANDLERS: dict[str, Callable[[Session, dict[str, Any], Office], list[Action]]] = {
    "auth": Session._auth,
    "join": Session._join,
    "leave": Session._leave,
    "ack": Session._ack,
}
