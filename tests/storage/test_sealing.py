"""Whatever was sealed when: every answer is that of a store which never seals; on both engines."""

import os
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, NamedTuple

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.storage.conftest import Store
from tests.storage.test_pruning import doing
from tracking.domain.fix import Fix
from tracking.domain.hours import HOUR_MS
from tracking.domain.sealed_hour import decode_hour
from tracking.storage.history import track_rows
from tracking.storage.postgres import PostgresTelemetry
from tracking.storage.pruning import erase, prune
from tracking.storage.sealing import Amount, closed_before_ms, seal
from tracking.storage.telemetry import Transaction

EXAMPLES = int(os.environ.get("FLEET_SEAL_EXAMPLES", "30"))
START_HOUR = 450_000
START_MS = START_HOUR * HOUR_MS
"""2021-05-03T00:00Z: every hour of these tests is closed, whenever they run."""
ALL_TIME = (0, 1 << 41)
MOST = Amount(hours=999, fixes=9_999)

numbers = count(1)


def make_fix(at_s: float, *, vehicle: int = 1, lat: float = 57.7, lon: float = 11.95, **fields: Any) -> Fix:
    """`at_s` counts from START_MS."""
    return Fix(vehicle, START_MS + round(at_s * 1000), lat, lon, **fields)


def seal_all(store: Store, vehicle: int = 1, *, most_fixes: int = 4_000, before_hour: int = 1 << 20) -> int:
    """Of the vehicle, in as many transactions as it takes; how many fixes."""
    sealed = 0
    while done := seal_once(store, vehicle, most_fixes=most_fixes, before_hour=before_hour):
        sealed += done
    return sealed


def seal_once(
    store: Store, vehicle: int = 1, *, most_fixes: int = 4_000, most_hours: int = 99, before_hour: int = 1 << 20
) -> int:
    with store.writer.transaction() as transaction:
        assert transaction.hold(vehicle)
        closed_ms = transaction.changed_ms - before_hour * HOUR_MS
        return seal_oldest(transaction, vehicle, closed_ms=closed_ms, most=Amount(most_hours, most_fixes)).fixes


def seal_oldest(transaction: Transaction, vehicle: int, *, closed_ms: int = 0, most: Amount = MOST) -> Amount:
    """The vehicle has to be held."""
    before_ms = closed_before_ms(transaction, closed_ms)
    ((_, oldest_ms),) = transaction.history.hot.oldest(after=vehicle - 1, before_ms=before_ms, limit=1)
    if oldest_ms is None:
        return Amount()
    return seal(transaction, vehicle, oldest_ms=oldest_ms, closed_ms=closed_ms, most=most).amount


def hot_fixes(store: Store, vehicle: int = 1) -> int:
    return len(store.telemetry.history.hot.columns(vehicle, *ALL_TIME, limit=1_000_000).times)


def sealed_hours(store: Store, vehicle: int = 1) -> list[tuple[int, int]]:
    """Hour, counted from START_HOUR, and how many fixes."""
    rows = store.telemetry.read("SELECT hour, fixes FROM sealed WHERE vehicle = ? ORDER BY hour", [vehicle])
    return [(hour - START_HOUR, fixes) for hour, fixes in rows]


class Ask(NamedTuple):
    """What is asked of both vehicles."""

    from_ms: int
    to_ms: int
    limit: int
    step_ms: int


def answers(store: Store, vehicle: int, ask: Ask, fixes: Sequence[Fix]) -> list[Any]:
    """Of every query; vehicles are left out, so that those of two vehicles can be compared."""
    t, (from_ms, to_ms, limit, step_ms) = store.telemetry, ask
    mine = [fix._replace(vehicle=vehicle) for fix in fixes]
    within_ms = to_ms - from_ms
    with store.writer.transaction() as transaction:
        inner = [
            [fix[1:] for fix in transaction.load_fixes(vehicle, from_ms, to_ms, limit=limit, newest_first=newest)]
            for newest in (False, True)
        ]
    return [
        t.load_track(vehicle, from_ms, to_ms, limit=limit),
        [column.tolist() for column in t.load_columns(vehicle, from_ms, to_ms, limit=limit)],
        [row for page in t.load_pages(vehicle, from_ms, to_ms, rows=limit) for row in track_rows(page)],
        t.track_mark(vehicle, from_ms, to_ms),
        t.history.who_has([vehicle], from_ms, to_ms) == {vehicle},
        [fix[1:] for fix in t.load_last([vehicle], to_ms, within_ms=within_ms)],
        [fix[1:] for fix in t.load_next([vehicle], from_ms, within_ms=within_ms)],
        [row[1:] for row in t.load_thinned([vehicle], from_ms, to_ms, step_ms=step_ms).rows()],
        [row[1:] for row in t.load_every([vehicle], from_ms, to_ms).rows()],
        t.find_clashes(mine),
        inner,
    ]


