"""How the processes of an installation tell an operator about themselves: questions, answers and orders on the bus."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from tracking.live.bus import Bus

GROUP = "ops"
ANSWER_WITHIN_S = 0.3

Report = dict[str, Any]


class OpsLine:
    """`report` tells of this process, whose name is `process`; `obey` does what an operator orders here.

    Without the bus the others are not heard, and that is all.
    """

    def __init__(
        self, bus: Bus, *, process: str, report: Callable[[], Report], obey: Callable[[Mapping[str, Any]], None]
    ) -> None:
        self._bus = bus
        self._process = process
        self._report = report
        self._obey = obey
        self._asked = 0
        self._answers: dict[int, list[Report]] = {}

    async def start(self) -> None:
        await self._bus.follow(GROUP, self._hear)
        await self._bus.follow(_group_of(self._process), self._hear)

    async def ask(self) -> list[Report]:
        """This process's report, then those of all that answer in time."""
        self._asked += 1
        number, answers = self._asked, self._answers.setdefault(self._asked, [])
        self._bus.say(GROUP, {"ask": number, "asker": self._process})
        try:
            await asyncio.sleep(ANSWER_WITHIN_S)
        finally:
            del self._answers[number]
        return [self._report(), *answers]

    def order(self, process: str, order: Mapping[str, Any]) -> None:
        """Done here at once, or told to the process that it is for."""
        if process == self._process:
            self._obey(order)
        else:
            self._bus.say(_group_of(process), {"order": order})

    def _hear(self, word: Mapping[str, Any]) -> None:
        match word:
            case {"ask": number, "asker": asker} if asker != self._process:
                self._bus.say(_group_of(asker), {"answer": number, "report": self._report()})
            case {"answer": number, "report": report} if number in self._answers:
                self._answers[number].append(report)
            case {"order": order}:
                self._obey(order)


def _group_of(process: str) -> str:
    return f"{GROUP}.{process}"
