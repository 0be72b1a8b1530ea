"""One live conversation, server side: messages in, actions out. No socket, no clock, no loop."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple, TypeAlias

from tracking.domain.directory import Device, Directory
from tracking.domain.rights import Rights
from tracking.domain.status import OFFLINE_AFTER_S, STALE_AFTER_S
from tracking.live import limits
from tracking.live.closing import CloseCode
from tracking.wire.fix_json import decode_json


class State(Enum):
    GREETING = "waits for hello"
    OPEN = "talks"
    CLOSED = "has ended"


class Reply(NamedTuple):
    """Send this message."""

    message: dict[str, Any]


class Identify(NamedTuple):
    """Find whose token this is, then call `identified`."""

    token: str


class Greet(NamedTuple):
    """Call `welcome`."""


class Enter(NamedTuple):
    """Open the room if need be, answer `id`, add the connection to the watchers."""

    id: int
    channel: str
    region: int | None
    cursor: str | None


class Exit(NamedTuple):
    channel: str


class Store(NamedTuple):
    """Check and store the fixes, then answer `id`."""

    id: int
    fixes: list[Any]


class Close(NamedTuple):
    """Say bye and close."""

    code: CloseCode
    reason: str | None = None


Action: TypeAlias = Reply | Identify | Greet | Enter | Exit | Store | Close


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
    """`rights`: what a logged-in person may see, None without one; `device`: who reports, None for people."""

    connection: str
    rights: Rights | None
    bucket: limits.TokenBucket
    device: Device | None = None
    state: State = State.GREETING
    channels: dict[str, int | None] = field(default_factory=dict)
    acknowledged_seq: int = 0
    _refused_in_a_row: int = 0

    def receive(self, text: str | bytes, *, now_s: float, directory: Directory) -> list[Action]:
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
            actions = self._handle(message, len(text), directory)
        except Refused as refused:
            return self._refuse(message, refused)
        self._refused_in_a_row = 0
        return actions

    def _refuse(self, message: Any, refused: Refused) -> list[Action]:
        if refused.code == "rate":
            self._refused_in_a_row += 1
            if self._refused_in_a_row >= limits.REFUSED_IN_A_ROW:
                return self.close(CloseCode.RATE)
        id_ = message.get("id") if isinstance(message, dict) else None
        known_id = id_ if type(id_) is int else None
        return [Reply(error_message(known_id, refused.code, refused.reason, retry_after_s=refused.retry_after_s))]

    def _handle(self, message: dict[str, Any], size: int, directory: Directory) -> list[Action]:
        kind = message.get("type")
        if size > limits.INBOUND_BYTES and kind != "report":
            raise Refused("too_large", f"A message may have {limits.INBOUND_BYTES} bytes at most; this one has {size}.")
        if self.state is State.GREETING:
            return self._hello(message) if kind == "hello" else self.close(CloseCode.PROTOCOL_ERROR, "Say hello first.")
        handler = HANDLERS.get(kind) if isinstance(kind, str) else None
        if handler is None:
            raise Refused("unknown_type", f"The type {str(kind)[:40]!r} is not known.")
        return handler(self, message, directory)

    def _hello(self, message: dict[str, Any]) -> list[Action]:
        token = message.get("token")
        if token is not None:
            if not isinstance(token, str):
                raise Refused("bad_message", "token must be a text.")
            return [Identify(token)]
        if self.rights is None and self.device is None:
            return self.close(CloseCode.UNAUTHENTICATED)
        return [Greet()]

    def identified(self, device: Device | None) -> list[Action]:
        """The answer to Identify: whose token it is, None for nobody's."""
        if device is None:
            return self.close(CloseCode.UNAUTHENTICATED)
        self.device = device
        return [Greet()]

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
                    "expires_in_s": None,
                    "limits": limits.WELCOME_LIMITS,
                    "stale_after_s": STALE_AFTER_S,
                    "offline_after_s": OFFLINE_AFTER_S,
                }
            )
        ]

    def _join(self, message: dict[str, Any], directory: Directory) -> list[Action]:
        id_, channel, cursor = _id(message), _channel(message), message.get("cursor")
        if cursor is not None and not isinstance(cursor, str):
            raise Refused("bad_message", "cursor must be a text.")
        region = self._watchable(channel, directory)
        if channel not in self.channels and len(self.channels) >= limits.CHANNELS:
            raise Refused("too_many_channels", f"A connection joins {limits.CHANNELS} channels at most.")
        self.channels[channel] = region
        return [Enter(id_, channel, region, cursor)]

    def _watchable(self, channel: str, directory: Directory) -> int | None:
        """The region of a channel; a region one may not see looks like one that does not exist."""
        namespace, _, room = channel.partition(":")
        if namespace != "region":
            raise Refused("unknown_channel", f"There is no channel {channel[:80]!r}.")
        region = None if room == "all" else directory.region_ids.get(room)
        if self.rights is None or not self.rights.may_watch(region):
            raise Refused("forbidden", f"You may not watch {channel[:80]!r}.")
        if room != "all" and region is None:
            raise Refused("unknown_channel", f"There is no channel {channel[:80]!r}.")
        return region

    def _leave(self, message: dict[str, Any], directory: Directory) -> list[Action]:
        id_, channel = _id(message), _channel(message)
        if channel not in self.channels:
            raise Refused("not_joined", f"The channel {channel[:80]!r} was not joined.")
        del self.channels[channel]
        return [Exit(channel), Reply(ok_message(id_))]

    def _ack(self, message: dict[str, Any], directory: Directory) -> list[Action]:
        self.acknowledged_seq = max(self.acknowledged_seq, _integer(message, "seq"))
        return []

    def _report(self, message: dict[str, Any], directory: Directory) -> list[Action]:
        id_, fixes = _id(message), message.get("fixes")
        if self.device is None:
            raise Refused("forbidden", "Only a device may report; say hello with its token.")
        if not isinstance(fixes, list):
            raise Refused("bad_message", "fixes must be an array of fix objects.")
        if len(fixes) > limits.FIXES_PER_REPORT:
            raise Refused(
                "too_many_fixes",
                f"A report carries {limits.FIXES_PER_REPORT} fixes at most; this one has {len(fixes)}.",
            )
        return [Store(id_, fixes)]

    def close(self, code: CloseCode, reason: str | None = None) -> list[Action]:
        """Ends the conversation from any state; a second call does nothing."""
        if self.state is State.CLOSED:
            return []
        self.state = State.CLOSED
        return [Close(code, reason)]


HANDLERS: dict[str, Callable[[Session, dict[str, Any], Directory], list[Action]]] = {
    "join": Session._join,
    "leave": Session._leave,
    "ack": Session._ack,
    "report": Session._report,
}


def _decoded(text: str | bytes) -> dict[str, Any]:
    try:
        message = decode_json(text)
    except ValueError as error:
        raise Refused("bad_message", f"The message is not JSON: {error}.") from error
    if not isinstance(message, dict):
        raise Refused("bad_message", "A message must be a JSON object.")
    return message


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
