"""How long the poller's sockets wait to be looked at."""

WORTH_A_LOOK = 50  # messages
WAITS_S = (0.238, 0.118, 0.058, 0.038, 0.02, 0.01)
"""One, two, four, six and so on end a little before a tick with what timers are late, so that the tick tells what its last look brought."""


def wait_s(per_s: float) -> float:
    """From one look to the next."""
    return next((wait_s for wait_s in WAITS_S if per_s * wait_s <= WORTH_A_LOOK), WAITS_S[-1])
