"""What a dispatcher costs who is connected and hears nothing."""

from collections import defaultdict
from typing import Any

from benchmarks.load.runner import run_load
from benchmarks.report import median_of, number, percent, print_goal, print_head, print_table
from benchmarks.servers import Product, running, temporary_folder

CONNECTIONS = 2_000
DISPATCHERS = 300  # with fewer somebody would have more connections than a user may
WINDOW_S = 5.0
GOAL_KIB = 24.0
METHOD = f"""
{CONNECTIONS:,} dispatchers join a region in which nothing happens, a WebSocket each with a session cookie, and offer compression as
browsers do. Growth is the resident memory of the server's process tree after they have come less that before, divided by their number;
50 others came first, for what is loaded once. CPU is the server's over {WINDOW_S:.0f} s in which nothing happens.
Medians of interleaved rounds.
"""


def run(*, rounds: int, port: int) -> None:
    print_head("idle: memory a connection", METHOD)
    runs: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with temporary_folder() as folder:
        product = Product(folder / "office", dispatchers=DISPATCHERS)
        for round_ in range(rounds):
            for server in ("daphne", "uvicorn"):
                runs[server].append(_run_one(product.copy(folder / f"{server}-{round_}"), server, port))
    rows = [
        [server, number(median_of(several, "kib")), percent(median_of(several, "server_share"))]
        for server, several in runs.items()
    ]
    print_table(["server", "KiB a connection", "server core"], rows)
    for server, several in runs.items():
        print_goal(server, median_of(several, "kib"), goal=GOAL_KIB, unit=" KiB a connection", at_least=False)


def _run_one(product: Product, server: str, port: int) -> dict[str, Any]:
    with running(product.serve(port=port, server=server)) as served:
        settings = {"port": port, "server_pid": served.pid, "count": CONNECTIONS, "window_s": WINDOW_S}
        return run_load("idle", settings | {"sessions": product.office["sessions"]})
