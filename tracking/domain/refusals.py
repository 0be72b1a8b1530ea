"""Refused fixes as they are kept: one tally for each device, name and reason."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from tracking.domain.fix import Reason

MAX_NAMED_CHARS = 64
MAX_DETAIL_CHARS = 200


class Origin(NamedTuple):
    """`named` is the slug of the vehicle, or what a gateway called one that nobody knows; empty when it called none."""

    device: int
    named: str
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Times in ms since 1970 UTC; the detail and `fix_time_ms` (None: unknown) are those of the last refused fix."""

    vehicle: int | None
    count: int
    first_ms: int
    last_ms: int
    fix_time_ms: int | None
    detail: str


def added(earlier: Tally | None, later: Tally) -> Tally:
    """Both as one."""
    if earlier is None:
        return later
    return replace(later, count=earlier.count + later.count, first_ms=earlier.first_ms)


def kept_text(text: str, *, most_chars: int) -> str:
    """As any database takes it: no NUL, no half of a surrogate pair."""
    return text[:most_chars].encode("utf-8", "replace").decode().replace("\0", "\ufffd")
