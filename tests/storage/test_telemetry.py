"""One suite for both engines of the telemetry store."""

import time
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import EAST, START_MS, WEST, make_fix
from tests.storage.conftest import Store
from tracking.domain.columns import UNKNOWN
from tracking.domain.errors import Unavailable
from tracking.domain.fix import Fix
from tracking.storage import postgres
from tracking.storage.records import OVERLAP_MS, TrackMark, Visit
from tracking.storage.sqlite import SqliteTelemetry

IN_EAST = 12.5
EXAMPLES = count(1)


def test_a_fix_comes_back_exactly(store: Store) -> None:
    fix = make_fix(lat=-57.1234567, lon=-179.9999999, speed_mps=7.153, course_deg=359.99, accuracy_m=4.25)
    store.commit([fix])
    assert store.track() == [fix[1:]]


EXTREMES = st.builds(
    make_fix,
    at_s=st.sampled_from([0, 0.001]),
    lat=st.sampled_from([-90.0, -1e-7, 0.0, 90.0]),
    lon=st.sampled_from([-180.0, -1e-7, 0.0, 180.0]),
    speed_mps=st.sampled_from([None, 0.0, 0.001, 150.0]),
    course_deg=st.sampled_from([None, 0.0, 0.01, 359.99]),
    accuracy_m=st.sampled_from([None, 0.0, 0.01, 100_000.0]),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EXTREMES)
def test_the_ends_of_every_range_come_back_exactly(store: Store, fix: Fix) -> None:
    fix = fix._replace(vehicle=(1 << 20) + next(EXAMPLES))
    store.commit([fix])
    assert store.track(fix.vehicle) == [fix[1:]]


def test_unknown_stays_unknown(store: Store) -> None:
    store.commit([make_fix()])
    assert store.track() == [(START_MS, 57.7, 11.95, None, None, None)]


@pytest.mark.parametrize("vehicles", [1, 64, 65, 130])
def test_the_states_of_many_vehicles_come_back(store: Store, vehicles: int) -> None:
    """However many rows a statement takes; who moves has no time of rest."""
    states = store.commit([make_fix(vehicle=v, speed_mps=9.0 * (v % 2)) for v in range(1, vehicles + 1)]).changes.latest
    found = {row.latest.fix.vehicle: row.latest[:3] for row in store.telemetry.load_latest()}
    assert found == {vehicle: state[:3] for vehicle, state in states.items()}


@pytest.mark.parametrize("lon", [-180.0, 180.0])
def test_the_date_line_can_be_stored(store: Store, lon: float) -> None:
    store.commit([make_fix(lat=90.0, lon=lon)])
    assert store.track()[0][1:3] == (90.0, lon)


def test_a_full_circle_is_north(store: Store) -> None:
    store.commit([make_fix(course_deg=360.0)])
    assert store.track()[0][4] == 0.0


def test_a_repeated_fix_is_a_duplicate_of_its_batch(store: Store) -> None:
    first, second = make_fix(at_s=1), make_fix(at_s=2)
    assert store.commit([first]).stored == [1]
    assert store.commit([first, second], [second], [make_fix(vehicle=2)]).stored == [1, 0, 1]
    assert len(store.track()) == 2


def test_the_first_fix_of_a_moment_is_kept(store: Store) -> None:
    store.commit([make_fix(lat=1.0), make_fix(lat=2.0)])
    store.commit([make_fix(lat=3.0)])
    assert [row[1] for row in store.track()] == [1.0]
    assert store.telemetry.load_latest([1])[0].latest.fix.lat == 1.0


def test_a_time_that_is_taken_by_another_place_is_a_clash(store: Store) -> None:
    """A repetition is none, nor is a time that nothing is stored under; a centimetre is as fine as the store is."""
    store.commit([make_fix(), make_fix(vehicle=2, at_s=86_400)])
    asked = [make_fix(speed_mps=3.0), make_fix(lat=57.8), make_fix(lat=57.700000001), make_fix(at_s=1, lat=57.8)]
    assert store.telemetry.find_clashes([*asked, make_fix(vehicle=2, at_s=86_400, lon=-11.95)]) == [1, 4]


def test_a_late_fix_goes_to_history_only(store: Store) -> None:
    store.commit([make_fix(at_s=10)])
    assert store.commit([make_fix(at_s=5, lon=IN_EAST)]).stored == [1]
    (latest,) = store.telemetry.load_latest([1])
    assert (latest.latest.fix, len(store.track())) == (make_fix(at_s=10), 2)


def test_a_failed_commit_leaves_nothing(store: Store) -> None:
    store.commit([make_fix()])
    with pytest.raises(RuntimeError), store.writer.transaction() as transaction:
        transaction.find_latest([1, 2])
        transaction.insert_fixes([[make_fix(at_s=86_400 * 2), make_fix(vehicle=2)]])
        raise RuntimeError
    assert (len(store.track()), store.track(2)) == (1, [])
    assert store.commit([make_fix(at_s=86_400 * 2), make_fix(vehicle=2)]).stored == [2]


