"""Installations, each started once for the tests of a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex

import psycopg
import pytest

from scripts.support.children import Children
from tests.conftest import service
from tests.deploy.proxies import Haproxy, Nginx, Proxy
from tests.deploy.site import Site, make_site


@pytest.fixture(scope="module", params=["nginx", "haproxy"])
def proxy(request: pytest.FixtureRequest) -> Proxy:
    """Not started yet."""
    return Nginx(service("TEST_NGINX")) if request.param == "nginx" else Haproxy(service("TEST_HAPROXY"))


@pytest.fixture(scope="module")
def site(proxy: Proxy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A proxy in front of one daphne on SQLite."""
    with Children() as children:
        yield make_site(children, tmp_path_factory.mktemp("site"), proxy=proxy, settings={}, servers=["daphne"])


@pytest.fixture(scope="module")
def large_site(
    proxy: Proxy, postgres_url: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A proxy in front of a daphne and a uvicorn that share PostgreSQL and Redis."""
    with empty_database(postgres_url) as url, Children() as children:
        settings = {
            "DATABASE_URL": url,
            "REDIS_URL": redis_url,
            "SECRET_KEY": token_hex(),
            "FLEET_BUS_PREFIX": f"test-{token_hex(4)}",
        }
        folder = tmp_path_factory.mktemp("site")
        yield make_site(children, folder, proxy=proxy, settings=settings, servers=["daphne", "uvicorn"])


@contextmanager
def empty_database(url: str, *, template: str = "template1") -> Iterator[str]:
    """Beside the one that `url` names, a copy of `template`; dropped at the end."""
    name = f"fleet_test_{token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield replace_database(url, name)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def replace_database(url: str, name: str) -> str:
    head, _, query = url.partition("?")
    return head.rpartition("/")[0] + f"/{name}" + (f"?{query}" if query else "")


def name_of(url: str) -> str:
    """Of the database that `url` names."""
    return url.partition("?")[0].rpartition("/")[2]
