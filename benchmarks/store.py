"""The telemetry store beside the usual Django table: bytes and CPU of a fleet's day, on SQLite and PostgreSQL."""

import json
import os
import secrets
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.machine import wait_until_quiet
from benchmarks.report import median_of, number, print_goal, print_head, print_table
from benchmarks.servers import ROOT, clean_environment, temporary_folder

ENGINES = ("sqlite", "postgres")
METHOD = """
A made-up day of a fleet: one vehicle a fix a second, the others one each 1.728 s; hours parked, jitter of 3 m that drifts over a minute.
CPU of the process, on PostgreSQL with that of its two backends, checkpoints and write-ahead logging by other processes left out;
medians of rounds, short answers repeated for 0.2 s. The product's fixes are inserted 5,000 a commit in the order of their times, then
sealed, and asked when all is sealed. `usual` is a Django model with an id, a unique (vehicle, time) and an index by time, filled by
`bulk_create`, read by DRF's ModelSerializer; it holds less, which favours it: an hour of everybody and the whole day of the first.
Answers about the fleet go as far as their JSON, without HTTP, rights and audit; the pieces of a day are thrown away as if they had been
sent. Points are 2,000 of the first vehicle's day: by time ratio, and usually by shape (GEOS), without finding the tolerance. Sizes are
those of the whole store after VACUUM, PostgreSQL's with indexes.
"""


def run(*, rounds: int, fixes: int, engines: Sequence[str] = ENGINES) -> None:
    print_head(f"store: {fixes:,} fixes", METHOD)
    for engine in engines:
        runs: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for _ in range(rounds):
            wait_until_quiet()
            runs["product"].append(_measured("benchmarks.store_product", engine, fixes))
            runs["usual"].append(_measured("benchmarks.peers.store.measure", engine, fixes))
        _print(engine, runs["product"], runs["usual"])


def _measured(module: str, engine: str, fixes: int) -> dict[str, Any]:
    """In a process of its own, with an empty database."""
    schema = f"bench_{secrets.token_hex(4)}"
    is_product = module.endswith("product")
    with temporary_folder() as folder:
        url = _url(engine, folder, is_product=is_product)
        if engine == "postgres":
            _run_sql(url, f"CREATE SCHEMA {schema}")
        try:
            arguments = [str(fixes), url, schema] if is_product else [str(fixes)]
            settings = "fleet.settings" if is_product else "benchmarks.peers.store.settings"
            env = {"DJANGO_SETTINGS_MODULE": settings, "PEER_DATABASE": url, "PEER_SCHEMA": schema}
            env |= {"FLEET_DATA_DIR": str(folder), "LOG_LEVEL": "WARNING"}
            command = [sys.executable, "-m", module, *arguments]
            done = subprocess.run(command, cwd=ROOT, env=clean_environment() | env, check=True, stdout=subprocess.PIPE)
        finally:
            if engine == "postgres":
                _run_sql(url, f"DROP SCHEMA {schema} CASCADE")
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _url(engine: str, folder: Path, *, is_product: bool) -> str:
    if engine == "postgres":
        return os.environ.get("TEST_DATABASE_URL") or "postgresql://root@127.0.0.1:5432/test"
    return str(folder / "store.sqlite3") if is_product else f"sqlite:///{folder}/usual.sqlite3"


def _run_sql(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def _print(engine: str, product: list[dict[str, Any]], usual: list[dict[str, Any]]) -> None:
    def pair(name: str, other: str | None = None) -> list[str]:
        return [number(median_of(product, name)), "–" if other is None else number(median_of(usual, other))]

    rows = [
        ["fixes", f"{product[0]['rows']:,}", f"{usual[0]['rows']:,}"],
        ["bytes a fix, hot", *pair("hot_bytes", "bytes")],
        ["bytes a fix, sealed, with everything", *pair("bytes")],
        ["of these blobs", *pair("blob_bytes")],
        ["minute frames", *pair("frame_bytes")],
        ["overviews", *pair("overview_bytes")],
        ["reaches", *pair("reach_bytes")],
        ["insert, CPU µs a fix", *pair("insert_us", "insert_us")],
        ["sealing, CPU µs a fix", *pair("seal_us")],
        ["minute frames, CPU µs a fix", *pair("frame_us")],
        ["overviews, CPU µs a fix", *pair("overview_us")],
        ["a day of 86,400 points as JSON, ms", *pair("json_ms", "json_ms")],
        ["as GeoJSON, ms", *pair("geojson_ms")],
        ["its blobs as they lie, ms", *pair("blobs_ms")],
        ["as at most 2,000 points, ms", *pair("points_ms", "points_ms")],
        ["their worst error, m", *pair("points_error_m", "points_error_m")],
        ["who was in a 600 m box within an hour, ms", *pair("box_ms", "box_ms")],
        ["the fleet at a full minute, ms", *pair("instant_ms", "instant_ms")],
        ["the fleet 17.3 s later, ms", *pair("between_ms")],
        ["an hour's replay, a fix a minute, ms", *pair("replay_ms")],
        ["ETag of the fleet at an instant, ms", *pair("mark_ms")],
        ["deleting all of it by retention, CPU s; µs a row", *pair("delete_s", "delete_us")],
    ]
    print_table([engine, "product", "usual"], rows)
    is_sqlite = engine == "sqlite"
    for what, name, goal, unit in (
        ("bytes a fix", "bytes", 7.5 if is_sqlite else 9, ""),
        ("insert", "insert_us", 5.5 if is_sqlite else 9, " µs"),
        ("sealing", "seal_us", 1.5, " µs"),
        ("JSON", "json_ms", 25, " ms"),
        ("GeoJSON", "geojson_ms", 25, " ms"),
        ("2,000 points", "points_ms", 3, " ms"),
        ("their error", "points_error_m", 25, " m"),
        ("a box", "box_ms", 3, " ms"),
        ("the fleet at an instant", "instant_ms", 1.5, " ms"),
        ("deleting", "delete_s", 0.1, " s"),
    ):
        print_goal(f"{engine}, {what}", median_of(product, name), goal=goal, unit=unit, at_least=False)
    print(flush=True)
