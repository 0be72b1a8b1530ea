"""The telemetry store on PostgreSQL: fixes partitioned by day, any number of writing processes."""

import json
import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

import psycopg
from psycopg import sql

from tracking.domain.errors import StoreMismatch, Unavailable
from tracking.domain.events import Event, Happening, VehicleRegions
from tracking.domain.fix import Fix
from tracking.domain.latest import Latest
from tracking.domain.times import DAY_MS
from tracking.storage.history import History
from tracking.storage.postgres_days import drop_days, make_coming_days, make_days
from tracking.storage.postgres_fixes import PostgresFixes
from tracking.storage.postgres_schema import FROM_BEFORE_4, SCHEMA, UPGRADE_FROM_1, VERSION
from tracking.storage.records import (
    LATEST_COLUMNS,
    latest_columns,
    latest_row,
    stored_from_fix,
)
from tracking.storage.telemetry import FILL_FROM_1, Telemetry, Transaction, places_of

STATEMENT_TIMEOUT_MS = 8_000  # shorter than records.OVERLAP_MS
NOW_MS = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"

INSERT_FIXES = (
    "INSERT INTO fix SELECT * FROM unnest(%s::int[], %s::bigint[], %s::int[], %s::int[], %s::int[], %s::int[], %s::int[])"
    " ON CONFLICT DO NOTHING"
)
INSERT_EVENTS = (
    "INSERT INTO event (kind, vehicle, region, time, data, changed_at) SELECT kind, vehicle, region, time, data, %s FROM"
    " unnest(%s::text[], %s::int[], %s::int[], %s::bigint[], %s::jsonb[]) WITH ORDINALITY"
    " AS e (kind, vehicle, region, time, data, place) ORDER BY place RETURNING id"
)
INSERT_PLACES = "INSERT INTO event_place SELECT * FROM unnest(%s::int[], %s::bigint[], %s::bigint[])"
SAVE_LATEST = (
    f"INSERT INTO latest ({LATEST_COLUMNS}) SELECT * FROM unnest(%s::int[], %s::bigint[], %s::int[], %s::int[], %s::int[],"
    " %s::int[], %s::int[], %s::smallint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[]) ON CONFLICT (vehicle) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in LATEST_COLUMNS.split(", ")[1:])
    + " WHERE excluded.fix_time > latest.fix_time"
)


