"""Many fixes of one vehicle, or one each of many, as columns of the integers that are stored."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple, Self

import numpy as np

from tracking.domain.quality import Bools, Floats, Ints
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


class OneEach(NamedTuple):
    """A fix of each of some vehicles, by their ids; units as in Columns."""

    vehicles: Ints
    times: Ints
    lats: Ints
    lons: Ints
    speeds: Ints
    courses: Ints
    accuracies: Ints

    @classmethod
    def of(cls, rows: Sequence[Sequence[int]]) -> Self:
        flat = np.fromiter(chain.from_iterable(rows), np.int64, len(cls._fields) * len(rows))
        return cls(*np.ascontiguousarray(flat.reshape(-1, len(cls._fields)).T))

    @classmethod
    def nearest(cls, parts: Iterable[Self], *, newest: bool) -> Self:
        """In order of vehicles, of each the newest or oldest; of the same time that of the earlier part. At least one part."""
        joined = cls(*map(np.concatenate, zip(*parts, strict=True)))
        if (np.diff(joined.vehicles) > 0).all():
            return joined
        order = np.lexsort((-joined.times if newest else joined.times, joined.vehicles))
        return joined.chosen(order[np.diff(joined.vehicles[order], prepend=-1) != 0])

    def of_vehicles(self, vehicles: Ints) -> Self:
        """A row for each of them: its own, or where it has none any other, or UNKNOWN. These are in order of vehicles."""
        if not len(self.vehicles):
            return type(self)(*np.full((len(self), len(vehicles)), UNKNOWN))
        return self.chosen(np.minimum(np.searchsorted(self.vehicles, vehicles), len(self.vehicles) - 1))

    def chosen(self, rows: Ints | Bools) -> Self:
        return type(self)(*(column[rows] for column in self))


def fixes_of(columns: Columns) -> Fixes:
    return Fixes(columns.times, columns.lats / 1e7, columns.lons / 1e7)


def known(values: Ints, unit: float) -> Floats:
    """`values` in units of which one is `unit` stored ones; nan where unknown."""
    return np.where(values == UNKNOWN, np.nan, values / unit)


def known_or_none(values: Ints, unit: int) -> list[float | None]:
    """As `known`; None where unknown."""
    return [None if value == UNKNOWN else value / unit for value in values.tolist()]
