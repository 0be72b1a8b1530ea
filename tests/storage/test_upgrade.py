"""A store of version 1 goes on in this version."""

import secrets
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.builders import EAST, START_MS, WEST, make_directory, make_fix
from tests.storage.conftest import Store
from tracking.domain.errors import StoreMismatch
from tracking.ingest.commit import commit
from tracking.storage.postgres import PostgresTelemetry
from tracking.storage.sqlite import SqliteTelemetry, packed_key
from tracking.storage.telemetry import Telemetry

OLD = Path(__file__).parent.parent / "data" / "telemetry"
ROWS = f"""
INSERT INTO meta VALUES ('version', '1'), ('identity', 'abcdef');
INSERT INTO latest VALUES (1, {START_MS + 10_000}, 577000000, 125000000, NULL, NULL, NULL, NULL, NULL, {START_MS}, {START_MS});
INSERT INTO visit (vehicle, region, enter_time, exit_time, changed_at) VALUES
    (1, {WEST}, {START_MS}, {START_MS + 10_000}, {START_MS}), (1, {EAST}, {START_MS + 10_000}, NULL, {START_MS});
INSERT INTO event (kind, vehicle, region, time, data, changed_at) VALUES
    ('enter', 1, {WEST}, {START_MS}, '{{}}', {START_MS}), ('exit', 1, {WEST}, {START_MS + 10_000}, '{{}}', {START_MS}),
    ('enter', 1, {EAST}, {START_MS + 10_000}, '{{}}', {START_MS});
"""
FIXES = [(START_MS, 119500000), (START_MS + 10_000, 125000000)]


@pytest.fixture(params=["sqlite", "postgres"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Telemetry]:
    """A van went from West to East."""
    if request.param == "sqlite":
        path = tmp_path / "old.sqlite3"
        made = sqlite3.connect(path)
        made.executescript((OLD / "version-1.sqlite.sql").read_text() + ROWS)
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
        connection.execute((OLD / "version-1.postgres.sql").read_text())
        connection.execute(ROWS)
        connection.execute("CREATE TABLE fix_all PARTITION OF fix DEFAULT")
        for time_ms, lon in FIXES:
            connection.execute("INSERT INTO fix VALUES (1, %s, 577000000, %s)", [time_ms, lon])
        connection.execute("DROP TABLE fix_all")
    yield PostgresTelemetry(url, schema=schema)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


def test_it_is_upgraded_once_and_goes_on(old: Telemetry) -> None:
    old.prepare()
    old.prepare()
    assert old.identity() == "abcdef"
    assert old.standing_of(1).regions == {EAST}
    store = Store(old, old.open_writer())
    left = store.commit([make_fix(at_s=4_000, lon=14.0)]).events
    assert [(event.kind, event.region) for event in left] == [("exit", EAST)]
    with store.writer.transaction() as transaction:
        commit(transaction, [[make_fix(at_s=4_010, lon=14.0)]], index=make_directory().index, received_ms=START_MS)
    assert store.tell(now_ms=START_MS + 9_999_000) == []
    store.writer.close()
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
