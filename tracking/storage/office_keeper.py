"""Keeps a process's pictures of the office fresh from a thread of its own, off every hot path."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable

from django.db import DatabaseError, Error, connection

from tracking.domain.access import Office
from tracking.domain.errors import Unavailable
from tracking.storage.office import load_office

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5
LOOK_AGAIN_AFTER_S = 0.2


class OfficeKeeper:
    """`on_change(before, after)` is called in the keeper's thread."""

    def __init__(self, *, on_change: Callable[[Office, Office], None]) -> None:
        self._on_change = on_change
        self._current: Office | None = None
        self._lock = threading.Lock()
        self._looked_s = 0.0
        self._next_look: asyncio.Task[None] | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Waits for the first pictures. Raises what the database raises."""
        if self._thread is not None:
            return
        failure: list[BaseException] = []
        first = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(first, failure), name="office", daemon=True)
        self._thread.start()
        first.wait()
        if failure:
            self._thread = None
            raise failure[0]

    @property
    def current(self) -> Office:
        assert self._current is not None, "start() first"
        return self._current

    def stop(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    async def refresh(self) -> None:
        """Returns after a look that began after the call; many callers share one, LOOK_AGAIN_AFTER_S apart.

        Raises Unavailable when the office database does not answer.
        """
        if self._next_look is None:
            self._next_look = asyncio.create_task(self._look_soon())
        await asyncio.shield(self._next_look)

    async def _look_soon(self) -> None:
        await asyncio.sleep(self._looked_s + LOOK_AGAIN_AFTER_S - time.monotonic())
        self._next_look = None
        try:
            await asyncio.to_thread(self._look_and_close)
        except DatabaseError as error:
            raise Unavailable(f"the office database did not answer: {error}") from error

    def _run(self, first: threading.Event, failure: list[BaseException]) -> None:
        try:
            self._look()
        except Exception as error:
            failure.append(error)
            return
        finally:
            first.set()
        while not self._stop.wait(LOOK_EVERY_S):
            try:
                self._look()
            except Error as error:
                logger.warning("the office database did not answer: %s", error)
                connection.close()
            except Exception:
                logger.exception("the office was not read")
        connection.close()

    def _look_and_close(self) -> None:
        try:
            self._look()
        finally:
            connection.close()

    def _look(self) -> None:
        with self._lock:
            before = self._current
            self._current = load_office(before)
            if before is not None and self._current is not before:
                self._on_change(before, self._current)
            self._looked_s = time.monotonic()
