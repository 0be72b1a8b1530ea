"""The partitions of the hot table on PostgreSQL, one for each UTC day: made ahead, dropped when they are old or all of them is sealed.

A day is made and dropped under one advisory lock, so that none vanishes between its making and the commit that fills it.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql

from tracking.domain.errors import Unavailable
from tracking.domain.times import DAY_MS

AHEAD_DAYS = 2  # so that nobody waits at midnight for a table to be made
LOCK_TIMEOUT_MS = 500  # whoever waits for a table to be dropped makes all others wait behind it
LOCK = "SELECT pg_advisory_xact_lock(hashtext('fleet.partitions'))"


def make_days(connection: "psycopg.Connection[Any]", days: Iterable[int]) -> None:
    """Counted from 1970; the lock is held until the transaction ends. Harmless for those that are there."""
    connection.execute(LOCK)
    for day in sorted(days):
        connection.execute(
            sql.SQL("CREATE TABLE IF NOT EXISTS {} PARTITION OF fix FOR VALUES FROM ({}) TO ({})").format(
                sql.Identifier(f"fix_{datetime.fromtimestamp(day * 86_400, UTC):%Y%m%d}"),
                sql.Literal(day * DAY_MS),
                sql.Literal((day + 1) * DAY_MS),
            )
        )


def make_coming_days(connection: "psycopg.Connection[Any]", *, now_ms: int) -> None:
    with connection.transaction():
        make_days(connection, range(now_ms // DAY_MS, now_ms // DAY_MS + AHEAD_DAYS + 1))


def drop_days(connection: "psycopg.Connection[Any]", *, before_ms: int, empty_before_ms: int) -> int:
    """How many were dropped: those that ended until `before_ms`, and without a fix those until `empty_before_ms`.

    An empty one that is in use stays until the next time. Raises Unavailable when an old one is, for too long.
    """
    connection.execute(f"SET lock_timeout = {LOCK_TIMEOUT_MS}")
    names = connection.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'fix'::regclass")
    dropped = 0
    for name in sorted(name.rpartition(".")[2] for (name,) in names.fetchall()):
        try:
            if _end_ms(name) <= before_ms:
                dropped += _drop(connection, name, only_empty=False)
            elif _end_ms(name) <= empty_before_ms and _is_empty(connection, name):
                dropped += _drop(connection, name, only_empty=True)
        except psycopg.OperationalError as error:
            if _end_ms(name) <= before_ms:
                raise Unavailable(f"the partition {name} is in use: {error}") from error
    return dropped


def _drop(connection: "psycopg.Connection[Any]", name: str, *, only_empty: bool) -> bool:
    """False when a fix came meanwhile, or somebody else dropped it."""
    with connection.transaction():
        connection.execute(LOCK)
        if connection.execute("SELECT to_regclass(%s)", [name]).fetchone() == (None,):
            return False
        connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.Identifier(name)))
        if only_empty:
            connection.execute(f"SET LOCAL statement_timeout = {LOCK_TIMEOUT_MS}")  # nobody has vacuumed it yet
            if not _is_empty(connection, name):
                return False
        connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(name)))
    return True


def _is_empty(connection: "psycopg.Connection[Any]", name: str) -> bool:
    exists = sql.SQL("SELECT EXISTS (SELECT 1 FROM {})").format(sql.Identifier(name))
    return connection.execute(exists).fetchone() == (False,)


def _end_ms(name: str) -> int:
    day = datetime.strptime(name.rpartition("_")[2], "%Y%m%d").replace(tzinfo=UTC)
    return int((day + timedelta(days=1)).timestamp()) * 1000
