"""How a vehicle moves along a line: where it is and how fast at any time, as closed formulas.

Between two points it speeds up, keeps the limit and slows down; the speed at each point is the highest from which it can
still slow down for the next bend, light or end. So speed is the true derivative of the way, and a question costs one bisection.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import atan2, cos, degrees, hypot, inf, pi, radians, sqrt, tan
from typing import NamedTuple

from tracking.domain.geo import EARTH_RADIUS_M

M_PER_DEGREE = EARTH_RADIUS_M * pi / 180
SIDEWAYS_MPS2 = 2.0  # comfortable in a bend
LONGEST_CUT_M = 12.0  # of each street that a bend takes up
CRAWL_MPS = 1.5  # around the sharpest corner


class Manner(NamedTuple):
    """How a kind of vehicle is driven."""

    speeding_up_mps2: float
    slowing_down_mps2: float
    top_mps: float


class Moment(NamedTuple):
    """`course_deg` is None at rest."""

    lat: float
    lon: float
    speed_mps: float
    course_deg: float | None


class Piece(NamedTuple):
    """The way between two points of a line."""

    length_m: float
    course_deg: float
    limit_mps: float


class Motion:
    """A drive along `points` (lat, lon; no two equal in a row), from rest to rest.

    `limits_mps` has one limit for each piece between two points; `rests_s` maps the index of a point to a halt there.
    """

    def __init__(
        self,
        points: Sequence[tuple[float, float]],
        limits_mps: Sequence[float],
        rests_s: dict[int, float],
        manner: Manner,
    ) -> None:
        self._points = points
        self._manner = manner
        self._pieces = [
            Piece(*_way(a, b), min(limit, manner.top_mps))
            for (a, b), limit in zip(pairwise(points), limits_mps, strict=True)
        ]
        self._speeds_mps = _speeds(self._pieces, rests_s, manner)
        self._rests_s = rests_s
        durations_s = [self._drive_s(i) + rests_s.get(i, 0.0) for i in range(len(self._pieces))]
        self._starts_s = list(accumulate(durations_s, initial=0.0))

    @property
    def duration_s(self) -> float:
        return self._starts_s[-1]

    def at(self, time_s: float) -> Moment:
        """Before the start and after the end it rests there."""
        i = bisect_right(self._starts_s, time_s) - 1
        if i < 0 or i >= len(self._pieces):
            return Moment(*self._points[0 if i < 0 else -1], 0.0, None)
        driven_s = time_s - self._starts_s[i] - self._rests_s.get(i, 0.0)
        if driven_s < 0:
            return Moment(*self._points[i], 0.0, None)
        piece = self._pieces[i]
        way_m, speed_mps = self._along(i, driven_s)
        share = min(1.0, way_m / piece.length_m)
        (lat_a, lon_a), (lat_b, lon_b) = self._points[i], self._points[i + 1]
        lat, lon = lat_a + share * (lat_b - lat_a), lon_a + share * (lon_b - lon_a)
        return Moment(lat, lon, speed_mps, piece.course_deg if speed_mps > 0 else None)

    def _drive_s(self, i: int) -> float:
        speeding_s, keeping_s, slowing_s, _ = self._phases(i)
        return speeding_s + keeping_s + slowing_s

    def _phases(self, i: int) -> tuple[float, float, float, float]:
        """How long it speeds up, keeps its speed and slows down on a piece, and the highest speed."""
        first, last, (length_m, _, limit_mps) = self._speeds_mps[i], self._speeds_mps[i + 1], self._pieces[i]
        up, down, _ = self._manner
        top = min(limit_mps, sqrt((2 * up * down * length_m + down * first**2 + up * last**2) / (up + down)))
        top = max(top, first, last)
        ramps_m = (top**2 - first**2) / (2 * up) + (top**2 - last**2) / (2 * down)
        return (top - first) / up, max(0.0, length_m - ramps_m) / top, (top - last) / down, top

    def _along(self, i: int, driven_s: float) -> tuple[float, float]:
        """How far it came on a piece, and its speed."""
        speeding_s, keeping_s, slowing_s, top = self._phases(i)
        up, down, _ = self._manner
        if driven_s < speeding_s:
            first = self._speeds_mps[i]
            return first * driven_s + up * driven_s**2 / 2, first + up * driven_s
        left_s = max(0.0, speeding_s + keeping_s + slowing_s - driven_s)
        if left_s < slowing_s:
            last = self._speeds_mps[i + 1]
            return self._pieces[i].length_m - last * left_s - down * left_s**2 / 2, last + down * left_s
        return self._pieces[i].length_m - self._slowing_m(i, top) - (left_s - slowing_s) * top, top

    def _slowing_m(self, i: int, top: float) -> float:
        return (top**2 - self._speeds_mps[i + 1] ** 2) / (2 * self._manner.slowing_down_mps2)


def _way(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float]:
    """Length in metres and course in degrees, on the plane that touches the earth there."""
    north_m = (b[0] - a[0]) * M_PER_DEGREE
    east_m = (b[1] - a[1]) * M_PER_DEGREE * cos(radians((a[0] + b[0]) / 2))
    return hypot(north_m, east_m), degrees(atan2(east_m, north_m)) % 360


def _speeds(pieces: Sequence[Piece], rests_s: dict[int, float], manner: Manner) -> list[float]:
    """The speed at each point."""
    inner = [0.0 if i in rests_s else bend_mps(a, b) for i, (a, b) in enumerate(pairwise(pieces), start=1)]
    speeds = [0.0, *inner, 0.0]
    for i in range(len(pieces) - 1, -1, -1):
        braked_mps = sqrt(speeds[i + 1] ** 2 + 2 * manner.slowing_down_mps2 * pieces[i].length_m)
        speeds[i] = min(speeds[i], braked_mps)
    for i, piece in enumerate(pieces):
        gained_mps = sqrt(speeds[i] ** 2 + 2 * manner.speeding_up_mps2 * piece.length_m)
        speeds[i + 1] = min(speeds[i + 1], gained_mps)
    return speeds


def bend_mps(before: Piece, after: Piece) -> float:
    """The speed from one piece to the next: within both limits, and slow enough for the circle that touches both."""
    limit_mps = min(before.limit_mps, after.limit_mps)
    turn_deg = abs((after.course_deg - before.course_deg + 180) % 360 - 180)
    cut_m = min(before.length_m / 2, after.length_m / 2, LONGEST_CUT_M)
    radius_m = inf if turn_deg < 1 else cut_m / tan(radians(min(turn_deg, 175)) / 2)
    return min(limit_mps, max(CRAWL_MPS, sqrt(SIDEWAYS_MPS2 * radius_m)))
