"""Visits as the fixes tell them: hysteresis against jitter, the time at the border, regions passed through between two fixes.

Visits are a function of a vehicle's fixes in time order, whenever each arrived; `docs/decisions/0006` says why so.
"""

from collections.abc import Iterable
from typing import NamedTuple

from tracking.domain.fix import Fix
from tracking.domain.geo import DEGREE_M
from tracking.domain.quality import is_jump, is_within
from tracking.domain.regions import NOWHERE, RegionIndex

NARROW_MARGIN_M = 15.0  # what a phone under open sky errs by, and the accuracy assumed of a fix that tells none
WIDE_MARGIN_M = 200.0  # a fix by radio cells alone must not hold a vehicle in a region for ever
INTERPOLATE_UP_TO_MS = 600_000  # in a longer silence the vehicle may have stood anywhere on the way
PASS_UP_TO_MS = 120_000  # in a longer one it may have gone round
PASS_FROM_M = 50.0  # a shorter step cuts a corner at most, and a receiver's noise makes many


class Stay(NamedTuple):
    """One visit. `seen_ms` is the fix that proved that the region was left; it and `exit_ms` are None while it lasts."""

    region: int
    enter_ms: int
    exit_ms: int | None = None
    seen_ms: int | None = None

    def covers(self, time_ms: int) -> bool:
        """Whether a vehicle with a fix at that time is in the region."""
        return self.enter_ms <= time_ms and (self.seen_ms is None or time_ms < self.seen_ms)


class KeptVisit(NamedTuple):
    """A visit as it is stored, with the events that told of it; `id` is None before that."""

    id: int | None
    stay: Stay
    enter_event: int | None = None
    exit_event: int | None = None


def margin_m(fix: Fix) -> float:
    """How far outside a fix has to lie to tell that the vehicle has left."""
    accuracy_m = NARROW_MARGIN_M if fix.accuracy_m is None else fix.accuracy_m
    return min(max(accuracy_m, NARROW_MARGIN_M), WIDE_MARGIN_M)


def has_left(index: RegionIndex, region: int, fix: Fix) -> bool:
    """For a fix outside of the region."""
    return not index.is_near(region, (fix.lat, fix.lon), margin_m(fix))


def changes_nothing(index: RegionIndex, last: Fix, fix: Fix, regions: frozenset[int], place: frozenset[int]) -> bool:
    """Whether a vehicle in `regions` with a fix at `last` and the next in `place` goes on as it was, for sure."""
    if (
        place is not regions
        and place != regions
        and not (place <= regions and not any(has_left(index, r, fix) for r in regions - place))
    ):
        return False
    if (abs(last.lat - fix.lat) + abs(last.lon - fix.lon)) * DEGREE_M < PASS_FROM_M:  # is_within, without a call
        return True
    return not is_jump(last, fix) and not _passed(index, last, fix, besides=regions)


