"""Group commit: one thread writes all that waits in one transaction, then answers every sender.

A commit costs more than the fixes in it: the first after a pause begins once the loop has heard all that came with it, the next
once WORTH_A_COMMIT may have come, within bounds. Who has a backlog to send, or a fleet's, does not wait so long for each answer.
"""

import asyncio
import logging
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, TypeAlias, TypeVar

from tracking.domain.counters import Counters
from tracking.domain.directory import Directory
from tracking.domain.errors import Overloaded, Unavailable
from tracking.domain.events import Happening
from tracking.domain.fix import Fix
from tracking.domain.rate import rate_per_s
from tracking.ingest.commit import Committed, commit
from tracking.ingest.upkeep import Upkeep
from tracking.storage.telemetry import Telemetry, TelemetryWriter, Transaction

T = TypeVar("T")

logger = logging.getLogger(__name__)

MAX_WAITING_FIXES = 20_000  # a process; about two seconds of work on a slow disk
MAX_COMMIT_FIXES = 5_000
WORTH_A_COMMIT = 10  # fixes
BRIEFEST_PACE_S = 0.01
LONGEST_PACE_S = 0.06
WORTH_A_WAIT = 2  # turns of the loop that the longest pace would bring together
GIVE_UP_AFTER_S = 8.0  # then the senders hear 503 and keep their fixes
RETRY_BOUND_S = 1.0


Done: TypeAlias = Callable[[int | Exception], None]


class Job(NamedTuple):
    """Fixes, answered by how many were new; or a happening, answered by the id of its event."""

    fixes: Sequence[Fix]
    done: Done
    happening: Happening | None = None
    is_urgent: bool = True


