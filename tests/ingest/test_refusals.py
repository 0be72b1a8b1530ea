"""How refused fixes are tallied before they are kept."""

import threading
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import DatabaseError

from tests.builders import START_MS, make_directory, make_item
from tracking.domain.directory import Device
from tracking.domain.fix import Reason, Refusal
from tracking.domain.refusals import Origin, Tally
from tracking.ingest import minutes, refusals
from tracking.ingest.refusals import RefusalLog, whose
from tracking.wire.fix_json import Reading

GATEWAY, VAN_DEVICE = Device(1, None), Device(2, 1)
READING = Reading("ghost", START_MS, 99.0, 11.0, None, None, None)
TOO_FAR = Refusal(Reason.LAT_OUT_OF_RANGE, "lat must lie\0 \ud800.")


class Office:
    """Fails as often as asked, then keeps."""

    def __init__(self, *, failures: int = 0) -> None:
        self.failures = failures
        self.kept: list[dict[Origin, Tally]] = []
        self.was_asked = threading.Event()

    def keep(self, tallies: Mapping[Origin, Tally]) -> None:
        self.was_asked.set()
        if self.failures:
            self.failures -= 1
            raise DatabaseError("away")
        self.kept.append(dict(tallies))


def note(log: RefusalLog, *items: Any, device: Device = GATEWAY, at_ms: int = START_MS) -> None:
    refused = [(index, TOO_FAR) for index in range(len(items))]
    log.note(device, items, refused, directory=make_directory(), now_ms=at_ms)


def test_what_is_noted_is_kept_at_the_latest_when_the_log_stops() -> None:
    office = Office()
    log = RefusalLog(office.keep)
    note(log, READING, READING, make_item())
    log.stop()
    [tallies] = office.kept
    ghost, van = sorted(tallies)
    assert (ghost.named, tallies[ghost].vehicle, tallies[ghost].count) == ("ghost", None, 2)
    assert (van.named, tallies[van].vehicle, tallies[van].fix_time_ms) == ("van", 1, START_MS)
    assert tallies[van].detail == "lat must lie� ?."


def test_an_office_that_is_away_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minutes, "KEEP_EVERY_S", 0.01)
    office = Office(failures=2)
    log = RefusalLog(office.keep)
    note(log, READING)
    office.was_asked.wait(5)
    note(log, READING, at_ms=START_MS + 1)
    while not office.kept:
        office.was_asked.clear()
        office.was_asked.wait(5)
    log.stop()
    counts = [tally.count for tallies in office.kept for tally in tallies.values()]
    assert sum(counts) == 2


def test_a_flood_of_names_is_bounded_and_still_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "MAX_WAITING_TALLIES", 3)
    office = Office()
    log = RefusalLog(office.keep)
    note(log, *(READING._replace(vehicle=f"ghost-{i}") for i in range(9)))
    log.stop()
    [tallies] = office.kept
    assert (len(tallies), sum(tally.count for tally in tallies.values())) == (4, 9)


@pytest.mark.parametrize(
    ("device", "item", "expected"),
    [
        (VAN_DEVICE, make_item(vehicle="bus"), (1, "van")),
        (VAN_DEVICE, "nothing", (1, "van")),
        (Device(2, 77), make_item(), (77, "")),
        (GATEWAY, make_item(vehicle="bus"), (2, "bus")),
        (GATEWAY, READING, (None, "ghost")),
        (GATEWAY, make_item(vehicle=5), (None, "")),
        (GATEWAY, TOO_FAR, (None, "")),
        (GATEWAY, TOO_FAR._replace(vehicle="bus"), (2, "bus")),
    ],
)
def test_a_device_speaks_for_its_vehicle_and_a_gateway_for_whom_it_names(
    device: Device, item: Any, expected: tuple[int | None, str]
) -> None:
    assert whose(device, item, make_directory()) == expected
