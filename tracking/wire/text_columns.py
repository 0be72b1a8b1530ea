"""Columns of stored integers as text, thousands of rows at once: bytes are looked up in tables, not made one number at a time.

A row is laid out in parts of fixed width, each written as one number; what a value does not fill is PAD, and falls out at the end.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tracking.domain.columns import UNKNOWN
from tracking.domain.quality import Bools, Ints
from tracking.domain.times import DAY_MS

PAD = b"\0"
Words: TypeAlias = NDArray[Any]
"""Bytes of each row, as numbers of 2, 4 or 8 bytes or as byte strings of one length."""
Part: TypeAlias = bytes | Words
"""The same bytes in every row, or those of each row."""


def _table(texts: Sequence[str], width: int) -> Words:
    """A number of `width` bytes (2, 4 or 8) for each text, right-aligned: one number is looked up as fast as one byte."""
    return np.frombuffer("".join(text.rjust(width, "\0") for text in texts).encode(), f"<u{width}")


DIGITS = _table([f"{number:04}" for number in range(10_000)], 4)
DECIMALS = {digits: _table([f".{number:0{digits}}" for number in range(10**digits)], 4) for digits in (2, 3)}
WHOLE = _table([*map(str, range(181)), *(f"-{number}" for number in range(181))], 4)
LARGE = _table([*map(str, range(100_001))], 8)
CLOCK = _table([f"{h:02}:{m:02}:{s:02}" for h in range(24) for m in range(60) for s in range(60)], 8)

NEAR = 1 << 16
"""Measures below it, which most are, are looked up as a whole: 65 m/s, all courses."""


def written(*parts: Part) -> bytes:
    """Rows one after the other."""
    count = next(len(part) for part in parts if not isinstance(part, bytes))
    widths = [len(part) if isinstance(part, bytes) else part.dtype.itemsize for part in parts]
    row = b"".join(part if isinstance(part, bytes) else bytes(width) for part, width in zip(parts, widths, strict=True))
    words = {str(at): (part, sum(widths[:at])) for at, part in enumerate(parts) if not isinstance(part, bytes)}
    layout = np.dtype(
        {
            "names": list(words),
            "formats": [part.dtype for part, _ in words.values()],
            "offsets": [offset for _, offset in words.values()],
            "itemsize": len(row),
        }
    )
    text = bytearray(row) * count
    rows = np.frombuffer(text, layout)
    for name, (part, _) in words.items():
        rows[name] = part
    return bytes(text.translate(None, PAD))


def times_text(times_ms: Ints) -> tuple[Part, ...]:
    """RFC 3339 in UTC with three digits of a second."""
    days = times_ms // DAY_MS
    first, last = int(days.min()), int(days.max())
    dates = np.datetime_as_string(np.arange(first, last + 1).view("datetime64[D]")).astype("S10")
    in_day = (times_ms - days * DAY_MS).astype(np.uint32)
    seconds = in_day // 1000
    date = dates.tobytes() if first == last else dates[days - first]
    return date, b"T", CLOCK.take(seconds), DECIMALS[3].take(in_day - seconds * 1000), b"Z"


def degrees_text(values_e7: Ints) -> tuple[Part, ...]:
    """Seven decimals."""
    unsigned = np.abs(values_e7).astype(np.uint32)
    whole = unsigned // 10_000_000
    rest = unsigned - whole * 10_000_000
    upper = rest // 10_000
    whole += np.uint32(181) * (values_e7 < 0)
    return WHOLE.take(whole), DECIMALS[3].take(upper), DIGITS.take(rest - upper * 10_000)


def measures_text(values: Ints, decimals: int, *, unknown: bytes = b"") -> tuple[Part, ...]:
    """Non-negative values with two or three decimals; `unknown` is at most four bytes."""
    if values.max() < NEAR:
        return (_near(decimals, unknown).take(values),)
    known = np.maximum(values, 0).astype(np.uint32)
    whole = known // 10**decimals
    upper, lower = LARGE.take(whole), DECIMALS[decimals].take(known - whole * 10**decimals)
    is_unknown = values == UNKNOWN
    upper[is_unknown] = _word(unknown)
    lower[is_unknown] = 0
    return upper, lower


@cache
def _near(decimals: int, unknown: bytes) -> Words:
    """Whole and decimals as one number; the last one is what UNKNOWN finds."""
    whole, rest = np.divmod(np.arange(NEAR), 10**decimals)
    texts = LARGE[whole] >> 32 | DECIMALS[decimals][rest].astype("<u8") << 32
    return np.append(texts, np.array(_word(unknown), "<u8"))


def _word(text: bytes) -> int:
    return int.from_bytes(text.rjust(8, PAD), "little")


def only_where(chosen: Bools, *parts: Part) -> tuple[Part, ...]:
    """The parts, and nothing in other rows."""
    if chosen.all():
        return parts
    return tuple(np.where(chosen, part, part[:0] if isinstance(part, bytes) else np.zeros_like(part)) for part in parts)