times_s = st.one_of(
    st.integers(0, 4).map(lambda i: i * 3_600),
    st.integers(0, 4).map(lambda i: i * 3_600 - 0.001),
    st.integers(0, 40).map(lambda i: i * 450),
    st.integers(0, 5 * 3_600),
)
some_fixes = st.lists(
    st.builds(
        make_fix,
        times_s,
        lat=st.sampled_from([57.7, 57.8, -57.1234567]),
        lon=st.sampled_from([11.95, -180.0, 180.0]),
        speed_mps=st.sampled_from([None, 0.0, 7.153]),
        course_deg=st.sampled_from([None, 0.0, 359.99]),
        accuracy_m=st.sampled_from([None, 4.25]),
    ),
    max_size=8,
)
asks = st.builds(
    lambda a, b, limit, step_s: Ask(START_MS + round(1000 * min(a, b)), START_MS + round(1000 * max(a, b)) + 1, limit, step_s * 1000),
    times_s,
    times_s,
    st.sampled_from([1, 2, 3, 1_000]),
    st.sampled_from([1, 600, 5_000]),
)  # fmt: skip
deeds = st.lists(
    st.one_of(
        some_fixes,
        st.tuples(st.just("seal"), st.integers(0, 7), st.sampled_from([1, 2, 5, 4_000])),
        st.tuples(st.just("prune"), st.integers(0, 5 * 3_600)),
        st.just(("settle",)),
    ),
    max_size=12,
)


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds, st.lists(asks, min_size=1, max_size=4))
def test_every_answer_is_that_of_a_store_that_never_seals(store: Store, deeds: list[Any], asks: list[Ask]) -> None:
    """For any fixes in any order with repetitions, with sealing, settling and retention at any moment."""
    plain, sealed = next(numbers), next(numbers)
    seen: list[Fix] = []
    for deed in deeds:
        match deed:
            case list():
                batches = [[fix._replace(vehicle=vehicle) for fix in deed] for vehicle in (plain, sealed)]
                assert store.commit(batches[0]).stored == store.commit(batches[1]).stored
                seen += deed
            case ("seal", hours, most_fixes) if seen:
                seal_all(store, sealed, most_fixes=most_fixes, before_hour=START_HOUR + hours)
            case ("prune", at_s):
                prune(store.telemetry, doing(store.writer), before_ms=START_MS + at_s * 1000)
                seen = seen if store.track(plain) else []
            case ("settle",):
                store.settle()
    probes = [*seen, *(fix._replace(lat=1.0) for fix in seen)]
    for ask in [*asks, Ask(*ALL_TIME, 1_000, 1 << 38)]:
        assert answers(store, sealed, ask, probes) == answers(store, plain, ask, probes)
    store.settle()
    stays = "SELECT region, enter_time, exit_time, exit_seen FROM visit WHERE vehicle = ? ORDER BY 1, 2"
    assert store.telemetry.read(stays, [sealed]) == store.telemetry.read(stays, [plain])


def test_hours_are_thinned_in_order_whichever_was_sealed_first(store: Store) -> None:
    """PostgreSQL gives rows as they lie in the table where that costs less than its index."""
    for at_s in (3_600, 3_599):
        store.commit([make_fix(at_s=at_s)])
        seal_all(store)
    if isinstance(store.telemetry, PostgresTelemetry):
        for way in ("indexscan", "bitmapscan"):
            store.telemetry.read("SELECT set_config(?, 'off', false)", [f"enable_{way}"])
    thinned = store.telemetry.load_thinned([1], *ALL_TIME, step_ms=1_000_000)
    assert thinned.times.tolist() == [START_MS + 3_599_000]


def test_a_closed_hour_becomes_one_blob(store: Store) -> None:
    """It is handed out as it lies there, while all of the hour is in it."""
    store.commit([make_fix(s) for s in range(0, 7_200, 60)])
    assert seal_once(store, most_fixes=70, before_hour=START_HOUR + 1) == 60
    assert (hot_fixes(store), sealed_hours(store)) == (60, [(0, 60)])
    (hour,) = store.telemetry.load_hours(1, 0, 1 << 20, limit=9)
    assert (hour.hour, hour.fixes) == (START_HOUR, 60)
    assert track_rows(decode_hour(hour.blob)) == store.track()[:60]
    store.commit([make_fix(30)])
    assert store.telemetry.load_hours(1, 0, 1 << 20, limit=9) == []
    assert store.telemetry.load_hours(2, 0, 1 << 20, limit=9) == []


