"""What a server says to a report, and what can go wrong with one.

ClientError
├── NotAuthorised   the server does not know the token, or it may not do this
├── Rejected        the server refused the whole message; sending it again would not help
└── GaveUp          no answer for longer than the caller allowed
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self, TypeAlias

FixObject: TypeAlias = Mapping[str, object]
"""`fix_time` (RFC 3339 or ms since 1970), `lat`, `lon`, and optionally `vehicle`, `speed_mps`, `course_deg`, `accuracy_m`."""

MAX_FIXES_PER_REPORT = 1_000


class ClientError(Exception):
    """Base of all."""


class NotAuthorised(ClientError):
    """Carries the server's sentence."""


class Rejected(ClientError):
    """Carries the server's sentence."""


class GaveUp(ClientError):
    """Carries what went wrong last. The fixes may or may not have been stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """One fix that the server did not take: its place in the report and why."""

    index: int
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of a report; the three add up to its fixes."""

    stored: int
    duplicates: int
    refused: tuple[Refused, ...] = ()


class Reporter(Protocol):
    """Either door."""

    async def report(self, fixes: Sequence[FixObject]) -> Result:
        """Up to 1,000 fixes; returns once they are stored. Raises ClientError."""
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *exc_info: object) -> None: ...


def result_from_json(value: Any) -> Result:
    """Raises Rejected when it is not an answer to a report."""
    try:
        refused = tuple(
            Refused(index=int(one["index"]), reason=str(one["reason"]), detail=str(one["detail"]))
            for one in value["refused"]
        )
        return Result(stored=int(value["stored"]), duplicates=int(value["duplicates"]), refused=refused)
    except (KeyError, TypeError, ValueError) as error:
        raise Rejected(f"the server's answer cannot be read: {error!r}") from error
