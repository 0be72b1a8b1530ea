"""Whose turn it is between commits, with a clock that is moved by hand."""

from collections import Counter
from typing import Any, cast

from tracking.ingest.commit import Committed
from tracking.ingest.upkeep import Chore, Upkeep, Work
from tracking.storage.telemetry import Transaction

NO_TRANSACTION = cast("Transaction", None)


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def taking(clock: Clock, runs: Counter[str], name: str, seconds: float) -> Work:
    def work(transaction: Transaction) -> Committed | None:
        clock.now_s += seconds
        runs[name] += 1
        return None

    return cast("Any", work)


def test_no_chore_waits_for_ever_where_slices_are_slow() -> None:
    """Each takes longer than the pause of the first."""
    clock, runs = Clock(), Counter[str]()
    names = ("settle", "tell", "seal")
    upkeep = Upkeep([Chore(taking(clock, runs, name, 3.0), every_s=2.0) for name in names], clock_s=clock)
    for _ in range(30):
        upkeep.run(NO_TRANSACTION)
    assert runs == {"settle": 10, "tell": 10, "seal": 10}


def test_nothing_runs_before_it_is_due() -> None:
    clock, runs = Clock(), Counter[str]()
    upkeep = Upkeep([Chore(taking(clock, runs, "tell", 0.5), every_s=2.0)], clock_s=clock)
    for _ in range(3):
        upkeep.run(NO_TRANSACTION)
    assert (runs["tell"], upkeep.wait_s()) == (1, 1.5)
    clock.now_s = 2.0
    upkeep.run(NO_TRANSACTION)
    assert runs["tell"] == 2
