"""The databases that tests talk to: real ones, empty for each test."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from tracking.storage.postgres import PostgresTelemetry
from tracking.storage.sqlite import SqliteTelemetry
from tracking.storage.telemetry import Telemetry


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
