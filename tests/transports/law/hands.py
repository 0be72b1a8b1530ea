"""Time that is moved by hand, and work in threads that is done when it is asked for."""

import asyncio
import signal
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any, TypeVar

from tracking.storage.telemetry import Telemetry

T = TypeVar("T")

START_S = 1_000.0
STORE_START_MS = 1_795_000_000_000
STUCK_AFTER_S = 60  # real seconds in which nothing came back: a fault, not a slow machine


class Stuck(SystemExit):
    """Passes through an event loop, which keeps other exceptions to itself."""


class Clock:
    """Stands in for `time.monotonic`; the stores' clocks go with it, never within a commit, which real clocks leave time for."""

    def __init__(self) -> None:
        self.now_s = START_S
        self.stands = threading.Lock()

    def move(self, by_s: float) -> None:
        with self.stands:
            self.now_s += by_s

    def __call__(self) -> float:
        return self.now_s

    def store_ms(self) -> int:
        return STORE_START_MS + round(1000 * self.now_s)


class TimedWriter:
    """A store's writer by the clock's time."""

    def __init__(self, writer: Any, clock: Clock) -> None:
        self._writer = writer
        self._clock = clock
        self.close = writer.close

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        with self._clock.stands, self._writer.transaction() as transaction:
            transaction.changed_ms = self._clock.store_ms()
            yield transaction


def timed(store: Any, clock: Clock) -> Telemetry:
    """The same store by the clock's time."""
    open_writer = store.open_writer
    store.now_ms = clock.store_ms
    store.open_writer = lambda: TimedWriter(open_writer(), clock)
    return store


class PromptExecutor(ThreadPoolExecutor):
    """Whoever hands work to it finds it done, so that nothing depends on how threads take turns."""

    def submit(self, *args: Any, **options: Any) -> Future[Any]:
        future = super().submit(*args, **options)
        wait([future])
        return future


class Hands:
    """An event loop that stands still but inside `run`, and a clock, set back, that stands still but in `advance`."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        clock.now_s = START_S
        self._runner = asyncio.Runner()
        self._runner.get_loop().set_default_executor(PromptExecutor(max_workers=1))

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """All that follows from it at this moment is done, too."""
        with guarded():
            return self._runner.run(self._with_consequences(work))

    async def _with_consequences(self, work: Coroutine[Any, Any, T]) -> T:
        result = await work
        await calm()
        return result

    async def advance(self, by_s: float) -> None:
        self.clock.move(by_s)
        await calm()

    def close(self) -> None:
        with guarded():
            self._runner.close()


async def calm() -> None:
    """Returns when nothing is left to do before time passes."""
    ready: Any = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]  # no public way asks for it
    await asyncio.sleep(0)
    while ready:  # noqa: ASYNC110
        await asyncio.sleep(0)


@contextmanager
def guarded() -> Iterator[None]:
    """With time standing still nothing else would end a wait that lasts for ever."""

    def complain(*_: Any) -> None:
        raise Stuck(f"nothing came back within {STUCK_AFTER_S} s")

    before = signal.signal(signal.SIGALRM, complain)
    signal.alarm(STUCK_AFTER_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
