"""One live conversation, server side: messages in, actions out. No socket, no clock, no loop."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple, TypeAlias

from tracking.domain.access import NOBODY, Caller, Office
from tracking.domain.directory import Device
from tracking.domain.errors import BadRequest
from tracking.domain.messages import Author, Draft, make_draft
from tracking.domain.status import OFFLINE_AFTER_S, STALE_AFTER_S
from tracking.live import limits
from tracking.live.channels import Channel, Denial, Namespace, denial, find_channel, unknown
from tracking.live.closing import CloseCode
from tracking.live.credit import MOST_WINDOW_FRAMES, WINDOW_FRAMES
from tracking.wire.fix_json import decode_json

SERVED = {Namespace.REGION, Namespace.VEHICLE, Namespace.DRIVER}


class State(Enum):
    GREETING = "waits for hello"
    OPEN = "talks"
    CLOSED = "has ended"


class Reply(NamedTuple):
    """Send this message."""

    message: dict[str, Any]


class Identify(NamedTuple):
    """Find whose token this is, then call `identified`; with an `auth` message, `renewed`."""

    token: str
    auth: dict[str, Any] | None = None


class Greet(NamedTuple):
    """Call `welcome`."""


class Enter(NamedTuple):
    """Open the room if need be, answer `id`, add the connection to the watchers."""

    id: int
    channel: Channel
    cursor: str | None


class Exit(NamedTuple):
    channel: str


class Acknowledge(NamedTuple):
    """The reader has all frames up to `seq`."""

    seq: int


class Store(NamedTuple):
    """Check and store the fixes, then answer `id`."""

    id: int
    device: Device
    fixes: list[Any]


class Send(NamedTuple):
    """Keep the message and tell it, then answer `id`."""

    id: int
    draft: Draft


class Read(NamedTuple):
    """Note that the caller has read the message, if it was written to it; then answer `id`."""

    id: int
    message: int


class Close(NamedTuple):
    """Say bye and close."""

    code: CloseCode
    reason: str | None = None


Action: TypeAlias = Reply | Identify | Greet | Enter | Exit | Acknowledge | Store | Send | Read | Close


class Refused(Exception):
    """A message that is answered with `error`."""

    def __init__(self, code: str, reason: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.retry_after_s = retry_after_s


def ok_message(id_: int, result: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"type": "ok", "id": id_, "result": result or {}}


def error_message(id_: int | None, code: str, reason: str, *, retry_after_s: float | None = None) -> dict[str, Any]:
    message = {"type": "error", "id": id_, "code": code, "reason": reason}
    return message if retry_after_s is None else {**message, "retry_after_s": retry_after_s}


@dataclass(slots=True, kw_only=True)
class Session:
    """`caller` is NOBODY until it is known who asks."""

    connection: str
    bucket: limits.TokenBucket
    caller: Caller = NOBODY
    state: State = State.GREETING
    channels: dict[str, Channel] = field(default_factory=dict)
    window: int = WINDOW_FRAMES
    _refused_in_a_row: int = 0

    def receive(self, text: str | bytes, *, now_s: float, office: Office) -> list[Action]:
        """What to do about one message."""
        if self.state is State.CLOSED:
            return []
        if len(text) > limits.REPORT_BYTES:
            return self.close(CloseCode.PROTOCOL_ERROR, f"A message may have {limits.REPORT_BYTES} bytes at most.")
        message: Any = None
        try:
            if not self.bucket.take(now_s):
                raise Refused("rate", f"At most {limits.MESSAGES_PER_S} messages a second.", retry_after_s=1)
            message = _decoded(text)
            actions = self._handle(message, len(text), office)
        except Refused as refused:
            return self._refuse(message, refused)
        self._refused_in_a_row = 0
        return actions

    def _refuse(self, message: Any, refused: Refused) -> list[Action]:
        if refused.code == "rate":
            self._refused_in_a_row += 1
            if self._refused_in_a_row >= limits.REFUSED_IN_A_ROW:
                return self.close(CloseCode.RATE)
        known_id = _known_id(message)
        return [Reply(error_message(known_id, refused.code, refused.reason, retry_after_s=refused.retry_after_s))]

    def _handle(self, message: dict[str, Any], size: int, office: Office) -> list[Action]:
        kind = message.get("type")
        if size > limits.INBOUND_BYTES and kind != "report":
            raise Refused("too_large", f"A message may have {limits.INBOUND_BYTES} bytes at most; this one has {size}.")
        if self.state is State.GREETING:
            return self._hello(message) if kind == "hello" else self.close(CloseCode.PROTOCOL_ERROR, "Say hello first.")
        handler = HANDLERS.get(kind) if isinstance(kind, str) else None
        if handler is None:
            raise Refused("unknown_type", f"The type {str(kind)[:40]!r} is not known.")
        return handler(self, message, office)

    def _hello(self, message: dict[str, Any]) -> list[Action]:
        token, window = message.get("token"), message.get("window", WINDOW_FRAMES)
        if type(window) is not int or not 1 <= window <= MOST_WINDOW_FRAMES:
            raise Refused("bad_message", f"window must be an integer from 1 to {MOST_WINDOW_FRAMES}.")
        self.window = window
        if token is not None:
            return [Identify(_text(message, "token"))]
        return self.close(CloseCode.UNAUTHENTICATED) if not self.caller.is_known else [Greet()]

    def identified(self, caller: Caller | None) -> list[Action]:
        """The answer to Identify: whose token it is, None for nobody's."""
        if caller is None:
            return self.close(CloseCode.UNAUTHENTICATED)
        self.caller = self.caller.joined_by(caller)
        return [Greet()]

    def _auth(self, message: dict[str, Any], office: Office) -> list[Action]:
        return [Identify(_text(message, "token"), message)]

    def renewed(self, auth: dict[str, Any], caller: Caller | None, *, now_ms: int) -> list[Action]:
        """The answer to Identify after `auth`: the same user goes on for longer."""
        if caller is None or caller.user is None or caller.user != self.caller.user:
            return self.close(CloseCode.UNAUTHENTICATED)
        self.caller = self.caller.joined_by(caller)
        return [Reply({"type": "ok", "id": _known_id(auth), "result": {"expires_in_s": self._expires_in_s(now_ms)}})]

    def _expires_in_s(self, now_ms: int) -> int | None:
        expires_s = self.caller.expires_s
        return None if expires_s is None else max(0, int(expires_s - now_ms / 1000))

    def recheck(self, office: Office, *, now_s: float) -> list[Action]:
        """What to do when rights have changed or time has passed; `now_s` counts from 1970."""
        if self.state is State.CLOSED:
            return []
        if not self.caller.holds(office):
            return self.close(CloseCode.WITHDRAWN)
        if self.caller.has_expired(now_s):
            return self.close(CloseCode.TOKEN_EXPIRED)
        lost = {channel: why for channel in self.channels.values() if (why := self._why_not(channel, office))}
        for channel in lost:
            del self.channels[channel.name]
        kicks = [Reply({"type": "kick", "channel": channel.name, "code": why.code}) for channel, why in lost.items()]
        return [*(Exit(channel.name) for channel in lost), *kicks]

    def _why_not(self, channel: Channel, office: Office) -> Denial | None:
        """A name that means another room now is one that was lost."""
        found = find_channel(channel.name, office.directory)
        return denial(channel, self.caller, office) if found == channel else unknown(channel.name)

    def welcome(self, *, now_ms: int) -> list[Action]:
        """Ends the greeting."""
        self.state = State.OPEN
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
                    "stale_after_s": STALE_AFTER_S,
                    "offline_after_s": OFFLINE_AFTER_S,
                }
            )
        ]

    def _join(self, message: dict[str, Any], office: Office) -> list[Action]:
        id_, name, cursor = _id(message), _channel(message), message.get("cursor")
        if cursor is not None and not isinstance(cursor, str):
            raise Refused("bad_message", "cursor must be a text.")
        channel = self._joinable(name, office)
        if name not in self.channels and len(self.channels) >= limits.CHANNELS:
            raise Refused("too_many_channels", f"A connection joins {limits.CHANNELS} channels at most.")
        self.channels[name] = channel
        return [Enter(id_, channel, cursor)]

    def _joinable(self, name: str, office: Office) -> Channel:
        channel = find_channel(name, office.directory)
        why_not = unknown(name) if channel is None else denial(channel, self.caller, office)
        if channel is None or why_not is not None or channel.namespace not in SERVED:
            raise Refused(*(why_not or unknown(name)))
        return channel

    def _leave(self, message: dict[str, Any], office: Office) -> list[Action]:
        id_, channel = _id(message), _channel(message)
        if channel not in self.channels:
            raise Refused("not_joined", f"The channel {channel[:80]!r} was not joined.")
        del self.channels[channel]
        return [Exit(channel), Reply(ok_message(id_))]

    def _ack(self, message: dict[str, Any], office: Office) -> list[Action]:
        return [Acknowledge(_integer(message, "seq"))]

    def _report(self, message: dict[str, Any], office: Office) -> list[Action]:
        id_, fixes = _id(message), message.get("fixes")
        device = self.caller.device(office)
        if device is None:
            raise Refused("forbidden", "Only a device may report; say hello with its token.")
        if not isinstance(fixes, list):
            raise Refused("bad_message", "fixes must be an array of fix objects.")
        if len(fixes) > limits.FIXES_PER_REPORT:
            raise Refused(
                "too_many_fixes",
                f"A report carries {limits.FIXES_PER_REPORT} fixes at most; this one has {len(fixes)}.",
            )
        return [Store(id_, device, fixes)]

    def _send(self, message: dict[str, Any], office: Office) -> list[Action]:
        id_, channel = _id(message), self._joinable(_channel(message), office)
        if channel.namespace is not Namespace.DRIVER or channel.id is None:
            raise Refused("unknown_channel", "Messages are sent to a channel such as driver:van-1.")
        try:
            draft = make_draft(
                vehicle=channel.id,
                author=self._author(office),
                key=message.get("key"),
                text=message.get("text"),
                quick_replies=message.get("quick_replies", ()),
            )
        except BadRequest as error:
            raise Refused(error.code, error.reason) from error
        return [Send(id_, draft)]

    def _author(self, office: Office) -> Author:
        device = self.caller.device(office)
        return Author(user=self.caller.user) if device is None else Author(device=device.id)

    def _read(self, message: dict[str, Any], office: Office) -> list[Action]:
        return [Read(_id(message), _integer(message, "message_id"))]

    def is_written_to(self, vehicle: int, *, from_driver: bool, office: Office) -> bool:
        """Whether a message of this vehicle has the caller on its other side."""
        if from_driver:
            rights = self.caller.rights(office)
            return rights is not None and rights.everything
        device = self.caller.device(office)
        return device is not None and device.vehicle == vehicle

    def close(self, code: CloseCode, reason: str | None = None) -> list[Action]:
        """Ends the conversation from any state; a second call does nothing."""
        if self.state is State.CLOSED:
            return []
        self.state = State.CLOSED
        return [Close(code, reason)]


