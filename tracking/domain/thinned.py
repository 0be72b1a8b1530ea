"""Thinned fixes of many vehicles as columns: at most one a vehicle and step, steps being counted from 1970."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import NamedTuple, Self, TypeAlias

import numpy as np

from tracking.domain.columns import OneEach
from tracking.domain.quality import Bools, Ints
from tracking.domain.sealed_hour import Places

TIME_BITS = 42  # milliseconds until the year 2109

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
    def of_each(cls, ends: OneEach) -> Self:
        """In order of vehicles, as they are."""
        return cls(ends.vehicles, ends.times, ends.lats, ends.lons)

    @classmethod
    def of_hours(cls, vehicles: Sequence[int], hours: Sequence[Places]) -> Self:
        """Whole hours of those vehicles, one each; a vehicle may have several."""
        lengths = [len(hour.times) for hour in hours]
        return cls(np.repeat(np.array(vehicles, np.int64), lengths), *map(np.concatenate, zip(*hours, strict=True)))

    @classmethod
    def joined(cls, parts: Iterable[Self]) -> Self:
        """In whatever order they come; at least one."""
        columns = cls(*map(np.concatenate, zip(*parts, strict=True)))
        return columns if columns.is_in_order() else columns.chosen(np.argsort(columns._keys(), kind="stable"))

    def is_in_order(self) -> bool:
        return bool((np.diff(self._keys()) >= 0).all())

    def _keys(self) -> Ints:
        """Numbers in the same order. What is in order in parts is sorted by one key in the time of a merge."""
        return self.vehicles << TIME_BITS | self.times

    def chosen(self, rows: Ints | Bools | slice) -> Self:
        return type(self)(*(column[rows] for column in self))

    def within(self, from_ms: int, to_ms: int) -> Self:
        """From ≤ time < to."""
        is_within = (self.times >= from_ms) & (self.times < to_ms)
        return self if is_within.all() else self.chosen(is_within)

    def first_of_steps(self, step_ms: int) -> Self:
        steps = self.times // step_ms
        is_first = (np.diff(self.vehicles, prepend=-1) != 0) | (np.diff(steps, prepend=-1) != 0)
        return self if is_first.all() else self.chosen(is_first)

    def starts(self) -> Ints:
        """Of each vehicle its first row."""
        return np.flatnonzero(np.diff(self.vehicles, prepend=-1))

    def places_e5(self) -> tuple[Ints, Ints]:
        """Lats and lons in 1e-5 degrees, half ones to the even one."""
        lats, lons = (np.rint(column / 100).astype(np.int64) for column in (self.lats, self.lons))
        return lats, lons

    def slices(self) -> Iterator[tuple[int, slice]]:
        """Of each vehicle its rows."""
        for start, end in pairwise([*self.starts().tolist(), len(self.vehicles)]):
            yield self.vehicles.item(start), slice(start, end)

    def rows(self) -> list[ThinRow]:
        return list(zip(*(column.tolist() for column in self), strict=True))
