"""The measured window: what server, load and others used of the machine in it."""

import resource
import time
from dataclasses import dataclass

import redis

from benchmarks.machine import busy_cpu_s, tree_cpu_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """CPU seconds since each began; `server_s` of a process tree, `redis_s` as Redis tells it."""

    at_s: float
    server_s: float
    redis_s: float
    load_s: float
    busy_s: float


def usage(server_pid: int, *, redis_url: str = "") -> Usage:
    """`redis_url`: of a Redis that works for the server."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    return Usage(
        at_s=time.monotonic(),
        server_s=tree_cpu_s(server_pid),
        redis_s=_redis_cpu_s(redis_url) if redis_url else 0.0,
        load_s=own.ru_utime + own.ru_stime,
        busy_s=busy_cpu_s(),
    )


def _redis_cpu_s(url: str) -> float:
    with redis.Redis.from_url(url) as client:
        used = client.info("cpu")
    return float(used["used_cpu_sys"] + used["used_cpu_user"])


def figures_between(before: Usage, after: Usage) -> dict[str, float]:
    """Shares are of one core."""
    wall_s = after.at_s - before.at_s
    server_s = after.server_s - before.server_s
    load_s = after.load_s - before.load_s
    redis_s = after.redis_s - before.redis_s
    others_s = max(0.0, after.busy_s - before.busy_s - server_s - redis_s - load_s)
    return {
        "wall_s": wall_s,
        "server_cpu_s": server_s,
        "redis_cpu_s": redis_s,
        "server_share": server_s / wall_s,
        "load_share": load_s / wall_s,
        "others_share": others_s / wall_s,
    }