HANDLERS: dict[str, Callable[[Session, dict[str, Any], Office], list[Action]]] = {
    "auth": Session._auth,
    "join": Session._join,
    "leave": Session._leave,
    "ack": Session._ack,
    "report": Session._report,
    "send": Session._send,
    "read": Session._read,
}


def _decoded(text: str | bytes) -> dict[str, Any]:
    try:
        message = decode_json(text)
    except ValueError as error:
        raise Refused("bad_message", f"The message is not JSON: {error}.") from error
    if not isinstance(message, dict):
        raise Refused("bad_message", "A message must be a JSON object.")
    return message


def _known_id(message: Any) -> int | None:
    """The sender's, when there is a usable one."""
    id_ = message.get("id") if isinstance(message, dict) else None
    return id_ if type(id_) is int else None


def _text(message: dict[str, Any], name: str) -> str:
    value = message.get(name)
    if not isinstance(value, str):
        raise Refused("bad_message", f"{name} must be a text.")
    return value


def _integer(message: dict[str, Any], name: str) -> int:
    value = message.get(name)
    if type(value) is not int:
        raise Refused("bad_message", f"{name} must be an integer.")
    return value


def _id(message: dict[str, Any]) -> int:
    return _integer(message, "id")


def _channel(message: dict[str, Any]) -> str:
    channel = message.get("channel")
    if not isinstance(channel, str):
        raise Refused("bad_message", "channel must be a text such as region:haga.")
    return channel
