"""Sealing: the hot fixes of a closed hour become one blob, in one transaction with all that is derived from them.

A crash leaves an hour hot or sealed, never half. Sealing an hour to which fixes came late makes its blob anew.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from tracking.domain.columns import Columns
from tracking.domain.hours import HOUR_MS, hours_of
from tracking.domain.quality import Ints
from tracking.domain.sealed_hour import encode_hour
from tracking.storage.frames import forget_frames, mark_frames
from tracking.storage.history import ClosedHour, History, HourKey, by_fewer, merged
from tracking.storage.hot import END_MS
from tracking.storage.overviews import forget_overviews
from tracking.storage.reach import write_reaches
from tracking.storage.telemetry import LEAST_CLOSED_MS, Transaction

Derive: TypeAlias = Callable[[Transaction, Sequence[ClosedHour]], None]
"""Writes what is derived from hours of one vehicle, in order; what an earlier sealing of them wrote is replaced."""

DERIVED: tuple[Derive, ...] = (write_reaches, mark_frames)
"""What is written along with the blobs."""

DERIVED_TABLES = ("reach",)
"""Where that lies, by `vehicle` and `hour`."""

SEAL = (
    "INSERT INTO sealed (vehicle, hour, fixes, first_time, last_time, blob) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (vehicle, hour) DO UPDATE SET fixes = excluded.fixes, first_time = excluded.first_time,"
    " last_time = excluded.last_time, blob = excluded.blob"
)


def closed_before_ms(transaction: Transaction, closed_ms: int) -> int:
    """The end of the newest hour that ended at least `closed_ms` ago, by the store's clock."""
    return (transaction.changed_ms - max(closed_ms, LEAST_CLOSED_MS)) // HOUR_MS * HOUR_MS


class Amount(NamedTuple):
    """How much is sealed; of hours that were sealed before, the late fixes count."""

    hours: int = 0
    fixes: int = 0


class Sealed(NamedTuple):
    """`again`: how many of the hours were sealed before. `rest_ms`: the oldest closed hot fix after them; None when there is none."""

    amount: Amount = Amount()
    again: int = 0
    rest_ms: int | None = None


def seal(transaction: Transaction, vehicle: int, *, oldest_ms: int, closed_ms: int, most: Amount) -> Sealed:
    """The hours from that of the vehicle's oldest hot fix on: `most`, but one at least. The vehicle has to be held."""
    with transaction.together():
        return _seal(transaction, vehicle, oldest_ms=oldest_ms, closed_ms=closed_ms, most=most)


def _seal(transaction: Transaction, vehicle: int, *, oldest_ms: int, closed_ms: int, most: Amount) -> Sealed:
    history = transaction.history
    from_ms, before_ms = oldest_ms // HOUR_MS * HOUR_MS, closed_before_ms(transaction, closed_ms)
    to_ms = min(from_ms + most.hours * HOUR_MS, before_ms)
    hot, hours = _read_closed(history, vehicle, from_ms, to_ms, most_fixes=most.fixes)
    if not hours:
        return Sealed()
    known = {hour: columns for _, hour, columns in history.sealed_in((vehicle, hour) for hour, _, _ in hours)}
    closed = []
    for hour, begin, end in hours:
        fresh = Columns(*(column[begin:end] for column in hot))
        columns = merged([known[hour], fresh]) if hour in known else fresh
        closed.append(ClosedHour(vehicle, hour, columns))
        times = columns.times
        transaction.run(SEAL, [vehicle, hour, len(times), times.item(0), times.item(-1), encode_hour(columns)])
    for derive in DERIVED:
        derive(transaction, closed)
    transaction.run(*history.hot.delete(vehicle, from_ms, (hours[-1][0] + 1) * HOUR_MS))
    done = hours[-1][2]
    rest_ms = _rest_ms(history, vehicle, hot.times[done:], to_ms, before_ms)
    return Sealed(Amount(len(hours), done), len(known), rest_ms)


def _rest_ms(history: History, vehicle: int, unsealed: Ints, to_ms: int, before_ms: int) -> int | None:
    """Of what was read and not sealed, or of what lies from `to_ms` on."""
    if not len(unsealed) and to_ms < before_ms:
        unsealed = history.hot.columns(vehicle, to_ms, before_ms, limit=1).times
    return unsealed.item(0) if len(unsealed) else None


def _read_closed(
    history: History, vehicle: int, from_ms: int, to_ms: int, *, most_fixes: int
) -> tuple[Columns, list[tuple[int, int, int]]]:
    """Hot fixes, and of the hours that are among them as a whole: from which to before which row."""
    hot = history.hot.columns(vehicle, from_ms, to_ms, limit=most_fixes)
    hours = hours_of(hot.times)
    if len(hot.times) < most_fixes:
        return hot, hours
    if len(hours) > 1:
        return hot, hours[:-1]
    begin_ms = hours[0][0] * HOUR_MS
    hot = history.hot.columns(vehicle, begin_ms, begin_ms + HOUR_MS, limit=END_MS)
    return hot, hours_of(hot.times)


def drop_hours(transaction: Transaction, hours: Sequence[HourKey]) -> int:
    """Deletes sealed hours and what was derived from them; how many hours there were."""
    gone = 0
    for narrow, values in by_fewer(hours, transaction.history.hot):
        gone += transaction.run(f"DELETE FROM sealed WHERE {narrow}", values)
        for table in DERIVED_TABLES:
            transaction.run(f"DELETE FROM {table} WHERE {narrow}", values)
    vehicles = sorted({vehicle for vehicle, _ in hours})
    first, last = min(hour for _, hour in hours), max(hour for _, hour in hours)
    forget_overviews(transaction, vehicles, first - 1, last + 1)
    forget_frames(transaction, vehicles, first - 1, last)
    return gone
