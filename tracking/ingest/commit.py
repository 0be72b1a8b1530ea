"""What one transaction does with the fixes that waited for it."""

from collections.abc import Sequence
from typing import NamedTuple

from tracking.domain.fix import Fix
from tracking.domain.latest import Changes, advance
from tracking.domain.regions import RegionIndex
from tracking.storage.telemetry import Transaction


class Committed(NamedTuple):
    """`stored`: new fixes of each batch, in order; the rest of a batch were duplicates."""

    stored: list[int]
    changes: Changes
    changed_ms: int


def commit(
    transaction: Transaction, batches: Sequence[Sequence[Fix]], *, index: RegionIndex, received_ms: int
) -> Committed:
    """Writes history, latest states, visits and events."""
    known = transaction.find_latest(list({fix.vehicle for batch in batches for fix in batch}))
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
    return Committed(stored, changes, transaction.changed_ms)
