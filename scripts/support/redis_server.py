"""A Redis."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import redis

from .children import LOOPBACK, Children, free_port, wait_until_listening
from .provision import Missing, Say

STANDARD_URL = f"redis://{LOOPBACK}:6379/0"
PROGRAMS = ("redis-server", "valkey-server")
STARTS_WITHIN_S = 10.0


class Redis:
    name = "Redis"
    variable = "TEST_REDIS_URL"
    packages: Sequence[str] = ("redis-server",)
    advice = "set REDIS_URL=redis://host:6379/0"

    def find_given(self, environment: Mapping[str, str], say: Say) -> str | None:
        url = environment.get("REDIS_URL")
        if not url or answers(url):
            return url or None
        say("Redis: what REDIS_URL names does not answer; looking for another")
        return None

    def find_running(self) -> str | None:
        return STANDARD_URL if answers(STANDARD_URL) else None

    def start(self, children: Children, folder: Path, say: Say) -> str | None:
        """In memory only."""
        if (program := next(filter(None, map(shutil.which, PROGRAMS)), None)) is None:
            return None
        say("Redis: starting a private one for this run")
        port = free_port()
        options = ["--bind", LOOPBACK, "--port", str(port), "--save", "", "--appendonly", "no", "--dir", str(folder)]
        log = folder / "redis.log"
        with log.open("wb") as sink:
            child = children.start([program, *options], folder=folder, log=sink, errors=sink)
        if not wait_until_listening(child, port, within_s=STARTS_WITHIN_S):
            raise Missing(f"Redis has not started:\n{log.read_text()[-4000:]}")
        return f"redis://{LOOPBACK}:{port}/0"


def answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3) as client:
            return bool(client.ping())
    except (redis.RedisError, ValueError):
        return False
