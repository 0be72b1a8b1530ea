"""How commands post through a running server's public door: arguments, a gateway token of their own, an orderly stop."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import FrameType

from django.core.management.base import CommandError, CommandParser

from fleet_client import (
    ClientError,
    HttpReporter,
    LiveReporter,
    NotAuthorised,
    Rejected,
    Reporter,
    Result,
    wait_until_up,
)
from tracking.management.tokens import issue
from tracking.models import DeviceToken

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
TOKEN_KNOWN_WITHIN_S = 10.0
SLOT_S = 0.1  # what falls due in a slot goes in one report: ten a second, half of what the live door takes


def add_door_arguments(parser: CommandParser) -> None:
    """--url, --door, --token and --wait."""
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="the server's address (%(default)s)")
    parser.add_argument("--door", choices=("http", "ws"), default="http", help="POST or WebSocket (%(default)s)")
    parser.add_argument("--token", help="a gateway's device token; without it one is made, and revoked at the end")
    parser.add_argument(
        "--wait", type=float, default=60, metavar="S", help="how long to wait for the server to come up (%(default)s s)"
    )


@contextmanager
def gateway_token(given: str | None, *, label: str) -> Iterator[str]:
    """The given token, or a new one that is revoked at the end, also on SIGTERM."""
    if given:
        yield given
        return
    token = DeviceToken(label=label)
    previous = signal.signal(signal.SIGTERM, _exit)
    try:
        yield issue(token)
    finally:
        signal.signal(signal.SIGTERM, previous)
        if token.pk is not None:
            token.revoke()


def _exit(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


@asynccontextmanager
async def open_reporter(door: str, url: str, token: str, *, wait_s: float) -> AsyncIterator[Reporter]:
    """Waits until the server is up and knows the token. Raises ClientError."""
    await wait_until_up(url, timeout_s=wait_s)
    async with HttpReporter(url, token) as http:
        await _wait_until_known(http)
        if door == "http":
            yield http
            return
    async with LiveReporter(url, token) as live:
        yield live


async def _wait_until_known(reporter: HttpReporter) -> None:
    """A server may notice a new token a moment after it was made."""
    deadline_s = time.monotonic() + TOKEN_KNOWN_WITHIN_S
    while True:
        try:
            await reporter.report([])
            return
        except Rejected:
            return  # of an empty report, but not for its token
        except NotAuthorised:
            if time.monotonic() > deadline_s:
                raise
            await asyncio.sleep(0.25)


def run_until_stopped(work: Callable[[], Awaitable[None]]) -> None:
    """Runs `work` to its end, or cancels it on SIGINT or SIGTERM. A ClientError becomes a CommandError."""
    try:
        asyncio.run(_run(work))
    except (ClientError, ValueError) as error:
        raise CommandError(str(error)) from error


async def _run(work: Callable[[], Awaitable[None]]) -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work())
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        pass  # asked for; what was acknowledged is counted
    finally:
        for number in STOP_SIGNALS:
            loop.remove_signal_handler(number)


async def sleep_to_next_slot() -> None:
    """Until the next tenth of a second."""
    await asyncio.sleep(SLOT_S - time.monotonic() % SLOT_S)


class Tally:
    """Counts what the server said."""

    def __init__(self) -> None:
        self.stored = 0
        self.duplicates = 0
        self.refused: Counter[str] = Counter()

    def add(self, result: Result) -> None:
        self.stored += result.stored
        self.duplicates += result.duplicates
        self.refused.update(one.reason for one in result.refused)

    @property
    def total(self) -> int:
        return self.stored + self.duplicates + self.refused.total()

    def __str__(self) -> str:
        reasons = ", ".join(f"{reason} {count:,}" for reason, count in self.refused.most_common())
        refused = f"refused {self.refused.total():,}" + (f" ({reasons})" if reasons else "")
        return f"stored {self.stored:,}, duplicates {self.duplicates:,}, {refused}"
