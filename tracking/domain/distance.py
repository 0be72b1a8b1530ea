"""How far a vehicle drove: spikes do not count, jitter at rest does not add up, and gaps are told.

A way is the sum of those of the hours, so that what an hour adds can be kept beside it: legs are judged by fixes of the hour and of the
two beside it only.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain, pairwise, takewhile
from typing import NamedTuple, TypeAlias

import numpy as np

from tracking.domain.geo import DEGREE_M, distance_m, distances_m
from tracking.domain.hours import HOUR_MS, hours_of
from tracking.domain.quality import Floats, Ints
from tracking.domain.rest import MANNERS, MAX_ACCURACY_M, Fixes, Manner, believable, legs_at_rest, runs, smoothed

GAP_MS = 300_000  # a tracker that reports every four minutes has none, one that lost two reports has
SMOOTH_MS = 2_000  # jitter of a second's sampling is halved, and a bend cut by a few metres
REACH_MS = 600_000  # a leg is judged by fixes less far away: five minutes for crawls, two for rests, and a smoothing
REACH_FIXES = 8  # or by so many; an hour with fewer says nothing about those beside it
STEP_M = 20.0  # shorter steps wait for the next fix, since a receiver's jitter is as long
MOST_HOURS = 6  # judged at once: 21,600 fixes where there is one a second

Moment: TypeAlias = tuple[int, float, float]
"""Time in ms, lat, lon."""


class HourWay(NamedTuple):
    """Of an hour with REACH_FIXES or more. `seam_m`: from its last fix to the first of the next hour, when that has as many."""

    inner_m: float
    seam_m: float
    first: Moment
    last: Moment


class _Hour(NamedTuple):
    """Parts of its fixes in time order; none are needed where its way is kept, and those of the hours beside it."""

    number: int
    parts: list[Fixes]
    way: HourWay | None

    @property
    def is_thin(self) -> bool:
        return self.way is None and sum(len(part.times) for part in self.parts) < REACH_FIXES

    @property
    def first(self) -> Moment:
        return _moment(self.parts[0], 0) if self.way is None else self.way.first

    @property
    def last(self) -> Moment:
        return _moment(self.parts[-1], -1) if self.way is None else self.way.last

    def joins(self, following: "_Hour") -> bool:
        """Whether both are judged together."""
        if self.is_thin or following.is_thin:
            return self.is_thin and following.is_thin
        return self.number + 1 == following.number


class Odometer:
    """Counts legs with both ends in from ≤ time < to of a track that comes in time order, in parts, with what lies beside the range.

    `kept`: ways of hours in the range, by hour since 1970; of such hours only those beside another one have to come.
    """

    def __init__(
        self,
        manner: Manner = MANNERS["other"],
        *,
        kept: Mapping[int, HourWay] | None = None,
        counted: tuple[int, int] = (0, 1 << 42),
    ) -> None:
        self._manner = manner
        self.kept = kept or {}
        self._coming = sorted(self.kept, reverse=True)
        self._counted = counted
        self._before: _Hour | None = None
        self._waiting: list[_Hour] = []
        self._distance_m = 0.0

    def needs(self, first: int, last: int) -> bool:
        """False for fixes of hours from first to last of which nothing is to be judged."""
        return any(hour not in self.kept for hour in range(first - 1, last + 2))

    def add(self, fixes: Fixes, accuracies_m: Floats) -> None:
        """nan is an unknown accuracy."""
        is_good = ~(accuracies_m > MAX_ACCURACY_M)
        good = fixes if is_good.all() else fixes.where(is_good)
        for hour, begin, end in hours_of(good.times):
            self._expect(hour)
            if not self._waiting or self._waiting[-1].number != hour:
                self._waiting.append(_Hour(hour, [], self.kept.get(hour)))
            if not {hour - 1, hour, hour + 1} <= self.kept.keys():
                self._waiting[-1].parts.append(good.part(begin, end))
        self._count(is_end=False)

    def total_m(self) -> float:
        """Of all that came. Gaps are crossed straight, so it was at least so far."""
        self._expect(1 << 42)
        self._count(is_end=True)
        return self._distance_m

    def _expect(self, hour: int) -> None:
        """The kept ones up to it."""
        while self._coming and self._coming[-1] <= hour:
            number = self._coming.pop()
            self._waiting.append(_Hour(number, [], self.kept[number]))

    def _count(self, *, is_end: bool) -> None:
        """Hours of which the next one is known as well."""
        while known := self._waiting if is_end else self._waiting[:-1]:
            group = _judged_together(known)
            if len(group) == len(known) and not is_end:
                if len(group) <= MOST_HOURS or group[0].is_thin:
                    return
                group.pop()
            following = known[len(group)] if len(group) < len(known) else None
            if self._before is not None and not self._before.joins(group[0]):
                self._distance_m += self._straight_m(self._before, group[0])
            for way_m in self._ways_m(group, following):
                self._distance_m += way_m
            self._before = group[-1]
            del self._waiting[: len(group)]

    def _straight_m(self, hour: _Hour, following: _Hour) -> float:
        (_, *from_), (_, *to) = hour.last, following.first
        way_m = distance_m(*from_, *to)
        return way_m if way_m > self._manner.rest_m and self._is_counted(hour, following) else 0.0

    def _is_counted(self, hour: _Hour, following: _Hour | None) -> bool:
        """The leg between them."""
        from_ms, to_ms = self._counted
        return following is not None and hour.last[0] >= from_ms and following.first[0] < to_ms

    def _ways_m(self, group: list[_Hour], following: _Hour | None) -> list[float]:
        """Of each of its hours."""
        kept = group[0].way
        if kept is not None:
            return [kept.inner_m + (kept.seam_m if self._is_counted(group[0], following) else 0.0)]
        before = self._before if self._before is not None and self._before.joins(group[0]) else None
        after = following if following is not None and group[-1].joins(following) else None
        inner_m, seams_m = _ways_m(
            _with_context(
                [] if before is None else before.parts,
                [part for hour in group for part in hour.parts],
                [] if after is None else after.parts,
            ),
            self._manner,
            self._counted,
        )
        return [inner_m[hour.number] + seams_m[hour.number] for hour in group]


def hour_way(before: Fixes, inside: Fixes, after: Fixes, manner: Manner) -> HourWay | None:
    """Of an hour, by the usable fixes of it and of the hours beside it; None when it has too few."""
    if len(inside.times) < REACH_FIXES:
        return None
    before, after = (part if len(part.times) >= REACH_FIXES else part.where(part.times < 0) for part in (before, after))
    inner_m, seams_m = _ways_m(_with_context([before], [inside], [after]), manner, (0, 1 << 42))
    hour = inside.times.item(0) // HOUR_MS
    return HourWay(inner_m[hour], seams_m[hour], _moment(inside, 0), _moment(inside, -1))


def judged_by(from_ms: int, to_ms: int) -> tuple[int, int]:
    """The time in which fixes have a say in how far it was between these two: their hours, and those beside."""
    return max(0, from_ms // HOUR_MS - 1) * HOUR_MS, ((to_ms - 1) // HOUR_MS + 2) * HOUR_MS


def line_starts(times: Ints, before_ms: int | None = None) -> Ints:
    """Where a drawn line begins anew: the fixes after gaps, and the first unless `before_ms` is near before it."""
    if not len(times):
        return np.zeros(0, dtype=np.int64)
    elapsed_ms = np.diff(times, prepend=times[0] - GAP_MS - 1 if before_ms is None else before_ms)
    return np.flatnonzero(elapsed_ms > GAP_MS)


def path_m(lats: Floats, lons: Floats) -> float:
    """Along smoothed positions, from one to the next that is STEP_M or more away, and to the last."""
    if len(lats) < 2:
        return 0.0
    chosen = _steps(lats, lons)
    return float(distances_m(lats[chosen[:-1]], lons[chosen[:-1]], lats[chosen[1:]], lons[chosen[1:]]).sum())


def _judged_together(hours: Sequence[_Hour]) -> list[_Hour]:
    """The first of them, and those that follow it."""
    first = hours[0]
    if first.way is not None:
        return [first]
    pairs = pairwise(hours)
    more = takewhile(lambda pair: pair[0].joins(pair[1]) and pair[1].way is None, pairs)
    return [first, *(following for _, following in more)]


def _with_context(before: list[Fixes], inside: list[Fixes], after: list[Fixes]) -> Fixes:
    """As much of what lies beside as has a say: after a silence that is what is near the other end of its leg."""
    times, lats, lons = zip(*chain(before, inside, after), strict=True)
    fixes = Fixes(np.concatenate(times), np.concatenate(lats), np.concatenate(lons))
    count = len(fixes.times)
    begin = sum(len(part.times) for part in before)
    end = begin + sum(len(part.times) for part in inside)
    low = min(begin - REACH_FIXES, int(np.searchsorted(fixes.times, fixes.times[begin] - REACH_MS)))
    nearest_end = min(end + REACH_FIXES, count)
    high = int(np.searchsorted(fixes.times, fixes.times[nearest_end - 1] + REACH_MS, side="right"))
    return fixes.part(max(0, low), high)


def _ways_m(fixes: Fixes, manner: Manner, counted: tuple[int, int]) -> tuple[dict[int, float], dict[int, float]]:
    """By hour: between its fixes, and from its last one to the next."""
    good = fixes.where(believable(fixes, manner))
    hours = good.times // HOUR_MS
    is_driven = ~legs_at_rest(good, manner) & (good.times[:-1] >= counted[0]) & (good.times[1:] < counted[1])
    is_inner = hours[:-1] == hours[1:]
    smooth = smoothed(good, SMOOTH_MS)
    inner_m: dict[int, float] = defaultdict(float)
    seams_m: dict[int, float] = defaultdict(float)
    for begin, end in zip(*(bounds.tolist() for bounds in runs(is_driven & is_inner)), strict=True):
        inner_m[hours.item(begin)] += path_m(smooth.lats[begin : end + 1], smooth.lons[begin : end + 1])
    for leg in np.flatnonzero(is_driven & ~is_inner).tolist():
        seams_m[hours.item(leg)] += path_m(smooth.lats[leg : leg + 2], smooth.lons[leg : leg + 2])
    return inner_m, seams_m


def _moment(fixes: Fixes, index: int) -> Moment:
    return fixes.times.item(index), fixes.lats.item(index), fixes.lons.item(index)


def _steps(lats: Floats, lons: Floats) -> list[int]:
    """On a plane per step: a few centimetres decide nothing here."""
    least = (STEP_M / DEGREE_M) ** 2
    squeeze = np.cos(np.radians(lats)) ** 2
    east, chosen = lons.tolist(), [0]
    lat, lon = lats.item(0), east[0]
    for index, (next_lat, next_lon, squeezed) in enumerate(zip(lats.tolist(), east, squeeze.tolist(), strict=True)):
        north, away = next_lat - lat, next_lon - lon
        if north * north + away * away * squeezed >= least:
            chosen.append(index)
            lat, lon = next_lat, next_lon
    if chosen[-1] != len(east) - 1:
        chosen.append(len(east) - 1)
    return chosen
