"""The telemetry store on SQLite: one file, one writing process, WAL with every commit synced to disk."""

import fcntl
import json
import os
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any

from tracking.domain.columns import UNKNOWN
from tracking.domain.errors import StoreMismatch, Unavailable
from tracking.domain.events import Event, Happening, VehicleRegions
from tracking.domain.fix import Fix
from tracking.domain.latest import Latest
from tracking.domain.regions import NOWHERE
from tracking.storage.history import History
from tracking.storage.hot import END_MS, TIME_BITS
from tracking.storage.records import (
    LATEST_COLUMNS,
    Stored,
    latest_row,
    stored_from_fix,
)
from tracking.storage.sqlite_fixes import SqliteFixes, packed_key
from tracking.storage.sqlite_schema import FROM_BEFORE_4, FROM_BEFORE_5, SCHEMA, UPGRADE_FROM_1, VERSION
from tracking.storage.telemetry import FILL_FROM_1, Telemetry, Transaction, places_of

BUSY_TIMEOUT_S = 10
WRITER_CACHE_KIB = 64 * 1024  # the newest page of each of 16,000 vehicles
CHECKPOINT_PAGES = 8_000  # 32 MB of log; a page dirtied many times is then copied once

OVERWRITE = "PRAGMA secure_delete = ON"  # as some builds do by themselves: what is erased is not left in the file

AT_ONCE = 64
"""Rows of a statement at most. Python gives up its lock for each, and may wait for it after each: a row alone costs twice as much."""
KEPT_STATEMENTS = 256  # fixes and states in every number of rows, and the others


def _for_many(begin: str, row: str, end: str = "") -> list[str]:
    """By how many rows it takes."""
    return [f"{begin} VALUES {', '.join([row] * count)} {end}" for count in range(AT_ONCE + 1)]


INSERT_FIXES = _for_many("INSERT OR IGNORE INTO fix", f"({', '.join('?' * 6)})")
SAVE_LATEST = _for_many(
    f"INSERT INTO latest ({LATEST_COLUMNS})",
    f"({', '.join(f'nullif(?, {UNKNOWN})' if name == 'rest_time' else '?' for name in LATEST_COLUMNS.split(', '))})",
    "ON CONFLICT (vehicle) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in LATEST_COLUMNS.split(", ")[1:])
    + " WHERE excluded.fix_time > latest.fix_time",
)


