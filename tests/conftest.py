"""The databases that tests talk to: real ones, empty for each test."""

import os
import secrets
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from tracking.storage.postgres import PostgresTelemetry
from tracking.storage.sqlite import SqliteTelemetry
from tracking.storage.telemetry import Telemetry

MOST_CORES = 4


def pytest_configure() -> None:
    """SIGTERM ends the tests as Ctrl-C does: with all that they have started."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # How long an example takes tells of what else the machine does.
    hypothesis.settings.register_profile("patient", hypothesis.settings.default, deadline=None)
    hypothesis.settings.load_profile("patient")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores, since many tests wait for a process or a clock; PostgreSQL has 100 connections for all."""
    return min(os.cpu_count() or 1, MOST_CORES) + 1


def service(name: str) -> str:
    """What `scripts/test_services.py` found or started."""
    try:
        return os.environ[name]
    except KeyError:
        pytest.fail(f"{name} is not set; run the tests by `make test`, which finds or starts what they need")


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """A database whose user may make schemas and databases."""
    return service("TEST_DATABASE_URL")


@pytest.fixture(scope="session")
def redis_url() -> str:
    return service("TEST_REDIS_URL")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The program's path."""
    return service("TEST_CHROMIUM")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A file, since the directory's thread and requests read at once; SQLite in memory would lock them out."""
    settings.DATABASES["default"]["TEST"]["NAME"] = str(tmp_path_factory.mktemp("office") / "office.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """After a test that commits, the file is again what the migrations made.

    Django would empty each table and make all permissions anew: 170 ms instead of half a one, in every second test.
    """
    migrated = sqlite3.connect(":memory:", check_same_thread=False)
    with django_db_blocker.unblock():
        connection.ensure_connection()
        connection.connection.backup(migrated)
        connection.close()

    def put_back(_: TransactionTestCase) -> None:
        connection.ensure_connection()
        migrated.backup(connection.connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", put_back)
        yield
    migrated.close()


@pytest.fixture(params=["sqlite", "postgres"])
def telemetry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Telemetry]:
    """An empty store of each engine."""
    if request.param == "sqlite":
        sqlite = SqliteTelemetry(tmp_path / "telemetry.sqlite3")
        sqlite.prepare()
        yield sqlite
        sqlite.close()
        return
    url = request.getfixturevalue("postgres_url")
    schema = f"test_{secrets.token_hex(4)}"
    postgres = PostgresTelemetry(url, schema=schema)
    postgres.prepare()
    yield postgres
    postgres.close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {schema} CASCADE")
