"""Installations, each started once for the tests of a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest

from scripts.support.children import Children
from tests.conftest import service
from tests.deploy.site import Site, make_site


@pytest.fixture(scope="session")
def nginx() -> str:
    """The program's path."""
    return service("TEST_NGINX")


@pytest.fixture(scope="module")
def site(nginx: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """nginx in front of one daphne on SQLite."""
    with Children() as children:
        yield make_site(children, make_folder(tmp_path_factory), nginx=nginx, settings={}, servers=["daphne"])


@pytest.fixture(scope="module")
def large_site(
    nginx: str, postgres_url: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """nginx in front of a daphne and a uvicorn that share PostgreSQL and Redis."""
    with empty_database(postgres_url) as url, Children() as children:
        settings = {
            "DATABASE_URL": url,
            "REDIS_URL": redis_url,
            "SECRET_KEY": token_hex(),
            "FLEET_BUS_PREFIX": f"test-{token_hex(4)}",
        }
        folder = make_folder(tmp_path_factory)
        yield make_site(children, folder, nginx=nginx, settings=settings, servers=["daphne", "uvicorn"])


def make_folder(factory: pytest.TempPathFactory) -> Path:
    return factory.mktemp("site")


@contextmanager
def empty_database(url: str) -> Iterator[str]:
    """Beside the one that `url` names; dropped at the end."""
    name = f"fleet_test_{token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield replace_database(url, name)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def replace_database(url: str, name: str) -> str:
    head, _, query = url.partition("?")
    return head.rpartition("/")[0] + f"/{name}" + (f"?{query}" if query else "")
