"""Thinned fixes of many vehicles as columns: at most one a vehicle and step, steps being counted from 1970."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import NamedTuple, Self, TypeAlias

import numpy as np

from tracking.domain.quality import Bools, Ints

ThinRow: TypeAlias = tuple[int, int, int, int]
"""vehicle, fix_time_ms, lat and lon in 1e-7 degrees."""


class Thinned(NamedTuple):
    """By vehicle and time: ids, ms since 1970 UTC, 1e-7 degrees."""

    vehicles: Ints
    times: Ints
    lats: Ints
    lons: Ints

    @classmethod
    def of(cls, rows: Sequence[ThinRow]) -> Self:
        flat = np.fromiter(chain.from_iterable(rows), np.int64, 4 * len(rows))
        return cls(*np.ascontiguousarray(flat.reshape(-1, 4).T))

    @classmethod
    def joined(cls, parts: Iterable[Self]) -> Self:
        """In whatever order they come; at least one."""
        columns = cls(*map(np.concatenate, zip(*parts, strict=True)))
        return columns if columns.is_in_order() else columns.chosen(np.lexsort((columns.times, columns.vehicles)))

    def is_in_order(self) -> bool:
        steps = np.diff(self.vehicles)
        return bool(((steps > 0) | (steps == 0) & (np.diff(self.times) >= 0)).all())

    def chosen(self, rows: Ints | Bools) -> Self:
        return type(self)(*(column[rows] for column in self))

    def first_of_steps(self, step_ms: int) -> Self:
        steps = self.times // step_ms
        return self.chosen((np.diff(self.vehicles, prepend=-1) != 0) | (np.diff(steps, prepend=-1) != 0))

    def slices(self) -> Iterator[tuple[int, slice]]:
        """Of each vehicle its rows."""
        starts = np.flatnonzero(np.diff(self.vehicles, prepend=-1)).tolist()
        for start, end in pairwise([*starts, len(self.vehicles)]):
            yield self.vehicles.item(start), slice(start, end)

    def rows(self) -> list[ThinRow]:
        return list(zip(*(column.tolist() for column in self), strict=True))
