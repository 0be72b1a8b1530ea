"""When devices were heard of last, in the office database."""

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import START_MS
from tracking.domain.sightings import Battery, Sighting, Whose, merged
from tracking.models import DeviceToken, Vehicle
from tracking.storage.sightings import LATEST_MS, keep_sightings, load_sightings

pytestmark = pytest.mark.django_db

SIGHTING = Sighting(START_MS, START_MS - 500, Battery(START_MS - 500, 64), "osmand")


def make_device(vehicle: Vehicle | None, label: str = "phone") -> DeviceToken:
    token = DeviceToken(label=label, vehicle=vehicle)
    token.renew_secret()
    token.save()
    return token


@pytest.fixture
def van() -> Vehicle:
    return Vehicle.objects.create(slug="van", name="Van")


def test_what_is_kept_comes_back(van: Vehicle) -> None:
    phone, gateway = make_device(van), make_device(None, "gateway")
    keep_sightings(
        {Whose(phone.pk, van.pk): SIGHTING, Whose(gateway.pk, van.pk): Sighting(START_MS + 1, None, None, "fleet")}
    )
    first, second = load_sightings([van.pk])
    assert (first.label, first.is_gateway, first.sighting) == (
        "gateway",
        True,
        Sighting(START_MS + 1, None, None, "fleet"),
    )
    assert (second.label, second.is_gateway, second.sighting) == ("phone", False, SIGHTING)


def test_another_process_that_writes_older_ones_later_changes_nothing(van: Vehicle) -> None:
    whose = Whose(make_device(van).pk, van.pk)
    keep_sightings({whose: SIGHTING})
    keep_sightings({whose: Sighting(START_MS - 9, START_MS - 900, Battery(START_MS - 900, 80), "fleet")})
    assert [kept.sighting for kept in load_sightings([van.pk])] == [SIGHTING]


TIMES_MS = st.integers(START_MS, START_MS + 3)
SIGHTINGS = st.builds(
    Sighting,
    TIMES_MS,
    st.none() | TIMES_MS,
    st.none() | st.builds(Battery, TIMES_MS, st.integers(0, 3)),
    st.sampled_from(["fleet", "osmand"]),
)


@given(st.lists(SIGHTINGS, min_size=1, max_size=4))
def test_whatever_is_written_one_after_the_other_is_merged(heard: list[Sighting]) -> None:
    van, _ = Vehicle.objects.get_or_create(slug="van", name="Van")
    whose = Whose(make_device(van).pk, van.pk)
    for sighting in heard:
        keep_sightings({whose: sighting})
    kept = {sighting.whose: sighting.sighting for sighting in load_sightings([van.pk])}
    assert kept[whose] == reduce(merged, heard)


def test_what_tells_nothing_new_of_fix_and_battery_leaves_them(van: Vehicle) -> None:
    whose = Whose(make_device(van).pk, van.pk)
    keep_sightings({whose: SIGHTING})
    keep_sightings({whose: Sighting(START_MS + 5, None, None, "fleet")})
    assert load_sightings([van.pk])[0].sighting == SIGHTING._replace(seen_ms=START_MS + 5, dialect="fleet")


def test_of_what_is_gone_or_revoked_nothing_is_told(van: Vehicle) -> None:
    phone = make_device(van)
    keep_sightings({Whose(phone.pk, van.pk): SIGHTING, Whose(phone.pk, 999): SIGHTING, Whose(999, van.pk): SIGHTING})
    assert len(load_sightings([van.pk, 999])) == 1
    phone.revoke()
    assert load_sightings([van.pk]) == []


@pytest.mark.parametrize("time_ms", [-1, LATEST_MS])
def test_a_battery_of_no_time_is_not_kept(van: Vehicle, time_ms: int) -> None:
    keep_sightings({Whose(make_device(van).pk, van.pk): SIGHTING._replace(battery=Battery(time_ms, 5))})
    assert load_sightings([van.pk])[0].sighting.battery is None