def test_crossing_opens_and_closes_visits(store: Store) -> None:
    """At the border, which lies half way between the fixes; where no vehicle could have driven so, at the fixes."""
    store.commit([make_fix(lon=11.999), make_fix(at_s=10, lon=12.001), make_fix(at_s=20, lon=14.0)])
    visits = store.telemetry.load_visits(regions=[WEST, EAST], from_ms=0, to_ms=1 << 41, limit=10)
    assert visits == [
        Visit(1, WEST, START_MS, START_MS + 5_000),
        Visit(1, EAST, START_MS + 5_000, START_MS + 10_000),
    ]
    assert store.telemetry.present_vehicles([WEST, EAST]) == set()


def test_visits_are_found_by_the_time_they_touch(store: Store) -> None:
    store.commit([make_fix(at_s=0, lon=11.99), make_fix(at_s=20, lon=12.01)])

    def at(from_s: int, to_s: int) -> list[int]:
        from_ms, to_ms = START_MS + from_s * 1000, START_MS + to_s * 1000
        found = store.telemetry.load_visits(regions=[WEST, EAST], vehicle=1, from_ms=from_ms, to_ms=to_ms, limit=10)
        return [visit.region for visit in found]

    assert (at(-5, 0), at(-5, 1), at(10, 11), at(500, 600)) == ([], [WEST], [WEST, EAST], [EAST])


def test_a_vehicle_is_in_the_regions_it_has_not_left(store: Store) -> None:
    store.commit([make_fix()])
    assert store.telemetry.regions_of(1) == {WEST}
    store.commit([make_fix(at_s=10, lon=12.5)])
    assert store.telemetry.regions_of(1) == {EAST}
    assert store.telemetry.regions_of(2) == frozenset()


def test_each_crossing_writes_an_event(store: Store) -> None:
    store.commit([make_fix(lon=11.999), make_fix(at_s=10, lon=12.001)])
    events = store.telemetry.read("SELECT kind, vehicle, region, time FROM event ORDER BY id")
    assert [tuple(row) for row in events] == [
        ("enter", 1, WEST, START_MS),
        ("exit", 1, WEST, START_MS + 5_000),
        ("enter", 1, EAST, START_MS + 5_000),
    ]


def test_a_room_holds_who_is_inside(store: Store) -> None:
    store.commit([make_fix(), make_fix(vehicle=2, lon=IN_EAST), make_fix(vehicle=3, lon=14.0)])

    def inside(region: int | None) -> set[int]:
        return {row.latest.fix.vehicle for row in store.telemetry.load_room(region).rows}

    assert (inside(WEST), inside(EAST), inside(None)) == ({1}, {2}, {1, 2, 3})


def test_a_room_tells_what_changed_since(store: Store) -> None:
    store.commit([make_fix(), make_fix(vehicle=2)])
    since_ms = store.commit([make_fix(vehicle=2, at_s=5)]).changed_ms
    store.commit([make_fix(at_s=5, lon=IN_EAST)])
    news = store.telemetry.load_room(WEST, since_ms=since_ms)
    assert [row.latest.fix.vehicle for row in news.rows] == [2]
    assert news.gone == [(1, store.telemetry.standing_of(1).moved_ms)]
    assert abs(news.watermark_ms + OVERLAP_MS - store.telemetry.now_ms()) < 5_000


