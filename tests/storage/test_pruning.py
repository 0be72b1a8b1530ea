"""What retention and erasing delete, on both engines, and what they leave."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from tests.builders import START_MS, WEST, make_directory, make_fix
from tracking.domain.alerts import Breach
from tracking.domain.events import EventKind, Happening
from tracking.domain.region_rules import Rule, RuleKind
from tracking.ingest.commit import commit
from tracking.storage import pruning
from tracking.storage.pruning import Chore, Do, erase, prune
from tracking.storage.sealing import Amount, seal
from tracking.storage.sqlite import SqliteTelemetry
from tracking.storage.telemetry import Telemetry, TelemetryWriter

DAY_S = 86_400
ALL_TIME = (0, 1 << 41)
VAN, BUS = 1, 2
EAST_LON = 12.5
RULE = Rule(1, "Silent", RuleKind.OFFLINE, limit_s=300)


@contextmanager
def writing(telemetry: Telemetry) -> Iterator[TelemetryWriter]:
    writer = telemetry.open_writer()
    yield writer
    writer.close()


def doing(writer: TelemetryWriter) -> Do:
    def do(chore: Chore) -> int:
        with writer.transaction() as transaction:
            return chore(transaction)

    return do


def store(writer: TelemetryWriter, vehicle: int, *days: float, lon: float = 11.95) -> None:
    """A fix on each of these days, which crosses from West to East or back each time it is asked to."""
    index = make_directory().index
    for day in days:
        fix = make_fix(vehicle=vehicle, at_s=day * DAY_S, lon=lon)
        with writer.transaction() as transaction:
            commit(transaction, [[fix]], index=index, received_ms=START_MS)


def days_of(telemetry: Telemetry, vehicle: int) -> list[float]:
    rows = telemetry.load_track(vehicle, *ALL_TIME, limit=10_000)
    return [(row[0] - START_MS) / 1000 / DAY_S for row in rows]


def test_what_is_older_than_the_retention_goes_and_the_rest_stays(telemetry: Telemetry) -> None:
    with writing(telemetry) as writer:
        store(writer, VAN, 0, 1)
        store(writer, VAN, 2, lon=EAST_LON)
        store(writer, VAN, 10)
        store(writer, BUS, 1)
        prune(telemetry, doing(writer), before_ms=START_MS + 5 * DAY_S * 1000)
        assert (days_of(telemetry, VAN), days_of(telemetry, BUS)) == ([10], [])
        visits = telemetry.load_visits(regions=[1, 2], from_ms=0, to_ms=ALL_TIME[1], limit=100)
        assert [(visit.vehicle, visit.exit_ms is None) for visit in visits] == [(VAN, True)]
        assert {event.time_ms for event in telemetry.load_events(limit=100)} == {START_MS + 10 * DAY_S * 1000}
        assert [row.latest.fix.vehicle for row in telemetry.load_latest()] == [VAN]
        assert telemetry.present_vehicles([1, 2]) == {VAN}


def test_a_vehicle_that_was_forgotten_begins_anew(telemetry: Telemetry) -> None:
    """The writer's memory forgets it too: its next fix enters the region again."""
    with writing(telemetry) as writer:
        store(writer, BUS, 0)
        prune(telemetry, doing(writer), before_ms=START_MS + 5 * DAY_S * 1000)
        store(writer, BUS, 6)
    assert [event.kind for event in telemetry.load_events(limit=9)] == [EventKind.ENTER]
    assert telemetry.present_vehicles([WEST]) == {BUS}


def test_nothing_old_is_nothing_done(telemetry: Telemetry) -> None:
    with writing(telemetry) as writer:
        store(writer, VAN, 0, 1)
        assert not prune(telemetry, doing(writer), before_ms=START_MS - DAY_S * 1000)
    assert days_of(telemetry, VAN) == [0, 1]


def test_many_rows_go_in_short_transactions(telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "BATCH_ROWS", 3)
    with writing(telemetry) as writer:
        store(writer, VAN, *(number / 100 for number in range(10)))
        do, counts = doing(writer), []

        def counting(chore: Chore) -> int:
            counts.append(do(chore))
            return counts[-1]

        erase(telemetry, counting, VAN)
    assert max(counts) <= 3 and days_of(telemetry, VAN) == []


