"""What is measured: servers, the way positions come in, the way dispatchers get them, and how large the work is."""

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.load.runner import run_load
from benchmarks.machine import wait_until_quiet
from benchmarks.servers import (
    ROOT,
    Product,
    Server,
    c_peer,
    clean_environment,
    node_peer,
    peer,
    running,
    temporary_folder,
)

REDIS_URL = os.environ.get("TEST_REDIS_URL") or "redis://127.0.0.1:6379"
CONNECTIONS = 100
BUSY = ("south-west", "south-east", "north-west", "north-east")
Start = Callable[[Product, Path, int], Server]
"""Gives a server on a port, with a folder of its own to work in."""


class Target(NamedTuple):
    """`ingest`: post, socket, batch. `watch`: socket, poll, long poll, sse."""

    name: str
    dialect: str
    start: Start
    ingest: str = "post"
    watch: str = "socket"
    uses_redis: bool = False
    slow_bytes_per_s: int = 0
    offers_compression: bool = True

    def by(self, ingest: str) -> "Target":
        return self._replace(ingest=ingest)

    def beside_slow(self, bytes_per_s: int) -> "Target":
        """With one more dispatcher who reads slowly."""
        return self._replace(name=f"{self.name}, one slow", slow_bytes_per_s=bytes_per_s)


class Size(NamedTuple):
    """Vehicles at 1 Hz, dispatchers on one region each, regions; `has_quiet`: one more of each, which is quiet."""

    name: str
    vehicles: int
    dispatchers: int
    regions: int
    has_quiet: bool = False

    def of(self, office: dict[str, Any]) -> dict[str, Any]:
        *vehicles, quiet = office["vehicles"]
        regions = BUSY[: self.regions]
        chosen = [vehicle for vehicle in vehicles if vehicle["region"] in regions][: self.vehicles]
        watched = [regions[i % len(regions)] for i in range(self.dispatchers)]
        if self.has_quiet:
            chosen, watched = [*chosen, quiet], [*watched, "quiet"]
        return {"vehicles": chosen, "watched": watched}


class Window(NamedTuple):
    warmup_s: float
    window_s: float


def product(server: str, **env: str) -> Start:
    return lambda office, folder, port: office.copy(folder).serve(port=port, server=server, **env)


def tutorial(**env: str) -> Start:
    def start(_office: Product, folder: Path, port: int) -> Server:
        folder.mkdir()
        return peer("tutorial", folder, port=port, **env)

    return start


def node(name: str) -> Start:
    def start(_office: Product, folder: Path, port: int) -> Server:
        folder.mkdir()
        return node_peer(name, folder, port=port)

    return start


def limit(_office: Product, folder: Path, port: int) -> Server:
    folder.mkdir()
    return c_peer("limit", folder, port=port)


def polling(office: Product, folder: Path, port: int) -> Server:
    """Its people have the office's sessions."""
    folder.mkdir()
    server = peer("polling", folder, port=port)
    make = [sys.executable, "-m", "benchmarks.peers.polling.people"]
    sessions = "\n".join(office.office["sessions"])
    env = clean_environment() | {"PEER_DIR": str(folder)}
    subprocess.run(make, cwd=ROOT, env=env, input=sessions, text=True, check=True)
    return server


OVER_REDIS = {"REDIS_URL": REDIS_URL, "FLEET_BUS_PREFIX": "fleet-bench"}
ON_DAPHNE = Target("product, daphne, memory", "product", product("daphne"))
ON_DAPHNE_REDIS = Target("product, daphne, Redis", "product", product("daphne", **OVER_REDIS), uses_redis=True)
ON_UVICORN = Target("product, uvicorn, memory", "product", product("uvicorn"))
PACKED_DAPHNE = Target("product, daphne, packed", "product packed", product("daphne"))
PACKED_UVICORN = Target("product, uvicorn, packed", "product packed", product("uvicorn"))
POLL = Target("product's poll, 200 ms, daphne", "product poll", product("daphne"), watch="poll")
LONG_POLL = Target("product's long poll, daphne", "product long poll", product("daphne"), watch="long poll")
SSE = Target("product's SSE, daphne", "product", product("daphne"), watch="sse")
TUTORIAL = Target("tutorial, daphne, memory", "tutorial", tutorial(REDIS_URL=""))
TUTORIAL_REDIS = Target("tutorial, daphne, Redis", "tutorial", tutorial(REDIS_URL=REDIS_URL), uses_redis=True)
SOCKETIO = Target("Socket.IO, Node", "socketio", node("socketio"))
NODE_WS = Target("Node ws, same conflation", "node ws", node("ws"))
LIMIT = Target("C, same conflation: the limit", "node ws", limit)
AJAX = Target("AJAX poll of Django each 200 ms", "polling", polling, watch="poll")
AJAX_SINCE = Target("AJAX poll, only what is newer", "polling since", polling, watch="poll")
AJAX_LOGIN = Target("AJAX poll, behind a login", "polling login", polling, watch="poll")

Runs = dict[str, list[dict[str, Any]]]


def measure(targets: Sequence[Target], size: Size, *, rounds: int, port: int, window: Window) -> Runs:
    """By the target's name. Every target's server starts anew for each run."""
    runs: Runs = defaultdict(list)
    with temporary_folder() as folder:
        office = Product(folder / "office")
        for round_ in range(rounds):
            for i, target in enumerate(targets):
                figures = run_once(target, office, folder / f"{round_}-{i}", size, port=port, window=window)
                runs[target.name].append(figures)
    return runs


def run_once(target: Target, office: Product, folder: Path, size: Size, *, port: int, window: Window) -> dict[str, Any]:
    """The figures of a server of its own, which works in `folder`. Raises RuntimeError when the load met errors."""
    with running(target.start(office, folder, port)) as server:
        wait_until_quiet()
        return with_derived(run_load("live", _settings(target, server, office.office, size, window)))


def _settings(target: Target, server: Server, office: dict[str, Any], size: Size, window: Window) -> dict[str, Any]:
    return size.of(office) | {
        "dialect": target.dialect,
        "ingest": target.ingest,
        "watch": target.watch,
        "slow_bytes_per_s": target.slow_bytes_per_s,
        "offers_compression": target.offers_compression,
        "gateway_token": office["gateway_token"],
        "port": server.port,
        "server_pid": server.pid,
        "regions": office["regions"],
        "sessions": office["sessions"],
        "connections": CONNECTIONS,
        "warmup_s": window.warmup_s,
        "window_s": window.window_s,
        "redis_url": REDIS_URL if target.uses_redis else "",
    }


def with_derived(figures: dict[str, Any]) -> dict[str, Any]:
    """Adds what follows from the figures, per update and per second."""
    delivered = max(1, figures["delivered"])
    cpu_s = figures["server_cpu_s"] + figures["redis_cpu_s"]
    return figures | {
        "us": 1e6 * cpu_s / delivered,
        "redis_us": 1e6 * figures["redis_cpu_s"] / delivered,
        "updates_per_s": figures["delivered"] / figures["wall_s"],
        "requests_per_s": figures["requests"] / figures["wall_s"],
        "share": figures["delivered"] / figures["expected"],
    }
