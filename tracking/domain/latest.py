"""The newest known state of a vehicle, and what new fixes make of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tracking.domain.fix import Fix
from tracking.domain.regions import NOWHERE
from tracking.domain.status import Status, is_moving, status_of


class Latest(NamedTuple):
    """`rest_ms`: since when it rests, None while it moves or when unknown; `regions`: the ids it lies in."""

    fix: Fix
    status: Status | None
    rest_ms: int | None
    regions: frozenset[int]


class Crossing(NamedTuple):
    """A vehicle entered or left a region at `time_ms`, the time of the first fix on the other side."""

    vehicle: int
    region: int
    time_ms: int
    entered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a commit did: the new latest states, and crossings in time order per vehicle."""

    latest: dict[int, Latest] = field(default_factory=dict)
    crossings: list[Crossing] = field(default_factory=list)


def advance(known: Mapping[int, Latest], fixes: Sequence[Fix], places: Sequence[frozenset[int]]) -> Changes:
    """Applies fixes in time order on top of the known states; late fixes change nothing.

    `places` gives the regions of each fix, in the same order. Of two fixes with one time the first counts.
    """
    changes = Changes()
    latest = changes.latest
    for i in sorted(range(len(fixes)), key=lambda i: fixes[i].fix_time_ms):
        fix, regions = fixes[i], places[i]
        before = latest.get(fix.vehicle) or known.get(fix.vehicle)
        if before is not None and fix.fix_time_ms <= before.fix.fix_time_ms:
            continue
        latest[fix.vehicle] = _next(before, fix, regions)
        if before is None or regions is not before.regions:
            _cross(changes.crossings, fix, NOWHERE if before is None else before.regions, regions)
    return changes


def _next(before: Latest | None, fix: Fix, regions: frozenset[int]) -> Latest:
    moving = is_moving(fix, None if before is None else before.fix)
    rest_ms = None
    if moving is False:
        rest_ms = fix.fix_time_ms if before is None or before.rest_ms is None else before.rest_ms
    return Latest(fix, status_of(fix, moving=moving, rest_ms=rest_ms), rest_ms, regions)


def _cross(crossings: list[Crossing], fix: Fix, old: frozenset[int], new: frozenset[int]) -> None:
    crossings += [Crossing(fix.vehicle, region, fix.fix_time_ms, False) for region in sorted(old - new)]
    crossings += [Crossing(fix.vehicle, region, fix.fix_time_ms, True) for region in sorted(new - old)]
