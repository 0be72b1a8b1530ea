"""What the load saw, and the figures of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np


class Arrival(NamedTuple):
    """What one dispatcher got at once: when (ms since 1970), and the fix times of its rows."""

    at_ms: float
    fix_times_ms: Sequence[int]
    is_quiet: bool


@dataclass(slots=True)
class Log:
    """Cleared when the window begins; `expected` counts positions times their watchers."""

    arrivals: list[Arrival] = field(default_factory=list)
    answered_ms: list[float] = field(default_factory=list)
    late_ms: list[float] = field(default_factory=list)
    expected: int = 0
    requests: int = 0
    errors: Counter[str] = field(default_factory=Counter)

    def clear(self) -> None:
        self.arrivals.clear()
        self.answered_ms.clear()
        self.late_ms.clear()
        self.expected = self.requests = 0

    def figures(self) -> dict[str, Any]:
        busy, quiet = self._delays_ms(is_quiet=False), self._delays_ms(is_quiet=True)
        return {
            "delivered": len(busy) + len(quiet),
            "expected": self.expected,
            "frames": len(self.arrivals),
            "requests": self.requests,
            "p50_ms": quantile(busy, 0.5),
            "p99_ms": quantile(busy, 0.99),
            "quiet_p50_ms": quantile(quiet, 0.5),
            "quiet_p90_ms": quantile(quiet, 0.9),
            "answer_p50_ms": quantile(self.answered_ms, 0.5),
            "answer_p99_ms": quantile(self.answered_ms, 0.99),
            "late_p99_ms": quantile(self.late_ms, 0.99),
        }

    def _delays_ms(self, *, is_quiet: bool) -> Any:
        delays = [a.at_ms - np.array(a.fix_times_ms) for a in self.arrivals if a.is_quiet == is_quiet]
        return np.concatenate(delays) if delays else np.array([])


def quantile(values: Any, share: float) -> float:
    """NaN of none."""
    return float(np.quantile(values, share)) if len(values) else float("nan")
