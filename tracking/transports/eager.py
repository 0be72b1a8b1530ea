"""Starts a coroutine at once: what ends without waiting costs no task and no switch."""

import asyncio
import types
from collections.abc import Callable, Coroutine, Generator
from typing import Any


def start(coroutine: Coroutine[Any, Any, None]) -> "asyncio.Task[None] | None":
    """Runs it up to its first wait; None when it has ended, else the task that goes on. Raises what it raises."""
    try:
        pending = coroutine.send(None)
    except StopIteration:
        return None
    return asyncio.get_running_loop().create_task(_go_on(coroutine, pending))


async def _go_on(coroutine: Coroutine[Any, Any, None], pending: Any) -> None:
    await _resume(coroutine, pending)


@types.coroutine
def _resume(coroutine: Coroutine[Any, Any, None], pending: Any) -> Generator[Any, Any, None]:
    """Goes on with a coroutine that was started by hand and waits for `pending`."""
    while True:
        advance: Callable[[Any], Any]
        argument: Any
        try:
            argument = yield pending
            advance = coroutine.send
        except BaseException as error:
            argument, advance = error, coroutine.throw
        try:
            pending = advance(argument)
        except StopIteration:
            return
