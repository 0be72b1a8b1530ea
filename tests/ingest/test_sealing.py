"""Closed hours are sealed slice by slice, between the commits of new fixes, until none is left."""

import time
from collections.abc import Callable
from itertools import pairwise

import pytest

from tests.storage.conftest import Store
from tests.storage.test_sealing import hot_fixes, make_fix, seal_once, sealed_hours
from tests.transports.conftest import Process, layer, process
from tests.transports.test_health import samples
from tests.transports.test_websocket import item, post
from tracking.domain.counters import SealingCounts
from tracking.ingest.sealing import SLICE, Sealer
from tracking.ingest.upkeep import Chore, Upkeep

__all__ = ["layer", "process"]


def slices(store: Store, sealer: Sealer) -> list[int]:
    """Of one round: how many hot fixes were left after each."""
    left = []
    while True:
        with store.writer.transaction() as transaction:
            if sealer(transaction) is None:
                return left
        left.append(sum(hot_fixes(store, vehicle) for vehicle in (1, 2, 3)))


def test_one_round_seals_all_that_is_closed(store: Store) -> None:
    """Of every vehicle, however many hours it has; a slice stays small."""
    for vehicle in (1, 3):
        store.commit([make_fix(s, vehicle=vehicle) for s in range(0, 50 * 3_600, 1_200)])
    store.commit([make_fix(s, vehicle=2) for s in range(4 * 3_600)])
    sealer = Sealer(closed_ms=3_600_000)
    left = [300 + 14_400, *slices(store, sealer)]
    assert left[-1] == 0
    assert max(a - b for a, b in pairwise(left)) <= SLICE.fixes + 3_600
    assert sealed_hours(store, 3) == [(hour, 3) for hour in range(50)]
    assert slices(store, sealer)[-1:] == [0]
    store.commit([make_fix(1, vehicle=2), make_fix(0.5, vehicle=2)])
    slices(store, sealer)
    assert sealed_hours(store, 2)[0] == (0, 3_601)


def test_the_oldest_hours_of_all_come_first(store: Store) -> None:
    """Where they were stored together they lie together."""
    for vehicle in (1, 2):
        store.commit([make_fix(s, vehicle=vehicle) for s in range(3 * 3_600)])
    sealer = Sealer(closed_ms=3_600_000)
    for _ in range(2):
        with store.writer.transaction() as transaction:
            sealer(transaction)
    assert [sealed_hours(store, vehicle) for vehicle in (1, 2)] == [[(0, 3_600)]] * 2


def test_an_hour_that_fills_meanwhile_is_sealed_once_a_round(store: Store) -> None:
    """A backlog that comes in pieces costs one blob a round, not one a piece."""
    store.commit([make_fix(0, vehicle=1)])
    store.commit([make_fix(0, vehicle=2)])
    sealer = Sealer(closed_ms=3_600_000)
    rounds, piece = 0, 0
    while rounds < 2:
        with store.writer.transaction() as transaction:
            rounds += sealer(transaction) is None
        piece += 1
        store.commit([make_fix(piece, vehicle=1)])
        assert piece < 10
    assert hot_fixes(store, 1) > 0
    assert sealed_hours(store, 2) == [(0, 1)]


def test_what_cannot_be_sealed_does_not_keep_others_waiting(store: Store) -> None:
    """Those of its slice are tried once more without it, and it itself in the next round."""
    for vehicle in (1, 2, 3):
        store.commit([make_fix(s, vehicle=vehicle) for s in range(10)])
    seal_once(store, 2)
    store.commit([make_fix(20, vehicle=2)])
    with store.writer.transaction() as transaction:
        transaction.run("UPDATE sealed SET blob = ? WHERE vehicle = 2", [b"damaged"])
    counts = SealingCounts()
    sealer = Sealer(closed_ms=3_600_000, counts=counts)
    for _ in range(2):
        with pytest.raises(ValueError, match="not a sealed hour"):
            slices(store, sealer)
        slices(store, sealer)
        assert [hot_fixes(store, vehicle) for vehicle in (1, 2, 3)] == [0, 1, 0]
        assert counts.waiting_hours > 1_000, "it is of 2021"
    assert counts.failures == 2


@pytest.mark.parametrize("telemetry", ["postgres"], indirect=True)
def test_a_vehicle_that_another_process_holds_is_passed_over(store: Store) -> None:
    for vehicle in (1, 2):
        store.commit([make_fix(s, vehicle=vehicle) for s in range(10)])
    other = store.telemetry.open_writer()
    with other.transaction() as holding:
        holding.find_latest([1])
        assert slices(store, Sealer(closed_ms=3_600_000))[-1] == 10
    other.close()
    assert slices(store, Sealer(closed_ms=3_600_000))[-1] == 0


def test_a_chore_rests_after_its_slices() -> None:
    """So many times as long as each took."""
    now_s = 0.0

    def work(took_s: float, *, more: bool) -> Callable[..., object]:
        def slice_(_: object) -> object:
            nonlocal now_s
            now_s += took_s
            return object() if more else None

        return slice_

    chore = Chore(work(0.5, more=True), every_s=60, rest=3)  # type: ignore[arg-type]
    upkeep = Upkeep([chore], clock_s=lambda: now_s)
    upkeep.run(None)  # type: ignore[arg-type]
    assert upkeep.wait_s() == 1.5
    upkeep.hurry()
    assert upkeep.wait_s() == 1.5


async def test_the_server_seals_by_itself(process: Process) -> None:
    """What comes for a sealed hour is stored, known, or refused as ever; it is counted."""
    old_ms = (time.time_ns() // 1_000_000 // 3_600_000 - 30) * 3_600_000
    items = [item(fix_time=old_ms + i * 1000) for i in range(50)]
    await post(process, *items)
    telemetry = process.fleet.telemetry
    process.fleet._writer._upkeep._chores[-1].due_s = 0.0
    await post(process, item())
    while not telemetry.read("SELECT 1 FROM sealed"):
        await process.fleet._writer.do(lambda _: None)
    again = [items[0], item(fix_time=old_ms + 1000, lat=1.0), item(fix_time=old_ms + 1)]
    async with process.http() as client:
        answer = (await client.post("fixes", json=again)).json()
    assert (answer["stored"], answer["duplicates"]) == (1, 1)
    assert [(refused["index"], refused["reason"]) for refused in answer["refused"]] == [(1, "time_taken")]
    assert len(telemetry.load_track(1, old_ms, old_ms + 3_600_000, limit=99)) == 51
    seen = await samples(process)
    assert (seen["fleet_sealed_hours_total", "first"], seen["fleet_sealed_hours_total", "again"]) == (1, 0)
    assert (seen["fleet_sealed_fixes_total",], seen["fleet_sealing_seconds_count",]) == (50, 1)
    assert (seen["fleet_sealing_failures_total",], seen["fleet_sealing_waiting_hours",]) == (0, 0)