class Walk:
    """Follows a vehicle from fix to fix; `last` lies inside of all its `regions`, whose visits began before.

    `closed` are visits that ended, `begun` times of those that go on and began here. An `enter_ms` of None: before.
    """

    def __init__(self, index: RegionIndex, last: Fix | None = None, regions: frozenset[int] = NOWHERE) -> None:
        self._index = index
        self._leaving: dict[int, int] = {}
        self.last = last
        self.regions = regions
        self.begun: dict[int, int] = {}
        self.closed: list[tuple[int, int | None, int, int]] = []

    @property
    def is_inside(self) -> bool:
        """Whether the last fix lies inside of every region in which the vehicle is."""
        return not self._leaving

    def go(self, fixes: Iterable[Fix], places: Iterable[frozenset[int]]) -> None:
        """`fixes` without spikes; `places` are the regions each lies in."""
        for fix, place in zip(fixes, places, strict=True):
            self.step(fix, place)

    def step(self, fix: Fix, place: frozenset[int]) -> None:
        last, before = self.last, self.regions
        if place != before or self._leaving:
            self._leave(fix, place)
            self._come_back(place)
            self._enter(fix, place - before)
        if last is not None and not is_within(last, fix, PASS_FROM_M):
            self._pass(last, fix, besides=before | place)
        self.last = fix

    def _leave(self, fix: Fix, place: frozenset[int]) -> None:
        assert self.last is not None or not self.regions
        for region in sorted(self.regions - place):
            if self.last is not None and region not in self._leaving:
                self._leaving[region] = exit_ms(self._index, region, self.last, fix)
            if has_left(self._index, region, fix):
                self.closed.append((region, self.begun.pop(region, None), self._leaving.pop(region), fix.fix_time_ms))
                self.regions -= {region}

    def _come_back(self, place: frozenset[int]) -> None:
        for region in place & self._leaving.keys():
            del self._leaving[region]

    def _enter(self, fix: Fix, entered: frozenset[int]) -> None:
        for region in entered:
            self.begun[region] = enter_ms(self._index, region, self.last, fix)
        self.regions |= entered

    def _pass(self, last: Fix, fix: Fix, *, besides: frozenset[int]) -> None:
        if is_jump(last, fix):
            return
        for region, enter, exit_ in _passed(self._index, last, fix, besides=besides):
            self.closed.append((region, enter, exit_, fix.fix_time_ms))


def enter_ms(index: RegionIndex, region: int, last: Fix | None, fix: Fix) -> int:
    """When the vehicle came over the border to `fix`, which lies inside."""
    if last is None or not _is_straight(last, fix, INTERPOLATE_UP_TO_MS):
        return fix.fix_time_ms
    spans = index.spans(region, (last.lat, last.lon), (fix.lat, fix.lon))
    return max(last.fix_time_ms + 1, _time_at(spans[-1][0], last, fix)) if spans else fix.fix_time_ms


def exit_ms(index: RegionIndex, region: int, last: Fix, fix: Fix) -> int:
    """When the vehicle came over the border from `last`, which lies inside."""
    if not _is_straight(last, fix, INTERPOLATE_UP_TO_MS):
        return last.fix_time_ms
    spans = index.spans(region, (last.lat, last.lon), (fix.lat, fix.lon))
    return min(fix.fix_time_ms, _time_at(spans[0][1], last, fix)) if spans else last.fix_time_ms


def _passed(index: RegionIndex, last: Fix, fix: Fix, *, besides: frozenset[int]) -> list[tuple[int, int, int]]:
    """Region, enter and exit of those that the way between two fixes outside of them crosses."""
    if not _is_straight(last, fix, PASS_UP_TO_MS):
        return []
    a, b = (last.lat, last.lon), (fix.lat, fix.lon)
    found = []
    for region in index.crossed(a, b, besides=besides):
        if spans := index.spans(region, a, b):
            enter, exit_ = _time_at(spans[0][0], last, fix), _time_at(spans[-1][1], last, fix)
            if last.fix_time_ms < enter < exit_ < fix.fix_time_ms:
                found.append((region, enter, exit_))
    return found


def _is_straight(last: Fix, fix: Fix, up_to_ms: int) -> bool:
    """Whether the way between two fixes may be taken as a line on the map: soon enough, possible, not over the date line."""
    return (
        fix.fix_time_ms - last.fix_time_ms <= up_to_ms
        and abs(fix.lon - last.lon) <= 180
        and (fix.lat, fix.lon) != (last.lat, last.lon)
        and not is_jump(last, fix)
    )


def _time_at(part: float, last: Fix, fix: Fix) -> int:
    return last.fix_time_ms + round(part * (fix.fix_time_ms - last.fix_time_ms))


def regions_at(stays: Iterable[Stay], time_ms: int) -> frozenset[int]:
    """Where a vehicle with a fix at that time was."""
    return frozenset(stay.region for stay in stays if stay.covers(time_ms))