def test_many_states_are_forgotten_at_once(telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "BATCH_STATES", 2)
    with writing(telemetry) as writer:
        for vehicle in range(1, 6):
            store(writer, vehicle, 0)
        store(writer, 3, 6)
        assert prune(telemetry, doing(writer), before_ms=START_MS + 5 * DAY_S * 1000)["latest"] == 4
    assert [row.latest.fix.vehicle for row in telemetry.load_latest()] == [3]
    assert telemetry.present_vehicles([WEST]) == {3}


def test_what_is_erased_is_not_left_in_the_file(tmp_path: Path) -> None:
    """As what is deleted for its age may be, until its place is taken."""
    path, chance = tmp_path / "telemetry.sqlite3", Random(1)
    telemetry = SqliteTelemetry(path)
    telemetry.prepare()
    with writing(telemetry) as writer:
        for vehicle in (VAN, BUS):
            fixes = [make_fix(vehicle=vehicle, at_s=-DAY_S + s, lat=chance.uniform(57, 58)) for s in range(6_000)]
            with writer.transaction() as transaction:
                commit(transaction, [fixes], index=make_directory().index, received_ms=START_MS)
            with writer.transaction() as transaction:
                seal(transaction, vehicle, oldest_ms=fixes[0].fix_time_ms, closed_ms=0, most=Amount(9, 9_999))
        ends = {v: b[-1_000:] for v, b in telemetry.read("SELECT vehicle, blob FROM sealed ORDER BY hour")}
        assert prune(telemetry, doing(writer), before_ms=START_MS - DAY_S * 1000 + 3_600_000)["sealed"]
        erase(telemetry, doing(writer), VAN)
    telemetry.close()
    left = path.read_bytes()
    assert ends[VAN] not in left and ends[BUS] in left


def test_no_event_or_alert_gets_the_id_of_one_that_was_erased(telemetry: Telemetry) -> None:
    """Who has read up to there would miss it."""
    newest = []
    with writing(telemetry) as writer:
        for vehicle in (VAN, BUS):
            store(writer, vehicle, 0)
            with writer.transaction() as transaction:
                transaction.open_alert(Breach(RULE, vehicle, START_MS), quiet_ms=None)
            newest.append((telemetry.load_events(limit=9)[-1].id, telemetry.load_alerts(limit=9)[-1].id))
            erase(telemetry, doing(writer), vehicle)
    assert newest == [(1, 1), (2, 2)]


def test_nothing_is_left_of_what_old_fixes_said(telemetry: Telemetry) -> None:
    """Clocks that were ahead, and events that were taken back."""
    day_ms = DAY_S * 1000
    with writing(telemetry) as writer:
        store(writer, VAN, 1, 10)
        with writer.transaction() as transaction:
            told = transaction.append_events([Happening(EventKind.ENTER, VAN, WEST, START_MS, {})], {})
            transaction.note_retractions([(told[0].id, told[0].id)])
            transaction.note_ahead([make_fix(vehicle=VAN, at_s=9)], received_ms=START_MS)
            transaction.note_ahead([make_fix(vehicle=VAN, at_s=10 * DAY_S + 9)], received_ms=START_MS + 10 * day_ms)
        prune(telemetry, doing(writer), before_ms=START_MS + 5 * day_ms)
    assert telemetry.load_clock_ahead(VAN, 0, START_MS + 5 * day_ms) == []
    assert len(telemetry.load_clock_ahead(VAN, *ALL_TIME)) == 1
    assert telemetry.read("SELECT count(*) FROM retraction") == [(0,)]


def test_erasing_leaves_nothing_of_one_vehicle_and_all_of_others(telemetry: Telemetry) -> None:
    with writing(telemetry) as writer:
        for vehicle in (VAN, BUS):
            store(writer, vehicle, 0)
            store(writer, vehicle, 1, lon=EAST_LON)
        told = Happening(EventKind.MESSAGE, VAN, None, START_MS, {"message": 1, "text": "Hello"})
        with writer.transaction() as transaction:
            commit(transaction, [], index=make_directory().index, received_ms=START_MS, happenings=[told])
        deleted = erase(telemetry, doing(writer), VAN)
    assert deleted == {
        "fix": 2,
        "event": 4,
        "event_place": 1,
        "latest": 1,
        "visit": 1,
        "departure": 1,
        "clock_ahead": 1,
    }
    assert days_of(telemetry, VAN) == [] and days_of(telemetry, BUS) == [0, 1]
    assert {event.vehicle for event in telemetry.load_events(limit=100)} == {BUS}
    assert telemetry.read("SELECT count(*) FROM event_place") == [(0,)]
    assert telemetry.present_vehicles([1, 2]) == {BUS}