def test_a_late_fix_of_a_sealed_hour_waits_hot_and_the_next_pass_seals_it(store: Store) -> None:
    store.commit([make_fix(s) for s in range(0, 3_600, 60)])
    assert seal_all(store) == 60
    assert store.commit([make_fix(90), make_fix(120)]).stored == [1]
    assert (hot_fixes(store), sealed_hours(store)) == (1, [(0, 60)])
    assert len(store.track()) == 61
    assert seal_all(store) == 1
    assert (hot_fixes(store), sealed_hours(store)) == (0, [(0, 61)])
    assert seal_all(store) == 0
    assert [hour.fixes for hour in store.telemetry.load_hours(1, 0, 1 << 20, limit=9)] == [61]


def test_a_time_that_is_sealed_is_taken(store: Store) -> None:
    store.commit([make_fix(0), make_fix(60)])
    seal_all(store)
    assert store.commit([make_fix(0), make_fix(60, lat=1.0), make_fix(61)], [make_fix(60)]).stored == [1, 0]
    assert store.telemetry.find_clashes([make_fix(0), make_fix(60, lat=1.0), make_fix(61), make_fix(62)]) == [1]
    assert [row[:2] for row in store.track()] == [
        (START_MS, 57.7),
        (START_MS + 60_000, 57.7),
        (START_MS + 61_000, 57.7),
    ]


def test_a_fix_that_got_into_both_counts_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the store's clock was set back by hours, and what was sealed seems to be of now; the sealed one stays."""
    fixes = [make_fix(s) for s in range(10)]
    store.commit(fixes)
    seal_all(store)
    track = store.track()
    monkeypatch.setattr("tracking.storage.telemetry.LEAST_CLOSED_MS", 1 << 50)
    assert store.commit([fix._replace(lat=1.0) for fix in fixes]).stored == [10]
    assert store.track() == track
    seal_all(store)
    assert (store.track(), sealed_hours(store), hot_fixes(store)) == (track, [(0, 10)], 0)


def test_pages_hold_as_many_rows_as_asked_to_twice_as_many(store: Store) -> None:
    """Of sealed hours with 5, 2 and 1 fixes, and of a hot one with 3."""
    store.commit([make_fix(hour * 3_600 + second) for hour, fixes in enumerate([5, 2, 1]) for second in range(fixes)])
    seal_all(store)
    store.commit([make_fix(3 * 3_600 + second) for second in range(3)])
    pages = list(store.telemetry.load_pages(1, *ALL_TIME, rows=2))
    assert [len(page.times) for page in pages] == [4, 1, 2, 3, 1]
    assert [row for page in pages for row in track_rows(page)] == store.track()


def test_a_slice_takes_whole_hours_and_one_at_least(store: Store) -> None:
    store.commit([make_fix(s) for s in range(0, 4 * 3_600, 600)])
    assert [seal_once(store, most_fixes=most) for most in (2, 6)] == [6, 6]
    assert [seal_once(store, most_hours=most) for most in (1, 9, 9)] == [6, 6, 0]
    assert sealed_hours(store) == [(hour, 6) for hour in range(4)]


def test_no_hour_is_sealed_before_an_hour_has_passed(store: Store) -> None:
    """Whoever asks for it: fixes newer than that are not looked for among what is sealed."""
    with store.writer.transaction() as transaction:
        now_ms = transaction.changed_ms
    fresh = [Fix(1, now_ms - age_s * 1000, 57.7, 11.95) for age_s in range(0, 3_600, 60)]
    store.commit(fresh)
    with store.writer.transaction() as transaction:
        assert seal_oldest(transaction, 1) == Amount()
    assert hot_fixes(store) == 60


