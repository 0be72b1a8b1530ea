"""From a post to the dispatchers' WebSockets: delay and CPU, beside the Channels tutorial."""

import math
import os
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.load.runner import run_load
from benchmarks.machine import wait_until_quiet
from benchmarks.report import median_of, median_ratio, number, percent, print_goal, print_head, print_table
from benchmarks.servers import Product, Server, peer, running, temporary_folder

REDIS_URL = os.environ.get("TEST_REDIS_URL") or "redis://127.0.0.1:6379"
CONNECTIONS = 100
WARMUP_S, WINDOW_S = 2.0, 7.0
BUSY = ("south-west", "south-east", "north-west", "north-east")
METHOD = f"""
Open loop: each vehicle posts one fix a second at its own moment over one of {CONNECTIONS} kept-alive connections; dispatchers hold a
WebSocket each with a session cookie, watch one region, offer compression as browsers do and acknowledge as the live page does. Delay is
counted from the moment the post was due to the moment the frame was read, over every row of every frame. The quiet region has one
vehicle that posts every 0.6 to 1.4 s, beside the full load. CPU is user + system time of the server's process tree from /proc over
{WINDOW_S:.0f} s after {WARMUP_S:.0f} s of warm-up, posts taken in and stored included; with Redis also Redis' own, as it
reports it. One load process; `late` is how late it sent (p99), which every delay contains. Medians of interleaved rounds.
"""
FLEET = "1,000 vehicles at 1 Hz, 4 regions, 50 dispatchers (and one on the quiet region)"
SMALL = "50 vehicles at 1 Hz, 1 region, 20 dispatchers: what the tutorial's consumer holds"


class Target(NamedTuple):
    """`start` gives its server on a port, with a folder of its own to work in."""

    name: str
    dialect: str
    start: Callable[[Product, Path, int], Server]
    uses_redis: bool = False


def _product(server: str, **env: str) -> Callable[[Product, Path, int], Server]:
    return lambda office, folder, port: office.copy(folder).serve(port=port, server=server, **env)


def _tutorial(**env: str) -> Callable[[Product, Path, int], Server]:
    def start(_office: Product, folder: Path, port: int) -> Server:
        folder.mkdir()
        return peer("tutorial", folder, port=port, **env)

    return start


OVER_REDIS = {"REDIS_URL": REDIS_URL, "FLEET_BUS_PREFIX": "fleet-bench"}
ON_DAPHNE = Target("product, daphne, memory", "product", _product("daphne"))
ON_DAPHNE_REDIS = Target("product, daphne, Redis", "product", _product("daphne", **OVER_REDIS), uses_redis=True)
ON_UVICORN = Target("product, uvicorn, memory", "product", _product("uvicorn"))
TUTORIAL = Target("tutorial, daphne, memory", "tutorial", _tutorial(REDIS_URL=""))
TUTORIAL_REDIS = Target("tutorial, daphne, Redis", "tutorial", _tutorial(REDIS_URL=REDIS_URL), uses_redis=True)


def run(*, rounds: int, port: int) -> None:
    """At full size, the product alone."""
    print_head(f"live: {FLEET}", METHOD)
    runs = _measure([ON_DAPHNE, ON_DAPHNE_REDIS, ON_UVICORN], full_size, rounds=rounds, port=port)
    _print(runs)
    for name in (ON_DAPHNE.name, ON_DAPHNE_REDIS.name):
        several = runs[name]
        print_goal(f"{name}: p50", median_of(several, "p50_ms"), goal=150, unit=" ms", at_least=False)
        print_goal(f"{name}: p99", median_of(several, "p99_ms"), goal=300, unit=" ms", at_least=False)
        print_goal(
            f"{name}: p50, quiet region", median_of(several, "quiet_p50_ms"), goal=15, unit=" ms", at_least=False
        )


