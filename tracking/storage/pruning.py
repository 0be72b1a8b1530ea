"""Deletes from the telemetry store what is older than a time, or all of one vehicle, in many short transactions."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from tracking.domain.hours import HOUR_MS
from tracking.storage.history import HourKey
from tracking.storage.hot import END_MS
from tracking.storage.sealing import drop_hours
from tracking.storage.telemetry import LEAST_CLOSED_MS, Telemetry, Transaction

logger = logging.getLogger(__name__)

BATCH_ROWS = 2_000  # some milliseconds
BATCH_HOURS = 200  # 5 MB at a fix a second, some milliseconds
BATCH_STATES = 200  # half a millisecond

Chore: TypeAlias = Callable[[Transaction], int]
Do: TypeAlias = Callable[[Chore], int]
"""Runs a chore in one transaction of whoever owns the writing connection."""


def prune(telemetry: Telemetry, do: Do, *, before_ms: int) -> Counter[str]:
    """Rows deleted by table; of partitions of PostgreSQL their number, as `days`. The hour that `before_ms` lies in stays.

    May be ended after any step, and begun again.
    """
    before_ms -= before_ms % HOUR_MS
    deleted = Counter(days=telemetry.tidy(before_ms=before_ms, closed_ms=LEAST_CLOSED_MS))
    for vehicle in list(_vehicles_with_hot(telemetry, before_ms=before_ms)):
        deleted["fix"] += _delete_hot(telemetry, do, vehicle, before_ms=before_ms)
    deleted["sealed"] = _delete_sealed(lambda chore: do(_leaving_traces(chore)), "hour < ?", before_ms // HOUR_MS)
    deleted["visit"] = _delete_by_id(telemetry, do, "visit", "exit_time < ?", [before_ms])
    deleted["event"] = _delete_by_id(telemetry, do, "event", "time < ?", [before_ms])
    deleted["alert"] = _delete_by_id(telemetry, do, "alert", "end_time < ?", [before_ms])
    do(_statement("DELETE FROM retraction WHERE NOT EXISTS (SELECT 1 FROM event WHERE id = retraction.event)"))
    deleted["clock_ahead"] = do(_statement("DELETE FROM clock_ahead WHERE hour < ?", before_ms // HOUR_MS))
    for (region,) in telemetry.read("SELECT DISTINCT region FROM event_place"):
        do(_statement("DELETE FROM event_place WHERE region = ? AND changed_at < ?", region, before_ms))
    gone = [vehicle for (vehicle,) in telemetry.read("SELECT vehicle FROM latest WHERE fix_time < ?", [before_ms])]
    for begin in range(0, len(gone), BATCH_STATES):
        deleted["latest"] += do(_forget_states(gone[begin : begin + BATCH_STATES], before_ms))
    return +deleted


def erase(telemetry: Telemetry, do: Do, vehicle: int) -> Counter[str]:
    """Rows deleted by table: all that is about the vehicle."""
    deleted: Counter[str] = Counter()
    deleted["fix"] = _delete_hot(telemetry, do, vehicle, before_ms=END_MS)
    deleted["sealed"] = _delete_sealed(do, "vehicle = ?", vehicle)
    places = "DELETE FROM event_place WHERE event IN (SELECT id FROM event WHERE vehicle = ?)"
    deleted["event_place"] = do(_statement(places, vehicle))
    back = "DELETE FROM retraction WHERE event IN (SELECT id FROM event WHERE vehicle = ?)"
    deleted["retraction"] = do(_statement(back, vehicle))
    deleted["event"] = _delete_by_id(telemetry, do, "event", "vehicle = ?", [vehicle])
    deleted["alert"] = _delete_by_id(telemetry, do, "alert", "vehicle = ?", [vehicle])
    for table in ("unsettled", "departure", "clock_ahead"):
        deleted[table] = do(_statement(f"DELETE FROM {table} WHERE vehicle = ?", vehicle))
    deleted["latest"] = do(_forget_states([vehicle], END_MS))
    deleted["visit"] = _delete_by_id(telemetry, do, "visit", "vehicle = ?", [vehicle])
    return +deleted


def _vehicles_with_hot(telemetry: Telemetry, *, before_ms: int) -> Iterator[int]:
    after = -1
    while found := telemetry.history.hot.oldest(after=after, before_ms=before_ms, limit=BATCH_ROWS):
        yield from (vehicle for vehicle, time_ms in found if time_ms is not None)
        after = found[-1][0]


def _delete_hot(telemetry: Telemetry, do: Do, vehicle: int, *, before_ms: int) -> int:
    """Before what is sealed, so that nothing is sealed behind its back."""
    delete = telemetry.history.hot.delete(vehicle, 0, before_ms, limit=BATCH_ROWS)

    def chore(transaction: Transaction) -> int:
        _hold(transaction, [vehicle])
        return transaction.run(*delete)

    deleted = 0
    while count := do(chore):
        deleted += count
    return deleted


def _delete_sealed(do: Do, condition: str, value: int) -> int:
    """With all that was derived. Looked for by the connection that deletes: it has the pages then."""
    sql = f"SELECT vehicle, hour FROM sealed WHERE {condition} ORDER BY hour LIMIT {BATCH_HOURS}"

    hours: list[HourKey] = []

    def chore(transaction: Transaction) -> int:
        hours[:] = transaction.fetch(sql, [value])
        if not hours:
            return 0
        _hold(transaction, {vehicle for vehicle, _ in hours})
        return drop_hours(transaction, hours)

    deleted = do(chore)
    while hours:
        deleted += do(chore)
    return deleted


def _hold(transaction: Transaction, vehicles: Iterable[int]) -> None:
    """So that nobody seals their fixes meanwhile."""
    transaction.find_latest(sorted(vehicles))


def _leaving_traces(chore: Chore) -> Chore:
    """What is deleted for its age alone is no secret: new fixes soon take its place."""

    def hasty(transaction: Transaction) -> int:
        with transaction.leaving_traces():
            return chore(transaction)

    return hasty


def _delete_by_id(telemetry: Telemetry, do: Do, table: str, condition: str, values: Sequence[Any]) -> int:
    """They are looked for outside of the transaction."""
    deleted = 0
    while rows := telemetry.read(f"SELECT id FROM {table} WHERE {condition} LIMIT {BATCH_ROWS}", values):
        ids = telemetry.as_list([id_ for (id_,) in rows])
        deleted += do(_statement(f"DELETE FROM {table} WHERE id {telemetry.listed}", ids))
    return deleted


def _forget_states(vehicles: Sequence[int], before_ms: int) -> Chore:
    """Where the vehicles were at last, but for those that have been heard of since."""

    def chore(transaction: Transaction) -> int:
        known = transaction.find_latest(vehicles)
        gone = [vehicle for vehicle, latest in known.items() if latest.fix.fix_time_ms < before_ms]
        transaction.forget(gone)
        listed, ids = transaction.listed, transaction.as_list(gone)
        transaction.run(f"DELETE FROM visit WHERE vehicle {listed} AND exit_time IS NULL", [ids])
        return transaction.run(f"DELETE FROM latest WHERE vehicle {listed}", [ids])

    return chore


def _statement(text: str, *values: Any) -> Chore:
    return lambda transaction: transaction.run(text, values)