@pytest.mark.parametrize("step", range(4))
def test_sealing_that_breaks_off_changes_nothing(store: Store, step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything, after the blob, after what is derived from it, and right before the commit."""
    store.commit([make_fix(s) for s in range(0, 7_200, 60)])
    track = store.track()
    steps = 0

    def derive(*_: object) -> None:
        nonlocal steps
        steps += 1
        if steps == step:
            raise ZeroDivisionError

    monkeypatch.setattr("tracking.storage.sealing.DERIVED", (derive,))
    with suppress(ZeroDivisionError), store.writer.transaction() as transaction:
        if step:
            seal_oldest(transaction, 1)
        raise ZeroDivisionError
    assert (store.track(), hot_fixes(store), sealed_hours(store)) == (track, 120, [])
    monkeypatch.undo()
    assert seal_all(store) == 120
    assert (store.track(), hot_fixes(store)) == (track, 0)


def test_what_is_run_together_is_seen_by_what_is_fetched_and_fails_before_the_end(store: Store) -> None:
    add, count_all = "INSERT INTO framed (hour, stamp, is_built) VALUES (?, 0, 0)", "SELECT count(*) FROM framed"
    with store.writer.transaction() as transaction:
        ((before,),) = transaction.fetch(count_all)
        with transaction.together():
            transaction.run(add, [1])
            transaction.run(add, [2])
            assert transaction.fetch(count_all) == [(before + 2,)]
            assert transaction.fetch("DELETE FROM framed WHERE hour = 1") == []
    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)), store.writer.transaction() as transaction:
        with transaction.together():
            transaction.run(add, [2])
        pytest.fail("the hour is there")
    assert store.telemetry.read(count_all) == [(before + 1,)]


def test_erasing_takes_the_sealed_hours_of_one_vehicle(store: Store) -> None:
    for vehicle in (1, 2):
        store.commit([make_fix(s, vehicle=vehicle) for s in range(0, 7_200, 600)])
        seal_all(store, vehicle)
    store.commit([make_fix(1)])
    deleted = erase(store.telemetry, doing(store.writer), 1)
    assert (deleted["fix"], deleted["sealed"]) == (1, 2)
    assert (store.track(1), len(store.track(2)), sealed_hours(store, 1)) == ([], 12, [])


@pytest.mark.parametrize("telemetry", ["sqlite"], indirect=True)
def test_fixes_of_now_are_not_looked_for_among_what_is_sealed(store: Store) -> None:
    said: list[str] = []
    store.writer._connection.set_trace_callback(said.append)  # type: ignore[attr-defined]
    now_ms = store.telemetry.now_ms()
    store.commit([Fix(1, now_ms - 3_590_000 + s * 1000, 57.7, 11.95) for s in range(100)])
    assert said and not any("sealed" in statement for statement in said)
    store.commit([make_fix(0)])
    assert any("sealed" in statement for statement in said)


def days_of(store: Store) -> set[str]:
    sql = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'fix'::regclass"
    return {name.rpartition("_")[2] for (name,) in store.telemetry.read(sql)}


@pytest.mark.parametrize("telemetry", ["postgres"], indirect=True)
def test_a_day_that_sealing_emptied_is_dropped_and_days_are_made_ahead(store: Store) -> None:
    """A late fix makes its day anew, for a writer that knew it before."""
    store.commit([make_fix(0), make_fix(86_400), make_fix(2 * 86_400)])
    seal_all(store, before_hour=START_HOUR + 30)
    assert prune(store.telemetry, doing(store.writer), before_ms=0) == {"days": 2}
    today = datetime.fromtimestamp(store.telemetry.now_ms() / 1000, UTC)
    ahead = {f"{today + timedelta(days=days):%Y%m%d}" for days in (0, 1, 2)}
    assert days_of(store) == {"20210505"} | ahead
    assert store.commit([make_fix(1), make_fix(2 * 86_400)]).stored == [1]
    assert len(store.track()) == 4
    with psycopg.connect(store.telemetry._url, options=f"-c search_path={store.telemetry._schema}") as reader:  # type: ignore[attr-defined]
        reader.execute("SELECT count(*) FROM fix")
        seal_all(store)
        assert prune(store.telemetry, doing(store.writer), before_ms=0) == {}, "somebody reads them"
    assert prune(store.telemetry, doing(store.writer), before_ms=0) == {"days": 2}


@pytest.mark.parametrize("telemetry", ["postgres"], indirect=True)
def test_two_processes_seal_side_by_side(store: Store) -> None:
    """Each takes vehicles that the other does not hold, while late fixes come."""
    vehicles = range(1, 9)
    for vehicle in vehicles:
        store.commit([make_fix(s, vehicle=vehicle) for s in range(0, 7_200, 60)])
    others = [Store(store.telemetry, store.telemetry.open_writer()) for _ in range(2)]

    def work(one: Store) -> None:
        for vehicle in [*vehicles, *vehicles]:
            one.commit([make_fix(30, vehicle=vehicle), make_fix(60, vehicle=vehicle)])
            with one.writer.transaction() as transaction:
                if transaction.hold(vehicle):
                    seal_oldest(transaction, vehicle, most=Amount(1, 50))

    with ThreadPoolExecutor(3) as pool:
        for working in [pool.submit(work, one) for one in (store, *others)]:
            working.result(timeout=60)
    for one in others:
        one.writer.close()
    for vehicle in vehicles:
        assert [row[0] for row in store.track(vehicle)] == sorted(
            [START_MS + 30_000, *range(START_MS, START_MS + 7_200_000, 60_000)]
        )
        seal_all(store, vehicle)
        assert sealed_hours(store, vehicle) == [(0, 61), (1, 60)]