class FixWriter:
    """`submit` from the event loop; everything else happens in the writer's own thread.

    `on_commit` is called in the event loop after each commit, and after each slice of `upkeep` that changed something.
    """

    def __init__(
        self,
        telemetry: Telemetry,
        *,
        directory: Callable[[], Directory],
        on_commit: Callable[[Committed], None],
        counters: Counters,
        upkeep: Upkeep,
    ) -> None:
        self._telemetry = telemetry
        self._upkeep = upkeep
        self._directory = directory
        self._on_commit = on_commit
        self._counters = counters
        self._jobs: deque[Job] = deque()
        self._chores: deque[Callable[[TelemetryWriter], None]] = deque()
        self._submitted = 0
        self._taken = 0
        self._turns = self._turns_before = 0
        self._turns_per_s = self._fixes_per_s = 0.0
        self._is_calling = False
        self._wake = threading.Condition()
        self._writer: TelemetryWriter | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._began_s = 0.0
        self._pace_s = BRIEFEST_PACE_S
        self._stopping = False

    def open(self) -> None:
        """Takes the store's writing connection. Raises Unavailable when it cannot be had."""
        if self._writer is None:
            self._writer = self._telemetry.open_writer()

    def submit(self, fixes: Sequence[Fix], done: Done, *, is_urgent: bool = True) -> None:
        """`done` gets how many of `fixes` were new, once they are on disk, or Unavailable. Raises Overloaded.

        `is_urgent`: the sender has more, which it keeps until it is answered.
        """
        self._queue(Job(fixes, done, is_urgent=is_urgent))

    async def do(self, chore: Callable[[Transaction], T]) -> T:
        """What `chore` gives, in a transaction of its own between two commits; it should take some milliseconds at most.

        Raises Unavailable, also once the writer is to end.
        """
        self.start()
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        with self._wake:
            if self._stopping:
                raise Unavailable("the server ends")
            self._chores.append(partial(self._do, chore, done))
            self._wake.notify()
        return await done

    async def append(self, happening: Happening) -> int:
        """The id of its event, once it is on disk. Raises Overloaded and Unavailable."""
        event = asyncio.get_running_loop().create_future()
        self._queue(Job((), partial(settle, event), happening))
        id_: int = await event
        return id_

    def _queue(self, job: Job) -> None:
        """The thread is called once a turn of the loop; of the counts of fixes each has one thread that writes it."""
        if self._stopping:
            raise Overloaded("The server ends.")
        waiting = self._submitted - self._taken
        if waiting + len(job.fixes) > MAX_WAITING_FIXES:
            raise Overloaded(f"{waiting} fixes wait to be stored; at most {MAX_WAITING_FIXES} may.")
        if not self._is_calling:
            self._is_calling = True
            self._turns += 1
            self.start()
            asyncio.get_running_loop().call_soon(self._call)
        self._submitted += len(job.fixes)
        self._jobs.append(job)

    def _call(self) -> None:
        self._is_calling = False
        with self._wake:
            self._wake.notify()

    def start(self) -> None:
        """Harmless when it runs already."""
        if self._loop is not None:
            return
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, name="fix-writer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Writes what waits, then ends the thread; what comes later is refused, and what came while it ended fails."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()
        if self._jobs:
            self._fail(list(self._jobs), Unavailable("the server ends"))
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _run(self) -> None:
        assert self._writer is not None, "open() first"
        while True:
            jobs = self._next_jobs()
            if self._chores:
                self._chores.popleft()(self._writer)
            if jobs:
                try:
                    self._write(self._writer, jobs)
                except Unavailable as error:
                    self._fail(jobs, error)
                except Exception as error:
                    logger.exception("a commit of %s requests failed", len(jobs))
                    self._fail(jobs, error)
            elif self._stopping and not self._chores:
                return
            self._keep_up(self._writer)

    def _keep_up(self, writer: TelemetryWriter) -> None:
        """One slice of what is due, and more while nobody waits."""
        try:
            while not self._upkeep.wait_s():
                began_s = time.monotonic()
                with writer.transaction() as transaction:
                    done = self._upkeep.run(transaction)
                if done is not None:
                    if done.sealed is not None:
                        self._counters.sealing.add(done.sealed, time.monotonic() - began_s)
                    self._in_loop(self._on_commit, done)
                if self._jobs or self._chores or self._stopping:
                    return
        except Unavailable as error:
            logger.warning("upkeep put off: %s", error)
            self._upkeep.put_off()
        except Exception:
            logger.exception("upkeep failed")
            self._upkeep.put_off()

    def _do(self, chore: Callable[[Transaction], T], done: "asyncio.Future[T]", writer: TelemetryWriter) -> None:
        outcome: T | Exception
        try:
            with writer.transaction() as transaction:
                outcome = chore(transaction)
        except Exception as error:
            outcome = error
        self._in_loop(settle, done, outcome)

    def _next_jobs(self) -> list[Job]:
        """All that waits, up to MAX_COMMIT_FIXES; nothing when upkeep is due or the writer is to end."""
        self._rest()
        with self._wake:
            while (
                (self._is_calling or not self._jobs)
                and not self._chores
                and not self._stopping
                and (wait_s := self._upkeep.wait_s())
            ):
                self._wake.wait(wait_s)
        taken: list[Job] = []
        count = 0
        while self._jobs and (not taken or count + len(self._jobs[0].fixes) <= MAX_COMMIT_FIXES):
            taken.append(self._jobs.popleft())
            count += len(taken[-1].fixes)
        self._taken += count
        if taken:
            self._keep_pace(count, is_urgent=any(job.is_urgent for job in taken))
        return taken

    def _rest(self) -> None:
        """Until the next commit may begin; who submits meanwhile need not wake the thread."""
        early_s = self._began_s + self._pace_s - time.monotonic()
        if early_s > 0 and not self._stopping:
            time.sleep(early_s)

    def _keep_pace(self, fixes: int, *, is_urgent: bool) -> None:
        now_s, turns = time.monotonic(), self._turns
        since_s, came = now_s - self._began_s, turns - self._turns_before
        self._turns_per_s = rate_per_s(self._turns_per_s, came, since_s)
        self._fixes_per_s = rate_per_s(self._fixes_per_s, fixes, since_s)
        self._pace_s = pace_s(self._fixes_per_s, turns_per_s=self._turns_per_s, is_urgent=is_urgent)
        self._began_s, self._turns_before = now_s, turns

    def _write(self, writer: TelemetryWriter, jobs: list[Job]) -> None:
        """A request that breaks a commit by a bug must not take the others with it."""
        try:
            self._answer(jobs, self._commit(writer, jobs))
        except Unavailable:
            raise
        except Exception:
            if len(jobs) == 1:
                raise
            logger.exception("a commit of %s requests failed; each is tried alone", len(jobs))
            for job in jobs:
                self._write_alone(writer, job)

    def _write_alone(self, writer: TelemetryWriter, job: Job) -> None:
        try:
            self._answer([job], self._commit(writer, [job]))
        except Exception as error:
            logger.exception("a commit of one request failed")
            self._fail([job], error)

    def _commit(self, writer: TelemetryWriter, jobs: list[Job]) -> Committed:
        began_s = time.monotonic()
        committed = self._commit_patiently(writer, jobs)
        self._counters.commit_s.observe(time.monotonic() - began_s)
        self._counters.commit_fixes.observe(sum(len(job.fixes) for job in jobs))
        return committed

    def _commit_patiently(self, writer: TelemetryWriter, jobs: list[Job]) -> Committed:
        give_up_at = time.monotonic() + GIVE_UP_AFTER_S
        bound_s = 0.05
        batches = [job.fixes for job in jobs]
        happenings = [job.happening for job in jobs if job.happening is not None]
        while True:
            try:
                with writer.transaction() as transaction:
                    directory = self._directory()
                    return commit(
                        transaction,
                        batches,
                        index=directory.index,
                        received_ms=time.time_ns() // 1_000_000,
                        happenings=happenings,
                        rules=directory.speed_rules,
                    )
            except Unavailable as error:
                if self._stopping or time.monotonic() + bound_s > give_up_at:
                    raise
                logger.warning("commit put off: %s", error)
                time.sleep(random.uniform(0, bound_s))
                bound_s = min(2 * bound_s, RETRY_BOUND_S)

    def _answer(self, jobs: list[Job], committed: Committed) -> None:
        if committed.has_marked:
            self._upkeep.hurry()
        self._in_loop(self._resolve, jobs, committed)

    def _resolve(self, jobs: list[Job], committed: Committed) -> None:
        told = iter(committed.told)
        for job, stored in zip(jobs, committed.stored, strict=True):
            self._tell(job, stored if job.happening is None else next(told))
        self._on_commit(committed)

    def _fail(self, jobs: list[Job], error: Exception) -> None:
        self._in_loop(self._reject, jobs, error)

    def _reject(self, jobs: list[Job], error: Exception) -> None:
        for job in jobs:
            self._tell(job, error)

    @staticmethod
    def _tell(job: Job, outcome: int | Exception) -> None:
        """A sender who cannot take the answer must not keep it from the others."""
        try:
            job.done(outcome)
        except Exception:
            logger.exception("an answer was not taken")

    def _in_loop(self, call: Callable[..., None], *arguments: object) -> None:
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(call, *arguments)
        except RuntimeError:
            logger.info("the event loop has ended; %s is not told", call.__name__)


def pace_s(fixes_per_s: float, *, turns_per_s: float, is_urgent: bool) -> float:
    """From one commit to the next, while so many fixes come, in so many turns of the loop.

    What comes so seldom that the longest wait would bring little more waits for nothing.
    """
    if is_urgent:
        return BRIEFEST_PACE_S
    if turns_per_s * LONGEST_PACE_S < WORTH_A_WAIT:
        return 0.0
    return min(max(BRIEFEST_PACE_S, WORTH_A_COMMIT / max(1.0, fixes_per_s)), LONGEST_PACE_S)


def settle(future: "asyncio.Future[T]", outcome: T | Exception) -> None:
    """Does nothing when nobody waits any more."""
    if future.done():
        return
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
