"""How long sockets wait to be looked at."""

from itertools import pairwise

import pytest

from tracking.domain.rate import rate_per_s
from tracking.live.feed import EARLY_S, TICK_S
from tracking.transports.look_pace import WAITS_S, wait_s


def looks(*, per_s: float, for_s: float = 10.0) -> list[float]:
    """How long each wait is from when messages begin to come so often."""
    waits, known = [], 0.0
    while sum(waits) < for_s:
        waits.append(wait_s(known))
        known = rate_per_s(known, round(per_s * waits[-1]), waits[-1])
    return waits


@pytest.mark.parametrize(
    ("per_s", "wanted_s"),
    [(0, 0.238), (50, 0.238), (200, 0.238), (400, 0.118), (500, 0.058), (1_000, 0.038), (2_000, 0.02), (1e5, 0.01)],
)
def test_the_more_often_messages_come_the_sooner_they_are_looked_at(per_s: float, wanted_s: float) -> None:
    assert looks(per_s=per_s)[-1] == wanted_s


def test_a_fleet_that_begins_is_soon_heard_as_often_as_it_needs() -> None:
    waits = looks(per_s=1_000)
    assert sum(waits[: waits.index(0.038)]) < 1.0


@pytest.mark.parametrize("late_s", [0.0005, 0.002])
def test_some_looks_end_a_little_before_a_tick(late_s: float) -> None:
    for longest_s in WAITS_S[:4]:
        count = TICK_S // (longest_s + late_s)
        assert TICK_S - EARLY_S < count * (longest_s + late_s) < TICK_S


def test_waits_fall() -> None:
    assert all(longer > shorter for longer, shorter in pairwise(WAITS_S))
