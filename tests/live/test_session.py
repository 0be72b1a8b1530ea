"""One conversation: what is allowed when, and every limit."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import (
    BOSS,
    CLERK,
    EAST,
    GATEWAY_TOKEN,
    IDLER,
    VAN_TOKEN,
    WATCHER,
    WEST,
    make_access,
    make_caller,
    make_directory,
    make_office,
)
from tracking.domain.access import NOBODY, Caller, Office
from tracking.domain.directory import Device
from tracking.domain.regions import NOWHERE
from tracking.live import limits
from tracking.live.actions import Acknowledge, Action, Close, Enter, Exit, Greet, Identify, Reply, Store
from tracking.live.channels import Channel, Namespace
from tracking.live.closing import CloseCode
from tracking.live.session import Session, State
from tracking.wire.fix_json import SoundFix

ALL_RIGHTS, WEST_ONLY, DEVICE = make_caller(BOSS), make_caller(WATCHER), make_caller(token=VAN_TOKEN)
NO_REGION = make_caller(IDLER)
VAN_DEVICE = Device(2, 1)
OFFICE = make_office()
ROOM = Channel("region:west", Namespace.REGION, "west", WEST)
VAN_ROOM = Channel("vehicle:van", Namespace.VEHICLE, "van", 1)


def make_session(caller: Caller = ALL_RIGHTS, *, is_open: bool = True) -> Session:
    bucket = limits.TokenBucket(limits.MESSAGES_PER_S, limits.MESSAGES_BURST, limits.MESSAGES_BURST, 0.0)
    session = Session(connection="c", caller=caller, bucket=bucket)
    if is_open:
        session.welcome(OFFICE, now_ms=0)
    return session


def say(session: Session, message: Any, *, now_s: float = 0.0) -> list[Any]:
    text = message if isinstance(message, str | bytes) else json.dumps(message)
    return session.receive(text, now_s=now_s, office=OFFICE)


def recheck(
    session: Session, office: Office = OFFICE, *, now_s: float = 0, vehicle_regions: frozenset[int] = NOWHERE
) -> list[Any]:
    return session.recheck(office, now_s=now_s, regions_of=lambda _: vehicle_regions)


def error_code(actions: list[Any]) -> str:
    (reply,) = actions
    assert isinstance(reply, Reply) and reply.message["type"] == "error"
    return str(reply.message["code"])


def test_a_cookie_is_enough_to_be_greeted() -> None:
    session = make_session(is_open=False)
    assert say(session, {"type": "hello"}) == [Greet()]
    (reply,) = session.welcome(OFFICE, now_ms=5)
    assert isinstance(reply, Reply) and reply.message["server_time"] == 5
    assert session.state is State.OPEN


def test_a_stranger_is_turned_away() -> None:
    session = make_session(NOBODY, is_open=False)
    assert say(session, {"type": "hello"}) == [Close(CloseCode.UNAUTHENTICATED)]
    assert say(session, {"type": "hello"}) == []


def test_a_token_identifies_a_device() -> None:
    session = make_session(NOBODY, is_open=False)
    assert say(session, {"type": "hello", "token": "t"}) == [Identify("t")]
    assert session.identified(DEVICE) == [Greet()]


def test_a_token_adds_a_device_to_a_person() -> None:
    session = make_session(WEST_ONLY, is_open=False)
    session.identified(DEVICE)
    assert session.caller == make_caller(WATCHER, token=VAN_TOKEN)


def test_an_unknown_token_ends_the_conversation() -> None:
    session = make_session(NOBODY, is_open=False)
    assert session.identified(None) == [Close(CloseCode.UNAUTHENTICATED)]


def test_a_conversation_that_ended_is_not_begun_by_an_identity_that_comes_late() -> None:
    session = make_session(NOBODY, is_open=False)
    session.close(CloseCode.DRAIN)
    assert session.identified(DEVICE) == []
    assert session.state is State.CLOSED


def test_nothing_comes_before_hello() -> None:
    session = make_session(is_open=False)
    (close,) = say(session, {"type": "join", "id": 1, "channel": "region:west"})
    assert close.code is CloseCode.PROTOCOL_ERROR


def test_joining_enters_the_room() -> None:
    session = make_session()
    assert say(session, {"type": "join", "id": 1, "channel": "region:west", "cursor": "c"}) == [Enter(1, ROOM, "c")]
    (enter,) = say(session, {"type": "join", "id": 2, "channel": "region:all"})
    assert enter.channel.is_all


def test_a_joined_room_can_be_left_once() -> None:
    session = make_session()
    session.admit(ROOM, OFFICE, vehicle_regions=NOWHERE)
    leave, ok = say(session, {"type": "leave", "id": 2, "channel": "region:west"})
    assert (leave, ok.message["type"]) == (Exit("region:west"), "ok")
    assert error_code(say(session, {"type": "leave", "id": 3, "channel": "region:west"})) == "not_joined"


@pytest.mark.parametrize(
    ("channel", "caller", "code"),
    [
        ("region:east", WEST_ONLY, "forbidden"),
        ("region:all", WEST_ONLY, "forbidden"),
        ("region:nowhere", WEST_ONLY, "forbidden"),
        ("region:nowhere", ALL_RIGHTS, "unknown_channel"),
        ("vehicle:none", ALL_RIGHTS, "unknown_channel"),
        ("vehicle:none", WEST_ONLY, "forbidden"),
        ("driver:none", WEST_ONLY, "forbidden"),
        ("vehicle:van", NO_REGION, "forbidden"),
        ("driver:bus", DEVICE, "forbidden"),
        ("admin:ops", ALL_RIGHTS, "forbidden"),
        ("nonsense", ALL_RIGHTS, "unknown_channel"),
        ("region:west", DEVICE, "forbidden"),
    ],
)
def test_rooms_are_guarded(channel: str, caller: Caller, code: str) -> None:
    """Who is limited to regions cannot find out which others exist."""
    assert error_code(say(make_session(caller), {"type": "join", "id": 1, "channel": channel})) == code


def test_the_room_of_operators_is_for_staff() -> None:
    (enter,) = say(make_session(make_caller(CLERK)), {"type": "join", "id": 1, "channel": "admin:ops"})
    assert enter.channel == Channel("admin:ops", Namespace.ADMIN, "ops", None)


def test_a_region_of_ones_own_can_be_watched() -> None:
    (enter,) = say(make_session(WEST_ONLY), {"type": "join", "id": 1, "channel": "region:west"})
    assert enter.channel.id == WEST


def test_a_vehicle_is_followed_as_long_as_it_is_in_ones_regions() -> None:
    """Where it is, is known once its room is open."""
    session = make_session(WEST_ONLY)
    assert say(session, {"type": "join", "id": 1, "channel": "vehicle:van"}) == [Enter(1, VAN_ROOM, None)]
    why_not = session.admit(VAN_ROOM, OFFICE, vehicle_regions=frozenset({EAST}))
    assert why_not is not None and why_not.code == "forbidden" and not session.is_in(VAN_ROOM)
    assert session.admit(VAN_ROOM, OFFICE, vehicle_regions=frozenset({EAST, WEST})) is None
    assert recheck(session, vehicle_regions=frozenset({WEST})) == [] and session.is_in(VAN_ROOM)
    kick = {"type": "kick", "channel": "vehicle:van", "code": "forbidden"}
    assert recheck(session, vehicle_regions=frozenset({EAST})) == [Exit("vehicle:van"), Reply(kick)]
    assert not session.is_in(VAN_ROOM)


def test_reports_come_from_devices_alone() -> None:
    message = {"type": "report", "id": 1, "fixes": [{}]}
    assert error_code(say(make_session(), message)) == "forbidden"
    assert say(make_session(DEVICE), message) == [Store(1, VAN_DEVICE, [{}])]


def test_a_report_has_a_largest_number_of_fixes() -> None:
    session = make_session(DEVICE)
    fixes = [0] * limits.FIXES_PER_REPORT
    assert say(session, {"type": "report", "id": 1, "fixes": fixes}) == [Store(1, VAN_DEVICE, fixes)]
    assert error_code(say(session, {"type": "report", "id": 1, "fixes": [*fixes, 0]})) == "too_many_fixes"


def test_an_acknowledgement_is_passed_on() -> None:
    session = make_session()
    for seq in (3, 9, 5):
        assert say(session, {"type": "ack", "seq": seq}) == [Acknowledge(seq)]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("{", "bad_message"),
        (b"\xff", "bad_message"),
        ([], "bad_message"),
        ({"type": "dance"}, "unknown_type"),
        ({"type": ["join"]}, "unknown_type"),
        ({"no": "type"}, "unknown_type"),
        ({"type": "join", "id": "1", "channel": "region:west"}, "bad_message"),
        ({"type": "join", "id": 1}, "bad_message"),
        ({"type": "join", "id": 1, "channel": "region:west", "cursor": 7}, "bad_message"),
        ({"type": "ack", "seq": True}, "bad_message"),
        ({"type": "report", "id": 1, "fixes": {}}, "bad_message"),
    ],
)
def test_a_bad_message_gets_a_clear_error(message: Any, code: str) -> None:
    assert error_code(say(make_session(DEVICE), message)) == code


def test_the_answer_carries_the_id_when_there_was_one() -> None:
    (reply,) = say(make_session(), {"type": "dance", "id": 7})
    assert reply.message["id"] == 7


COMPACT = '{"type":"report","id":7,"fixes":[%s]}'
FIX = '{"fix_time":1,"lat":57.7,"lon":11.9}'


def test_a_report_in_order_is_stored_as_it_is() -> None:
    (store,) = say(make_session(DEVICE), COMPACT % FIX)
    assert (store.id, store.device) == (7, VAN_DEVICE)
    assert store.fixes == [SoundFix(1, 57.7, 11.9)]


def test_a_report_in_order_keeps_to_the_limits_too() -> None:
    session = make_session(DEVICE)
    too_many = COMPACT % ",".join([FIX] * (limits.FIXES_PER_REPORT + 1))
    assert error_code(say(session, too_many)) == "too_many_fixes"
    assert error_code(say(make_session(ALL_RIGHTS), COMPACT % FIX)) == "forbidden"
    assert say(make_session(DEVICE, is_open=False), COMPACT % FIX) == [
        Close(CloseCode.PROTOCOL_ERROR, "Say hello first.")
    ]
    too_long = COMPACT % (FIX + " " * limits.REPORT_BYTES)
    assert [type(action) for action in say(make_session(DEVICE), too_long)] == [Close]


def test_reports_in_order_come_no_faster_than_others() -> None:
    session = make_session(DEVICE)
    taken = [say(session, COMPACT % FIX)[0] for _ in range(limits.MESSAGES_BURST)]
    assert {type(action) for action in taken} == {Store}
    assert error_code(say(session, COMPACT % FIX)) == "rate"


def test_only_a_report_may_be_long() -> None:
    session = make_session(DEVICE)
    padding = "x" * limits.INBOUND_BYTES
    assert error_code(say(session, {"type": "ack", "seq": 1, "padding": padding})) == "too_large"
    assert say(session, {"type": "report", "id": 1, "fixes": [], "padding": padding}) == [Store(1, VAN_DEVICE, [])]
    (close,) = say(session, "x" * (limits.REPORT_BYTES + 1))
    assert close.code is CloseCode.PROTOCOL_ERROR


def test_channels_are_counted() -> None:
    session = make_session()
    session.channels = {
        f"region:{i}": Channel(f"region:{i}", Namespace.REGION, str(i), i) for i in range(limits.CHANNELS)
    }
    assert error_code(say(session, {"type": "join", "id": 1, "channel": "region:west"})) == "too_many_channels"


def test_a_flood_is_refused_then_ended() -> None:
    session = make_session()
    for _ in range(limits.MESSAGES_BURST):
        assert say(session, {"type": "ack", "seq": 1}) == [Acknowledge(1)]
    for _ in range(limits.REFUSED_IN_A_ROW - 1):
        assert error_code(say(session, {"type": "ack", "seq": 1})) == "rate"
    assert say(session, {"type": "ack", "seq": 1}) == [Close(CloseCode.RATE)]


def test_a_steady_sender_is_never_refused() -> None:
    session = make_session()
    for i in range(500):
        assert say(session, {"type": "ack", "seq": 1}, now_s=i / limits.MESSAGES_PER_S) == [Acknowledge(1)]


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_no_input_breaks_a_session(text: bytes | str) -> None:
    """Hypothesis also tries what stands in the code, sound messages among it."""
    for action in say(make_session(DEVICE), text):
        assert isinstance(action, Action)


def test_a_fresh_token_of_the_same_user_prolongs() -> None:
    session = make_session(make_caller(BOSS, expires_s=100))
    auth = {"type": "auth", "token": "t"}
    assert say(session, auth) == [Identify("t", auth)]
    (reply,) = session.renewed(auth, make_caller(BOSS, expires_s=700), now_ms=90_000)
    assert reply.message == {"type": "ok", "id": None, "result": {"expires_in_s": 610}}
    assert recheck(session, now_s=101) == []


@pytest.mark.parametrize("caller", [None, DEVICE, make_caller(WATCHER)])
def test_a_token_of_anyone_else_ends_the_conversation(caller: Caller | None) -> None:
    session = make_session(make_caller(BOSS, expires_s=100))
    assert session.renewed({"type": "auth", "token": "t"}, caller, now_ms=0) == [Close(CloseCode.UNAUTHENTICATED)]


def test_welcome_says_how_long_the_proof_lasts() -> None:
    (reply,) = make_session(make_caller(BOSS, expires_s=700), is_open=False).welcome(OFFICE, now_ms=100_000)
    assert isinstance(reply, Reply) and reply.message["expires_in_s"] == 600


def test_an_expired_proof_ends_the_conversation() -> None:
    session = make_session(make_caller(BOSS, expires_s=100))
    assert recheck(session, now_s=99) == []
    assert recheck(session, now_s=100) == [Close(CloseCode.TOKEN_EXPIRED)]


LOGGED_OUT = make_office(access=make_access(revision=2, sessions=frozenset()))
NO_DEVICES = make_office(directory=make_directory(devices={}))


@pytest.mark.parametrize(
    ("caller", "office"),
    [(ALL_RIGHTS, LOGGED_OUT), (DEVICE, NO_DEVICES), (make_caller(BOSS, token=VAN_TOKEN), NO_DEVICES)],
)
def test_a_withdrawn_proof_ends_the_conversation(caller: Caller, office: Office) -> None:
    session = make_session(caller)
    assert recheck(session, office) == [Close(CloseCode.WITHDRAWN)]
    assert recheck(session, office) == []


@pytest.mark.parametrize(
    ("caller", "office", "code"),
    [
        (WEST_ONLY, make_office(access=make_access(people={WATCHER: make_access().people[IDLER]})), "forbidden"),
        (ALL_RIGHTS, make_office(directory=make_directory(region_ids={})), "unknown_channel"),
        (ALL_RIGHTS, make_office(directory=make_directory(region_ids={"west": 7})), "unknown_channel"),
    ],
)
def test_a_lost_room_is_left_and_told(caller: Caller, office: Office, code: str) -> None:
    """Others stay; so does the connection."""
    session = make_session(caller)
    session.admit(ROOM, OFFICE, vehicle_regions=NOWHERE)
    kick = {"type": "kick", "channel": "region:west", "code": code}
    assert recheck(session, office) == [Exit("region:west"), Reply(kick)]
    assert recheck(session, office) == [] and session.state is State.OPEN


def make_renamed(region: int) -> Office:
    """The region has another name, so another version."""
    regions = make_directory().regions
    return make_office(
        directory=make_directory(regions={**regions, region: regions[region]._replace(name="New", version=7)})
    )


@pytest.mark.parametrize(
    ("caller", "office"),
    [
        (ALL_RIGHTS, make_renamed(EAST)),
        (WEST_ONLY, make_renamed(WEST)),
        (WEST_ONLY, make_office(access=make_access(people={WATCHER: make_access().people[BOSS]}))),
    ],
    ids=["of all", "of ones own", "more of them"],
)
def test_whoever_may_watch_a_region_is_told_once_that_it_changed(caller: Caller, office: Office) -> None:
    session = make_session(caller)
    (reply,) = session.recheck_regions(office)
    assert reply.message == {"type": "regions", "mark": session.regions_mark(office)}
    assert session.recheck_regions(office) == []


@pytest.mark.parametrize(("caller", "is_open"), [(WEST_ONLY, True), (DEVICE, True), (ALL_RIGHTS, False)])
def test_changes_of_regions_are_not_told_to_others(caller: Caller, is_open: bool) -> None:
    """Nor to who was not greeted yet: welcome says which regions there are."""
    assert make_session(caller, is_open=is_open).recheck_regions(make_renamed(EAST)) == []


def test_welcome_tells_the_mark_of_the_regions() -> None:
    marks = [
        make_session(caller, is_open=False).welcome(OFFICE, now_ms=0)[0].message["regions"]  # type: ignore[union-attr]
        for caller in (ALL_RIGHTS, WEST_ONLY, NO_REGION, DEVICE)
    ]
    assert len(set(marks)) == 4 and marks[-1] is None


def test_a_gateway_token_reports() -> None:
    session = make_session(make_caller(token=GATEWAY_TOKEN))
    (store,) = say(session, {"type": "report", "id": 1, "fixes": []})
    assert store.device == Device(1, None)
