"""Promises kept over SIGKILL: every acknowledged fix is there afterwards."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg

from benchmarks.crashes import BATCHES, CONNECTIONS, LOAD_S, crash_rounds
from benchmarks.report import print_head
from benchmarks.servers import Product, temporary_folder

POSTGRES_URL = os.environ.get("TEST_DATABASE_URL") or "postgresql://root@127.0.0.1:5432/test"
METHOD = f"""
{CONNECTIONS} devices post in a closed loop, {", ".join(map(str, BATCHES))} fixes a post in turn; after {LOAD_S[0]} to
{LOAD_S[1]} s the server gets SIGKILL. The next start reads every device's track back over REST and compares times and
places with what was acknowledged and with what was sent. What was not answered is sent again, as a phone does. (SIGKILL
leaves the kernel's cache; power cuts are another matter, for which each commit waits for the disk.)
"""


def run(*, times: int, port: int, database: str) -> None:
    """`database`: sqlite or postgres."""
    print_head(f"kill9: {times} times SIGKILL under load, {database}", METHOD)
    with temporary_folder() as folder, database_url(database) as url:
        lost = invented = acknowledged = 0
        for round_ in crash_rounds(Product(folder / "fleet", database_url=url), times=times, port=port):
            lost, invented, acknowledged = max(lost, round_.lost), max(invented, round_.invented), round_.acknowledged
            print(".", end="" if round_.number % 50 else "\n", flush=True)
    print(
        f"\n\n- {times} kills, {acknowledged:,} fixes acknowledged, {lost} lost or changed, {invented} never sent",
        flush=True,
    )


@contextmanager
def database_url(database: str) -> Iterator[str]:
    """Of a new empty database, dropped at the end; empty for SQLite."""
    if database == "sqlite":
        yield ""
        return
    name = f"fleet_kill9_{secrets.token_hex(4)}"
    with psycopg.connect(POSTGRES_URL, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(POSTGRES_URL)._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
