"""How long sockets wait to be looked at, and that they always are."""

import asyncio
from itertools import pairwise
from typing import Any

import pytest

from tests.transports.sockets import make_pair, until
from tracking.domain.rate import rate_per_s
from tracking.live.feed import EARLY_S, TICK_S
from tracking.transports.look_pace import WAITS_S, wait_s
from tracking.transports.poller import Poller


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


class Broken:
    """Whose server fails, also in giving it up."""

    def __init__(self) -> None:
        self.calls = 0

    def serve(self, _events: int) -> None:
        self.calls += 1
        raise ValueError

    def abort(self) -> None:
        raise ValueError


async def test_looks_go_on_after_one_that_failed(caplog: pytest.LogCaptureFixture) -> None:
    """The first is by the bell, those that follow by a timer."""
    failed: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: failed.append(context))
    poller, broken = Poller(lambda _: None), Broken()
    ours, theirs = make_pair()
    with ours, theirs:
        poller.listen(ours.fileno(), broken)
        theirs.send(b"x")
        await until(lambda: broken.calls >= 3)
        poller.forget(ours.fileno())
    assert failed
    assert "could not be served" in caplog.text
