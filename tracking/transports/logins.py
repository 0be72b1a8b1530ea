"""Finds whose sessions are whose: all that are asked for while the database reads are read together afterwards.

After a restart every browser comes at once, each with a session that this process has never seen.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeAlias

from django.db import DatabaseError, close_old_connections, connection

from tracking.domain.access import Login
from tracking.domain.errors import Unavailable

MOST_AT_ONCE = 500  # keys in one statement

Find: TypeAlias = Callable[[Sequence[str]], Mapping[str, Login]]
Batch: TypeAlias = Mapping[str, "asyncio.Future[Login | None]"]


class LoginReader:
    """`find` gives the logins of those session keys that have one; it is called in a thread of its own."""

    def __init__(self, find: Find) -> None:
        self._find = find
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sessions")
        self._asked: dict[str, asyncio.Future[Login | None]] = {}
        self._reading: asyncio.Task[None] | None = None

    async def read(self, key: str) -> Login | None:
        """As the database has it after the call. Raises Unavailable when it does not answer."""
        answer = self._asked.get(key)
        if answer is None:
            answer = self._asked[key] = asyncio.get_running_loop().create_future()
        if self._reading is None:
            self._reading = asyncio.create_task(self._read_on())
        return await asyncio.shield(answer)

    async def _read_on(self) -> None:
        """Until nobody asks."""
        while self._asked:
            batch = {key: self._asked.pop(key) for key in list(islice(self._asked, MOST_AT_ONCE))}
            await self._answer(batch)
        self._reading = None

    async def _answer(self, batch: Batch) -> None:
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._thread, self._look_up, list(batch))
        except DatabaseError as error:
            _fail(batch, Unavailable(f"the office database did not answer: {error}"))
        except Exception as error:
            _fail(batch, error)
        else:
            for key, answer in batch.items():
                answer.set_result(found.get(key))

    def _look_up(self, keys: Sequence[str]) -> Mapping[str, Login]:
        close_old_connections()
        return self._find(keys)

    def stop(self) -> None:
        self._thread.submit(_close_connection)
        self._thread.shutdown()


def _fail(batch: Batch, error: Exception) -> None:
    for answer in batch.values():
        answer.set_exception(error)


def _close_connection() -> None:
    """The one of the thread that calls it."""
    connection.close()
