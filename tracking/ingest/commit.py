"""What one transaction does with the fixes that waited for it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tracking.domain.alerts import Alarm, find_speeding
from tracking.domain.counters import SealedSlice
from tracking.domain.events import Event, EventKind, Happening, VehicleRegions
from tracking.domain.fix import Fix
from tracking.domain.latest import Changes, advance
from tracking.domain.quality import CLOCK_AHEAD_S
from tracking.domain.region_rules import Rule
from tracking.domain.regions import RegionIndex
from tracking.ingest.settling import settle_new, write_revisions
from tracking.ingest.watchman import alarms_after, note_speeding
from tracking.storage.telemetry import Transaction
from tracking.storage.visits import marks_of

NO_ALARMS: Mapping[int, Alarm] = {}


class Committed(NamedTuple):
    """`stored`: new fixes of each batch, in order; the rest of a batch were duplicates. `told`: the event of each happening, by id.

    `events` are those that are new, `vehicle_regions` of the vehicles that they are about. `has_marked`: late fixes wait to be settled.
    `alarms` of the vehicles whose alerts changed. `sealed`: when it was a slice of sealing.
    """

    stored: list[int]
    changes: Changes
    events: list[Event]
    vehicle_regions: VehicleRegions
    changed_ms: int
    has_marked: bool = False
    alarms: Mapping[int, Alarm] = NO_ALARMS
    sealed: SealedSlice | None = None
    told: Sequence[int] = ()


def commit(
    transaction: Transaction,
    batches: Sequence[Sequence[Fix]],
    *,
    index: RegionIndex,
    received_ms: int,
    happenings: Sequence[Happening] = (),
    rules: Sequence[Rule] = (),
) -> Committed:
    """Writes history, latest states, the visits that newer fixes change, and `happenings` from elsewhere; marks late fixes.

    `rules` are those of speed.
    """
    told_about = {happening.vehicle for happening in happenings}
    known = transaction.find_latest(list({fix.vehicle for batch in batches for fix in batch} | told_about))
    stored = transaction.insert_fixes(batches)
    newer = [
        fix
        for batch in batches
        for fix in batch
        if (latest := known.get(fix.vehicle)) is None or fix.fix_time_ms > latest.fix.fix_time_ms
    ]
    places = index.containing([fix.lat for fix in newer], [fix.lon for fix in newer])
    latest_states, doubts = advance(known, newer, places, index)
    changes, revisions = settle_new(transaction, latest_states, doubts, index)
    transaction.save_latest(changes.latest, received_ms=received_ms)
    for vehicle, left in changes.left.items():
        transaction.depart(vehicle, left, moved_ms=changes.latest[vehicle].moved_ms)
    ahead = [fix for fix in newer if fix.fix_time_ms > received_ms + CLOCK_AHEAD_S * 1000]
    transaction.note_ahead(ahead, received_ms=received_ms)
    vehicle_regions = {v: newest.regions for v in told_about if (newest := changes.latest.get(v) or known.get(v))}
    events = write_revisions(transaction, revisions, vehicle_regions)
    if rules:
        speeding = note_speeding(transaction, find_speeding(rules, newer, places))
        events += transaction.append_events(speeding, vehicle_regions)
    new, told = _tell(transaction, happenings, vehicle_regions)
    events += new
    has_late = len(newer) < sum(map(len, batches)) and _mark_late(transaction, batches, stored, newer)
    alarms = alarms_after(transaction, events)
    return Committed(stored, changes, events, vehicle_regions, transaction.changed_ms, has_late, alarms, told=told)


def _tell(
    transaction: Transaction, happenings: Sequence[Happening], vehicle_regions: VehicleRegions
) -> tuple[list[Event], list[int]]:
    """The new events, and the id of each happening's: a message that is in the log is told by its event there."""
    new: list[Event] = []
    told: list[int] = []
    for happening in happenings:
        known = _find_event(transaction, happening)
        if known is None:
            new += transaction.append_events([_note(transaction, happening)], vehicle_regions)
        told.append(new[-1].id if known is None else known)
    return new, told


def _find_event(transaction: Transaction, happening: Happening) -> int | None:
    if happening.kind is not EventKind.MESSAGE:
        return None
    return transaction.find_message_event(happening.data["message"], sent_ms=happening.time_ms)


def _note(transaction: Transaction, happening: Happening) -> Happening:
    """Of two who take note of an alert at the same moment both are told who was first."""
    if happening.kind is not EventKind.ACKNOWLEDGED:
        return happening
    data = happening.data
    by = transaction.acknowledge_alert(data["alert"], time_ms=happening.time_ms, by=data["by"])
    return happening._replace(data={**data, "by": by})


def _mark_late(
    transaction: Transaction, batches: Sequence[Sequence[Fix]], stored: Sequence[int], newer: Sequence[Fix]
) -> bool:
    """A batch that was known as a whole has nothing late in it."""
    in_order = set(map(id, newer))
    marks = marks_of(
        fix for batch, count in zip(batches, stored, strict=True) if count for fix in batch if id(fix) not in in_order
    )
    transaction.mark(marks)
    return bool(marks)
