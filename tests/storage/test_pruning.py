"""What retention and erasing delete, on both engines, and what they leave."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.builders import START_MS, WEST, make_directory, make_fix
from tracking.domain.events import EventKind, Happening
from tracking.ingest.commit import commit
from tracking.storage import pruning
from tracking.storage.pruning import Chore, Do, erase, prune
from tracking.storage.telemetry import Telemetry, TelemetryWriter

DAY_S = 86_400
ALL_TIME = (0, 1 << 41)
VAN, BUS = 1, 2
EAST_LON = 12.5


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


def test_erasing_leaves_nothing_of_one_vehicle_and_all_of_others(telemetry: Telemetry) -> None:
    with writing(telemetry) as writer:
        for vehicle in (VAN, BUS):
            store(writer, vehicle, 0)
            store(writer, vehicle, 1, lon=EAST_LON)
        told = Happening(EventKind.MESSAGE, VAN, None, START_MS, {"text": "Hello"})
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
