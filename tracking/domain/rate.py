"""How often something happens, as far as the last half second tells."""

from math import exp

STEADY_S = 0.4  # a burst, such as everybody's acknowledgements, hardly changes the rate of messages
SHORTEST_S = 0.001  # what clocks can tell


def rate_per_s(known_per_s: float, count: int, since_s: float) -> float:
    """As was known, and as so many since then say; the longer that was, the less counts what was known."""
    since_s = max(since_s, SHORTEST_S)
    return known_per_s + (count / since_s - known_per_s) * (1 - exp(-since_s / STEADY_S))
