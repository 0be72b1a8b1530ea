"""The whole fleet of the past: minute frames and reaches change nothing but the time that an answer takes; on both engines."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import all_of
from tests.storage.conftest import Store
from tests.storage.test_pruning import doing
from tests.storage.test_sealing import HOUR_MS, START_HOUR, START_MS, make_fix, seal_all
from tracking.domain.fix import Fix
from tracking.domain.moment import INTERPOLATE_UP_TO_MS
from tracking.domain.within import Bounds, stretches
from tracking.storage import past_fleet
from tracking.storage.frames import build_frames, find_stale, save_frames, window_stamps
from tracking.storage.history import fixes_each
from tracking.storage.pruning import erase, prune
from tracking.storage.reach import Asked, find_near

EXAMPLES = int(os.environ.get("FLEET_SEAL_EXAMPLES", "25"))
DAY_MS = 86_400_000
VEHICLES = [1, 2, 3]


@pytest.fixture(autouse=True)
def frames_of_few_fixes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracking.storage.frames.FIXES_A_ROW", 0)


def build_all(store: Store) -> int:
    """How many hours."""
    built = 0
    for stale in find_stale(store.telemetry, quiet_ms=-1_000, limit=1_000):
        blobs = build_frames(store.telemetry, stale.hour)
        with store.writer.transaction() as transaction:
            built += bool(save_frames(transaction, stale, blobs))
    return built


def framed_hours(store: Store) -> list[int]:
    rows = store.telemetry.read("SELECT DISTINCT minute / 60 FROM frame ORDER BY 1")
    return [hour - START_HOUR for (hour,) in rows]


def seal(store: Store, *, before_hour: int = 1 << 20) -> None:
    for vehicle in VEHICLES:
        if store.telemetry.load_latest([vehicle]):
            seal_all(store, vehicle, before_hour=before_hour)


def at(hour: float) -> int:
    return START_MS + round(hour * HOUR_MS)


def test_sealed_hours_get_sixty_frames_each(store: Store) -> None:
    store.commit([make_fix(0), make_fix(7_300), make_fix(10, vehicle=2)])
    seal(store)
    assert (build_all(store), framed_hours(store), build_all(store)) == (2, [0, 2], 0)
    assert store.telemetry.read("SELECT count(*) FROM frame")[0][0] == 120


def test_an_hour_of_few_fixes_gets_no_frames(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """But it is done with: ETags may be made of its stamp."""
    monkeypatch.setattr("tracking.storage.frames.FIXES_A_ROW", 5)
    store.commit([make_fix(s) for s in range(299)], [make_fix(3_600 + s) for s in range(300)])
    seal(store)
    assert (build_all(store), framed_hours(store), build_all(store)) == (2, [1], 0)
    span = START_MS + 5_000, START_MS + 5_001
    assert window_stamps(store.telemetry, [1], *span, within_ms=1_000)


def test_a_late_fix_takes_away_the_frames_it_could_change(store: Store) -> None:
    """Up to the next hour that its vehicle has; of the hour before when it may be the next fix there."""
    store.commit([make_fix(h * 3_600 + 600, vehicle=2) for h in range(6)], [make_fix(600), make_fix(4 * 3_600 + 600)])
    seal(store)
    build_all(store)
    store.commit([make_fix(3_600 + 1_800)])
    seal(store)
    assert framed_hours(store) == [0, 5]
    build_all(store)
    store.commit([make_fix(3_600 + 10)])
    seal(store)
    assert framed_hours(store) == [5]
    assert build_all(store) == 5


def test_frames_of_an_hour_that_was_touched_meanwhile_are_not_kept(store: Store) -> None:
    store.commit([make_fix(0)])
    seal(store)
    (stale,) = find_stale(store.telemetry, quiet_ms=-1_000, limit=10)
    blobs = build_frames(store.telemetry, stale.hour)
    store.commit([make_fix(5)])
    seal(store)
    with store.writer.transaction() as transaction:
        assert save_frames(transaction, stale, blobs) == 0
    assert (framed_hours(store), build_all(store)) == ([], 1)


def test_an_hour_is_left_alone_while_it_is_being_sealed(store: Store) -> None:
    store.commit([make_fix(0)])
    seal(store)
    assert find_stale(store.telemetry, quiet_ms=3_600_000, limit=10) == []


@pytest.mark.parametrize("clean", [lambda t, do: erase(t, do, 1), lambda t, do: prune(t, do, before_ms=at(2))])
def test_what_is_deleted_is_in_no_frame(store: Store, clean: Callable[..., Any]) -> None:
    """Not in those of later hours either, in which it was the newest."""
    store.commit([make_fix(0), make_fix(3_700)], [make_fix(h * 3_600 + 5, vehicle=2) for h in range(5)])
    seal(store)
    build_all(store)
    clean(store.telemetry, doing(store.writer))
    build_all(store)
    assert past_fleet.load_last(store.telemetry, VEHICLES, at(4), within_ms=DAY_MS).vehicles.tolist() == [2]
    assert not {0, 1}.intersection(framed_hours(store)) or clean is not prune


def test_a_frame_tells_of_the_fix_after_the_instant_and_of_none_at_its_own_start(store: Store) -> None:
    """A fix at the full minute is not before the millisecond ahead of it."""
    store.commit([make_fix(30, lat=57.6), make_fix(60, lat=57.7), make_fix(90, lat=57.8, lon=12.2)])
    seal(store)
    build_all(store)
    for at_ms, lat in ((61_000, 57.7), (60_000, 57.7), (59_000, 57.6)):
        around = past_fleet.load_around(store.telemetry, [1], START_MS + at_ms, within_ms=DAY_MS)
        assert [ends.lats.tolist() for ends in around] == [[round(lat * 1e7)], [round(lat * 1e7) + 1_000_000]]
    last = past_fleet.load_last(store.telemetry, [1], START_MS + 59_999, within_ms=DAY_MS)
    assert last.lats.tolist() == [576_000_000]
    rows = past_fleet.load_thinned(store.telemetry, [1], START_MS, START_MS + 120_000, step_ms=60_000)
    assert rows.lats.tolist() == [576_000_000, 577_000_000]


TIMES_S = st.one_of(
    st.integers(0, 24).map(lambda i: i * 900),
    st.integers(0, 200).map(lambda i: i * 60),
    st.integers(0, 6 * 3_600),
    st.sampled_from([3_600.001, 3_599.999, 7_199.5]),
)
LONS = st.sampled_from([11.95, 11.951, 11.96, 12.2, -180.0, 180.0])
FIXES = st.lists(
    st.builds(
        make_fix,
        TIMES_S,
        vehicle=st.sampled_from(VEHICLES),
        lat=st.sampled_from([57.7, 57.701, 57.8]),
        lon=LONS,
        speed_mps=st.sampled_from([None, 7.153]),
        course_deg=st.sampled_from([None, 359.99]),
    ),
    max_size=16,
)
DEED = st.one_of(
    FIXES,
    st.tuples(st.just("seal"), st.integers(0, 7)),
    st.just(("build",)),
    st.tuples(st.just("prune"), st.integers(0, 3)),
    st.tuples(st.just("erase"), st.sampled_from(VEHICLES)),
)
DEEDS = st.tuples(FIXES, FIXES, st.just(("seal", 24)), st.just(("build",)), st.lists(DEED, max_size=6)).map(
    lambda parts: [*parts[:4], *parts[4]]
)
"""Most often there are frames."""


def play(store: Store, deeds: list[Any]) -> None:
    """In a store that is empty again before."""
    empty(store)
    for deed in deeds:
        do(store, deed)


def empty(store: Store) -> None:
    for table in ("fix", "sealed", "reach", "framed", "frame", "latest", "visit", "event", "departure", "unsettled"):
        with store.writer.transaction() as transaction:
            transaction.forget(VEHICLES)
            transaction.run(f"DELETE FROM {table}")


def do(store: Store, deed: Any) -> None:
    match deed:
        case ("seal", hour):
            seal(store, before_hour=START_HOUR + hour)
        case ("build",):
            build_all(store)
        case ("prune", hour):
            prune(store.telemetry, doing(store.writer), before_ms=at(hour))
        case ("erase", vehicle):
            erase(store.telemetry, doing(store.writer), vehicle)
        case fixes:
            store.commit(fixes)


def place(fix: Fix) -> tuple[int, int, float, float]:
    return fix[:4]


def short(fix: Fix) -> tuple[Any, ...]:
    return fix[:6]


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    DEEDS,
    st.lists(TIMES_S, min_size=1, max_size=4),
    st.sampled_from([60_000, 3_600_000, DAY_MS]),
    st.sampled_from([60, 300, 600, 90, 3_600]),
)
def test_frames_answer_as_the_fixes_do(
    store: Store, deeds: list[Any], times_s: list[float], within_ms: int, step_s: int
) -> None:
    play(store, deeds)
    t = store.telemetry
    for time_s in times_s:
        time_ms = START_MS + round(time_s * 1000)
        asked = VEHICLES[: 1 + time_ms % 3]
        last = fixes_each(past_fleet.load_last(t, asked, time_ms, within_ms=within_ms))
        assert list(map(short, last)) == list(map(short, t.load_last(asked, time_ms, within_ms=within_ms)))
        around = [fixes_each(ends) for ends in past_fleet.load_around(t, asked, time_ms, within_ms=within_ms)]
        assert list(map(short, around[0])) == list(map(short, last))
        following = t.load_next(asked, time_ms, within_ms=INTERPOLATE_UP_TO_MS)
        assert list(map(place, around[1])) == list(map(place, following))
        span = time_ms, time_ms + 2 * HOUR_MS
        thinned = past_fleet.load_thinned(t, asked, *span, step_ms=step_s * 1000)
        assert thinned.rows() == t.load_thinned(asked, *span, step_ms=step_s * 1000).rows()


@pytest.mark.parametrize("has_frames", [True, False])
@pytest.mark.parametrize(
    ("sealed_s", "asked_hours"),
    [((3_590, 3_600), (0, 1)), ((3_590, 3_610), (0, 1)), ((3_610, 3_590), (1, 2)), ((3_590, 3_610), (1, 2))],
)
def test_a_way_over_an_end_of_the_time_is_not_passed_over(
    store: Store, sealed_s: tuple[int, int], asked_hours: tuple[int, int], *, has_frames: bool
) -> None:
    """Whichever of its hours was sealed last and tells of it, and if it ends at that very moment."""
    for at_s in sealed_s:
        store.commit([make_fix(at_s, lon=11.9 if at_s < 3_600 else 12.0)])
        seal(store)
    assert not has_frames or build_all(store)
    asked = Asked(Bounds(11.92, 57.6, 11.98, 57.8), at(asked_hours[0]), at(asked_hours[1]), DAY_MS)
    assert find_near(store.telemetry, [1], asked).vehicles == [1]


def test_who_was_in_a_box_in_the_hours_beside_the_time_alone_is_passed_over(store: Store) -> None:
    """Without reading the hours of the time."""
    way = [(3_500, 11.95), (3_590, 12.0), (3_610, 12.0), (7_190, 12.0), (7_210, 12.0), (7_300, 11.95)]
    store.commit([make_fix(at_s, lon=lon) for at_s, lon in way])
    seal(store)
    box = Bounds(11.94, 57.6, 11.96, 57.8)
    near = [find_near(store.telemetry, [1], Asked(box, at(h), at(h + 1), DAY_MS)).vehicles for h in range(3)]
    assert near == [[1], [], [1]]


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEEDS, TIMES_S, st.sampled_from([1_000, 300_000, HOUR_MS]), st.sampled_from([300_000, DAY_MS]), LONS)
def test_nobody_who_was_in_a_box_is_passed_over(
    store: Store, deeds: list[Any], time_s: float, length_ms: int, within_ms: int, lon: float
) -> None:
    play(store, deeds)
    from_ms = START_MS + round(time_s * 1000)
    west, east = (lon - 0.0004 + 180) % 360 - 180, (lon + 0.0004 + 180) % 360 - 180
    asked = Asked(Bounds(west, 57.6996, east, 57.7004), from_ms, from_ms + length_ms, within_ms)
    found = find_near(store.telemetry, VEHICLES, asked).vehicles
    for vehicle in VEHICLES:
        columns = store.telemetry.load_columns(
            vehicle, from_ms - within_ms, asked.to_ms + INTERPOLATE_UP_TO_MS, limit=1_000
        )
        inside = stretches(asked.bounds, all_of(columns, vehicle=vehicle), within_ms=within_ms)
        if any(begin < asked.to_ms and from_ms < end for begin, end in inside.get(vehicle, [])):
            assert vehicle in found
