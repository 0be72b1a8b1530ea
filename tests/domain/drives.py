"""Made-up days of a vehicle of which every stop is known, seen through a tracker of some quality."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

import numpy as np
from hypothesis import strategies as st

from tracking.domain.journey import Readings
from tracking.domain.quality import Floats
from tracking.domain.rest import Fixes

START_MS = 1_795_000_000_000
LAT, LON = 57.7, 11.95
M_PER_DEGREE = 111_195.08


@dataclass(frozen=True, slots=True)
class Park:
    """At rest for so long. `is_silent`: the tracker reports its beginning and then sleeps to its end."""

    seconds: float
    is_silent: bool = False


@dataclass(frozen=True, slots=True)
class Drive:
    """At 12 m/s in a direction (degrees), speeding up and slowing down at 1.5 m/s²."""

    metres: float
    towards_deg: float = 90.0
    top_mps: float = 12.0


@dataclass(frozen=True, slots=True)
class Jam:
    """Stop and go: `go_m` every `wait_s` of standing."""

    seconds: float
    wait_s: float = 45.0
    go_m: float = 40.0
    towards_deg: float = 90.0


Part = Park | Drive | Jam


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracker:
    """How the truth is seen. `jitter_m`: of each axis, fading over `memory_s` (0: anew with each fix). `spikes`: how
    many of the fixes lie elsewhere; none is the first or last of a stop, which would cost an interval more.
    """

    every_s: float = 1.0
    jitter_m: float = 0.0
    memory_s: float = 0.0
    spikes: float = 0.0
    spike_m: float = 800.0
    seed: int = 1


PERFECT = Tracker()


@dataclass(frozen=True, slots=True)
class Truth:
    """`stops`: start and end in ms of every rest of two minutes or more; `jams` as well."""

    readings: Readings
    stops: list[tuple[int, int]]
    jams: list[tuple[int, int]]
    distance_m: float


def day(parts: Sequence[Part], tracker: Tracker = PERFECT) -> Truth:
    """The parts one after the other."""
    seconds, x, y, silent, stops, jams = _motion(parts)
    chance = np.random.default_rng(tracker.seed)
    at_s = np.arange(chance.uniform(0, min(tracker.every_s, 5)), seconds[-1], tracker.every_s)
    for start, end in silent:
        at_s = np.append(at_s[(at_s < start) | (at_s >= end)], start)
    at_s.sort()
    east, north = np.interp(at_s, seconds, x), np.interp(at_s, seconds, y)
    east, north = east + _jitter(at_s, tracker, chance), north + _jitter(at_s, tracker, chance)
    is_spike = chance.random(len(at_s)) < tracker.spikes
    is_spike[1:] &= ~is_spike[:-1]
    for moment in {moment for stop in stops for moment in stop}:
        is_spike &= abs(at_s * 1000 + START_MS - moment) > 1500 * tracker.every_s
    east[is_spike] += tracker.spike_m
    times = START_MS + np.rint(at_s * 1000).astype(np.int64)
    readings = readings_of(times, LAT + north / M_PER_DEGREE, LON + east / M_PER_DEGREE / cos(radians(LAT)))
    return Truth(readings, stops, jams, sum(part.metres for part in parts if isinstance(part, Drive)))


def readings_of(times: object, lats: object, lons: object) -> Readings:
    """Speed and accuracy unknown."""
    fixes = Fixes(np.asarray(times, np.int64), np.asarray(lats, float), np.asarray(lons, float))
    unknown = np.full(len(fixes.times), np.nan)
    return Readings(fixes, unknown, unknown)


def _jitter(at_s: Floats, tracker: Tracker, chance: np.random.Generator) -> Floats:
    fresh = chance.normal(0, tracker.jitter_m, len(at_s))
    if not tracker.memory_s:
        return fresh
    kept = np.exp(-np.diff(at_s, prepend=at_s[0]) / tracker.memory_s)
    drift = np.empty(len(at_s))
    last = fresh[0]
    for index, (share, news) in enumerate(zip(kept, fresh, strict=True)):
        last = drift[index] = share * last + (1 - share * share) ** 0.5 * news
    return drift


def _motion(
    parts: Sequence[Part],
) -> tuple[Floats, Floats, Floats, list[tuple[float, float]], list[tuple[int, int]], list[tuple[int, int]]]:
    """Corners of the way in time and place, silences, stops and jams; speed is even between corners half a second apart."""
    corners: list[tuple[float, float, float]] = [(0.0, 0.0, 0.0)]
    silent, stops, jams = [], [], []
    for part in parts:
        begin_s = corners[-1][0]
        if isinstance(part, Park):
            _stand(corners, part.seconds)
            if part.is_silent:
                silent.append((begin_s, begin_s + part.seconds))
            if part.seconds >= 120:
                stops.append((START_MS + round(begin_s * 1000), START_MS + round(corners[-1][0] * 1000)))
        elif isinstance(part, Drive):
            _go(corners, part.metres, part.towards_deg, part.top_mps)
        else:
            while corners[-1][0] < begin_s + part.seconds:
                _go(corners, part.go_m, part.towards_deg, 5.0)
                _stand(corners, part.wait_s)
            jams.append((START_MS + round(begin_s * 1000), START_MS + round(corners[-1][0] * 1000)))
    seconds, x, y = (np.array(column) for column in zip(*corners, strict=True))
    return seconds, x, y, silent, stops, jams


def _stand(corners: list[tuple[float, float, float]], seconds: float) -> None:
    at_s, x, y = corners[-1]
    corners.append((at_s + seconds, x, y))


def _go(corners: list[tuple[float, float, float]], metres: float, towards_deg: float, top_mps: float) -> None:
    begin_s, x, y = corners[-1]
    push = 1.5
    ramp_m = min(metres / 2, top_mps**2 / 2 / push)
    top = (2 * push * ramp_m) ** 0.5
    ramp_s, whole_s = top / push, 2 * top / push + (metres - 2 * ramp_m) / top
    for at_s in np.linspace(0, whole_s, max(2, int(whole_s * 2)))[1:]:
        left_s = whole_s - at_s
        if at_s <= ramp_s:
            way = push * at_s**2 / 2
        elif left_s <= ramp_s:
            way = metres - push * left_s**2 / 2
        else:
            way = ramp_m + (at_s - ramp_s) * top
        corners.append((begin_s + at_s, x + way * np.sin(radians(towards_deg)), y + way * np.cos(radians(towards_deg))))


@st.composite
def histories(draw: st.DrawFn) -> Readings:
    """Wild ones: any rhythm from a tenth of a second to a day, places that recur, spikes, crawls."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    count = draw(st.integers(2, 900))
    rhythms = chance.choice([100, 1_000, 10_000, 60_000, 240_000, 3_600_000, 86_400_000], 6)
    gaps = np.rint(chance.choice(rhythms, count) * chance.uniform(0.5, 1.5, count)).astype(np.int64) + 1
    steps = chance.choice([0.0, 0.0, 3.0, 15.0, 60.0, 400.0, 4000.0], count, p=chance.dirichlet(np.full(7, 0.7)))
    turns = chance.uniform(0, 2 * np.pi, count)
    home = chance.random(count) < chance.uniform(0, 0.1)
    north, east = np.cumsum(steps * np.cos(turns)), np.cumsum(steps * np.sin(turns))
    north[home], east[home] = 0, 0
    return readings_of(START_MS + np.cumsum(gaps), LAT + np.round(north / 111_195, 7), LON + np.round(east / 59_400, 7))
