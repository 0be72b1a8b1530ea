"""The newest known state of a vehicle, and what new fixes make of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tracking.domain.fix import Fix
from tracking.domain.regions import NOWHERE, RegionIndex
from tracking.domain.status import Status, is_moving, status_of
from tracking.domain.visits import changes_nothing


class Latest(NamedTuple):
    """`rest_ms`: since when it rests, None while it moves or when unknown; `regions`: the ids of those in which it is.

    `moved_ms`: the store's clock when the regions changed last; larger than at any change before.
    """

    fix: Fix
    status: Status | None
    rest_ms: int | None
    regions: frozenset[int]
    moved_ms: int = 0


class Standing(NamedTuple):
    """Where a vehicle is; of two the one with the larger `moved_ms` is newer."""

    regions: frozenset[int] = NOWHERE
    moved_ms: int = 0


SOMEWHERE = Standing()  # older than all that is known


class Doubt(NamedTuple):
    """Newer fixes of a vehicle, in order, from the first that may change its visits; `before` is the state they follow."""

    before: Latest | None
    fixes: list[Fix]
    places: list[frozenset[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """New latest states, and of every vehicle whose regions changed those that it left."""

    latest: dict[int, Latest] = field(default_factory=dict)
    left: dict[int, frozenset[int]] = field(default_factory=dict)


def advance(
    known: Mapping[int, Latest], fixes: Sequence[Fix], places: Sequence[frozenset[int]], index: RegionIndex
) -> tuple[dict[int, Latest], dict[int, Doubt]]:
    """Applies fixes in time order on top of the known states; late fixes change nothing.

    `places` gives the regions of each fix, in the same order. Of two fixes with one time the first counts. A vehicle in doubt
    keeps its regions: its visits are to be computed.
    """
    latest: dict[int, Latest] = {}
    doubts: dict[int, Doubt] = {}
    for i in sorted(range(len(fixes)), key=lambda i: fixes[i].fix_time_ms):
        fix, place = fixes[i], places[i]
        vehicle = fix.vehicle
        before = latest.get(vehicle) or known.get(vehicle)
        if before is not None and fix.fix_time_ms <= before.fix.fix_time_ms:
            continue
        latest[vehicle] = _next(before, fix, place)
        if doubts and (doubt := doubts.get(vehicle)) is not None:
            doubt.fixes.append(fix)
            doubt.places.append(place)
        elif not (
            place is NOWHERE if before is None else changes_nothing(index, before.fix, fix, before.regions, place)
        ):
            doubts[vehicle] = Doubt(before, [fix], [place])
    return latest, doubts


def moved(latest: Latest, regions: frozenset[int], *, changed_ms: int) -> Latest:
    """It is in other regions now."""
    return latest._replace(regions=regions, moved_ms=max(changed_ms, latest.moved_ms + 1))


def _next(before: Latest | None, fix: Fix, place: frozenset[int]) -> Latest:
    """In the same regions; by the index's own set, which is told by identity, where it can be."""
    moving = is_moving(fix, None if before is None else before.fix)
    rest_ms = None
    if moving is False:
        rest_ms = fix.fix_time_ms if before is None or before.rest_ms is None else before.rest_ms
    status = status_of(fix, moving=moving, rest_ms=rest_ms)
    if before is None:
        return Latest(fix, status, rest_ms, NOWHERE)
    regions = before.regions
    return Latest(fix, status, rest_ms, place if place == regions else regions, before.moved_ms)
