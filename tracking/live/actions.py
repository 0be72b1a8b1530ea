"""What a session asks of whoever carries its messages."""

from typing import Any, NamedTuple, TypeAlias

from tracking.domain.directory import Device
from tracking.domain.messages import Draft
from tracking.live.channels import Channel
from tracking.live.closing import CloseCode


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
    """Open the room if need be, ask `admit`, answer `id`, add the connection to the watchers."""

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
    """Keep the message and tell it, if the caller may be in `channel`; then answer `id`."""

    id: int
    channel: Channel
    draft: Draft


class Read(NamedTuple):
    """Note that the caller has read the message, if it may see it and it was written to it; then answer `id`."""

    id: int
    message: int


class Close(NamedTuple):
    """Say bye and close."""

    code: CloseCode
    reason: str | None = None


Action: TypeAlias = Reply | Identify | Greet | Enter | Exit | Acknowledge | Store | Send | Read | Close
