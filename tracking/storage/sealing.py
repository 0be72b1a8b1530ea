"""Sealing: the hot fixes of a closed hour become one blob, in one transaction with all that is derived from them.

A crash leaves an hour hot or sealed, never half. Sealing an hour to which fixes came late makes its blob anew.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from tracking.domain.columns import Columns
from tracking.domain.sealed_hour import encode_hour
from tracking.storage.frames import forget_frames, mark_frames
from tracking.storage.history import ClosedHour, History, HourKey, hours_of, merged
from tracking.storage.hot import END_MS, HOUR_MS
from tracking.storage.reach import write_reach
from tracking.storage.telemetry import LEAST_CLOSED_MS, Transaction

Derive: TypeAlias = Callable[[Transaction, ClosedHour], None]
"""Writes what is derived from an hour; what an earlier sealing of that hour wrote is replaced."""

DERIVED: tuple[Derive, ...] = (write_reach, mark_frames)
"""What is written along with each blob."""

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
    """`rest_ms`: the oldest closed hot fix after the hours that were sealed; None when there is none."""

    amount: Amount = Amount()
    rest_ms: int | None = None


def seal(transaction: Transaction, vehicle: int, *, oldest_ms: int, closed_ms: int, most: Amount) -> Sealed:
    """The hours from that of the vehicle's oldest hot fix on: `most`, but one at least. The vehicle has to be held."""
    history = transaction.history
    from_ms, before_ms = oldest_ms // HOUR_MS * HOUR_MS, closed_before_ms(transaction, closed_ms)
    to_ms = min(from_ms + most.hours * HOUR_MS, before_ms)
    hot, hours = _read_closed(history, vehicle, from_ms, to_ms, most_fixes=most.fixes)
    if not hours:
        return Sealed()
    known = {hour: columns for _, hour, columns in history.sealed_in((vehicle, hour) for hour, _, _ in hours)}
    for hour, begin, end in hours:
        fresh = Columns(*(column[begin:end] for column in hot))
        _write(transaction, ClosedHour(vehicle, hour, merged([known[hour], fresh]) if hour in known else fresh))
    transaction.run(*history.hot.delete(vehicle, from_ms, (hours[-1][0] + 1) * HOUR_MS))
    done = hours[-1][2]
    rest = hot.times[done:] if done < len(hot.times) else history.hot.columns(vehicle, to_ms, before_ms, limit=1).times
    return Sealed(Amount(len(hours), done), rest.item(0) if len(rest) else None)


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


def _write(transaction: Transaction, closed: ClosedHour) -> None:
    vehicle, hour, columns = closed
    times = columns.times
    transaction.run(SEAL, [vehicle, hour, len(times), times.item(0), times.item(-1), encode_hour(columns)])
    for derive in DERIVED:
        derive(transaction, closed)


def drop_hours(transaction: Transaction, hours: Sequence[HourKey]) -> int:
    """Deletes sealed hours and what was derived from them; how many hours there were."""
    gone = 0
    for vehicle, hour in hours:
        key = [vehicle, hour]
        gone += transaction.run("DELETE FROM sealed WHERE vehicle = ? AND hour = ?", key)
        for table in DERIVED_TABLES:
            transaction.run(f"DELETE FROM {table} WHERE vehicle = ? AND hour = ?", key)
        forget_frames(transaction, vehicle, hour - 1, hour)
    return gone
