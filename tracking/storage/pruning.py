"""Deletes from the telemetry store what is older than a time, or all of one vehicle, in many short transactions."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import psycopg
from psycopg import sql

from tracking.domain.errors import Unavailable
from tracking.storage.postgres import PostgresTelemetry
from tracking.storage.sqlite import packed_key
from tracking.storage.telemetry import Telemetry, Transaction

logger = logging.getLogger(__name__)

BATCH_ROWS = 2_000  # some milliseconds
LOCK_TIMEOUT_MS = 500  # whoever waits for a table to be dropped makes all others wait behind it
END_MS = (1 << 42) - 1  # the last that SQLite's packed key can hold

Chore: TypeAlias = Callable[[Transaction], int]
Do: TypeAlias = Callable[[Chore], int]
"""Runs a chore in one transaction of whoever owns the writing connection."""


def prune(telemetry: Telemetry, do: Do, *, before_ms: int) -> Counter[str]:
    """Rows deleted by table; of partitions of PostgreSQL their number, as `days`. May be ended after any step, and begun again."""
    deleted: Counter[str] = Counter()
    if isinstance(telemetry, PostgresTelemetry):
        deleted["days"] = drop_days(telemetry, before_ms=before_ms)
    else:
        for vehicle in list(vehicles_with_fixes(telemetry)):
            deleted["fix"] += _delete_fixes(telemetry, do, vehicle, before_ms=before_ms)
    deleted["visit"] = _delete_by_id(telemetry, do, "visit", "exit_time < ?", [before_ms])
    deleted["event"] = _delete_by_id(telemetry, do, "event", "time < ?", [before_ms])
    deleted["alert"] = _delete_by_id(telemetry, do, "alert", "end_time < ?", [before_ms])
    for (region,) in telemetry.read("SELECT DISTINCT region FROM event_place"):
        do(_statement("DELETE FROM event_place WHERE region = ? AND changed_at < ?", region, before_ms))
    gone = [vehicle for (vehicle,) in telemetry.read("SELECT vehicle FROM latest WHERE fix_time < ?", [before_ms])]
    for vehicle in gone:
        deleted["latest"] += do(_forget_state(vehicle, before_ms))
    return +deleted


def erase(telemetry: Telemetry, do: Do, vehicle: int) -> Counter[str]:
    """Rows deleted by table: all that is about the vehicle."""
    deleted: Counter[str] = Counter()
    deleted["fix"] = _delete_fixes(telemetry, do, vehicle, before_ms=END_MS)
    places = "DELETE FROM event_place WHERE event IN (SELECT id FROM event WHERE vehicle = ?)"
    deleted["event_place"] = do(_statement(places, vehicle))
    back = "DELETE FROM retraction WHERE event IN (SELECT id FROM event WHERE vehicle = ?)"
    deleted["retraction"] = do(_statement(back, vehicle))
    deleted["event"] = _delete_by_id(telemetry, do, "event", "vehicle = ?", [vehicle])
    deleted["alert"] = _delete_by_id(telemetry, do, "alert", "vehicle = ?", [vehicle])
    for table in ("unsettled", "departure", "clock_ahead"):
        deleted[table] = do(_statement(f"DELETE FROM {table} WHERE vehicle = ?", vehicle))
    deleted["latest"] = do(_forget_state(vehicle, END_MS))
    deleted["visit"] = _delete_by_id(telemetry, do, "visit", "vehicle = ?", [vehicle])
    return +deleted


def vehicles_with_fixes(telemetry: Telemetry) -> Iterator[int]:
    """Of SQLite: leaps from the fixes of one to those of the next."""
    vehicle = -1
    while rows := telemetry.read(
        "SELECT key >> 42 FROM fix WHERE key >= ? ORDER BY key LIMIT 1", [packed_key(vehicle + 1, 0)]
    ):
        vehicle = int(rows[0][0])
        yield vehicle


def _delete_fixes(telemetry: Telemetry, do: Do, vehicle: int, *, before_ms: int) -> int:
    if isinstance(telemetry, PostgresTelemetry):
        oldest = "SELECT t FROM fix WHERE vehicle = ? AND t < ? ORDER BY t LIMIT ?"
        delete = _statement(
            f"DELETE FROM fix WHERE vehicle = ? AND t IN ({oldest})", vehicle, vehicle, before_ms, BATCH_ROWS
        )
    else:
        oldest = "SELECT key FROM fix WHERE key >= ? AND key < ? ORDER BY key LIMIT ?"
        keys = packed_key(vehicle, 0), packed_key(vehicle, before_ms)
        delete = _statement(f"DELETE FROM fix WHERE key IN ({oldest})", *keys, BATCH_ROWS)
    deleted = 0
    while count := do(delete):
        deleted += count
    return deleted


def _delete_by_id(telemetry: Telemetry, do: Do, table: str, condition: str, values: Sequence[Any]) -> int:
    """They are looked for outside of the transaction."""
    deleted = 0
    while rows := telemetry.read(f"SELECT id FROM {table} WHERE {condition} LIMIT {BATCH_ROWS}", values):
        ids = telemetry.as_list([id_ for (id_,) in rows])
        deleted += do(_statement(f"DELETE FROM {table} WHERE id {telemetry.listed}", ids))
    return deleted


def _forget_state(vehicle: int, before_ms: int) -> Chore:
    """Where the vehicle was at last, unless it has been heard of since."""

    def chore(transaction: Transaction) -> int:
        known = transaction.find_latest([vehicle]).get(vehicle)
        if known is None or known.fix.fix_time_ms >= before_ms:
            return 0
        transaction.forget([vehicle])
        transaction.run("DELETE FROM visit WHERE vehicle = ? AND exit_time IS NULL", [vehicle])
        return transaction.run("DELETE FROM latest WHERE vehicle = ?", [vehicle])

    return chore


def _statement(text: str, *values: Any) -> Chore:
    return lambda transaction: transaction.run(text, values)


def drop_days(telemetry: PostgresTelemetry, *, before_ms: int) -> int:
    """How many partitions of days that ended before were dropped. Raises Unavailable when one is in use for too long."""
    with telemetry._connect(autocommit=True) as connection:
        connection.execute(f"SET lock_timeout = {LOCK_TIMEOUT_MS}")
        names = connection.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'fix'::regclass")
        old = [name for (name,) in names.fetchall() if _day_end_ms(name) <= before_ms]
        for name in sorted(old):
            try:
                connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(name.rpartition(".")[2])))
            except psycopg.OperationalError as error:
                raise Unavailable(f"the partition {name} is in use: {error}") from error
    connection.close()
    return len(old)


def _day_end_ms(partition: str) -> int:
    day = datetime.strptime(partition.rpartition("_")[2], "%Y%m%d").replace(tzinfo=UTC)
    return int((day + timedelta(days=1)).timestamp()) * 1000
