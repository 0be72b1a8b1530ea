"""Fewer fixes that still tell where a vehicle was at any time (top-down time ratio, Meratnia and de By 2004).

Between two kept fixes a vehicle is taken to move evenly; a fix's error is its distance from where it would then have been at its time.
"""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tracking.domain.geo import DEGREE_M
from tracking.domain.quality import Bools, Floats, Ints
from tracking.domain.rest import Fixes

Complexes: TypeAlias = NDArray[np.complex128]

FIRST_FLOOR_M = 20.0  # above which a day in a town has about 1,000 fixes that matter
LAST_FLOOR_M = 0.01  # positions are stored to a centimetre


class TooFewPoints(ValueError):
    """More fixes are ends of lines than may be kept."""


def within_tolerance(fixes: Fixes, starts: Ints, tolerance_m: float) -> Ints:
    """Which fixes to keep, by index, so that no error is larger; both ends of each line among them.

    `starts`: the fixes with which lines begin, the first among them.
    """
    return np.flatnonzero(importances(fixes, starts, tolerance_m) > tolerance_m)


def at_most(fixes: Fixes, starts: Ints, max_points: int) -> tuple[Ints, float]:
    """Those that matter most, and an error that none of the others exceeds. Raises TooFewPoints."""
    if len(fixes.times) <= max_points:
        return np.arange(len(fixes.times)), 0.0
    needed = int(_is_end(fixes, starts).sum())
    if needed > max_points:
        raise TooFewPoints(f"must be at least {needed:,}: both ends of {len(starts):,} lines are kept")
    found = importances(fixes, starts, FIRST_FLOOR_M, more_than=max_points)
    tolerance_m = float(np.partition(found, -max_points - 1)[-max_points - 1])
    return np.flatnonzero(found > tolerance_m), max(tolerance_m, LAST_FLOOR_M)


def _is_end(fixes: Fixes, starts: Ints) -> Bools:
    """Of a line."""
    found = np.zeros(len(fixes.times), dtype=np.bool_)
    found[starts] = True
    found[starts[1:] - 1] = True
    found[-1:] = True
    return found


class _Pieces(NamedTuple):
    """From the fixes `begins` to `ends`; the fix `cuts` has the largest error inside. `caps`: the least error of the cuts above."""

    begins: Ints
    cuts: Ints
    ends: Ints
    errors: Floats
    caps: Floats

    def where(self, chosen: Bools) -> "_Pieces":
        return _Pieces(
            self.begins[chosen], self.cuts[chosen], self.ends[chosen], self.errors[chosen], self.caps[chosen]
        )

    def joined(self, other: "_Pieces") -> "_Pieces":
        return _Pieces(
            np.concatenate((self.begins, other.begins)),
            np.concatenate((self.cuts, other.cuts)),
            np.concatenate((self.ends, other.ends)),
            np.concatenate((self.errors, other.errors)),
            np.concatenate((self.caps, other.caps)),
        )


def importances(fixes: Fixes, starts: Ints, floor_m: float, *, more_than: int = 0) -> Floats:
    """Of each fix the tolerance from which on it may be left out: infinite at ends, 0 for those that the floor lets go.

    Level by level, all pieces of a level at once: the fix with the largest error cuts its piece, and matters no more than the
    cuts above it. The floor sinks until more than `more_than` fixes are above it.
    """
    found = np.where(_is_end(fixes, starts), np.inf, 0.0)
    track = _Track.of(fixes)
    (kept,) = np.nonzero(found)
    pieces = track.measured(kept[:-1], kept[1:], np.full(max(0, len(kept) - 1), np.inf))
    while True:
        is_open = pieces.errors > floor_m
        cut, closed = pieces.where(is_open), pieces.where(~is_open)
        if len(cut.cuts):
            caps = np.minimum(cut.caps, cut.errors)
            found[cut.cuts] = caps
            begins, ends = np.concatenate((cut.begins, cut.cuts)), np.concatenate((cut.cuts, cut.ends))
            pieces = track.measured(begins, ends, np.concatenate((caps, caps))).joined(closed)
        elif np.count_nonzero(found) > more_than or floor_m <= LAST_FLOOR_M:
            return found
        else:
            floor_m = max(floor_m / 4, LAST_FLOOR_M)


class _Track(NamedTuple):
    """Metres to the north and (imaginary) to the east along the equator; `squeezes` shortens the latter."""

    times: Floats
    places: Complexes
    squeezes: Floats

    @classmethod
    def of(cls, fixes: Fixes) -> "_Track":
        times: Floats = (fixes.times - fixes.times[:1]).astype(np.float64)
        places: Complexes = DEGREE_M * (fixes.lats + 1j * np.unwrap(fixes.lons, period=360)).astype(np.complex128)
        return cls(times, places, np.cos(np.radians(fixes.lats)))

    def measured(self, begins: Ints, ends: Ints, caps: Floats) -> _Pieces:
        """Pieces without a fix inside are left out."""
        has_inner = ends - begins > 1
        begins, ends, caps = begins[has_inner], ends[has_inner], caps[has_inner]
        if not len(begins):
            return _Pieces(begins, begins, ends, caps, caps)
        lengths = ends - begins - 1
        starts = np.cumsum(lengths) - lengths
        inner = np.repeat(begins + 1 - starts, lengths) + np.arange(int(lengths.sum()))
        squares = self._squared_errors(inner, lengths, begins, ends)
        largest = np.maximum.reduceat(squares, starts)
        hits = np.flatnonzero(squares == np.repeat(largest, lengths))
        owners = np.searchsorted(starts, hits, side="right") - 1
        cuts = inner[hits[np.flatnonzero(np.diff(owners, prepend=-1))]]
        return _Pieces(begins, cuts, ends, np.sqrt(largest), caps)

    def _squared_errors(self, inner: Ints, lengths: Ints, begins: Ints, ends: Ints) -> Floats:
        slopes = (self.places[ends] - self.places[begins]) / (self.times[ends] - self.times[begins])
        elapsed = self.times[inner] - np.repeat(self.times[begins], lengths)
        misses = self.places[inner] - np.repeat(self.places[begins], lengths) - np.repeat(slopes, lengths) * elapsed
        squares: Floats = misses.real**2 + (misses.imag * self.squeezes[inner]) ** 2
        return squares
