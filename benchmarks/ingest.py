"""Fixes acknowledged per CPU second of the server, beside a Django view that creates rows."""

import time
from collections import defaultdict
from typing import Any

from benchmarks.load.runner import run_load
from benchmarks.machine import wait_until_quiet
from benchmarks.report import median_of, median_ratio, number, percent, print_goal, print_head, print_table
from benchmarks.servers import Product, Server, peer, running, temporary_folder

CONNECTIONS = 50
WARMUP_S, WINDOW_S = 0.5, 3.0
RUN_MS = 480_000  # of a vehicle's drive, more than a run can post; the last one ends about now, as what drives does
KINDS = {
    "single": "1 fix a post, own device",
    "backlog": "20 fixes of 1 vehicle a post",
    "gateway": "20 vehicles a post",
}
PEERS = ("usual", "rest")
GOALS = {"daphne": (1_800, 30_000, 30_000), "uvicorn": (6_000, 75_000, 75_000)}
METHOD = f"""
One server process, SQLite. {CONNECTIONS} kept-alive connections in a closed loop from one load process: each posts again once
its last post is acknowledged. 1,000 vehicles, 5 regions; every fix new. CPU is user + system time of the server's process tree from
/proc over {WINDOW_S:.0f} s after {WARMUP_S} s of warm-up; medians of interleaved rounds, ratios within a round. `orm`: a Django view
(default middleware, no token check, no regions) that does ORM `create`, `bulk_create` for 20, in WAL with synchronous FULL as the product.
`rest`: the same table behind Django REST framework, a ModelSerializer and `save`.
"""

Runs = dict[tuple[str, str], list[dict[str, Any]]]


def run(*, rounds: int, port: int) -> None:
    print_head("ingest: fixes per CPU second", METHOD)
    with temporary_folder() as folder:
        on_daphne = Product(folder / "daphne")
        on_uvicorn = on_daphne.copy(folder / "uvicorn")
        for name in PEERS:
            (folder / name).mkdir()
        with (
            running(on_daphne.serve(port=port)) as daphne,
            running(on_uvicorn.serve(port=port + 1, server="uvicorn")) as uvicorn,
            running(peer("usual", folder / "usual", port=port + 2)) as orm,
            running(peer("rest", folder / "rest", port=port + 3)) as rest,
        ):
            servers = {"product, daphne": daphne, "product, uvicorn": uvicorn, "orm, daphne": orm, "rest, daphne": rest}
            runs = _measure(servers, on_daphne.office, rounds=rounds)
    _print(runs)


def _measure(servers: dict[str, Server], office: dict[str, Any], *, rounds: int) -> Runs:
    runs: Runs = defaultdict(list)
    start_ms = time.time_ns() // 1_000_000 - (rounds * len(KINDS) + 1) * RUN_MS
    for _ in range(rounds):
        for kind in KINDS:
            wait_until_quiet()
            start_ms += RUN_MS
            for name, server in servers.items():
                settings = _settings(office, kind=kind, is_named=not name.startswith("product"), start_ms=start_ms)
                runs[name, kind].append(run_load("ingest", settings | {"port": server.port, "server_pid": server.pid}))
    for run_ in (run_ for several in runs.values() for run_ in several):
        run_["per_cpu_s"] = run_["stored"] / run_["server_cpu_s"]
    return runs


def _settings(office: dict[str, Any], *, kind: str, is_named: bool, start_ms: int) -> dict[str, Any]:
    return {
        "kind": kind,
        "is_named": is_named,
        "start_ms": start_ms,
        "vehicles": office["vehicles"][:-1],
        "gateway_token": office["gateway_token"],
        "connections": CONNECTIONS,
        "warmup_s": WARMUP_S,
        "window_s": WINDOW_S,
    }


def _print(runs: Runs) -> None:
    rows = []
    for (name, kind), several in runs.items():
        orm, rest = ([run_["per_cpu_s"] for run_ in runs[f"{peer}, daphne", kind]] for peer in ("orm", "rest"))
        ours = [run_["per_cpu_s"] for run_ in several]
        rows.append(
            [
                f"{name}: {KINDS[kind]}",
                number(median_of(several, "per_cpu_s")),
                f"{median_ratio(ours, orm):.1f}",
                f"{median_ratio(ours, rest):.1f}",
                number(sum(run_["stored"] for run_ in several) / sum(run_["wall_s"] for run_ in several)),
                f"{median_of(several, 'answer_p50_ms'):.0f} / {median_of(several, 'answer_p99_ms'):.0f}",
                percent(median_of(several, "server_share")),
                percent(median_of(several, "load_share")),
                percent(median_of(several, "others_share")),
            ]
        )
    head = [
        "way",
        "fixes per CPU s",
        "× orm",
        "× rest",
        "fixes/s",
        "answer p50 / p99 ms",
        "server core",
        "load core",
        "others",
    ]
    print_table(head, sorted(rows, key=lambda row: row[0].partition(": ")[2]))
    for server, goals in GOALS.items():
        for kind, goal in zip(KINDS, goals, strict=True):
            value = median_of(runs[f"product, {server}", kind], "per_cpu_s")
            print_goal(f"{server}, {KINDS[kind]}, fixes per CPU second", value, goal=goal, at_least=True)