def run_beside_tutorial(*, rounds: int, port: int) -> None:
    """At a size that both hold."""
    print_head(f"tutorial: {SMALL}", METHOD)
    targets = [ON_DAPHNE, TUTORIAL, ON_DAPHNE_REDIS, TUTORIAL_REDIS, ON_UVICORN]
    runs = _measure(targets, small_size, rounds=rounds, port=port)
    _print(runs)
    for ours, theirs in (
        (ON_DAPHNE, TUTORIAL),
        (ON_DAPHNE_REDIS, TUTORIAL_REDIS),
        (ON_UVICORN, TUTORIAL),
    ):
        ratio = median_ratio(_cpu_per_update(runs[theirs.name]), _cpu_per_update(runs[ours.name]))
        print(f"- {ours.name}: {ratio:.1f} times less CPU per delivered update than the {theirs.name}")


def full_size(office: dict[str, Any]) -> dict[str, Any]:
    watched = [BUSY[i % len(BUSY)] for i in range(50)]
    return {"vehicles": office["vehicles"], "watched": [*watched, "quiet"]}


def small_size(office: dict[str, Any]) -> dict[str, Any]:
    *vehicles, quiet = office["vehicles"]
    of_region = [vehicle for vehicle in vehicles if vehicle["region"] == BUSY[0]]
    return {"vehicles": [*of_region[:50], quiet], "watched": [BUSY[0]] * 20}


def _measure(
    targets: list[Target], size: Callable[[dict[str, Any]], dict[str, Any]], *, rounds: int, port: int
) -> dict[str, list[dict[str, Any]]]:
    """Every target's server starts anew for each run."""
    runs: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with temporary_folder() as folder:
        office = Product(folder / "office")
        for round_ in range(rounds):
            for i, target in enumerate(targets):
                with running(target.start(office, folder / f"{round_}-{i}", port)) as server:
                    wait_until_quiet()
                    runs[target.name].append(_run_one(target, server, office.office, size))
    return runs


def _run_one(
    target: Target, server: Server, office: dict[str, Any], size: Callable[[dict[str, Any]], dict[str, Any]]
) -> dict[str, Any]:
    settings = size(office) | {
        "dialect": target.dialect,
        "port": server.port,
        "server_pid": server.pid,
        "regions": office["regions"],
        "sessions": office["sessions"],
        "connections": CONNECTIONS,
        "warmup_s": WARMUP_S,
        "window_s": WINDOW_S,
        "redis_url": REDIS_URL if target.uses_redis else "",
    }
    figures = run_load("live", settings)
    figures["cpu_s"] = figures["server_cpu_s"] + figures["redis_cpu_s"]
    return figures


def _cpu_per_update(runs: list[dict[str, Any]]) -> list[float]:
    return [run_["cpu_s"] / run_["delivered"] for run_ in runs]


def _print(runs: dict[str, list[dict[str, Any]]]) -> None:
    head = [
        "way", "p50 / p99 ms", "quiet p50 / p90 ms", "answer p50 / p99 ms", "CPU µs an update", "of it Redis", "updates/s",
        "delivered", "bytes an update", "server core", "load core", "late ms", "others",
    ]  # fmt: skip
    print_table(head, [_row(name, several) for name, several in runs.items()])


def _row(name: str, several: list[dict[str, Any]]) -> list[str]:
    def pair(first: str, second: str) -> str:
        values = median_of(several, first), median_of(several, second)
        return "–" if math.isnan(values[0]) else " / ".join(f"{value:.0f}" for value in values)

    for run_ in several:
        run_["updates_per_s"] = run_["delivered"] / run_["wall_s"]
        run_["share"] = run_["delivered"] / run_["expected"]
        run_["redis_us"] = 1e6 * run_["redis_cpu_s"] / run_["delivered"]
        run_["us"] = 1e6 * run_["cpu_s"] / run_["delivered"]
    return [
        name + (", compressed" if several[0]["is_compressed"] else ""),
        pair("p50_ms", "p99_ms"),
        pair("quiet_p50_ms", "quiet_p90_ms"),
        pair("answer_p50_ms", "answer_p99_ms"),
        number(median_of(several, "us")),
        number(median_of(several, "redis_us")),
        number(median_of(several, "updates_per_s")),
        percent(median_of(several, "share")),
        number(median_of(several, "bytes_per_update")),
        percent(median_of(several, "server_share")),
        percent(median_of(several, "load_share")),
        number(median_of(several, "late_p99_ms")),
        percent(median_of(several, "others_share")),
    ]
