"""Single reports over WebSockets, each acknowledged when it is on disk: how many, at what cost, how soon."""

from collections import defaultdict
from typing import Any

from benchmarks.load.runner import run_load
from benchmarks.machine import wait_until_quiet
from benchmarks.report import median_of, number, percent, print_goal, print_head, print_table
from benchmarks.servers import Product, running, temporary_folder

DEVICES = 2_000
PER_S = 1_000
WARMUP_S, WINDOW_S = 2.0, 4.0
GOALS = {"daphne": (10_000, 40), "uvicorn": (20_000, 20)}
GOAL_P99_MS = 50
LOOPS = {"closed loop": 0, f"{PER_S:,} a second": PER_S}
METHOD = f"""
{DEVICES:,} devices, a WebSocket each with its own token, report one fix a message; SQLite, one process;
token, rules, regions, latest state and publishing included. Closed loop: each sends again once it was answered,
20 a second at most, as many as a connection may. Open loop:
{PER_S:,} a second in all, the delay counted from the moment the report was due. CPU is the server's over {WINDOW_S:.0f} s
after {WARMUP_S:.0f} s. One load process: where its core is near 100 %, the load was the limit. Medians of interleaved rounds.
"""

Runs = dict[tuple[str, str], list[dict[str, Any]]]


def run(*, rounds: int, port: int) -> None:
    print_head("reports: single fixes over WebSockets", METHOD)
    runs: Runs = defaultdict(list)
    with temporary_folder() as folder:
        product = Product(folder / "office", vehicles=DEVICES)
        for round_ in range(rounds):
            for server in GOALS:
                for loop, per_s in LOOPS.items():
                    twin = product.copy(folder / f"{server}-{round_}-{per_s}")
                    runs[server, loop].append(_run_one(twin, server, per_s=per_s, port=port))
    _print(runs)


def _run_one(product: Product, server: str, *, per_s: int, port: int) -> dict[str, Any]:
    with running(product.serve(port=port, server=server)) as served:
        wait_until_quiet()
        figures = run_load(
            "reports",
            {
                "port": port,
                "server_pid": served.pid,
                "vehicles": product.office["vehicles"][:-1],
                "per_s": per_s,
                "warmup_s": WARMUP_S,
                "window_s": WINDOW_S,
            },
        )
    return figures | {
        "per_s": figures["stored"] / figures["wall_s"],
        "us": 1e6 * figures["server_cpu_s"] / max(1, figures["stored"]),
    }


def _print(runs: Runs) -> None:
    figures = ("per_s", "us", "answer_p50_ms", "answer_p99_ms")
    rows = [
        [
            f"{server}, {loop}",
            *(number(median_of(several, figure)) for figure in figures),
            *(percent(median_of(several, f"{share}_share")) for share in ("server", "load", "others")),
        ]
        for (server, loop), several in runs.items()
    ]
    head = ["way", "fixes/s", "CPU µs a fix", "answer p50 ms", "answer p99 ms", "server core", "load core", "others"]
    print_table(head, rows)
    closed, paced = LOOPS
    for server, (per_s, us) in GOALS.items():
        print_goal(f"{server}, fixes a second", median_of(runs[server, closed], "per_s"), goal=per_s, at_least=True)
        value = median_of(runs[server, closed], "us")
        print_goal(f"{server}, CPU a fix", value, goal=us, unit=" µs", at_least=False)
        p99_ms = median_of(runs[server, paced], "answer_p99_ms")
        print_goal(f"{server}, answer p99", p99_ms, goal=GOAL_P99_MS, unit=" ms", at_least=False)
