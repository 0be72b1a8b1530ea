"""Everything over an immediate stop of PostgreSQL: nothing acknowledged is lost, and all goes on by itself."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from benchmarks.knocking import Answer, Knocker
from benchmarks.outages import DISPATCHERS, LOAD_S, VEHICLES, Outage, outages
from benchmarks.report import number as digits
from benchmarks.report import print_head
from benchmarks.servers import ROOT, Product, clean_environment, running, temporary_folder
from fleet_client import HttpReporter
from scripts.support.children import Children
from scripts.support.postgres import Cluster, find_program

AWAY_S = (0.2, 12.0)
"""A post waits for 8 s at most."""
THREADS = 64
METHOD = f"""
A PostgreSQL of its own gets `pg_ctl stop -m immediate` after {LOAD_S[0]:g} to {LOAD_S[1]:g} s of load and starts again {AWAY_S[0]:g} to
{AWAY_S[1]:g} s later. {VEHICLES} vehicles post a fix a second at a daphne and a uvicorn, {DISPATCHERS} dispatchers watch four
regions each. Another client asks at every door all the time: fixes, phones, vehicles, events, messages, a poll, a page, /readyz.
When PostgreSQL answers vehicles stop, and the clock runs until every dispatcher has what a fresh snapshot has, and until every
door has answered 200 to a request made after it. At the end every track is read back and a token made meanwhile is used.
"""


class Stop(NamedTuple):
    """`well_s`: from the dispatchers' being equal to every door's answering 200 again."""

    outage: Outage
    well_s: float


def run(*, times: int, port: int) -> None:
    print_head(f"postgres_stops: {times} immediate stops of PostgreSQL under load", METHOD)
    asyncio.run(_print(times, port))


async def _print(times: int, port: int) -> None:
    trial = Trial(ports=(port, port + 1))
    stops = [stop async for stop in trial.stops(times)]
    last, equal_s = stops[-1].outage, sorted(stop.outage.equal_s for stop in stops)
    print(f"- {len(stops)} stops, {last.acknowledged:,} fixes acknowledged, {last.lost} lost")
    print(f"- sockets closed: {last.sockets_closed} of {DISPATCHERS}")
    print(f"- 503 answers: {trial.busy}; other failures: {len(trial.troubles)} {trial.troubles[:3] or ''}")
    print(f"- equal again after: median {digits(equal_s[len(equal_s) // 2])} s, slowest {digits(equal_s[-1])} s")
    print(f"- every door well after it: slowest {digits(max(stop.well_s for stop in stops))} s", flush=True)


class Trial:
    """`troubles` are answers that were neither 200 nor 503 with Retry-After; `busy` counts the latter by door."""

    def __init__(self, *, ports: tuple[int, int]) -> None:
        self._ports = ports
        self.troubles: list[Answer] = []
        self.busy: dict[str, int] = {}
        self.log = ""

    async def stops(
        self,
        times: int,
        *,
        away_s: tuple[float, float] = AWAY_S,
        vehicles: int = VEHICLES,
        dispatchers: int = DISPATCHERS,
    ) -> AsyncIterator[Stop]:
        """Ends with a device that was made after the last stop."""
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
        with ExitStack() as stack:
            folder = stack.enter_context(temporary_folder())
            cluster = start_cluster(stack.enter_context(Children()), folder)
            product = Product(folder / "fleet", database_url=cluster.url)
            servers = [
                stack.enter_context(running(product.serve(port=port, server=server)))
                for port, server in zip(self._ports, ("daphne", "uvicorn"), strict=True)
            ]
            urls = [f"http://127.0.0.1:{server.port}" for server in servers]
            knockers = [Knocker(url, product.office) for url in urls]
            async with knockers[0].knocking(), knockers[1].knocking():
                async for outage in outages(
                    product, cluster, urls=urls, times=times, away_s=away_s, vehicles=vehicles, dispatchers=dispatchers
                ):
                    yield Stop(outage, max(await asyncio.gather(*(one.until_all_well() for one in knockers))))
                await report_anew(product, cluster.url, urls[0])
            self.troubles = [trouble for one in knockers for trouble in one.troubles()]
            self.busy = {
                door: sum(one.busy(door) for one in knockers) for door in ("fixes", "vehicles", "page", "ready")
            }
            self.log = servers[0].log_text()  # of both


def start_cluster(children: Children, folder: Path) -> Cluster:
    initdb, server = find_program("initdb"), find_program("postgres")
    assert initdb and server, "install postgresql"
    cluster = Cluster(children, folder, initdb=initdb, server=server)
    cluster.start()
    return cluster


async def report_anew(product: Product, database_url: str, url: str) -> None:
    """A vehicle that the office has just got may report: its pictures are read again."""
    made = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "manage.py", "device_token", "newcomer", "--create"],
        cwd=ROOT,
        env=clean_environment() | {"FLEET_DATA_DIR": str(product.folder), "DATABASE_URL": database_url},
        capture_output=True,
        text=True,
        check=True,
    )
    async with HttpReporter(url, made.stdout.split()[-1]) as reporter:
        result = await reporter.report([{"fix_time": "2026-11-26T12:00:00Z", "lat": 57.7, "lon": 11.97}])
    assert result.stored == 1, result
