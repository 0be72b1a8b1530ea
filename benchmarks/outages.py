"""Kills what servers need under load, again and again, and looks whether every dispatcher comes to see all that was acknowledged."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from random import Random
from typing import Any, NamedTuple, Protocol

from benchmarks.crashes import Ledger, compare, start_ms
from benchmarks.load.dispatcher import Dispatcher, fresh_rows, holds, newest_of, running
from benchmarks.load.drives import Drive
from benchmarks.office import REGIONS
from benchmarks.servers import Product
from fleet_client import HttpReporter

VEHICLES = 200
MARGIN_DEG = 0.005
"""Vehicles with homes this far inside drive from region to region and never out of all of them."""
DISPATCHERS = 50
BUSY = [name for name in REGIONS if name != "quiet"]
CHANNELS = [f"region:{name}" for name in BUSY]
POST_EVERY_S = 1.0
LOAD_S = (1.0, 2.5)
"""How long it lives under load, at least and at most."""
AWAY_S = (0.2, 3.0)
EQUAL_WITHIN_S = 60.0


class Service(Protocol):
    """Redis or PostgreSQL."""

    def kill(self) -> None: ...

    def start(self) -> None:
        """Returns once it answers."""


def vehicles_inside(product: Product, count: int) -> list[dict[str, Any]]:
    """Those that some dispatcher always sees."""
    west, south, east, north = (pick(REGIONS[name][i] for name in BUSY) for i, pick in enumerate((min, min, max, max)))
    return [
        vehicle
        for vehicle in product.office["vehicles"]
        if west + MARGIN_DEG < vehicle["lon"] < east - MARGIN_DEG
        and south + MARGIN_DEG < vehicle["lat"] < north - MARGIN_DEG
    ][:count]


class Convoy:
    """Vehicles that post their fixes one at a time, each a second after the last, at one of the servers."""

    def __init__(self, vehicles: Sequence[dict[str, Any]], urls: Sequence[str]) -> None:
        self.ledgers = {vehicle["id"]: Ledger(Drive(vehicle), start_ms()) for vehicle in vehicles}
        self._urls = urls
        self._may_drive = asyncio.Event()

    async def drive(self, vehicle: int) -> None:
        """For ever, while it may."""
        ledger = self.ledgers[vehicle]
        await asyncio.sleep(POST_EVERY_S * vehicle / len(self.ledgers) % POST_EVERY_S)
        async with HttpReporter(self._urls[vehicle % len(self._urls)], ledger.drive.token) as reporter:
            while True:
                await self._may_drive.wait()
                ledger.drive.step += 1
                lat, lon = ledger.drive.place()
                ledger.sent[ledger.next_ms] = lat, lon
                result = await reporter.report([{"fix_time": ledger.next_ms, "lat": lat, "lon": lon}])
                assert not result.refused, result
                ledger.acknowledged[ledger.next_ms] = lat, lon
                ledger.next_ms += 1_000
                await asyncio.sleep(POST_EVERY_S)

    def go(self) -> None:
        self._may_drive.set()

    async def halt(self) -> None:
        """Returns once every fix that was sent is acknowledged."""
        self._may_drive.clear()
        await holds(lambda: all(len(ledger.sent) == len(ledger.acknowledged) for ledger in self.ledgers.values()))

    def newest_ms(self) -> dict[int, int]:
        """Fix times by vehicle."""
        return {vehicle: max(ledger.acknowledged) for vehicle, ledger in self.ledgers.items() if ledger.acknowledged}


class Outage(NamedTuple):
    """`equal_s`: from its answering again to all dispatchers being equal to a fresh snapshot and to what was acknowledged."""

    number: int
    away_s: float
    equal_s: float
    sockets_closed: int
    acknowledged: int
    lost: int


async def outages(
    product: Product,
    service: Service,
    *,
    urls: Sequence[str],
    times: int,
    away_s: tuple[float, float] = AWAY_S,
    vehicles: int = VEHICLES,
    dispatchers: int = DISPATCHERS,
) -> AsyncIterator[Outage]:
    """Vehicles stop when the service answers again: no later fix may hide one that did not arrive."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(vehicles))  # each post under way holds one
    chance = Random(1)
    sessions = product.office["sessions"]
    watching = [make_dispatcher(urls[i % len(urls)], sessions[i]) for i in range(dispatchers)]
    convoy = Convoy(vehicles_inside(product, vehicles), urls)
    async with AsyncExitStack() as stack:
        for dispatcher in watching:
            await stack.enter_async_context(running(dispatcher.watch()))
        for dispatcher in watching:
            await dispatcher.until_complete()
        for vehicle in convoy.ledgers:
            await stack.enter_async_context(running(convoy.drive(vehicle)))
        for number in range(1, times + 1):
            convoy.go()
            await asyncio.sleep(chance.uniform(*LOAD_S))
            await asyncio.to_thread(service.kill)
            await asyncio.sleep(this_away_s := chance.uniform(*away_s))
            await asyncio.to_thread(service.start)
            back_s = time.monotonic()
            await convoy.halt()
            await _until_equal(watching, convoy, urls[number % len(urls)], sessions[dispatchers])
            equal_s = time.monotonic() - back_s
            closed = sum(len(dispatcher.connections) - 1 for dispatcher in watching)
            ledgers = convoy.ledgers.values()
            token = product.office["reader_token"]
            lost = await asyncio.to_thread(_count_lost, urls[0], token, list(ledgers)) if number == times else 0
            yield Outage(number, this_away_s, equal_s, closed, sum(len(one.acknowledged) for one in ledgers), lost)


def make_dispatcher(url: str, session: str) -> Dispatcher:
    return Dispatcher(url, CHANNELS, headers={"Cookie": f"sessionid={session}"}, origin=url)


async def _until_equal(dispatchers: Sequence[Dispatcher], convoy: Convoy, url: str, session: str) -> None:
    newest_ms = convoy.newest_ms()
    async with asyncio.timeout(EQUAL_WITHIN_S):
        while True:
            rows = await fresh_rows(make_dispatcher(url, session))
            if newest_of(rows) == newest_ms and all(one.rows == rows for one in dispatchers):
                return


def _count_lost(url: str, token: str, ledgers: Sequence[Ledger]) -> int:
    """Acknowledged fixes that the tracks do not have."""
    port = int(url.rpartition(":")[2])
    return sum(compare(port, token, ledger)[0] for ledger in ledgers)
