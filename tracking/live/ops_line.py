"""How the processes of an installation tell an operator about themselves: one group on the layer, questions and answers."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

GROUP = "ops"
ANSWER_WITHIN_S = 0.3
RETRY_S = 1.0

Report = dict[str, Any]


class OpsLine:
    """`report` tells of this process, whose name is `process`; `obey` does what an operator orders here.

    Without the layer the others are not heard, and that is all.
    """

    def __init__(
        self, layer: Any, *, process: str, report: Callable[[], Report], obey: Callable[[Mapping[str, Any]], None]
    ) -> None:
        self._layer = layer
        self._process = process
        self._report = report
        self._obey = obey
        self._channel = ""
        self._asked = 0
        self._answers: dict[int, list[Report]] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Harmless when it runs already."""
        self._task = self._task or asyncio.create_task(self._listen())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def ask(self) -> list[Report]:
        """This process's report, then those of all that answer in time."""
        self._asked += 1
        number, answers = self._asked, self._answers.setdefault(self._asked, [])
        await self._try(self._layer.group_send(GROUP, {"type": "ops.ask", "asker": self._channel, "number": number}))
        await asyncio.sleep(ANSWER_WITHIN_S)
        del self._answers[number]
        return [self._report(), *answers]

    async def order(self, process: str, order: Mapping[str, Any]) -> None:
        """Done here at once, or told to the process that it is for."""
        if process == self._process:
            self._obey(order)
        else:
            await self._try(self._layer.group_send(GROUP, {"type": "ops.order", "process": process, "order": order}))

    async def _listen(self) -> None:
        while True:
            try:
                self._channel = await self._layer.new_channel()
                await self._layer.group_add(GROUP, self._channel)
                while True:
                    await self._hear(await self._layer.receive(self._channel))
            except (RedisError, OSError) as error:
                logger.info("other processes are not heard by operators: %s", error)
            except Exception:
                logger.exception("an operator's message failed")
            await asyncio.sleep(RETRY_S)

    async def _hear(self, message: Mapping[str, Any]) -> None:
        match message["type"]:
            case "ops.ask" if message["asker"] != self._channel:
                answer = {"type": "ops.answer", "number": message["number"], "report": self._report()}
                await self._try(self._layer.send(message["asker"], answer))
            case "ops.answer" if message["number"] in self._answers:
                self._answers[message["number"]].append(message["report"])
            case "ops.order" if message["process"] == self._process:
                self._obey(message["order"])

    @staticmethod
    async def _try(call: Awaitable[None]) -> None:
        try:
            await call
        except (RedisError, OSError) as error:
            logger.info("other processes are not reached by operators: %s", error)
