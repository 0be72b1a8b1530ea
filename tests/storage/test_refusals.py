"""Tallies of refused fixes in the office."""

import pytest

from tests.builders import START_MS
from tracking.domain.fix import Reason
from tracking.domain.refusals import Origin, Tally
from tracking.models import DeviceToken, RefusalTally, Vehicle
from tracking.storage.refusals import KEPT_DAYS, MAX_UNKNOWN_NAMES, keep_tallies, load_tallies

pytestmark = pytest.mark.django_db

DAY_MS = 86_400_000


@pytest.fixture
def device() -> int:
    token = DeviceToken(label="gateway")
    token.renew_secret()
    token.save()
    return token.pk


@pytest.fixture
def van() -> int:
    return Vehicle.objects.create(slug="van", name="Van").pk


def tally(*, at_ms: int = START_MS, **fields: object) -> Tally:
    values = {"vehicle": None, "count": 1, "first_ms": at_ms, "last_ms": at_ms, "fix_time_ms": None, "detail": "It is."}
    return Tally(**{**values, **fields})  # type: ignore[arg-type]


def test_refusals_of_one_origin_add_up(device: int, van: int) -> None:
    """The first time stays, the last fix is told."""
    origin = Origin(device, "van", Reason.IN_FUTURE)
    keep_tallies({origin: tally(vehicle=van, count=2)}, now_ms=START_MS)
    later = tally(vehicle=van, at_ms=START_MS + 5, fix_time_ms=START_MS + 9_000, detail="It is later.", count=3)
    keep_tallies({origin: later}, now_ms=START_MS)
    (kept,) = load_tallies(vehicles={van}, limit=9)
    assert (kept.device, kept.origin) == ("gateway", origin)
    assert kept.tally == tally(
        vehicle=van, count=5, last_ms=START_MS + 5, fix_time_ms=START_MS + 9_000, detail="It is later."
    )


def test_who_is_gone_is_left_out(device: int) -> None:
    """Of a device nothing is kept, of a vehicle its name."""
    keep_tallies({Origin(device + 1, "", Reason.BAD_JSON): tally()}, now_ms=START_MS)
    keep_tallies({Origin(device, "van", Reason.TOO_OLD): tally(vehicle=99)}, now_ms=START_MS)
    assert [(kept.origin.named, kept.tally.vehicle) for kept in load_tallies(vehicles=None, limit=9)] == [("van", None)]


def test_a_time_that_is_none_is_unknown(device: int) -> None:
    keep_tallies({Origin(device, "", Reason.IN_FUTURE): tally(fix_time_ms=10**30)}, now_ms=START_MS)
    assert [kept.tally.fix_time_ms for kept in load_tallies(vehicles=None, limit=9)] == [None]


def test_names_that_nobody_knows_are_bounded(device: int) -> None:
    """The newest are kept; what is known of vehicles is not touched."""
    names = {
        Origin(device, f"ghost-{i}", Reason.UNKNOWN_VEHICLE): tally(at_ms=START_MS + i)
        for i in range(MAX_UNKNOWN_NAMES + 3)
    }
    keep_tallies(names, now_ms=START_MS)
    named = set(RefusalTally.objects.values_list("named", flat=True))
    assert len(named) == MAX_UNKNOWN_NAMES and {"ghost-0", "ghost-2"}.isdisjoint(named)


def test_what_has_not_come_for_long_is_forgotten(device: int) -> None:
    keep_tallies({Origin(device, "", Reason.BAD_JSON): tally()}, now_ms=START_MS)
    later_ms = START_MS + (KEPT_DAYS + 1) * DAY_MS
    keep_tallies({Origin(device, "", Reason.BAD_TIME): tally(at_ms=later_ms)}, now_ms=later_ms)
    assert [kept.origin.reason for kept in load_tallies(vehicles=None, limit=9)] == [Reason.BAD_TIME]


def test_readers_page_by_id_and_by_vehicle(device: int, van: int) -> None:
    for reason, vehicle in ((Reason.TOO_OLD, van), (Reason.BAD_JSON, None), (Reason.BAD_TIME, van)):
        keep_tallies({Origin(device, "", reason): tally(vehicle=vehicle)}, now_ms=START_MS)
    first = load_tallies(vehicles=None, limit=1)[0]
    assert first.origin.reason is Reason.TOO_OLD
    assert [kept.origin.reason for kept in load_tallies(vehicles={van}, after=first.id, limit=9)] == [Reason.BAD_TIME]
