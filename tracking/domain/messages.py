"""What dispatchers and drivers write to each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from tracking.domain.errors import BadRequest
from tracking.domain.text import NOT_STORABLE, is_storable

State: TypeAlias = Literal["sent", "delivered", "read"]

MAX_TEXT_CHARS = 1_000
MAX_KEY_CHARS = 64
MAX_QUICK_REPLIES = 6
MAX_QUICK_REPLY_CHARS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """A user, or the device of a driver; the id of the one, None for the other. Both None: deleted since.

    `name` is told to readers.
    """

    user: int | None = None
    device: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message before it is stored; `key` is made by the client and names the message among its author's."""

    vehicle: int
    author: Author
    key: str
    text: str
    quick_replies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Times in ms since 1970 UTC, None: not yet. `event` is its id in the log of events, None until it is there.

    `from_driver` tells its direction: delivered and read are about the other side.
    """

    id: int
    vehicle: int
    author: Author
    from_driver: bool
    key: str
    text: str
    quick_replies: tuple[str, ...]
    sent_ms: int
    delivered_ms: int | None
    read_ms: int | None
    event: int | None

    @property
    def state(self) -> State:
        """As far as it has come."""
        if self.read_ms is not None:
            return "read"
        return "sent" if self.delivered_ms is None else "delivered"


def make_draft(*, vehicle: int, author: Author, key: Any, text: Any, quick_replies: Any = ()) -> Draft:
    """Checks what a client sent. Raises BadRequest that names the field."""
    _check_text("key", key, MAX_KEY_CHARS)
    _check_text("text", text, MAX_TEXT_CHARS)
    if not isinstance(quick_replies, Sequence) or isinstance(quick_replies, str):
        raise BadRequest("bad_message", "quick_replies must be an array of texts.")
    if len(quick_replies) > MAX_QUICK_REPLIES:
        raise BadRequest("bad_message", f"quick_replies may have {MAX_QUICK_REPLIES} texts at most.")
    for reply in quick_replies:
        _check_text("quick_replies", reply, MAX_QUICK_REPLY_CHARS)
    return Draft(vehicle=vehicle, author=author, key=key, text=text, quick_replies=tuple(quick_replies))


def _check_text(field: str, value: Any, most_chars: int) -> None:
    if not isinstance(value, str) or not value.strip():
        raise BadRequest("bad_message", f"{field} must be a text that is not empty.")
    if len(value) > most_chars:
        raise BadRequest("bad_message", f"{field} may have {most_chars} characters at most; it has {len(value)}.")
    if not is_storable(value):
        raise BadRequest("bad_message", f"{field} {NOT_STORABLE}.")
