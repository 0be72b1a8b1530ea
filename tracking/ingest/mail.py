"""The way of a message: kept in the office, told in the log of events, marked when it arrived and when it was read."""

import asyncio
import time
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from django.db import DatabaseError, DataError, connection

from tracking.domain.alerts import Alert, happening_of
from tracking.domain.errors import Unavailable
from tracking.domain.events import EventKind, Happening
from tracking.domain.messages import Draft, Message
from tracking.ingest.writer import FixWriter
from tracking.storage import messages

P = ParamSpec("P")
T = TypeVar("T")


class Mail:
    """Every call may raise Unavailable and may be repeated, also at the same moment: a message is kept once and told once."""

    def __init__(self, writer: FixWriter) -> None:
        self._writer = writer

    async def send(self, draft: Draft) -> Message:
        """Returns when the message is on disk and in the log; with the key of an earlier one, that one."""
        message = await in_office(messages.keep_message, draft, now_ms=_now_ms())
        if message.event is None:
            event = await self._writer.append(_happening(message, EventKind.MESSAGE, message.sent_ms, text_of(message)))
            await in_office(messages.name_event, message.id, event)
        return message

    async def find(self, id_: int) -> Message | None:
        return await in_office(messages.find_message, id_)

    async def mark(self, message: Message, *, is_read: bool) -> None:
        """Its reader got it, or read it."""
        now_ms = _now_ms()
        if await in_office(messages.mark, message.id, now_ms=now_ms, is_read=is_read):
            data = {"message": message.id, "state": "read" if is_read else "delivered"}
            await self._writer.append(_happening(message, EventKind.RECEIPT, now_ms, data))

    async def acknowledge(self, alert: Alert, *, by: str) -> None:
        """Somebody has taken note of it; returns when that is on disk and in the log."""
        await self._writer.append(happening_of(alert, EventKind.ACKNOWLEDGED, _now_ms(), by=by))


def text_of(message: Message) -> dict[str, Any]:
    """What readers get of it."""
    return {
        "message": message.id,
        "from_driver": message.from_driver,
        "author": message.author.name,
        "text": message.text,
        "quick_replies": list(message.quick_replies),
    }


def _happening(message: Message, kind: EventKind, time_ms: int, data: dict[str, Any]) -> Happening:
    return Happening(kind, message.vehicle, None, time_ms, data)


async def in_office(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Runs a call of the office database in a thread. Raises Unavailable when the database does not answer.

    What the database cannot take, and will not next time, is a bug of whoever let it through.
    """

    def run() -> T:
        try:
            return call(*args, **kwargs)
        finally:
            connection.close()

    try:
        return await asyncio.to_thread(run)
    except DataError:
        raise
    except DatabaseError as error:
        raise Unavailable(f"the office database did not answer: {error}") from error


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
