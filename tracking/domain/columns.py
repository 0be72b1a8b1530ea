"""Many fixes of one vehicle as columns of the integers that are stored."""

from collections.abc import Iterable
from typing import NamedTuple, Self

import numpy as np

from tracking.domain.quality import Floats, Ints
from tracking.domain.rest import Fixes

UNKNOWN = -1
"""A speed, course or accuracy that is not known; no known one is negative."""


class Columns(NamedTuple):
    """In time order: ms since 1970 UTC, 1e-7 degrees, mm/s, 0.01 degrees, cm."""

    times: Ints
    lats: Ints
    lons: Ints
    speeds: Ints
    courses: Ints
    accuracies: Ints

    @classmethod
    def of(cls, *columns: Iterable[int | None]) -> Self:
        """None is unknown."""
        return cls(*(np.array([UNKNOWN if one is None else one for one in column], np.int64) for column in columns))

    @classmethod
    def joined(cls, parts: Iterable[Self]) -> Self:
        """One after the other; at least one."""
        return cls(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def fixes_of(columns: Columns) -> Fixes:
    return Fixes(columns.times, columns.lats / 1e7, columns.lons / 1e7)


def known(values: Ints, unit: float) -> Floats:
    """`values` in units of which one is `unit` stored ones; nan where unknown."""
    return np.where(values == UNKNOWN, np.nan, values / unit)
