"""Reports fixes over the live WebSocket: many on their way at once, each acknowledged when stored."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any, Self

from fleet_client.backoff import HEALTHY_AFTER_S, retry_delay_s
from fleet_client.live import LiveConnection, Lost, Message, open_live, seconds_or
from fleet_client.results import ClientError, FixObject, GaveUp, Rejected, Result, result_from_json

MESSAGES_PER_S = 20.0  # the protocol's limit, until `welcome` says otherwise
MARGIN = 0.9  # of the allowed rate, as the two clocks differ
WINDOW = 16  # reports on their way at once
GIVE_UP_AFTER_S = 120.0
BUSY_AGAIN_S = 0.5
ANSWER_WITHIN_S = 30.0


class LiveReporter:
    """`report` may be called from many tasks at once; reports leave in the order of the calls.

    After a lost connection it connects again and repeats, in order, every report without an answer.
    """

    def __init__(self, url: str, token: str, *, give_up_after_s: float = GIVE_UP_AFTER_S) -> None:
        self._url = url
        self._token = token
        self._give_up_after_s = give_up_after_s
        self._room = asyncio.Semaphore(WINDOW)
        self._waiting: dict[int, tuple[Message, asyncio.Future[Result]]] = {}
        self._unsent: asyncio.Queue[int] = asyncio.Queue()
        self._last_id = 0
        self._failure: ClientError | None = None
        self._answered_s = time.monotonic()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        self._fail(GaveUp("the reporter was closed"))

    async def report(self, fixes: Sequence[FixObject]) -> Result:
        """Raises NotAuthorised, Rejected or GaveUp; after NotAuthorised or GaveUp every later call raises it too."""
        async with self._room:
            if self._failure is not None:
                raise self._failure
            if not self._waiting:
                self._answered_s = time.monotonic()
            self._last_id += 1
            number = self._last_id
            answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
            self._waiting[number] = ({"type": "report", "id": number, "fixes": list(fixes)}, answer)
            self._unsent.put_nowait(number)
            if self._task is None:
                self._task = asyncio.create_task(self._run())
            try:
                return await answer
            finally:
                self._waiting.pop(number, None)

    async def _run(self) -> None:
        attempt = 0
        while True:
            began_s = time.monotonic()
            try:
                await self._converse()
            except Lost as error:
                attempt = 0 if time.monotonic() - began_s > HEALTHY_AFTER_S else attempt
                delay_s = retry_delay_s(attempt, at_least_s=error.retry_s)
                attempt += 1
                if self._waiting and time.monotonic() + delay_s > self._answered_s + self._give_up_after_s:
                    return self._fail(GaveUp(str(error)))
            except ClientError as error:
                return self._fail(error)
            except Exception as error:
                self._fail(Rejected(f"the conversation broke: {error!r}"))
                raise
            await asyncio.sleep(delay_s)

    async def _converse(self) -> None:
        """One connection, to its end; ends only by raising."""
        connection = await open_live(self._url, token=self._token)
        try:
            self._unsent = asyncio.Queue()
            for number in self._waiting:
                self._unsent.put_nowait(number)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._send_all(connection))
                group.create_task(self._read_all(connection, group))
                group.create_task(self._watch_silence())
        except ExceptionGroup as errors:
            final, others = errors.split(ClientError)
            raise (final or others or errors).exceptions[0] from None
        finally:
            await connection.close()

    async def _send_all(self, connection: LiveConnection) -> None:
        limits = connection.welcome.get("limits") or {}
        pause_s = 1 / (max(1.0, seconds_or(limits.get("messages_per_s"), MESSAGES_PER_S)) * MARGIN)
        while True:
            number = await self._unsent.get()
            if number in self._waiting:
                await connection.send(self._waiting[number][0])
                await asyncio.sleep(pause_s)

    async def _read_all(self, connection: LiveConnection, group: asyncio.TaskGroup) -> None:
        async for message in connection.messages():
            _, answer = self._waiting.get(message.get("id") or 0, (None, None))
            if answer is None or answer.done():
                continue
            self._answered_s = time.monotonic()
            if message.get("type") == "ok":
                self._settle(answer, message.get("result"))
            elif message.get("type") == "error" and message.get("code") in {"busy", "rate"}:
                delay_s = seconds_or(message.get("retry_after_s"), BUSY_AGAIN_S)
                group.create_task(self._send_later(int(message["id"]), delay_s))
            elif message.get("type") == "error":
                answer.set_exception(Rejected(f"{message.get('code')}: {message.get('reason')}"))

    async def _watch_silence(self) -> None:
        """Ends a connection on which reports stay without any answer."""
        began_s = time.monotonic()
        while True:
            await asyncio.sleep(ANSWER_WITHIN_S / 5)
            silent_s = time.monotonic() - max(began_s, self._answered_s)
            if self._waiting and silent_s > ANSWER_WITHIN_S:
                raise Lost(f"no answer for {silent_s:.0f} s")

    async def _send_later(self, number: int, delay_s: float) -> None:
        await asyncio.sleep(delay_s + retry_delay_s(0))
        self._unsent.put_nowait(number)

    def _settle(self, answer: asyncio.Future[Result], value: Any) -> None:
        try:
            answer.set_result(result_from_json(value))
        except Rejected as error:
            answer.set_exception(error)

    def _fail(self, error: ClientError) -> None:
        self._failure = error
        for _, answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(error)