def test_changes_follow_each_other_when_the_clock_is_set_back(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rooms that are open pass over what changed before what they know."""
    before_ms = store.commit([make_fix()]).changed_ms
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    monkeypatch.setattr(postgres, "NOW_MS", "0")
    assert store.commit([make_fix(at_s=5)]).changed_ms == before_ms + 1


def test_who_came_back_is_not_gone(store: Store) -> None:
    for fix in (make_fix(), make_fix(at_s=5_000, lon=IN_EAST), make_fix(at_s=9_000)):
        store.commit([fix])
    assert store.telemetry.load_room(WEST, gone_within_ms=60_000).gone == []
    assert [v for v, _ in store.telemetry.load_room(EAST, gone_within_ms=60_000).gone] == [1]


def test_the_mark_changes_with_every_late_fix(store: Store) -> None:
    store.commit([make_fix(at_s=0), make_fix(at_s=10)])
    assert store.telemetry.track_mark(1, START_MS, START_MS + 10_001) == TrackMark(2, START_MS, START_MS + 10_000)
    store.commit([make_fix(at_s=5)])
    assert store.telemetry.track_mark(1, START_MS, START_MS + 10_001).fixes == 3
    assert store.telemetry.track_mark(9, 0, 1) == TrackMark(0, None, None)


def test_a_track_is_half_open_and_limited(store: Store) -> None:
    store.commit([make_fix(at_s=s) for s in range(10)], [make_fix(vehicle=2)])
    rows = store.telemetry.load_track(1, START_MS + 2_000, START_MS + 8_000, limit=4)
    assert [row[0] - START_MS for row in rows] == [2_000, 3_000, 4_000, 5_000]


def test_columns_are_the_track_in_stored_integers(store: Store) -> None:
    """Unknown is UNKNOWN; the range and the limit are those of the track."""
    seen = {"speed_mps": 4.203, "course_deg": 359.99, "accuracy_m": 5.25}
    store.commit(
        [make_fix(at_s=s, lat=-57.1234567, **(seen if s % 2 else {})) for s in range(9)], [make_fix(vehicle=2)]
    )
    columns = store.telemetry.load_columns(1, START_MS + 2_000, START_MS + 8_000, limit=2)
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == [
        (START_MS + 2_000, -571234567, 119500000, UNKNOWN, UNKNOWN, UNKNOWN),
        (START_MS + 3_000, -571234567, 119500000, 4203, 35999, 525),
    ]
    assert len(store.telemetry.load_columns(1, 0, START_MS, limit=9).times) == 0


def test_a_track_crosses_midnight(store: Store) -> None:
    fixes = [make_fix(at_s=s) for s in range(0, 86_400 * 3, 20_000)]
    store.commit(fixes)
    assert [row[0] for row in store.track()] == [fix.fix_time_ms for fix in fixes]


def test_preparing_twice_keeps_everything(store: Store) -> None:
    store.commit([make_fix()])
    identity = store.telemetry.identity()
    store.telemetry.prepare()
    assert (store.telemetry.identity(), len(store.track())) == (identity, 1)


def test_sqlite_refuses_a_second_writer(tmp_path: Path) -> None:
    store = SqliteTelemetry(tmp_path / "t.sqlite3")
    store.prepare()
    writer = store.open_writer()
    with pytest.raises(Unavailable, match="PostgreSQL for more"):
        store.open_writer()
    writer.close()
    store.open_writer().close()


FIXES = st.builds(
    lambda at_s, lon, vehicle: make_fix(at_s=at_s, lon=lon, vehicle=vehicle),
    st.integers(0, 30),
    st.sampled_from([11.95, IN_EAST, 14.0]),
    st.integers(1, 2),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FIXES, max_size=12, unique_by=lambda fix: (fix.vehicle, fix.fix_time_ms)), st.data())
def test_any_order_and_repetition_gives_the_same_history(store: Store, fixes: list[Fix], data: st.DataObject) -> None:
    """History and latest state depend on the set of fixes alone; each example has vehicles of its own."""
    example = next(EXAMPLES)
    fixes = [fix._replace(vehicle=fix.vehicle + 2 * example) for fix in fixes]
    order = data.draw(st.permutations(fixes + fixes))
    stored = 0
    while order:
        size = data.draw(st.integers(1, 5))
        stored += sum(store.commit(order[:size]).stored)
        order = order[size:]
    assert stored == len(fixes)
    for vehicle in {fix.vehicle for fix in fixes}:
        mine = sorted(fix for fix in fixes if fix.vehicle == vehicle)
        assert [row[0] for row in store.track(vehicle)] == [fix.fix_time_ms for fix in mine]
        assert store.telemetry.load_latest([vehicle])[0].latest.fix == mine[-1]


def test_the_last_fix_up_to_an_instant_and_the_next_after_it_are_found(store: Store) -> None:
    """Of each asked vehicle, within a reach."""
    store.commit([make_fix(at_s=s) for s in (0, 10, 20)] + [make_fix(vehicle=2, at_s=s) for s in (9, 40)])
    last = store.telemetry.load_last([1, 2, 3], START_MS + 10_000, within_ms=1_000)
    following = store.telemetry.load_next([1, 2], START_MS + 10_000, within_ms=10_000)
    assert sorted(last) == [make_fix(at_s=10), make_fix(vehicle=2, at_s=9)]
    assert following == [make_fix(at_s=20)]


def test_whether_anything_of_a_range_is_hot_is_known(store: Store) -> None:
    """Of any of the asked vehicles."""
    store.commit([make_fix(vehicle=2, at_s=10)])
    spans = [(0, 10_000), (0, 10_001), (10_000, 10_001), (10_001, 20_000)]
    has_any = store.telemetry.history.hot.has_any
    assert [has_any([1, 2], START_MS + a, START_MS + b) for a, b in spans] == [False, True, True, False]
    assert not has_any([1, 3], 0, 2 * START_MS) and not has_any([], 0, 2 * START_MS)


@pytest.mark.parametrize("seconds", [(0, 3, 9, 10, 25), (*range(20), 25)])
def test_a_thinned_track_has_the_first_fix_of_each_step(store: Store, seconds: tuple[int, ...]) -> None:
    """By vehicle and time, whether few or many lie in a step; steps are counted from 1970."""
    store.commit([make_fix(at_s=s) for s in seconds] + [make_fix(vehicle=2, at_s=4, lat=-1.5, lon=2.5)])
    rows = store.telemetry.load_thinned([2, 1], START_MS, START_MS + 25_000, step_ms=10_000).rows()
    assert [(vehicle, (time_ms - START_MS) // 1000) for vehicle, time_ms, *_ in rows] == [(1, 0), (1, 10), (2, 4)]
    assert rows[-1][2:] == (-15_000_000, 25_000_000)
