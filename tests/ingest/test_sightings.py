"""What is noted of devices before it is kept."""

import threading
from collections.abc import Mapping
from functools import reduce
from typing import Any

import pytest
from django.db import DatabaseError

from tests.builders import START_MS, make_directory, make_fix, make_item
from tracking.domain.directory import Device
from tracking.domain.sightings import Battery, Sighting, Whose, merged
from tracking.ingest import sightings
from tracking.ingest.sightings import OWN, SightingLog, Source
from tracking.wire.fix_json import Reading
from tracking.wire.phone import Heartbeat

GATEWAY, VAN_DEVICE = Device(1, None), Device(2, 1)
READING = Reading("bus", START_MS, 57.7, 11.95, None, None, None, 64)


class Office:
    """Fails as often as asked, then keeps."""

    def __init__(self, *, failures: int = 0) -> None:
        self.failures = failures
        self.kept: list[dict[Whose, Sighting]] = []
        self.was_asked = threading.Event()

    def keep(self, found: Mapping[Whose, Sighting]) -> None:
        self.was_asked.set()
        if self.failures:
            self.failures -= 1
            raise DatabaseError("away")
        self.kept.append(dict(found))


def noted(device: Device, items: list[Any], fixes: list[Any], source: Source = OWN) -> dict[Whose, Sighting]:
    office = Office()
    log = SightingLog(office.keep)
    log.note(device, items, fixes, source=source, directory=make_directory(), now_ms=START_MS + 9)
    log.stop()
    return office.kept[0] if office.kept else {}


def test_the_newest_fix_of_a_request_counts() -> None:
    fixes = [make_fix(at_s=5), make_fix(at_s=7), make_fix(at_s=6)]
    assert noted(VAN_DEVICE, [make_item()] * 3, fixes) == {
        Whose(2, 1): Sighting(START_MS + 9, START_MS + 7_000, None, "fleet")
    }


def test_requests_of_one_device_are_kept_as_one_in_whichever_order_and_dialect_they_came() -> None:
    office = Office()
    log = SightingLog(office.keep)
    for received_s, at_s, source in [(1, 9, OWN), (2, 5, Source("traccar")), (3, 7, OWN)]:
        now_ms = START_MS + 1000 * received_s
        log.note(VAN_DEVICE, [], [make_fix(at_s=at_s)], source=source, directory=make_directory(), now_ms=now_ms)
    log.stop()
    told = [kept[Whose(2, 1)] for kept in office.kept]
    assert reduce(merged, told) == Sighting(START_MS + 3_000, START_MS + 9_000, None, "fleet")


def test_a_device_whose_fixes_were_all_refused_was_seen() -> None:
    assert noted(VAN_DEVICE, [make_item(lat=99)], []) == {Whose(2, 1): Sighting(START_MS + 9, None, None, "fleet")}


def test_the_phones_of_a_gateway_are_told_apart_and_unknown_ones_passed_over() -> None:
    source = Source("traccar", [Heartbeat("van", START_MS + 1, 12), Heartbeat("ghost", START_MS, 50)])
    found = noted(GATEWAY, [READING, READING._replace(vehicle="ghost")], [make_fix(vehicle=2)], source)
    assert found == {
        Whose(1, 1): Sighting(START_MS + 9, None, Battery(START_MS + 1, 12), "traccar"),
        Whose(1, 2): Sighting(START_MS + 9, START_MS, Battery(START_MS, 64), "traccar"),
    }


def test_an_office_that_is_away_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sightings, "KEEP_EVERY_S", 0.01)
    office = Office(failures=2)
    log = SightingLog(office.keep)
    log.note(VAN_DEVICE, [], [make_fix(at_s=1)], source=OWN, directory=make_directory(), now_ms=START_MS)
    office.was_asked.wait(5)
    log.note(VAN_DEVICE, [], [make_fix(at_s=2)], source=OWN, directory=make_directory(), now_ms=START_MS + 1)
    while not office.kept:
        office.was_asked.clear()
        office.was_asked.wait(5)
    log.stop()
    assert max(kept[Whose(2, 1)].fix_time_ms or 0 for kept in office.kept) == START_MS + 2_000