def _version(connection: sqlite3.Connection) -> int:
    """0 of a store that is to be made."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
        return 0
    return int(connection.execute("SELECT value FROM meta WHERE name = 'version'").fetchone()[0])


class SqliteTelemetry(Telemetry):
    """`path` is the file; its folder is made when missing."""

    listed = SqliteFixes.listed
    bytes_sql = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"

    def __init__(self, path: Path) -> None:
        self.history = History(SqliteFixes(self.read))
        self._path = path
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []

    def prepare(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._make_tables()
        except sqlite3.OperationalError as error:
            raise Unavailable(f"the telemetry store {self._path} cannot be opened: {error}") from error

    def _make_tables(self) -> None:
        connection = self._connect()
        connection.execute("PRAGMA journal_mode = WAL")
        try:
            found = _version(connection)
            if found > VERSION:
                raise StoreMismatch(f"{self._path} has version {found}; this program knows versions up to {VERSION}")
            upgrade = UPGRADE_FROM_1 + SCHEMA + FILL_FROM_1 if found == 1 else SCHEMA
            upgrade += FROM_BEFORE_4 if found < 4 else ""
            upgrade += FROM_BEFORE_5 if found < VERSION else ""
            new = f"INSERT OR IGNORE INTO meta VALUES ('identity', '{secrets.token_hex(4)}');"
            newest = f"INSERT OR REPLACE INTO meta VALUES ('version', '{VERSION}');"
            connection.executescript(f"BEGIN IMMEDIATE; {upgrade} {new} {newest} COMMIT;")
        finally:
            connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path,
            isolation_level=None,
            timeout=BUSY_TIMEOUT_S,
            check_same_thread=False,
            cached_statements=KEPT_STATEMENTS,
        )
        connection.execute("PRAGMA synchronous = FULL")
        return connection

    def open_writer(self) -> "SqliteWriter":
        lock = lock_file(self._path)
        connection = self._connect()
        connection.execute(f"PRAGMA cache_size = -{WRITER_CACHE_KIB}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        connection.execute(OVERWRITE)
        return SqliteWriter(connection, lock)

    def read(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        try:
            return self._reader().execute(sql, parameters).fetchall()
        except sqlite3.OperationalError as error:
            raise Unavailable(f"the telemetry store cannot be read: {error}") from error

    def _reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
            connection.execute("PRAGMA query_only = ON")
            self._readers.append(connection)
        return connection

    def as_list(self, numbers: Sequence[int]) -> str:
        return SqliteFixes.as_list(numbers)

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def close(self) -> None:
        while self._readers:
            self._readers.pop().close()
        self._local = threading.local()


def lock_file(path: Path) -> int:
    """Holds the store for this process as its only writer; the lock ends with the process.

    Raises Unavailable when another process holds it.
    """
    descriptor = os.open(f"{path}.writer", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise Unavailable(
            f"another process writes to {path}; SQLite takes one server process, set DATABASE_URL to PostgreSQL for more"
        ) from None
    return descriptor


class SqliteWriter:
    """One connection; SQLite itself makes each transaction durable. The only writer, it remembers the latest states."""

    def __init__(self, connection: sqlite3.Connection, lock: int) -> None:
        self._connection = connection
        self._lock = lock
        self._newest_ms = 0
        self._latest: dict[int, Latest] = {}

    @contextmanager
    def transaction(self) -> Iterator["SqliteTransaction"]:
        self._newest_ms = max(self._newest_ms + 1, time.time_ns() // 1_000_000)
        transaction = SqliteTransaction(self._connection, self._newest_ms, self._latest)
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield transaction
            self._connection.execute("COMMIT")
        except BaseException as error:
            if self._connection.in_transaction:
                self._connection.rollback()
            if isinstance(error, sqlite3.OperationalError):
                raise Unavailable(f"the telemetry store cannot be written: {error}") from error
            raise
        self._latest.update(transaction.saved)

    def close(self) -> None:
        self._connection.close()
        os.close(self._lock)


class SqliteTransaction(Transaction):
    """`known` are states as committed; `saved` those of this transaction, `rows` its fixes by packed key."""

    listed = SqliteTelemetry.listed

    def __init__(self, connection: sqlite3.Connection, changed_ms: int, known: dict[int, Latest]) -> None:
        self.history = History(SqliteFixes(self.fetch))
        self._connection = connection
        self._known = known
        self._rows: dict[int, tuple[int, *Stored]] = {}
        self.changed_ms = changed_ms
        self.saved: dict[int, Latest] = {}

    def find_latest(self, vehicles: Sequence[int]) -> dict[int, Latest]:
        known = self._known
        missing = [vehicle for vehicle in vehicles if vehicle not in known]
        if missing:
            known.update(self._read_latest(missing))
        return {vehicle: state for vehicle in vehicles if (state := known.get(vehicle)) is not None}

    def _read_latest(self, vehicles: Sequence[int]) -> dict[int, Latest]:
        rows = self._connection.execute(
            f"SELECT {LATEST_COLUMNS}, (SELECT group_concat(region) FROM visit v"
            " WHERE v.vehicle = latest.vehicle AND exit_time IS NULL)"
            " FROM latest WHERE vehicle IN (SELECT value FROM json_each(?))",
            [json.dumps(vehicles)],
        )
        return {row[0]: latest_row(row[:-1], _region_set(row[-1])).latest for row in rows}

    def _insert_hot(self, batches: Sequence[Sequence[Fix]]) -> list[int]:
        """No savepoint: SQLite would copy each page before it changes, of a fleet one for each fix.

        What `stored_from_fix` would say is said here: each fix comes this way.
        """
        stored, rows, counts = self._stored_keys(batches), self._rows, list[int]()
        begin = len(rows)
        for batch in batches:
            before = len(rows)
            for vehicle, time_ms, lat, lon, speed, course, accuracy in batch:
                key = vehicle << TIME_BITS | time_ms if 0 < time_ms < END_MS else packed_key(vehicle, time_ms)
                if key not in rows and key not in stored:
                    rows[key] = (
                        key,
                        round(lat * 1e7),
                        round(lon * 1e7),
                        None if speed is None else round(speed * 1000),
                        None if course is None else round(course * 100) % 36_000,
                        None if accuracy is None else round(accuracy * 100),
                    )
            counts.append(len(rows) - before)
        self._write(INSERT_FIXES, list(islice(rows.values(), begin, None)))
        return counts

    def _stored_keys(self, batches: Sequence[Sequence[Fix]]) -> AbstractSet[int]:
        """Of the fixes that are stored already. None is newer than its vehicle's state."""
        known = self._known
        doubtful = [
            packed_key(fix.vehicle, fix.fix_time_ms)
            for fix in chain.from_iterable(batches)
            if (state := known.get(fix.vehicle)) is None or fix.fix_time_ms <= state.fix.fix_time_ms
        ]
        if not doubtful:
            return frozenset()
        return {key for (key,) in self.fetch(f"SELECT key FROM fix WHERE key {self.listed}", [self.as_list(doubtful)])}

    def _write(self, statements: Sequence[str], rows: Sequence[Sequence[int | None]]) -> None:
        for at in range(0, len(rows), AT_ONCE):
            some = rows[at : at + AT_ONCE]
            self._connection.execute(statements[len(some)], list(chain.from_iterable(some)))

    def save_latest(self, latest: Mapping[int, Latest], *, received_ms: int) -> None:
        """The integers of a fix are made once. None and enums, which are no plain integers, cost SQLite's module as much as three."""
        self.saved |= latest
        rows, changed_ms = self._rows, self.changed_ms
        states = list[tuple[int | None, ...]]()
        for fix, status, since_ms, _, moved_ms in latest.values():
            vehicle, time_ms, _, _, _, _, _ = fix
            row = rows.get(vehicle << TIME_BITS | time_ms) or (0, *stored_from_fix(fix))
            _, lat, lon, speed, course, accuracy = row
            code = None if status is None else int(status)
            rest_ms = UNKNOWN if since_ms is None else since_ms
            states.append(
                (vehicle, time_ms, lat, lon, speed, course, accuracy, code, rest_ms, received_ms, changed_ms, moved_ms)
            )
        self._write(SAVE_LATEST, states)

    def save_regions(self, latest: Latest) -> None:
        self.saved[latest.fix.vehicle] = latest
        self.move(latest.fix.vehicle, moved_ms=latest.moved_ms)

    def fetch(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        return self._connection.execute(sql, parameters).fetchall()

    def as_list(self, numbers: Sequence[int]) -> str:
        return SqliteFixes.as_list(numbers)

    def hold(self, vehicle: int) -> bool:
        return True

    def hold_marked(self) -> int | None:
        row = self._connection.execute("SELECT vehicle FROM unsettled LIMIT 1").fetchone()
        return None if row is None else int(row[0])

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        return self._connection.execute(sql, parameters).rowcount

    @contextmanager
    def leaving_traces(self) -> Iterator[None]:
        self._connection.execute("PRAGMA secure_delete = FAST")
        try:
            yield
        finally:
            self._connection.execute(OVERWRITE)

    def forget(self, vehicles: Iterable[int]) -> None:
        for vehicle in vehicles:
            self._known.pop(vehicle, None)

    def append_events(self, happenings: Sequence[Happening], vehicle_regions: VehicleRegions) -> list[Event]:
        events = [self._append(happening) for happening in happenings]
        self._connection.executemany("INSERT INTO event_place VALUES (?, ?, ?)", places_of(events, vehicle_regions))
        return events

    def _append(self, happening: Happening) -> Event:
        (id_,) = self._connection.execute(
            "INSERT INTO event (kind, vehicle, region, time, data, changed_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
            (*happening[:4], json.dumps(happening.data), self.changed_ms),
        ).fetchone()
        return Event(id_, *happening, self.changed_ms)


def _region_set(text: str | None) -> frozenset[int]:
    return NOWHERE if text is None else frozenset(map(int, text.split(",")))
