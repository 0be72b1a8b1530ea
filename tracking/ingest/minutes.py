"""A thread that writes down what others note, about once a second or less often, so that nobody who notes waits for the database."""

import logging
import threading
from collections.abc import Callable

from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)

KEEP_EVERY_S = 1.0  # a flood costs one transaction in a second


class Minutes:
    """`flush` is called in the thread, which starts with the first `hurry`; after a DatabaseError it is called again.

    `every_s`: at most so often; None: KEEP_EVERY_S.
    """

    def __init__(self, name: str, flush: Callable[[], None], *, every_s: float | None = None) -> None:
        self._name = name
        self._flush = flush
        self._every_s = KEEP_EVERY_S if every_s is None else every_s
        self._lock = threading.Lock()
        self._noted = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def hurry(self) -> None:
        """Something waits. From any thread."""
        if self._noted.is_set():
            return
        self._noted.set()
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Writes what waits, then ends the thread."""
        self._stopping.set()
        self._noted.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._noted.wait()
            self._noted.clear()
            self._flush_once()
            self._stopping.wait(self._every_s)
        self._flush_once()

    def _flush_once(self) -> None:
        try:
            self._flush()
        except DatabaseError as error:
            logger.warning("%s are not written yet: %s", self._name, error)
            self._noted.set()
        except Exception:
            logger.exception("some %s were not written", self._name)
        finally:
            connection.close()
