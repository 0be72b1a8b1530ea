"""The rule book, one reason after the other."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import START_MS, make_directory, make_fix, make_item
from tracking.domain.directory import Device
from tracking.domain.duty import OffDuty
from tracking.domain.fix import Fix, Reason, Refusal
from tracking.ingest.rules import Context, check_fix, check_fixes
from tracking.wire.fix_json import decode_body

DAY_MS = 86_400_000
GATEWAY, VAN_DEVICE = Device(1, None), Device(2, 1)


def context(device: Device = GATEWAY) -> Context:
    return Context(make_directory(), device, START_MS, 400 * DAY_MS)


def reason(item: Any, device: Device = GATEWAY) -> Reason | None:
    outcome = check_fix(item, context(device))
    return outcome.reason if isinstance(outcome, Refusal) else None


def test_a_good_fix_passes_as_it_is() -> None:
    item = make_item(speed_mps=3.5, course_deg=90, accuracy_m=4)
    assert check_fix(item, context()) == make_fix(speed_mps=3.5, course_deg=90, accuracy_m=4)


@pytest.mark.parametrize(
    "text", ["2026-11-18T11:06:40Z", "2026-11-18T12:06:40.000+01:00", "2026-11-18T11:06:40+00:00", "20261118T110640Z"]
)
def test_times_may_be_written_with_any_offset(text: str) -> None:
    assert check_fix(make_item(fix_time=text), context()) == make_fix()


def test_a_device_whose_vehicle_was_deleted_meanwhile_is_told_so() -> None:
    orphan = context(Device(3, 404))
    sound = decode_body(json.dumps([make_item()]).encode(), "application/json")
    (_, from_sound), (_, from_object) = check_fixes([*sound, make_item()], orphan).refused
    assert from_sound == from_object == Refusal(Reason.VEHICLE_NOT_YOURS, "This device posts for another vehicle.")
    assert reason(make_item(vehicle=None), Device(3, 404)) == Reason.UNKNOWN_VEHICLE


def test_milliseconds_survive() -> None:
    fix = check_fix(make_item(fix_time="2026-11-18T11:06:40.123Z"), context())
    assert isinstance(fix, Fix) and fix.fix_time_ms == START_MS + 123


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"fix_time": "yesterday"}, Reason.BAD_TIME),
        ({"fix_time": "2026-11-18T11:06:40"}, Reason.BAD_TIME),
        ({"fix_time": None}, Reason.BAD_TYPE),
        ({"fix_time": True}, Reason.BAD_TYPE),
        ({"fix_time": 1.5e12}, Reason.BAD_TYPE),
        ({"fix_time": START_MS - 401 * DAY_MS}, Reason.TOO_OLD),
        ({"fix_time": 10**30}, Reason.IN_FUTURE),
        ({"fix_time": START_MS + 600_000}, None),
        ({"fix_time": START_MS + 600_001}, Reason.IN_FUTURE),
        ({"lat": "57"}, Reason.BAD_TYPE),
        ({"lat": True}, Reason.BAD_TYPE),
        ({"lat": None}, Reason.BAD_TYPE),
        ({"lat": 90}, None),
        ({"lat": 90.1}, Reason.LAT_OUT_OF_RANGE),
        ({"lat": 10**400}, Reason.LAT_OUT_OF_RANGE),
        ({"lat": float("nan")}, Reason.NOT_FINITE),
        ({"lon": float("-inf")}, Reason.NOT_FINITE),
        ({"lon": -180}, None),
        ({"lon": -180.5}, Reason.LON_OUT_OF_RANGE),
        ({"speed_mps": -1}, Reason.SPEED_OUT_OF_RANGE),
        ({"speed_mps": 150.5}, Reason.SPEED_OUT_OF_RANGE),
        ({"speed_mps": float("inf")}, Reason.NOT_FINITE),
        ({"speed_mps": "fast"}, Reason.BAD_TYPE),
        ({"course_deg": 360}, None),
        ({"course_deg": 361}, Reason.COURSE_OUT_OF_RANGE),
        ({"course_deg": -1}, Reason.COURSE_OUT_OF_RANGE),
        ({"accuracy_m": -0.1}, Reason.ACCURACY_OUT_OF_RANGE),
        ({"accuracy_m": None}, None),
        ({"vehicle": 7}, Reason.BAD_TYPE),
        ({"vehicle": None}, Reason.VEHICLE_MISSING),
        ({"vehicle": "ghost"}, Reason.UNKNOWN_VEHICLE),
        ({"vehicle": "truck"}, Reason.VEHICLE_INACTIVE),
        ({"hdop": "whatever"}, None),
    ],
)
def test_each_fault_has_its_reason(change: dict[str, Any], expected: Reason | None) -> None:
    assert reason(make_item(**change)) is expected


@pytest.mark.parametrize("check", [check_fix, lambda item, judge: check_fixes([item], judge).refused[0][1]])
def test_nothing_is_kept_of_before_1970(check: Callable[[Any, Context], Fix | Refusal]) -> None:
    """However far back the retention reaches."""
    judge = context()._replace(retention_ms=36_500 * DAY_MS)
    assert isinstance(check_fix(make_item(fix_time=0), judge), Fix)
    assert check(make_item(fix_time=-1), judge) == Refusal(
        Reason.TOO_OLD, "fix_time is older than the 20775 days that are kept."
    )


@pytest.mark.parametrize("missing", ["fix_time", "lat", "lon"])
def test_a_missing_field_is_named(missing: str) -> None:
    item = make_item()
    del item[missing]
    outcome = check_fix(item, context())
    assert isinstance(outcome, Refusal) and outcome.reason is Reason.MISSING_FIELD and missing in outcome.detail


def test_a_device_posts_for_its_vehicle_alone() -> None:
    assert reason(make_item(vehicle="bus"), VAN_DEVICE) is Reason.VEHICLE_NOT_YOURS
    assert reason(make_item(vehicle="ghost"), VAN_DEVICE) is Reason.VEHICLE_NOT_YOURS
    assert reason(make_item(vehicle=None), VAN_DEVICE) is None


def test_a_bad_fix_never_blocks_the_good_ones() -> None:
    checked = check_fixes([make_item(), 3, make_item(lat=91), make_item(vehicle="bus")], context())
    assert [fix.vehicle for fix in checked.fixes] == [1, 2]
    assert [(index, refusal.reason) for index, refusal in checked.refused] == [
        (1, Reason.NOT_AN_OBJECT),
        (2, Reason.LAT_OUT_OF_RANGE),
    ]


@pytest.mark.parametrize(
    ("at_ms", "expected"), [(-1, None), (0, Reason.OFF_DUTY), (999, Reason.OFF_DUTY), (1000, None)]
)
def test_no_device_tells_where_a_driver_is_off_duty(at_ms: int, expected: Reason | None) -> None:
    """By the time of the fix: a backlog from before is taken, whenever it comes."""
    directory = make_directory(off_duty={1: (OffDuty(START_MS, START_MS + 1000),)})
    for device in (GATEWAY, VAN_DEVICE):
        outcome = check_fix(make_item(fix_time=START_MS + at_ms), Context(directory, device, START_MS, 400 * DAY_MS))
        assert (outcome.reason if isinstance(outcome, Refusal) else None) is expected
    other = check_fix(make_item(vehicle="bus"), Context(directory, GATEWAY, START_MS, 400 * DAY_MS))
    assert isinstance(other, Fix)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(make_item(speed_mps=0), JSON_VALUES)) | JSON_VALUES))
def test_whatever_comes_is_accepted_or_refused(items: list[Any]) -> None:
    checked = check_fixes(items, context())
    assert len(checked.fixes) + len(checked.refused) == len(items)


SENT = st.fixed_dictionaries(
    {
        "fix_time": st.sampled_from(
            [
                START_MS,
                START_MS + 600_001,
                START_MS - 401 * DAY_MS,
                10**30,
                "2026-11-18T11:06:40.1239999Z",
                "soon",
                None,
            ]
        ),
        "lat": st.sampled_from([57.7, 90, -90.0, 90.1, "57"]),
        "lon": st.sampled_from([11.95, 180, -180.5]),
    },
    optional={
        "vehicle": st.sampled_from(["van", "bus", "truck", "ghost", None]),
        "speed_mps": st.sampled_from([0, 150.0, 150.5, None]),
        "course_deg": st.sampled_from([360, -1, None]),
        "accuracy_m": st.sampled_from([4.5, 100_001, None]),
        "hdop": st.none(),
    },
)


@given(st.lists(SENT, max_size=4), st.sampled_from([GATEWAY, VAN_DEVICE]))
def test_what_the_decoder_vouches_for_is_judged_as_the_rules_would(items: list[Any], device: Device) -> None:
    directory = make_directory(off_duty={2: (OffDuty(START_MS - 1000, START_MS + 50),)})
    judge = Context(directory, device, START_MS, 400 * DAY_MS)
    sent = decode_body(json.dumps(items).encode(), "application/json")
    assert check_fixes(sent, judge) == check_fixes(items, judge)
