"""Where and when a vehicle stopped: rests (see `rest`) with their places and times, joined where bad fixes cut them apart."""

from collections.abc import Iterator, Sequence
from statistics import median
from typing import NamedTuple, TypeAlias

import numpy as np

from tracking.domain.geo import distance_m, distances_m
from tracking.domain.quality import Bools, Floats
from tracking.domain.rest import Fixes, Manner, legs_at_rest, rested_s, runs

EXCURSION_MS = 60_000  # a burst of bad fixes is over sooner; no drive away and back is
NEAR_M = 15.0  # so far around the middle of its fixes a vehicle is still at the place where it rests, and further
SPREAD = 2.5  # by so many times the median distance of its fixes: 98 of 100 are nearer where jitter is normal

Place: TypeAlias = tuple[float, float]
"""lat, lon."""


class Rest(NamedTuple):
    """At rest from the fix `first` to the fix `last`; `came` and `left` are where it was in the first and last two minutes."""

    first: int
    last: int
    came: Place
    left: Place
    start_ms: int = 0
    end_ms: int = 0


def find_stops(fixes: Fixes, manner: Manner) -> list[Rest]:
    """Rests of `stop_s` or more, in time order."""
    rests = _rests(fixes, manner)
    stops = [rest for rest in rests if rest.end_ms - rest.start_ms >= manner.stop_s * 1000]
    return _with_ends(fixes, stops, manner)


def _rests(fixes: Fixes, manner: Manner) -> list[Rest]:
    """In time order, with their times; some are too short to be stops."""
    at_rest = legs_at_rest(fixes, manner)
    begins, ends = (bounds.tolist() for bounds in runs(at_rest))
    befores, afters = [-1, *ends], [*begins, len(fixes.times)][1:]
    found = sorted(
        [
            *(_settled(fixes, manner, *run) for run in zip(begins, ends, befores, afters, strict=False)),
            *(Rest(fix, fix, place, place) for fix, place in _silent_places(fixes, manner, at_rest)),
        ]
    )
    return _timed(fixes, manner, _joined(fixes, manner, found))


def _silent_places(fixes: Fixes, manner: Manner, at_rest: Bools) -> Iterator[tuple[int, Place]]:
    """Fixes after which the vehicle fell silent for longer than it needed to the next one."""
    is_long = np.diff(fixes.times) >= manner.silence_s * 1000
    for fix in np.flatnonzero(is_long & ~at_rest).tolist():
        continues = fix > 0 and at_rest[fix - 1]
        if not continues and rested_s(fixes, fix, step=1, least_mps=manner.cruise_mps) >= manner.silence_s:
            yield fix, (fixes.lats.item(fix), fixes.lons.item(fix))


def _settled(fixes: Fixes, manner: Manner, begin: int, end: int, before: int, after: int) -> Rest:
    """Without the last metres of the way there and the first of the way on, and with the fixes beside the run that are near.

    `before` and `after` are the fixes beside it that belong to other runs.
    """
    stop_ms = manner.stop_s * 1000
    head = min(end, int(np.searchsorted(fixes.times, fixes.times[begin] + stop_ms, side="right")) - 1) + 1
    tail = max(begin, int(np.searchsorted(fixes.times, fixes.times[end] - stop_ms, side="left")))
    came, left = _Spot.of(fixes, begin, head), _Spot.of(fixes, tail, end + 1)
    earliest = max(before + 1, int(np.searchsorted(fixes.times, fixes.times[begin] - stop_ms, side="left")))
    latest = min(after, int(np.searchsorted(fixes.times, fixes.times[end] + stop_ms, side="right")))
    earliest = begin - _streak(came.ways_m(fixes, earliest, begin)[::-1] <= manner.rest_m)
    latest = end + 1 + _streak(left.ways_m(fixes, end + 1, latest) <= manner.rest_m)
    first = earliest + int((came.ways_m(fixes, earliest, head) <= came.near_m).argmax())
    last = latest - 1 - int((left.ways_m(fixes, tail, latest)[::-1] <= left.near_m).argmax())
    return Rest(first, last, came.place, left.place) if first <= last else Rest(begin, end, came.place, left.place)


