"""The newest known state of a vehicle, and what new fixes make of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from tracking.domain.fix import Fix, new_tuple
from tracking.domain.geo import DEGREE_M
from tracking.domain.regions import NOWHERE, RegionIndex
from tracking.domain.status import MOVING_FROM_MPS, Status, is_moving, status_of
from tracking.domain.visits import PASS_FROM_M, changes_nothing


class Latest(NamedTuple):
    """`rest_ms`: since when it rests, None while it moves or when unknown; `regions`: the ids of those in which it is.

    `moved_ms`: the store's clock when the regions changed last; larger than at any change before.
    """

    fix: Fix
    status: Status | None
    rest_ms: int | None
    regions: frozenset[int]
    moved_ms: int = 0


Step: TypeAlias = tuple[Fix, frozenset[int]]
"""A fix, and the regions it lies in."""

UNSEEN = (None, None, None, NOWHERE, 0)
"""What a vehicle without fixes has in place of a `Latest`."""


class Standing(NamedTuple):
    """Where a vehicle is; of two the one with the larger `moved_ms` is newer."""

    regions: frozenset[int] = NOWHERE
    moved_ms: int = 0


SOMEWHERE = Standing()  # older than all that is known


class Doubt(NamedTuple):
    """Newer fixes of a vehicle, in order, from the first that may change its visits; with `last`, the fix before, it was in `regions`."""

    last: Fix | None
    regions: frozenset[int]
    fixes: list[Fix]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """New latest states, and of every vehicle whose regions changed those that it left."""

    latest: dict[int, Latest] = field(default_factory=dict)
    left: dict[int, frozenset[int]] = field(default_factory=dict)


def advance(
    known: Mapping[int, Latest], fixes: Sequence[Fix], places: Sequence[frozenset[int]], index: RegionIndex
) -> tuple[dict[int, Latest], dict[int, Doubt]]:
    """Applies fixes in time order on top of the known states; late fixes change nothing.

    `places` gives the regions of each fix, in the same order, by the index's own sets, which are told by identity. Of two fixes with
    one time the first counts. A vehicle in doubt keeps its regions: its visits are to be computed. What `changes_nothing` and
    `is_moving` would say of a usual step is said here: each fix comes this way.
    """
    latest: dict[int, Latest] = {}
    doubts: dict[int, Doubt] = {}
    for fix, place in _in_order(fixes, places):
        vehicle, time_ms, lat, lon, speed, _, _ = fix
        last, _, rest_ms, regions, moved_ms = latest.get(vehicle) or known.get(vehicle) or UNSEEN
        is_near = False
        if last is not None:
            _, last_ms, last_lat, last_lon, _, _, _ = last
            if time_ms <= last_ms:
                continue
            is_near = (abs(last_lat - lat) + abs(last_lon - lon)) * DEGREE_M < PASS_FROM_M
        if place is not regions and place == regions:
            regions = place
        if vehicle in doubts:
            doubts[vehicle].fixes.append(fix)
        elif is_near and place is regions:
            pass  # as most steps
        elif not (place is NOWHERE if last is None else changes_nothing(index, last, fix, regions, place)):
            doubts[vehicle] = Doubt(last, regions, [fix])
        moving = is_moving(fix, last) if speed is None else speed >= MOVING_FROM_MPS
        if moving is not False:
            rest_ms = None
        elif rest_ms is None:
            rest_ms = time_ms
        status = Status.MOVING if moving else status_of(fix, moving=moving, rest_ms=rest_ms)
        latest[vehicle] = new_tuple(Latest, (fix, status, rest_ms, regions, moved_ms))
    return latest, doubts


def _in_order(fixes: Sequence[Fix], places: Sequence[frozenset[int]]) -> Iterable[Step]:
    """Each vehicle's by time; of most commits each is another vehicle's."""
    steps = zip(fixes, places, strict=True)
    return steps if len({fix[0] for fix in fixes}) == len(fixes) else sorted(steps, key=_time_of)


def _time_of(step: Step) -> int:
    return step[0].fix_time_ms


def moved(latest: Latest, regions: frozenset[int], *, changed_ms: int) -> Latest:
    """It is in other regions now."""
    return latest._replace(regions=regions, moved_ms=max(changed_ms, latest.moved_ms + 1))
