"""How long to wait before trying again: capped full jitter."""

from collections.abc import Callable
from random import random

FIRST_BOUND_S = 0.5
LAST_BOUND_S = 30.0
HEALTHY_AFTER_S = 10.0  # a connection that held so long starts the count afresh


def retry_delay_s(attempt: int, *, at_least_s: float = 0.0, chance: Callable[[], float] = random) -> float:
    """Before the retry number `attempt` (from 0): random below a bound that doubles, after what the server asked for."""
    bound_s = min(LAST_BOUND_S, FIRST_BOUND_S * 2.0 ** min(attempt, 16))
    return at_least_s + chance() * bound_s
