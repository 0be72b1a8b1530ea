"""Stores of earlier versions go on in this one."""

import secrets
import sqlite3
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import psycopg
import pytest

from tests.builders import EAST, START_MS, WEST, make_directory, make_fix
from tests.storage.conftest import Store
from tests.storage.test_sealing import seal_all
from tracking.domain.columns import Columns
from tracking.domain.errors import StoreMismatch
from tracking.domain.hours import HOUR_MS
from tracking.domain.sealed_hour import encode_hour
from tracking.domain.within import Bounds
from tracking.ingest.commit import commit
from tracking.storage.frames import find_stale
from tracking.storage.postgres import PostgresTelemetry
from tracking.storage.postgres_days import DAY_MS
from tracking.storage.reach import Asked, find_near
from tracking.storage.sealing import SEAL
from tracking.storage.sqlite import SqliteTelemetry
from tracking.storage.sqlite_fixes import packed_key
from tracking.storage.telemetry import Telemetry

OLD = Path(__file__).parent.parent / "data" / "telemetry"
ROWS = f"""
INSERT INTO meta VALUES ('identity', 'abcdef');
INSERT INTO latest (vehicle, fix_time, lat_e7, lon_e7, received_time, changed_at) VALUES
    (1, {START_MS + 10_000}, 577000000, 125000000, {START_MS}, {START_MS});
INSERT INTO visit (vehicle, region, enter_time, exit_time, changed_at) VALUES
    (1, {WEST}, {START_MS}, {START_MS + 10_000}, {START_MS}), (1, {EAST}, {START_MS + 10_000}, NULL, {START_MS});
INSERT INTO event (kind, vehicle, region, time, data, changed_at) VALUES
    ('enter', 1, {WEST}, {START_MS}, '{{}}', {START_MS}), ('exit', 1, {WEST}, {START_MS + 10_000}, '{{}}', {START_MS}),
    ('enter', 1, {EAST}, {START_MS + 10_000}, '{{}}', {START_MS});
"""
FROM_2 = """
UPDATE visit SET exit_seen = exit_time, enter_event = (SELECT e.id FROM event e WHERE e.kind = 'enter' AND e.region = visit.region),
    exit_event = (SELECT e.id FROM event e WHERE e.kind = 'exit' AND e.region = visit.region);
"""
"""What version 1 did not know."""
FIXES = [(START_MS, 119500000), (START_MS + 10_000, 125000000)]


def rows_of(version: int) -> str:
    return f"{ROWS}{FROM_2 if version >= 2 else ''}; INSERT INTO meta VALUES ('version', '{version}');"


@pytest.fixture(params=product(("sqlite", "postgres"), (1, 2, 3, 4)), ids=lambda param: f"{param[0]}-{param[1]}")
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Telemetry]:
    """A van went from West to East."""
    engine, version = request.param
    if engine == "sqlite":
        path = tmp_path / "old.sqlite3"
        made = sqlite3.connect(path)
        made.executescript((OLD / f"version-{version}.sqlite.sql").read_text() + rows_of(version))
        keys = [(packed_key(1, time_ms), 577000000, lon) for time_ms, lon in FIXES]
        made.executemany("INSERT INTO fix (key, lat_e7, lon_e7) VALUES (?, ?, ?)", keys)
        made.commit()
        made.close()
        yield SqliteTelemetry(path)
        return
    url, schema = request.getfixturevalue("postgres_url"), f"old_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        connection.execute(f"SET search_path = {schema}")
        connection.execute((OLD / f"version-{version}.postgres.sql").read_text())
        connection.execute(rows_of(version))
        day_ms = START_MS // DAY_MS * DAY_MS
        connection.execute(
            f"CREATE TABLE fix_20261118 PARTITION OF fix FOR VALUES FROM ({day_ms}) TO ({day_ms + DAY_MS})"
        )
        for time_ms, lon in FIXES:
            connection.execute("INSERT INTO fix VALUES (1, %s, 577000000, %s)", [time_ms, lon])
    yield PostgresTelemetry(url, schema=schema)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


def test_it_is_upgraded_once_and_goes_on(old: Telemetry) -> None:
    old.prepare()
    old.prepare()
    assert old.identity() == "abcdef"
    assert old.standing_of(1).regions == {EAST}
    store = Store(old, old.open_writer())
    track = store.track()
    assert len(track) == 2
    seal_all(store)
    assert store.track() == track
    left = store.commit([make_fix(at_s=4_000, lon=14.0)]).events
    assert [(event.kind, event.region) for event in left] == [("exit", EAST)]
    with store.writer.transaction() as transaction:
        commit(transaction, [[make_fix(at_s=4_010, lon=14.0)]], index=make_directory().index, received_ms=START_MS)
    assert store.tell(now_ms=START_MS + 9_999_000) == []
    store.writer.close()
    old.close()


def test_what_happened_keeps_its_ids(old: Telemetry) -> None:
    """And they are never given again, also when the newest is erased."""
    old.prepare()
    store = Store(old, old.open_writer())
    assert [event.id for event in old.load_events(limit=9)] == [1, 2, 3]
    with store.writer.transaction() as transaction:
        transaction.run("DELETE FROM event")
    assert [event.id for event in store.commit([make_fix(vehicle=2)]).events] == [4]
    store.writer.close()
    old.close()


def test_what_version_3_sealed_may_have_been_anywhere(old: Telemetry) -> None:
    """Until it is sealed anew: nobody is passed over."""
    columns = Columns.of([START_MS], [577_000_000], [119_500_000], *[[None]] * 3)
    old.prepare()
    writer = old.open_writer()
    with writer.transaction() as transaction:
        transaction.run("UPDATE meta SET value = '3' WHERE name = 'version'")
        transaction.run(SEAL, [1, START_MS // HOUR_MS, 1, START_MS, START_MS, encode_hour(columns)])
    writer.close()
    old.prepare()
    asked = Asked(Bounds(-100, -50, -99, -49), START_MS, START_MS + 1, 1_000)
    assert find_near(old, [1], asked).vehicles == [1]
    assert [stale.hour for stale in find_stale(old, quiet_ms=-1_000, limit=9)] == [START_MS // HOUR_MS]
    old.close()


def test_one_of_a_newer_version_is_refused(old: Telemetry) -> None:
    old.prepare()
    writer = old.open_writer()
    with writer.transaction() as transaction:
        transaction.fetch("UPDATE meta SET value = '99' WHERE name = 'version'")
    writer.close()
    with pytest.raises(StoreMismatch, match="99"):
        old.prepare()
    old.close()
