"""Whatever the order, the batches and the repetition in which fixes arrive: the same rows, visits, events and way."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from math import cos, pi, sin
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from tests.builders import EAST, START_MS, WEST, make_fix
from tests.domain.stays import stays_of
from tests.storage.conftest import Store
from tracking.domain.distance import Odometer
from tracking.domain.fix import Fix
from tracking.domain.regions import RegionIndex
from tracking.domain.rest import Fixes
from tracking.domain.visits import Stay
from tracking.ingest.settling import MOST_TOLD, settle_marked

EXAMPLES = int(os.environ.get("FLEET_ORDER_EXAMPLES", "50"))
GATE = 3
INDEX = RegionIndex(
    {WEST: box(11.98, 57.6, 12, 57.8), EAST: box(12, 57.6, 12.02, 57.8), GATE: box(12.01, 57.69, 12.0105, 57.71)},
    {WEST: 10_000, EAST: 0, GATE: 30_000},
)
"""West and East meet at lon 12, where a degree of longitude is 59 km; the gate lies in East, 31 m wide."""

numbers = count(1)

fixes_of_one = st.lists(
    st.builds(
        lambda at_s, lon, lat, accuracy_m: make_fix(at_s=at_s, lon=lon, lat=lat, accuracy_m=accuracy_m),
        st.one_of(st.integers(0, 60), st.integers(0, 60).map(lambda i: i * 20), st.integers(0, 8_000)),
        st.sampled_from(
            [11.97, 11.9799, 11.9801, 11.99, 11.9999, 12.0, 12.0001, 12.0099, 12.0102, 12.0106, 12.019, 12.03, 15.0]
        ),
        st.sampled_from([57.7, 57.7, 57.7005, 57.8001]),
        st.sampled_from([None, 5.0, 60.0, 500.0]),
    ),
    max_size=14,
    unique_by=lambda fix: fix.fix_time_ms,
)


def stays_in(store: Store, vehicle: int) -> list[Stay]:
    rows = store.telemetry.read(
        "SELECT region, enter_time, exit_time, exit_seen FROM visit WHERE vehicle = ? ORDER BY region, enter_time",
        [vehicle],
    )
    return [Stay(*row) for row in rows]


def told_of(store: Store, vehicle: int) -> set[tuple[Any, ...]]:
    """What the log says in the end: what was taken back is not in it."""
    events = store.telemetry.load_events(vehicle=vehicle, limit=100_000)
    back = {event.data["event_id"] for event in events if event.kind == "retract"}
    assert back == store.telemetry.load_retracted([event.id for event in events])
    said = [(e.kind, e.region, e.time_ms) for e in events if e.id not in back and e.kind != "retract"]
    assert len(said) == len(set(said))
    return set(said)


def way_m(fixes: list[Fix]) -> float:
    """As tracks are told to be long."""
    odometer = Odometer()
    times = np.array([fix.fix_time_ms for fix in fixes], dtype=np.int64)
    lats, lons, accuracies_m = (np.array([fix[i] for fix in fixes], dtype=float) for i in (2, 3, 6))
    odometer.add(Fixes(times, lats, lons), accuracies_m)
    return odometer.total_m()


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fixes_of_one, st.data())
def test_any_order_gives_what_the_sorted_fixes_give(store: Store, fixes: list[Fix], data: st.DataObject) -> None:
    store.index = INDEX
    sorted_, shuffled = next(numbers), next(numbers)
    in_order = sorted(fix._replace(vehicle=sorted_) for fix in fixes)
    store.commit(in_order)
    store.settle()
    pieces = data.draw(st.permutations([fix._replace(vehicle=shuffled) for fix in fixes + fixes]))
    while pieces:
        size = data.draw(st.integers(1, 5))
        store.commit(pieces[:size])
        pieces = pieces[size:]
        if data.draw(st.booleans()):
            store.settle()
    store.settle()
    assert store.track(shuffled) == store.track(sorted_)
    assert stays_in(store, shuffled) == stays_in(store, sorted_) == stays_of(INDEX, in_order)
    store.tell(now_ms=START_MS + 86_400_000)
    assert told_of(store, shuffled) == told_of(store, sorted_)
    stored = [Fix(shuffled, *row) for row in store.track(shuffled)]  # type: ignore[arg-type]
    assert way_m(stored) == way_m(in_order)
    open_now = {stay.region for stay in stays_in(store, shuffled) if stay.exit_ms is None}
    assert store.telemetry.standing_of(shuffled).regions == open_now


def test_a_fleet_that_entered_together_is_told_in_slices(store: Store) -> None:
    store.index = INDEX
    fleet = [next(numbers) for _ in range(MOST_TOLD + 1)]
    store.commit([make_fix(vehicle=vehicle, lat=57.7, lon=11.99) for vehicle in fleet])
    told = [store.tell(now_ms=START_MS + 60_000) for _ in range(3)]
    assert [len(events) for events in told] == [MOST_TOLD, 1, 0]
    assert sorted(event.vehicle for events in told for event in events) == fleet


def ten_hours(vehicle: int) -> list[Fix]:
    """A fix a second, in circles of five minutes through West and East, with a spike now and then."""
    way = [2 * pi * s / 300 for s in range(36_000)]
    return [
        make_fix(
            vehicle=vehicle,
            at_s=s,
            lat=round(57.7 + 0.004 * sin(angle), 7) + (0.5 if s % 4_001 == 4_000 else 0),
            lon=round(12.0 + 0.015 * cos(angle), 7),
            accuracy_m=5.0,
        )
        for s, angle in enumerate(way)
    ]


def test_a_backlog_of_ten_hours_in_pieces_and_twice_is_as_the_sorted_one(store: Store) -> None:
    """The newest lies where it lay, and work is bounded by what is new: a mark is an hour at most."""
    store.index = INDEX
    in_order, shuffled = ten_hours(1_000_001), ten_hours(1_000_002)
    for i in range(0, 36_000, 1_000):
        store.commit(in_order[i : i + 1_000])
    assert store.settle() == []
    pieces = [shuffled[i : i + 500] for i in range(0, 36_000, 500)] * 2
    Random("pieces").shuffle(pieces)
    newest_ms = 0
    for piece in pieces:
        store.commit(piece)
        store.settle()
        newest_ms = max(newest_ms, piece[-1].fix_time_ms)
        assert store.telemetry.load_latest([1_000_002])[0].latest.fix.fix_time_ms == newest_ms
    assert store.track(1_000_002) == store.track(1_000_001)
    assert stays_in(store, 1_000_002) == stays_in(store, 1_000_001) == stays_of(INDEX, in_order)
    assert told_of(store, 1_000_002) == told_of(store, 1_000_001)
    assert way_m([Fix(1_000_002, *row) for row in store.track(1_000_002)]) == way_m(in_order)  # type: ignore[arg-type]


def late_drive(vehicle: int) -> list[Fix]:
    """An hour in circles, of which the newest fix comes first."""
    drive = ten_hours(vehicle)[:3_600]
    return [drive[-1], *drive[:-1]]


def test_what_broke_off_is_settled_by_the_next_writer(store: Store) -> None:
    """A mark goes with the transaction that did its work, or stays."""
    store.index = INDEX
    vehicle = next(numbers)
    drive = late_drive(vehicle)
    for i in range(0, 3_600, 900):
        store.commit(drive[i : i + 900])
    with suppress(ZeroDivisionError), store.writer.transaction() as transaction:
        assert settle_marked(transaction, INDEX) is not None
        raise ZeroDivisionError
    store.writer.close()
    store.writer = store.telemetry.open_writer()
    store.settle()
    assert stays_in(store, vehicle) == stays_of(INDEX, sorted(drive))


@pytest.mark.parametrize("telemetry", ["postgres"], indirect=True)
def test_two_processes_settle_side_by_side(store: Store) -> None:
    """Each takes vehicles that the other does not hold."""
    store.index = INDEX
    drives = {vehicle: late_drive(vehicle) for vehicle in (next(numbers) for _ in range(6))}
    for drive in drives.values():
        store.commit(drive[:1])
        store.commit(drive[1:])
    others = Store(store.telemetry, store.telemetry.open_writer())
    others.index = INDEX
    with ThreadPoolExecutor(2) as pool:
        for settling in [pool.submit(one.settle) for one in (store, others)]:
            settling.result(timeout=60)
    others.writer.close()
    store.settle()
    for vehicle, drive in drives.items():
        assert stays_in(store, vehicle) == stays_of(INDEX, sorted(drive))
        assert told_of(store, vehicle)
