"""What the address of a stream asks for."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from tracking.domain.errors import BadRequest
from tracking.live import limits
from tracking.transports.http import query_of

LONGEST_WAIT_S = 25.0
CURSOR = re.compile(r"[\w.~-]*", re.ASCII)


def asked_channels(scope: Mapping[str, Any], *, header: bytes) -> dict[str, str]:
    """Each channel with the reader's cursor, "" without one. Raises BadRequest."""
    query = query_of(scope)
    channels = [value for name, value in query if name == "channel"]
    if not channels or len(channels) > limits.CHANNELS or len(set(channels)) < len(channels):
        raise BadRequest("bad_request", f"Name 1 to {limits.CHANNELS} different channels: ?channel=region:haga.")
    told = next((value.decode("latin-1") for name, value in scope["headers"] if name == header), None)
    joined = told if told is not None else next((value for name, value in query if name == "cursor"), "")
    cursors = [one if CURSOR.fullmatch(one) else "" for one in joined.removeprefix("W/").strip('"').split(",")]
    return dict(zip(channels, cursors if len(cursors) == len(channels) else [""] * len(channels), strict=True))


def asked_wait_s(scope: Mapping[str, Any]) -> float:
    """Raises BadRequest."""
    text: Iterable[str] = (value for name, value in query_of(scope) if name == "wait")
    try:
        wait_s = float(next(iter(text), "0"))
    except ValueError:
        wait_s = -1
    if not 0 <= wait_s <= LONGEST_WAIT_S:
        raise BadRequest("bad_request", f"wait must be from 0 to {LONGEST_WAIT_S:.0f} seconds.")
    return wait_s
