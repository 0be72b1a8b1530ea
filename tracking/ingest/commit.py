"""What one transaction does with the fixes that waited for it."""

from collections.abc import Sequence
from typing import NamedTuple

from tracking.domain.events import Event, Happening, VehicleRegions, happenings_of
from tracking.domain.fix import Fix
from tracking.domain.latest import Changes, advance
from tracking.domain.regions import RegionIndex
from tracking.storage.telemetry import Transaction


class Committed(NamedTuple):
    """`stored`: new fixes of each batch, in order; the rest of a batch were duplicates. `events` end with the happenings'.

    `vehicle_regions` of the vehicles that these are about.
    """

    stored: list[int]
    changes: Changes
    events: list[Event]
    vehicle_regions: VehicleRegions
    changed_ms: int


def commit(
    transaction: Transaction,
    batches: Sequence[Sequence[Fix]],
    *,
    index: RegionIndex,
    received_ms: int,
    happenings: Sequence[Happening] = (),
) -> Committed:
    """Writes history, latest states, visits, an event for each crossing, and `happenings` from elsewhere."""
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
    changes = advance(known, newer, places)
    transaction.save_changes(changes, received_ms=received_ms)
    vehicle_regions = {v: newest.regions for v in told_about if (newest := changes.latest.get(v) or known.get(v))}
    events = transaction.append_events([*happenings_of(changes.crossings), *happenings], vehicle_regions)
    return Committed(stored, changes, events, vehicle_regions, transaction.changed_ms)
