"""Switches of duty in the office."""

import pytest

from tests.builders import START_MS
from tracking.domain.duty import OffDuty, Switch
from tracking.models import DeviceToken, DutySwitch, Vehicle
from tracking.storage.duty import keep_switches, load_off_duty
from tracking.storage.office import load_directory, load_office

DAY_MS = 86_400_000

pytestmark = pytest.mark.django_db


@pytest.fixture
def van() -> DeviceToken:
    """A phone of a van."""
    return DeviceToken.objects.create(vehicle=Vehicle.objects.create(slug="van", name="Van"), digest=b"1" * 32)


def keep(van: DeviceToken, *switches: Switch, now_ms: int = START_MS) -> None:
    assert van.vehicle_id is not None
    keep_switches(switches, vehicle=van.vehicle_id, device=van.pk, now_ms=now_ms)


def test_a_repeated_switch_is_kept_once(van: DeviceToken) -> None:
    for _ in range(2):
        keep(van, Switch(START_MS + 1, True), Switch(START_MS + 2, False))
    assert DutySwitch.objects.count() == 2
    assert load_off_duty() == {van.vehicle_id: (OffDuty(START_MS + 1, START_MS + 2),)}


def test_who_never_was_off_duty_is_left_out(van: DeviceToken) -> None:
    keep(van, Switch(START_MS, False))
    assert load_off_duty() == {}


def test_what_is_old_is_forgotten_but_for_how_it_begins(van: DeviceToken) -> None:
    """Who went off duty long ago still is."""
    keep(van, Switch(START_MS - 50 * DAY_MS, True), Switch(START_MS - 45 * DAY_MS, False))
    keep(van, Switch(START_MS - 40 * DAY_MS, True), now_ms=START_MS - 40 * DAY_MS)
    keep(van, now_ms=START_MS)
    assert load_off_duty() == {van.vehicle_id: (OffDuty(START_MS - 40 * DAY_MS, None),)}


def test_running_processes_hear_of_it(van: DeviceToken) -> None:
    office = load_office()
    keep(van, Switch(START_MS, True))
    assert load_office(office).directory.off_duty == load_directory().off_duty == load_off_duty()
