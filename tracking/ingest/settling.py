"""Computes visits from stored fixes: of what comes in order within its commit, of late fixes and jumps in slices of their own.

A stretch is computed from a fix whose state the stored visits tell exactly, on to one from which they are right again.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from tracking.domain.events import Event, EventKind, VehicleRegions
from tracking.domain.fix import Fix
from tracking.domain.latest import Changes, Doubt, Latest, moved
from tracking.domain.quality import is_jump, spikes
from tracking.domain.regions import NOWHERE, RegionIndex
from tracking.domain.revision import Revision, revise
from tracking.domain.visits import KeptVisit, Stay, Walk, regions_at
from tracking.storage.records import stored_fix
from tracking.storage.telemetry import Transaction

FIRST_LOOK_BACK = 4  # fixes: most stretches begin right before what is new
FIRST_LOOK_AHEAD = 16
LOOK_FURTHER = 8  # times, when that was too near
END_OF_TIME_MS = 1 << 42
MOST_TOLD = 500  # vehicles a slice: a fleet that starts its day must not hold up commits


class Start(NamedTuple):
    """From where a stretch is computed: a fix that is no spike, inside of all `regions`; None before the first fix."""

    fix: Fix | None
    regions: frozenset[int]

    @property
    def time_ms(self) -> int:
        return -1 if self.fix is None else self.fix.fix_time_ms


BEGIN = Start(None, NOWHERE)


class Settled(NamedTuple):
    """What is true of a vehicle after the last fix of the stretch, and what has to be written for it."""

    regions: frozenset[int]
    revision: Revision


def settle_new(
    transaction: Transaction, latest: Mapping[int, Latest], doubts: Mapping[int, Doubt], index: RegionIndex
) -> tuple[Changes, list[Revision]]:
    """Of vehicles whose newer fixes may have changed their visits: where they are now, and what is to be written."""
    states, left = dict(latest), dict[int, frozenset[int]]()
    revisions = []
    for vehicle, doubt in sorted(doubts.items()):
        settled = settle_doubt(transaction, states[vehicle], doubt, index)
        revisions.append(settled.revision)
        _note_regions(states, left, states[vehicle], settled.regions, changed_ms=transaction.changed_ms)
    return Changes(latest=states, left=left), revisions


def _note_regions(
    states: dict[int, Latest],
    left: dict[int, frozenset[int]],
    state: Latest,
    regions: frozenset[int],
    *,
    changed_ms: int,
) -> None:
    if regions != state.regions:
        vehicle = state.fix.vehicle
        states[vehicle] = moved(state, regions, changed_ms=changed_ms)
        left[vehicle] = state.regions - regions


def settle_doubt(transaction: Transaction, state: Latest, doubt: Doubt, index: RegionIndex) -> Settled:
    """By the fixes at hand; from a stored one on, when a jump makes the last of before doubtful or it lies outside a region."""
    vehicle, fixes = state.fix.vehicle, [stored_fix(fix) for fix in doubt.fixes]
    start = BEGIN if doubt.last is None else Start(stored_fix(doubt.last), doubt.regions)
    way = fixes if start.fix is None else [start.fix, *fixes]
    if not (start.regions <= _place_of(index, start.fix)) or any(is_jump(a, b) for a, b in pairwise(way)):
        start, before = _find_start(transaction, vehicle, before_ms=fixes[0].fix_time_ms, index=index)
        fixes = [*before, *fixes]
    old = transaction.find_visits(vehicle, from_ms=start.time_ms, to_ms=END_OF_TIME_MS)
    walk = Walk(index, start.fix, start.regions)
    _walk(walk, fixes, old, touched=len(fixes), is_end=True, index=index)
    return _settled(state, walk, old, start=start, end_ms=None, index=index, is_late=False)


def settle_late(transaction: Transaction, state: Latest, *, from_ms: int, to_ms: int, index: RegionIndex) -> Settled:
    """All that the fixes of from ≤ fix time ≤ to may have changed."""
    vehicle = state.fix.vehicle
    start, before = _find_start(transaction, vehicle, before_ms=from_ms, index=index)
    body = [*before, *transaction.load_fixes(vehicle, from_ms, to_ms + 1, limit=END_OF_TIME_MS)]
    ahead = FIRST_LOOK_AHEAD
    while True:
        tail = transaction.load_fixes(vehicle, to_ms + 1, END_OF_TIME_MS, limit=ahead)
        is_end = len(tail) < ahead
        until_ms = END_OF_TIME_MS if is_end else tail[-1].fix_time_ms
        old = transaction.find_visits(vehicle, from_ms=start.time_ms, to_ms=until_ms)
        walk = Walk(index, start.fix, start.regions)
        end_ms = _walk(walk, [*body, *tail], old, touched=len(body), is_end=is_end, index=index)
        if is_end or end_ms is not None:
            return _settled(state, walk, old, start=start, end_ms=end_ms, index=index, is_late=True)
        ahead *= LOOK_FURTHER


def _find_start(
    transaction: Transaction, vehicle: int, *, before_ms: int, index: RegionIndex
) -> tuple[Start, list[Fix]]:
    """The newest fix that what comes at `before_ms` cannot make a spike, and that lies inside of all its regions; and those after it."""
    back = FIRST_LOOK_BACK
    while True:
        fixes = transaction.load_fixes(vehicle, 0, before_ms, limit=back, newest_first=True)[::-1]
        is_all = len(fixes) < back
        oldest_ms = fixes[0].fix_time_ms if fixes else before_ms
        stays = [v.stay for v in transaction.find_visits(vehicle, from_ms=oldest_ms - 1, to_ms=before_ms)]
        is_spike = spikes(fixes)
        for i in range(len(fixes) - 2, -1 if is_all else 0, -1):
            regions = regions_at(stays, fixes[i].fix_time_ms)
            if not is_spike[i] and regions <= _place_of(index, fixes[i]):
                return Start(fixes[i], regions), fixes[i + 1 :]
        if is_all:
            return BEGIN, fixes
        back *= LOOK_FURTHER


def _walk(
    walk: Walk, fixes: Sequence[Fix], old: Sequence[KeptVisit], *, touched: int, is_end: bool, index: RegionIndex
) -> int | None:
    """Goes on until the stored visits are right again: the time of that fix, None when there was none.

    Spikes are judged by both neighbours, so what the first `touched` fixes change may reach one fix further.
    """
    way = fixes if walk.last is None else [walk.last, *fixes]
    is_spike = spikes(way)[len(way) - len(fixes) :]
    places = index.containing([fix.lat for fix in fixes], [fix.lon for fix in fixes])
    known = len(fixes) if is_end else len(fixes) - 1
    stays = [visit.stay for visit in old]
    for i in range(known):
        if is_spike[i]:
            continue
        fix = fixes[i]
        walk.step(fix, places[i])
        if i > touched and walk.is_inside and walk.regions == regions_at(stays, fix.fix_time_ms):
            return fix.fix_time_ms
    return None


def _place_of(index: RegionIndex, fix: Fix | None) -> frozenset[int]:
    return NOWHERE if fix is None else index.containing([fix.lat], [fix.lon])[0]


def _settled(
    state: Latest,
    walk: Walk,
    old: Sequence[KeptVisit],
    *,
    start: Start,
    end_ms: int | None,
    index: RegionIndex,
    is_late: bool,
) -> Settled:
    """`old` may hold visits that began after the end of the stretch; those are left alone."""
    touched = old if end_ms is None else [visit for visit in old if visit.stay.enter_ms <= end_ms]
    before = {v.stay.region: v.stay for v in touched if v.stay.covers(start.time_ms)}
    after = {} if end_ms is None else {v.stay.region: v.stay for v in touched if v.stay.covers(end_ms)}

    def begin(region: int, enter_ms: int | None) -> int:
        return before[region].enter_ms if enter_ms is None else enter_ms

    new = [Stay(region, begin(region, enter), left, seen) for region, enter, left, seen in walk.closed]
    for region in walk.regions:
        tail = after.get(region)
        ended = (None, None) if tail is None else (tail.exit_ms, tail.seen_ms)
        new.append(Stay(region, begin(region, walk.begun.get(region)), *ended))
    revision = revise(
        state.fix.vehicle,
        touched,
        new,
        newest_ms=state.fix.fix_time_ms,
        min_stay_ms=index.min_stay_ms,
        is_late=is_late,
    )
    return Settled(walk.regions if end_ms is None else state.regions, revision)


def write_revisions(
    transaction: Transaction, revisions: Sequence[Revision], vehicle_regions: VehicleRegions
) -> list[Event]:
    """The events of all, in order, and the visits with them."""
    events = transaction.append_events([h for revision in revisions for h in revision.happenings], vehicle_regions)
    transaction.note_retractions((e.data["event_id"], e.id) for e in events if e.kind == EventKind.RETRACT)
    events_of: defaultdict[int, list[Event]] = defaultdict(list)
    for event in events:
        events_of[event.vehicle].append(event)
    for revision in revisions:
        transaction.drop_visits(revision.dropped)
        transaction.write_visits(revision.vehicle, revision.with_events(events_of[revision.vehicle]))
    return events


def settle_marked(transaction: Transaction, index: RegionIndex) -> "tuple[Changes, list[Event]] | None":
    """One mark, the oldest of some vehicle; None when there is none that nobody else works on."""
    marks = transaction.find_marks(limit=1)
    if not marks:
        return None
    mark = marks[0]
    state = transaction.find_latest([mark.vehicle]).get(mark.vehicle)
    if state is None:  # it was erased
        transaction.unmark(mark)
        return Changes(), []
    settled = settle_late(transaction, state, from_ms=mark.from_ms, to_ms=mark.to_ms, index=index)
    states, left = dict[int, Latest](), dict[int, frozenset[int]]()
    _note_regions(states, left, state, settled.regions, changed_ms=transaction.changed_ms)
    events = write_revisions(transaction, [settled.revision], {})
    for vehicle, moved_state in states.items():
        transaction.save_regions(moved_state)
        transaction.depart(vehicle, left[vehicle], moved_ms=moved_state.moved_ms)
    transaction.unmark(mark)
    return Changes(latest=states, left=left), events


def tell_due(transaction: Transaction, index: RegionIndex, *, now_ms: int) -> list[Event]:
    """Tells of open visits that have lasted long enough by their vehicle's newest fix, or by the clock.

    A slice, of MOST_TOLD vehicles that entered first; nothing when there is nothing left to tell.
    """

    def due(vehicles: Sequence[int] | None) -> list[tuple[int, KeptVisit, int]]:
        return [
            found
            for found in transaction.find_untold(vehicles)
            if max(found[2], now_ms) - found[1].stay.enter_ms >= index.min_stay_ms(found[1].stay.region)
        ]

    vehicles = sorted(list(dict.fromkeys(vehicle for vehicle, _, _ in due(None)))[:MOST_TOLD])
    if not vehicles:
        return []
    transaction.find_latest(vehicles)
    revisions = [
        revise(
            vehicle, [visit], [visit.stay], newest_ms=max(newest, now_ms), min_stay_ms=index.min_stay_ms, is_late=False
        )
        for vehicle, visit, newest in due(vehicles)
    ]
    return write_revisions(transaction, revisions, {})
