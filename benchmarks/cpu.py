"""CPU of this process and of the PostgreSQL backends that work for it."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

LEAST_S = 0.2  # short work is repeated for so long


class Meter:
    """`backends`: process ids of the database's sessions on this machine."""

    def __init__(self, backends: Sequence[int] = ()) -> None:
        self._stats = [Path(f"/proc/{pid}/schedstat") for pid in backends]

    def now_s(self) -> float:
        """Rises with the work of all of them; nanoseconds, not clock ticks."""
        return time.process_time() + sum(int(stat.read_text().split()[0]) for stat in self._stats) / 1e9

    def cost_s(self, work: Callable[[], Any]) -> tuple[Any, float]:
        """What it gives, and CPU seconds."""
        begin_s = self.now_s()
        value = work()
        return value, self.now_s() - begin_s

    def cost_ms(self, work: Callable[[], Any]) -> float:
        """The mean of as many runs as fit into LEAST_S, after one that warms up."""
        work()
        begin_s, runs = self.now_s(), 0
        while not runs or self.now_s() - begin_s < LEAST_S:
            work()
            runs += 1
        return 1e3 * (self.now_s() - begin_s) / runs