class PostgresTelemetry(Telemetry):
    """`url` as libpq reads it; all tables lie in `schema`, which is made when missing."""

    listed = PostgresFixes.listed
    bytes_sql = (
        "SELECT CAST(sum(pg_total_relation_size(oid)) AS bigint) FROM pg_class"
        " WHERE relnamespace = current_schema::regnamespace AND relkind = 'r'"
    )

    def __init__(self, url: str, *, schema: str = "telemetry") -> None:
        self.history = History(PostgresFixes(self.read))
        self._url = url
        self._schema = schema
        self._local = threading.local()
        self._readers: set[psycopg.Connection[Any]] = set()

    def prepare(self) -> None:
        try:
            self._make_tables()
        except psycopg.OperationalError as error:
            raise Unavailable(f"the telemetry store cannot be opened: {error}") from error

    def _make_tables(self) -> None:
        with self._connect() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [self._schema])
            connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(self._schema)))
            found = self._version(connection)
            if found > VERSION:
                raise StoreMismatch(
                    f"the telemetry store has version {found}; this program knows versions up to {VERSION}"
                )
            connection.execute(UPGRADE_FROM_1 + SCHEMA + FILL_FROM_1 if found == 1 else SCHEMA)
            if found < VERSION:
                connection.execute(FROM_BEFORE_4)
            connection.execute(
                "INSERT INTO meta VALUES ('identity', %s) ON CONFLICT DO NOTHING", [secrets.token_hex(4)]
            )
            connection.execute(
                "INSERT INTO meta VALUES ('version', %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                [str(VERSION)],
            )
        connection.close()

    @staticmethod
    def _version(connection: "psycopg.Connection[Any]") -> int:
        """0 of a store that is to be made."""
        if connection.execute("SELECT to_regclass('meta')").fetchone() == (None,):
            return 0
        row = connection.execute("SELECT value FROM meta WHERE name = 'version'").fetchone()
        return 0 if row is None else int(row[0])

    def _connect(self, *, autocommit: bool = False) -> "psycopg.Connection[Any]":
        options = f"-c search_path={self._schema} -c statement_timeout={STATEMENT_TIMEOUT_MS} -c synchronous_commit=on"
        options += " -c client_min_messages=warning"
        return psycopg.connect(self._url, options=options, autocommit=autocommit, connect_timeout=5)

    def open_writer(self) -> "PostgresWriter":
        return PostgresWriter(self)

    def read(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """A connection that broke since its last use is replaced, and the new one asked."""
        query = sql.replace("?", "%s")
        try:
            kept = self._kept_reader()
            try:
                return kept.execute(query, parameters, binary=True).fetchall()
            except psycopg.OperationalError:
                if not kept.closed:
                    raise
            return self._kept_reader().execute(query, parameters, binary=True).fetchall()
        except psycopg.OperationalError as error:
            raise Unavailable(f"the telemetry store cannot be read: {error}") from error

    def _kept_reader(self) -> "psycopg.Connection[Any]":
        """This thread's."""
        kept: psycopg.Connection[Any] | None = getattr(self._local, "connection", None)
        if kept is not None and not kept.closed:
            return kept
        if kept is not None:
            self._readers.discard(kept)
        fresh = self._local.connection = self._connect(autocommit=True)
        self._readers.add(fresh)
        return fresh

    def as_list(self, numbers: Sequence[int]) -> list[int]:
        return PostgresFixes.as_list(numbers)

    def now_ms(self) -> int:
        return int(self.read(f"SELECT {NOW_MS}")[0][0])

    def tidy(self, *, before_ms: int, closed_ms: int) -> int:
        now_ms = self.now_ms()
        with self._connect(autocommit=True) as connection:
            make_coming_days(connection, now_ms=now_ms)
            dropped = drop_days(connection, before_ms=before_ms, empty_before_ms=now_ms - closed_ms)
        connection.close()
        return dropped

    def close(self) -> None:
        while self._readers:
            self._readers.pop().close()
        self._local = threading.local()


class PostgresWriter:
    """Connects on first use and again after the connection broke.

    Its changes follow each other, also when the database's clock is set back: readers pass over what is older than they know.
    """

    def __init__(self, store: PostgresTelemetry) -> None:
        self._store = store
        self._newest_ms = 0
        self._connection: psycopg.Connection[Any] | None = None
        self._days: set[int] = set()

    @contextmanager
    def transaction(self) -> Iterator["PostgresTransaction"]:
        try:
            connection = self._open()
            with connection.transaction():
                transaction = PostgresTransaction(connection, self._days, after_ms=self._newest_ms)
                self._newest_ms = transaction.changed_ms
                yield transaction
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            self.close()
            raise Unavailable(f"the telemetry store cannot be written: {error}") from error
        except BaseException:
            self._days.clear()  # a partition made in this transaction is gone with it
            raise

    def _open(self) -> "psycopg.Connection[Any]":
        if self._connection is None or self._connection.closed:
            self._connection = self._store._connect(autocommit=True)
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._days.clear()


class PostgresTransaction(Transaction):
    listed = PostgresTelemetry.listed

    def __init__(self, connection: "psycopg.Connection[Any]", days: set[int], *, after_ms: int) -> None:
        self.history = History(PostgresFixes(self.fetch))
        self._connection = connection
        self._pipeline: psycopg.Pipeline | None = None
        self._days = days
        self.changed_ms = max(after_ms + 1, int(self._one(f"SELECT {NOW_MS}")))

    def _one(self, query: str) -> Any:
        row = self._connection.execute(query).fetchone()
        assert row is not None
        return row[0]

    def find_latest(self, vehicles: Sequence[int]) -> dict[int, Latest]:
        rows = self._connection.execute(
            f"SELECT {LATEST_COLUMNS} FROM latest WHERE vehicle = ANY (%s) ORDER BY vehicle FOR UPDATE",
            [list(vehicles)],
        ).fetchall()
        missing = sorted(set(vehicles).difference(row[0] for row in rows))
        if missing:
            rows += self._claim(missing)
        inside: dict[int, set[int]] = {}
        for vehicle, region in self._connection.execute(
            "SELECT vehicle, region FROM visit WHERE exit_time IS NULL AND vehicle = ANY (%s)", [list(vehicles)]
        ):
            inside.setdefault(vehicle, set()).add(region)
        return {row[0]: latest_row(row, frozenset(inside.get(row[0], ()))).latest for row in rows}

    def _claim(self, vehicles: list[int]) -> list[Any]:
        """Keeps other writers from making the first state of these vehicles at the same time."""
        self._connection.execute(
            "SELECT pg_advisory_xact_lock(hashtext('fleet.latest'), v) FROM unnest(%s::int[]) v ORDER BY v", [vehicles]
        )
        return self._connection.execute(
            f"SELECT {LATEST_COLUMNS} FROM latest WHERE vehicle = ANY (%s)", [vehicles]
        ).fetchall()

    def _insert_hot(self, batches: Sequence[Sequence[Fix]]) -> list[int]:
        days = {fix.fix_time_ms // DAY_MS for batch in batches for fix in batch}
        if not days <= self._days:
            make_days(self._connection, days - self._days)
            self._days |= days
        self._connection.execute("SAVEPOINT fixes")
        try:
            return self._insert_each(batches)
        except psycopg.errors.CheckViolation:  # a day was dropped since it was made
            self._connection.execute("ROLLBACK TO SAVEPOINT fixes")
            self._days -= days
            return self._insert_hot(batches)

    def _insert_each(self, batches: Sequence[Sequence[Fix]]) -> list[int]:
        if self._insert(list(chain.from_iterable(batches))) == sum(map(len, batches)):
            return [len(batch) for batch in batches]
        self._connection.execute("ROLLBACK TO SAVEPOINT fixes")
        return [self._insert(batch) for batch in batches]

    def _insert(self, fixes: Sequence[Fix]) -> int:
        if not fixes:
            return 0
        rows = [(fix.vehicle, fix.fix_time_ms, *stored_from_fix(fix)) for fix in fixes]
        return self._connection.execute(INSERT_FIXES, _array_literals(rows)).rowcount

    def save_latest(self, latest: Mapping[int, Latest], *, received_ms: int) -> None:
        if latest:
            rows = [
                latest_columns(state, stored_from_fix(state.fix), received_ms, self.changed_ms)
                for state in latest.values()
            ]
            self._connection.execute(SAVE_LATEST, _array_literals(rows))

    def save_regions(self, latest: Latest) -> None:
        self.move(latest.fix.vehicle, moved_ms=latest.moved_ms)

    def fetch(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        cursor = self._connection.execute(sql.replace("?", "%s"), parameters, binary=True)
        if self._pipeline is not None:
            self._pipeline.sync()
        return [] if cursor.description is None else cursor.fetchall()

    def as_list(self, numbers: Sequence[int]) -> list[int]:
        return PostgresFixes.as_list(numbers)

    def hold(self, vehicle: int) -> bool:
        return bool(self.fetch("SELECT 1 FROM latest WHERE vehicle = ? FOR UPDATE SKIP LOCKED", [vehicle]))

    def hold_marked(self) -> int | None:
        row = self._connection.execute(
            "SELECT vehicle FROM latest WHERE vehicle IN (SELECT vehicle FROM unsettled) ORDER BY vehicle LIMIT 1"
            " FOR UPDATE SKIP LOCKED"
        ).fetchone()
        return None if row is None else int(row[0])

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        return self._connection.execute(sql.replace("?", "%s"), parameters).rowcount

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is run is sent at once with what is fetched next: to wait for an answer takes longer than a short statement."""
        with self._connection.pipeline() as pipeline:
            self._pipeline = pipeline
            try:
                yield
            finally:
                self._pipeline = None

    def forget(self, vehicles: Iterable[int]) -> None:
        """None is remembered between transactions."""

    def append_events(self, happenings: Sequence[Happening], vehicle_regions: VehicleRegions) -> list[Event]:
        if not happenings:
            return []
        kinds, vehicles, regions, times, data = zip(*happenings, strict=True)
        rows = self._connection.execute(
            INSERT_EVENTS,
            [self.changed_ms, *map(list, (kinds, vehicles, regions, times)), [json.dumps(item) for item in data]],
        ).fetchall()
        ids = sorted(id_ for (id_,) in rows)
        events = [Event(id_, *happening, self.changed_ms) for id_, happening in zip(ids, happenings, strict=True)]
        if places := places_of(events, vehicle_regions):
            self._connection.execute(INSERT_PLACES, _array_literals(places))
        return events


def _array_literals(rows: Sequence[tuple[int | None, ...]]) -> list[str]:
    """One PostgreSQL array literal a column: a third of the cost of adapting lists."""
    return [
        "{" + ",".join(["NULL" if v is None else str(int(v)) for v in column]) + "}"
        for column in zip(*rows, strict=True)
    ]
