"""Phones that were offline for hours send everything at once: how long it takes, and what live senders feel of it."""

import json
import subprocess
import sys
from typing import Any

from benchmarks.kill9 import database_url
from benchmarks.report import number, percent, print_goal, print_head, print_table
from benchmarks.servers import ROOT, Product, running, temporary_folder

DEVICES, FIXES, BATCH = 200, 20_000, 500
LIVE = 200
LONGEST_S = 600
DRAINED_GOAL_S, P99_GOAL_MS = 120.0, 500.0
METHOD = f"""
{DEVICES} devices each have {FIXES:,} fixes, a second apart, and post them oldest first, {BATCH} a post (gzip, JSON array), each over a
connection of its own; after 503 they come back a second later. {LIVE} other vehicles post one fix a second each when it is due; their
delays count from then to the acknowledgement. One server process; the load is another one, with its bodies made beforehand.
"""


def run(*, port: int, database: str, fixes: int = FIXES) -> None:
    """`database`: sqlite or postgres."""
    print_head(f"backlog: {DEVICES} × {fixes:,} fixes while {LIVE} vehicles go on, {database}", METHOD)
    runs = {server: _measure(server, port=port, database=database, fixes=fixes) for server in ("daphne", "uvicorn")}
    head = [
        "way",
        "drained s",
        "fixes/s",
        "CPU µs a fix",
        "live before p50 / p99",
        "live p50 / p99 / max ms",
        "post p50 / p99 ms",
        "503",
    ]
    head += ["server core", "load core", "others"]
    print_table(head, [_row(server, figures, fixes) for server, figures in runs.items()])
    for server, figures in runs.items():
        print_goal(f"{server}, drained", figures["wall_s"], goal=DRAINED_GOAL_S, unit=" s", at_least=False)
        print_goal(f"{server}, live p99", figures["live_p99_ms"], goal=P99_GOAL_MS, unit=" ms", at_least=False)


def _measure(server: str, *, port: int, database: str, fixes: int) -> dict[str, Any]:
    with temporary_folder() as folder, database_url(database) as url:
        product = Product(folder / "fleet", database_url=url, vehicles=DEVICES + LIVE)
        with running(product.serve(port=port, server=server)) as process:
            vehicles = product.office["vehicles"]
            settings = {
                "port": port,
                "server_pid": process.pid,
                "backlogs": vehicles[:DEVICES],
                "vehicles": vehicles[DEVICES : DEVICES + LIVE],
                "fixes": fixes,
                "batch": BATCH,
                "regions": product.office["regions"],
                "watched": [],
                "dialect": "product",
                "ingest": "post",
                "connections": LIVE,
                "longest_s": LONGEST_S,
            }
            return _load(settings)


def _load(settings: dict[str, Any]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load.backlog"],
        cwd=ROOT,
        input=json.dumps(settings),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _row(server: str, figures: dict[str, Any], fixes: int) -> list[str]:
    total = DEVICES * fixes
    errors = f" {figures['errors']}" if figures["errors"] else ""
    return [
        f"{server}{errors}",
        number(figures["wall_s"]),
        number(total / figures["wall_s"]),
        f"{1e6 * figures['server_cpu_s'] / total:.1f}",
        f"{number(figures['alone_p50_ms'])} / {number(figures['alone_p99_ms'])}",
        " / ".join(number(figures[f"live_{name}_ms"]) for name in ("p50", "p99", "max")),
        f"{number(figures['post_p50_ms'])} / {number(figures['post_p99_ms'])}",
        f"{figures['busy']:,}",
        percent(figures["server_share"]),
        percent(figures["load_share"]),
        percent(figures["others_share"]),
    ]
