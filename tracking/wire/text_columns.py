"""Columns of stored integers as text, thousands of rows at once: bytes are looked up in tables, not made one number at a time.

A row is laid out in parts of fixed width; what a value does not fill is PAD, and falls out at the end.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tracking.domain.columns import UNKNOWN
from tracking.domain.quality import Bools, Ints

PAD = b"\0"
DAY_MS = 86_400_000
Cells: TypeAlias = NDArray[np.uint8]
Part: TypeAlias = bytes | Cells
"""The same bytes in every row, or those of each row."""
Words: TypeAlias = NDArray[Any]


def _table(texts: Sequence[str], width: int) -> Words:
    """A number of `width` bytes (2, 4 or 8) for each text, right-aligned: one number is looked up as fast as one byte."""
    return np.frombuffer("".join(text.rjust(width, "\0") for text in texts).encode(), f"<u{width}")


DIGITS = {
    2: _table([f"{number:02}" for number in range(100)], 2),
    3: _table([f"{number:03}" for number in range(1_000)], 4),
    4: _table([f"{number:04}" for number in range(10_000)], 4),
}
WHOLE = _table([*map(str, range(181)), *(f"-{number}" for number in range(181))], 4)
LARGE = _table([*map(str, range(100_001))], 8)
CLOCK = _table([f"{h:02}:{m:02}:{s:02}" for h in range(24) for m in range(60) for s in range(60)], 8)


def written(*parts: Part) -> bytes:
    """Rows one after the other."""
    count = next(len(part) for part in parts if not isinstance(part, bytes))
    widths = [len(part) if isinstance(part, bytes) else part.shape[1] for part in parts]
    rows = np.empty((count, sum(widths)), dtype=np.uint8)
    at = 0
    for part, width in zip(parts, widths, strict=True):
        rows[:, at : at + width] = np.frombuffer(part, np.uint8) if isinstance(part, bytes) else part
        at += width
    return rows.tobytes().translate(None, PAD)


def _cells(table: Words, indexes: Ints) -> Cells:
    return table[indexes].view(np.uint8).reshape(len(indexes), -1)


def times_text(times_ms: Ints) -> tuple[Part, ...]:
    """RFC 3339 in UTC with three digits of a second."""
    days, in_day = np.divmod(times_ms, DAY_MS)
    seconds, milliseconds = np.divmod(in_day, 1000)
    first = int(days.min())
    dates = np.datetime_as_string(np.arange(first, int(days.max()) + 1).view("datetime64[D]")).astype("S10")
    day_cells = dates[days - first].view(np.uint8).reshape(-1, 10)
    return day_cells, b"T", _cells(CLOCK, seconds), b".", _cells(DIGITS[3], milliseconds), b"Z"


def degrees_text(values_e7: Ints) -> tuple[Part, ...]:
    """Seven decimals."""
    whole, rest = np.divmod(np.abs(values_e7), 10_000_000)
    upper, lower = np.divmod(rest, 10_000)
    sign = np.where(values_e7 < 0, 181, 0)
    return _cells(WHOLE, whole + sign), b".", _cells(DIGITS[3], upper), _cells(DIGITS[4], lower)


def measures_text(values: Ints, decimals: int, *, unknown: bytes = b"") -> tuple[Part, ...]:
    """Non-negative values with two or three decimals; `unknown` is at most eight bytes."""
    whole, rest = np.divmod(np.maximum(values, 0), 10**decimals)
    is_unknown = values == UNKNOWN
    upper, dot, lower = LARGE[whole], np.full((len(values), 1), b".", "S1").view(np.uint8), DIGITS[decimals][rest]
    if is_unknown.any():
        upper[is_unknown] = int.from_bytes(unknown.rjust(8, PAD), "little")
        dot[is_unknown], lower[is_unknown] = 0, 0
    return tuple(part.view(np.uint8).reshape(len(values), -1) for part in (upper, dot, lower))


def only_where(chosen: Bools, *parts: Part) -> tuple[Part, ...]:
    """The parts, and nothing in other rows."""
    if chosen.all():
        return parts
    flags = chosen[:, None].astype(np.uint8)
    return tuple((np.frombuffer(part, np.uint8) if isinstance(part, bytes) else part) * flags for part in parts)
