"""What processes say of their contacts, in any order and number; some of it may be lost. No socket, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from tracking.live.presence import Contact

WHOLE_EVERY_MS = 3_000
SILENT_MS = 10_000


class Statement(NamedTuple):
    """`number` rises with every statement of `process`. `contacts`: all that it has if `is_whole`, else what changed, None no more.

    After `lasts_ms` of silence the process has ended.
    """

    process: str
    number: int
    is_whole: bool
    contacts: Mapping[str, Contact | None]
    lasts_ms: int = SILENT_MS


class Change(NamedTuple):
    """`contact` is None when it is no more; then it was last seen at `seen_ms`, unless it was told when it ended."""

    process: str
    id: str
    contact: Contact | None
    seen_ms: int


@dataclass(slots=True)
class Heard:
    """Of one process: each contact with the number of the statement that it is from. What a whole one left out is no more."""

    newest: int = 0
    whole: int = 0
    heard_ms: int = 0
    ends_ms: int = 0
    contacts: dict[str, tuple[int, Contact | None]] = field(default_factory=dict)

    def forget_gone(self) -> None:
        """Those that nothing can bring back: what is older than the whole statement is not heard any more."""
        self.contacts = {
            id_: (at, contact) for id_, (at, contact) in self.contacts.items() if contact is not None or at > self.whole
        }


class Hearsay:
    """All that other processes have said. The newest statement about a contact counts."""

    def __init__(self) -> None:
        self._processes: dict[str, Heard] = {}

    def hear(self, statement: Statement, *, now_ms: int) -> list[Change]:
        """What is different now."""
        heard, number = self._processes.setdefault(statement.process, Heard()), statement.number
        if number > heard.newest:
            heard.newest, heard.heard_ms, heard.ends_ms = number, now_ms, now_ms + statement.lasts_ms
        if number <= heard.whole:
            return []
        said = dict(statement.contacts)
        if statement.is_whole:
            heard.whole = number
            said = dict.fromkeys(heard.contacts) | said
        changes = []
        for id_, contact in said.items():
            at, known = heard.contacts.get(id_, (0, None))
            if at > number:
                continue
            heard.contacts[id_] = (number, contact)
            if contact != known:
                changes.append(Change(statement.process, id_, contact, now_ms))
        if statement.is_whole:
            heard.forget_gone()
        return changes

    def expire(self, *, now_ms: int) -> list[Change]:
        """The contacts of processes that are silent for too long are no more."""
        silent = {name: heard for name, heard in self._processes.items() if heard.ends_ms <= now_ms}
        for name in silent:
            del self._processes[name]
        return [
            Change(name, id_, None, heard.heard_ms)
            for name, heard in silent.items()
            for id_, (_, contact) in heard.contacts.items()
            if contact is not None
        ]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Statement).decode


def encode_statement(statement: Statement) -> bytes:
    return _encode(statement)


def decode_statement(payload: bytes) -> Statement:
    return _decode(payload)
