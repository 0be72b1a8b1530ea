"""Live over SIGKILL of Redis: no socket closes, no fix is lost, and all see the same again soon."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.kill9 import database_url
from benchmarks.outages import AWAY_S, DISPATCHERS, LOAD_S, VEHICLES, Outage, outages
from benchmarks.redis_server import OwnRedis
from benchmarks.report import number as digits
from benchmarks.report import print_goal, print_head
from benchmarks.servers import Product, running, temporary_folder
from scripts.support.children import Children

EQUAL_GOAL_S = 2.0
METHOD = f"""
{VEHICLES} vehicles post a fix a second, half of them at each of two servers (daphne and uvicorn) on one PostgreSQL;
{DISPATCHERS} dispatchers watch four regions each, half of them at each server. After {LOAD_S[0]:g} to {LOAD_S[1]:g} s Redis gets
SIGKILL; {AWAY_S[0]:g} to {AWAY_S[1]:g} s later it starts again, empty, while vehicles go on. When it answers they stop, so that no
later fix hides one that did not arrive, and the clock runs until every dispatcher has what a fresh snapshot has, and that is
what was acknowledged. At the end every track is read back.
"""


def run(*, times: int, port: int) -> None:
    print_head(f"redis_kills: {times} times SIGKILL of Redis under load", METHOD)
    asyncio.run(_print(times, port))


async def _print(times: int, port: int) -> None:
    with temporary_folder() as folder:
        kills = [outage async for outage in redis_kills(folder, times=times, ports=(port, port + 1, port + 2))]
    last, waits_s = kills[-1], sorted(kill.equal_s for kill in kills)
    print(f"- {len(kills)} kills, {last.acknowledged:,} fixes acknowledged, {last.lost} lost")
    print(f"- sockets closed: {last.sockets_closed} of {DISPATCHERS}")
    print(f"- equal again after: median {digits(waits_s[len(waits_s) // 2])} s, fastest {digits(waits_s[0])} s")
    print_goal("equal again after, slowest", waits_s[-1], goal=EQUAL_GOAL_S, unit=" s", at_least=False)


async def redis_kills(folder: Path, *, times: int, ports: tuple[int, int, int]) -> AsyncIterator[Outage]:
    """Two servers and a Redis of their own on `ports`."""
    with ExitStack() as stack:
        product = Product(folder / "fleet", database_url=stack.enter_context(database_url("postgres")))
        redis = OwnRedis(stack.enter_context(Children()), folder, port=ports[2])
        servers = [
            stack.enter_context(running(product.serve(port=port, server=server, REDIS_URL=redis.url)))
            for port, server in zip(ports[:2], ("daphne", "uvicorn"), strict=True)
        ]
        urls = [f"http://127.0.0.1:{server.port}" for server in servers]
        async for outage in outages(product, redis, urls=urls, times=times):
            yield outage