def _streak(flags: Bools) -> int:
    """How many are True from the beginning on."""
    return len(flags) if flags.all() else int(flags.argmin())


class _Spot(NamedTuple):
    """Where a vehicle rested, and how far around it its fixes lie."""

    place: Place
    near_m: float

    @classmethod
    def of(cls, fixes: Fixes, begin: int, end: int) -> "_Spot":
        """The middle of some fixes."""
        lats, lons = fixes.lats[begin:end], fixes.lons[begin:end]
        east = (lons - lons[0] + 180) % 360 - 180
        lat = round(median(lats.tolist()), 7)
        lon = round((lons.item(0) + median(east.tolist()) + 180) % 360 - 180, 7)
        return cls((lat, lon), max(NEAR_M, SPREAD * median(distances_m(lat, lon, lats, lons).tolist())))

    def ways_m(self, fixes: Fixes, begin: int, end: int) -> Floats:
        return distances_m(*self.place, fixes.lats[begin:end], fixes.lons[begin:end])


def _joined(fixes: Fixes, manner: Manner, rests: Sequence[Rest]) -> list[Rest]:
    """What bad fixes or a few metres cut apart is one rest."""
    joined: list[Rest] = []
    for rest in rests:
        if joined and _is_one(fixes, manner, joined[-1], rest):
            joined[-1] = joined[-1]._replace(last=rest.last, left=rest.left)
        else:
            joined.append(rest)
    return joined


def _is_one(fixes: Fixes, manner: Manner, rest: Rest, following: Rest) -> bool:
    """Depends on the end of the one and the beginning of the other only."""
    between = slice(rest.last + 1, following.first)
    way_m = distance_m(*rest.left, *following.came)
    is_brief = following.first - rest.last <= 2 or fixes.times[following.first] - fixes.times[rest.last] <= EXCURSION_MS
    if way_m <= manner.rest_m and is_brief:
        return True
    return way_m <= manner.trip_m and not _gets_away(fixes, manner, rest.left, between)


def _gets_away(fixes: Fixes, manner: Manner, place: Place, part: slice) -> bool:
    return bool((distances_m(*place, fixes.lats[part], fixes.lons[part]) > manner.trip_m).any())


def _timed(fixes: Fixes, manner: Manner, rests: Sequence[Rest]) -> list[Rest]:
    """Between two fixes it is assumed to have driven as fast as beside them, and to have rested the rest of the time."""
    timed: list[Rest] = []
    for rest in rests:
        start_ms, end_ms = fixes.times.item(rest.first), fixes.times.item(rest.last)
        if rest.first > 0 and not (timed and timed[-1].last == rest.first - 1):
            start_ms -= round(1000 * rested_s(fixes, rest.first - 1, step=-1, least_mps=manner.cruise_mps))
        if rest.last + 1 < len(fixes.times):
            end_ms += round(1000 * rested_s(fixes, rest.last, step=1, least_mps=manner.cruise_mps))
        timed.append(rest._replace(start_ms=start_ms, end_ms=end_ms))
    return timed


def _with_ends(fixes: Fixes, stops: list[Rest], manner: Manner) -> list[Rest]:
    """A beginning or an end that never got away from the stop beside it belongs to that stop."""
    if not stops:
        return stops
    first, last = stops[0], stops[-1]
    if not _gets_away(fixes, manner, first.came, slice(0, first.first)):
        stops[0] = first._replace(first=0, start_ms=fixes.times.item(0))
    if not _gets_away(fixes, manner, last.left, slice(last.last, None)):
        stops[-1] = stops[-1]._replace(last=len(fixes.times) - 1, end_ms=fixes.times.item(-1))
    return stops
