"""Trips and stops of a vehicle: a pure function of its fixes, and which of them to look at again when some arrive late.

A stop is a rest of `stop_s` or more (see `rest`); trips lie between stops. Every decision looks at the fixes of some minutes
around it, so a part of the track judged anew gives what the whole track gives (see `rerun_window`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple, TypeAlias

import numpy as np

from tracking.domain.distance import SMOOTH_MS, path_m
from tracking.domain.geo import distance_m, distances_m, legs_m
from tracking.domain.quality import Bools, Floats, Ints
from tracking.domain.rest import Fixes, Manner, believable, legs_at_rest, rested_s, runs, smoothed

EXCURSION_MS = 60_000  # a burst of bad fixes is over sooner; no drive away and back is
NEAR_M = 15.0  # so far around the middle of its fixes a vehicle is still at the place where it rests, and further
SPREAD = 2.5  # by so many times the median distance of its fixes: 98 of 100 are nearer where jitter is normal
IDLE_MPS = 1.0
SPEED_SPAN_MS = 7_000  # speeds are measured from so long before a leg to so long after it: jitter of 5 m is 0.5 m/s
DENSE_SPAN_S = 30.0  # over a longer span the measured speed is a mean, and says nothing against a higher one
REPORTED_OVER = 1.3  # a reported speed may be so many times the measured one, and 3 m/s more
REPORTED_OVER_MPS = 3.0
REACH_MS = 900_000  # twice the longest time over which a fix decides about another
REACH_STOPS = 4  # and it decides about others over fewer fixes; every stop has one of its own

Place: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """`is_open`: it lasts as far as is known."""

    start_ms: int
    end_ms: int
    lat: float
    lon: float
    is_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """`moving_s`, `idle_s` and `unseen_s` (in gaps) make up its time. `is_open`: it goes on as far as is known."""

    start_ms: int
    end_ms: int
    start: Place
    end: Place
    distance_m: float
    moving_s: float
    idle_s: float
    unseen_s: float
    max_speed_mps: float
    is_open: bool = False


class Readings(NamedTuple):
    """The columns of a track that trips are made of; nan is unknown."""

    fixes: Fixes
    speeds_mps: Floats
    accuracies_m: Floats


class Window(NamedTuple):
    """What lies from `from_ms` to `to_ms` is to be judged anew, by the fixes from `load_from_ms` to `load_to_ms`; None has no end."""

    load_from_ms: int | None
    from_ms: int | None
    to_ms: int | None
    load_to_ms: int | None


EVERYTHING = Window(None, None, None, None)


def item_id(vehicle: int, item: Stop | Trip) -> str:
    """The same as long as it starts at the same moment."""
    return f"{'stop' if isinstance(item, Stop) else 'trip'}-{vehicle}-{item.start_ms}"


def detect(readings: Readings, manner: Manner, window: Window = EVERYTHING) -> list[Stop | Trip]:
    """By time, without holes between the first and the last fix.

    With a window made by `rerun_window`: the part of the whole answer from the stop at its beginning to the one at its end.
    """
    return items_of(Journey(readings, manner), window)


def items_of(journey: "Journey", window: Window = EVERYTHING) -> list[Stop | Trip]:
    """As `detect`."""
    fixes, manner = journey.fixes, journey.manner
    if len(fixes.times) < 2:
        return []
    rests = _rests(fixes, manner)
    stops = [rest for rest in rests if rest.end_ms - rest.start_ms >= manner.stop_s * 1000]
    return _within(list(_items(journey, _with_ends(fixes, stops, manner))), window)


class _Rest(NamedTuple):
    """At rest from the fix `first` to the fix `last`; `came` and `left` are where it was in the first and last two minutes."""

    first: int
    last: int
    came: Place
    left: Place
    start_ms: int = 0
    end_ms: int = 0


def _rests(fixes: Fixes, manner: Manner) -> list[_Rest]:
    """In time order, with their times; some are too short to be stops."""
    at_rest = legs_at_rest(fixes, manner)
    begins, ends = (bounds.tolist() for bounds in runs(at_rest))
    befores, afters = [-1, *ends], [*begins, len(fixes.times)][1:]
    found = sorted(
        [
            *(_settled(fixes, manner, *run) for run in zip(begins, ends, befores, afters, strict=False)),
            *(_Rest(fix, fix, place, place) for fix, place in _silent_places(fixes, manner, at_rest)),
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


def _settled(fixes: Fixes, manner: Manner, begin: int, end: int, before: int, after: int) -> _Rest:
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
    return _Rest(first, last, came.place, left.place) if first <= last else _Rest(begin, end, came.place, left.place)


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


def _joined(fixes: Fixes, manner: Manner, rests: Sequence[_Rest]) -> list[_Rest]:
    """What bad fixes or a few metres cut apart is one rest."""
    joined: list[_Rest] = []
    for rest in rests:
        if joined and _is_one(fixes, manner, joined[-1], rest):
            joined[-1] = joined[-1]._replace(last=rest.last, left=rest.left)
        else:
            joined.append(rest)
    return joined


def _is_one(fixes: Fixes, manner: Manner, rest: _Rest, following: _Rest) -> bool:
    """Depends on the end of the one and the beginning of the other only."""
    between = slice(rest.last + 1, following.first)
    way_m = distance_m(*rest.left, *following.came)
    is_brief = following.first - rest.last <= 2 or fixes.times[following.first] - fixes.times[rest.last] <= EXCURSION_MS
    if way_m <= manner.rest_m and is_brief:
        return True
    return way_m <= manner.trip_m and not _gets_away(fixes, manner, rest.left, between)


def _gets_away(fixes: Fixes, manner: Manner, place: Place, part: slice) -> bool:
    return bool((distances_m(*place, fixes.lats[part], fixes.lons[part]) > manner.trip_m).any())


def _timed(fixes: Fixes, manner: Manner, rests: Sequence[_Rest]) -> list[_Rest]:
    """Between two fixes it is assumed to have driven as fast as beside them, and to have rested the rest of the time."""
    timed: list[_Rest] = []
    for rest in rests:
        start_ms, end_ms = fixes.times.item(rest.first), fixes.times.item(rest.last)
        if rest.first > 0 and not (timed and timed[-1].last == rest.first - 1):
            start_ms -= round(1000 * rested_s(fixes, rest.first - 1, step=-1, least_mps=manner.cruise_mps))
        if rest.last + 1 < len(fixes.times):
            end_ms += round(1000 * rested_s(fixes, rest.last, step=1, least_mps=manner.cruise_mps))
        timed.append(rest._replace(start_ms=start_ms, end_ms=end_ms))
    return timed


def _with_ends(fixes: Fixes, stops: list[_Rest], manner: Manner) -> list[_Rest]:
    """A beginning or an end that never got away from the stop beside it belongs to that stop."""
    if not stops:
        return stops
    first, last = stops[0], stops[-1]
    if not _gets_away(fixes, manner, first.came, slice(0, first.first)):
        stops[0] = first._replace(first=0, start_ms=fixes.times.item(0))
    if not _gets_away(fixes, manner, last.left, slice(last.last, None)):
        stops[-1] = stops[-1]._replace(last=len(fixes.times) - 1, end_ms=fixes.times.item(-1))
    return stops


class Legs(NamedTuple):
    """Of a trip. `knots_ms`: when each began, and the last one ended; `ways_m` in smoothed positions."""

    knots_ms: Ints
    ways_m: Floats
    speeds_mps: Floats
    is_idle: Bools
    is_unseen: Bools

    def seconds(self, chosen: Bools) -> Floats:
        """How long each leg took; 0 where it is not chosen."""
        return np.where(chosen, np.diff(self.knots_ms) / 1000, 0.0)


class Journey:
    """The believable fixes of a track, with what trips need of them."""

    def __init__(self, readings: Readings, manner: Manner) -> None:
        good = believable(readings.fixes, manner, readings.accuracies_m)
        self.fixes = readings.fixes.where(good)
        self.smooth = smoothed(self.fixes, SMOOTH_MS)
        self.manner = manner
        self._measure(readings.speeds_mps[good])

    def _measure(self, reported_mps: Floats) -> None:
        fixes, times = self.fixes, self.fixes.times
        first = np.searchsorted(times, times[:-1] - SPEED_SPAN_MS, side="left")
        last = np.searchsorted(times, times[1:] + SPEED_SPAN_MS, side="right") - 1
        ways_m = distances_m(fixes.lats[first], fixes.lons[first], fixes.lats[last], fixes.lons[last])
        spans_s = (times[last] - times[first]) / 1000
        self.leg_speeds_mps: Floats = ways_m / spans_s
        allowed_mps = np.where(
            spans_s <= DENSE_SPAN_S, REPORTED_OVER * self.leg_speeds_mps + REPORTED_OVER_MPS, self.manner.plausible_mps
        )
        after, before = np.append(allowed_mps, 0), np.append(0, allowed_mps)
        is_good = reported_mps <= np.maximum(after, before)
        self.reported_mps: Floats = np.where(is_good, reported_mps, 0)

    def trip(self, first: int, last: int, *, start_ms: int, end_ms: int, is_open: bool) -> Trip:
        """From the last fix of a stop to the first of the next."""
        fixes = self.fixes
        legs = self.legs(first, last, start_ms=start_ms, end_ms=end_ms)
        lats, lons = fixes.lats[first : last + 1], fixes.lons[first : last + 1]
        unseen_s, idle_s = (float(legs.seconds(chosen).sum()) for chosen in (legs.is_unseen, legs.is_idle))
        return Trip(
            start_ms=start_ms,
            end_ms=end_ms,
            start=(lats.item(0), lons.item(0)),
            end=(lats.item(-1), lons.item(-1)),
            distance_m=path_m(self.smooth.lats[first : last + 1], self.smooth.lons[first : last + 1]),
            moving_s=max(0.0, (end_ms - start_ms) / 1000 - idle_s - unseen_s),
            idle_s=idle_s,
            unseen_s=unseen_s,
            max_speed_mps=max(float(legs.speeds_mps.max()), float(self.reported_mps[first : last + 1].max())),
            is_open=is_open,
        )

    def legs(self, first: int, last: int, *, start_ms: int, end_ms: int) -> Legs:
        """Between two fixes; the time outside of the trip is left out."""
        fixes = slice(first, last + 1)
        knots_ms = np.clip(self.fixes.times[fixes], start_ms, end_ms)
        speeds_mps = self.leg_speeds_mps[first:last]
        is_unseen = np.diff(knots_ms) > self.manner.silence_s * 1000
        is_idle = (speeds_mps < IDLE_MPS) & ~is_unseen
        is_idle[[0, -1]] = False  # partly spent at the stop
        ways_m = legs_m(self.smooth.lats[fixes], self.smooth.lons[fixes])
        return Legs(knots_ms, ways_m, speeds_mps, is_idle, is_unseen)


def _items(journey: Journey, stops: Sequence[_Rest]) -> Iterator[Stop | Trip]:
    times = journey.fixes.times
    newest = len(times) - 1
    if not stops:
        trip = journey.trip(0, newest, start_ms=times.item(0), end_ms=times.item(-1), is_open=True)
        if trip.distance_m > 0:
            yield trip
        return
    first, last = stops[0], stops[-1]
    if first.first > 0:
        yield journey.trip(0, first.first, start_ms=times.item(0), end_ms=first.start_ms, is_open=False)
    for stop, following in zip(stops, [*stops[1:], None], strict=True):
        yield _stop(stop, is_open=stop.last == newest)
        if following is not None and stop.end_ms < following.start_ms:
            yield journey.trip(
                stop.last, following.first, start_ms=stop.end_ms, end_ms=following.start_ms, is_open=False
            )
    if last.last < newest:
        yield journey.trip(last.last, newest, start_ms=last.end_ms, end_ms=times.item(-1), is_open=True)


def _stop(rest: _Rest, *, is_open: bool) -> Stop:
    lat, lon = rest.came
    return Stop(start_ms=rest.start_ms, end_ms=rest.end_ms, lat=lat, lon=lon, is_open=is_open)


def _within(items: list[Stop | Trip], window: Window) -> list[Stop | Trip]:
    from_ms, to_ms = window.from_ms, window.to_ms
    return [
        item
        for item in items
        if (from_ms is None or item.start_ms >= from_ms) and (to_ms is None or item.end_ms <= to_ms)
    ]


def rerun_window(stops: Sequence[Stop], from_ms: int, to_ms: int) -> Window:
    """For fixes that arrived with from ≤ time ≤ to; `stops` are those known around them, by time.

    A fix decides about others less than REACH_MS away, or less than REACH_STOPS fixes away, whichever is further.
    """
    starts = [stop.start_ms for stop in stops]
    ends = [-stop.end_ms for stop in reversed(stops)]
    first = _further(starts, from_ms)
    last = _further(ends, -to_ms)
    return Window(
        None if first is None else _further(starts, first),
        first,
        None if last is None else -last,
        None if last is None or (further := _further(ends, last)) is None else -further,
    )


def _further(moments: Sequence[int], moment: int) -> int | None:
    """The last of the rising moments that is REACH_STOPS before, and REACH_MS before that one."""
    before = [one for one in moments if one < moment]
    if len(before) < REACH_STOPS:
        return None
    near = before[-REACH_STOPS] - REACH_MS
    return max((one for one in before if one <= near), default=None)
