"""One conversation: what is allowed when, and every limit."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import EAST, WEST, make_directory
from tracking.domain.directory import Device
from tracking.domain.rights import Rights
from tracking.live import limits
from tracking.live.closing import CloseCode
from tracking.live.session import Close, Enter, Exit, Greet, Identify, Reply, Session, State, Store

ALL_RIGHTS = Rights(user=1, everything=True, regions=frozenset())
WEST_ONLY = Rights(user=2, everything=False, regions=frozenset({WEST}))
DIRECTORY = make_directory()


def make_session(*, rights: Rights | None = ALL_RIGHTS, device: Device | None = None, is_open: bool = True) -> Session:
    bucket = limits.TokenBucket(limits.MESSAGES_PER_S, limits.MESSAGES_BURST, limits.MESSAGES_BURST, 0.0)
    session = Session(connection="c", rights=rights, device=device, bucket=bucket)
    if is_open:
        session.welcome(now_ms=0)
    return session


def say(session: Session, message: Any, *, now_s: float = 0.0) -> list[Any]:
    text = message if isinstance(message, str | bytes) else json.dumps(message)
    return session.receive(text, now_s=now_s, directory=DIRECTORY)


def error_code(actions: list[Any]) -> str:
    (reply,) = actions
    assert isinstance(reply, Reply) and reply.message["type"] == "error"
    return str(reply.message["code"])


def test_a_cookie_is_enough_to_be_greeted() -> None:
    session = make_session(is_open=False)
    assert say(session, {"type": "hello"}) == [Greet()]
    (reply,) = session.welcome(now_ms=5)
    assert isinstance(reply, Reply) and reply.message["server_time"] == 5
    assert session.state is State.OPEN


def test_a_stranger_is_turned_away() -> None:
    session = make_session(rights=None, is_open=False)
    assert say(session, {"type": "hello"}) == [Close(CloseCode.UNAUTHENTICATED)]
    assert say(session, {"type": "hello"}) == []


def test_a_token_identifies_a_device() -> None:
    session = make_session(rights=None, is_open=False)
    assert say(session, {"type": "hello", "token": "t"}) == [Identify("t")]
    assert session.identified(Device(1, 1)) == [Greet()]


def test_an_unknown_token_ends_the_conversation() -> None:
    session = make_session(rights=None, is_open=False)
    assert session.identified(None) == [Close(CloseCode.UNAUTHENTICATED)]


def test_nothing_comes_before_hello() -> None:
    session = make_session(is_open=False)
    (close,) = say(session, {"type": "join", "id": 1, "channel": "region:west"})
    assert close.code is CloseCode.PROTOCOL_ERROR


def test_joining_enters_the_room() -> None:
    session = make_session()
    assert say(session, {"type": "join", "id": 1, "channel": "region:west", "cursor": "c"}) == [
        Enter(1, "region:west", WEST, "c")
    ]
    assert say(session, {"type": "join", "id": 2, "channel": "region:all"}) == [Enter(2, "region:all", None, None)]


def test_a_joined_room_can_be_left_once() -> None:
    session = make_session()
    say(session, {"type": "join", "id": 1, "channel": "region:west"})
    leave, ok = say(session, {"type": "leave", "id": 2, "channel": "region:west"})
    assert (leave, ok.message["type"]) == (Exit("region:west"), "ok")
    assert error_code(say(session, {"type": "leave", "id": 3, "channel": "region:west"})) == "not_joined"


@pytest.mark.parametrize(
    ("channel", "rights", "code"),
    [
        ("region:east", WEST_ONLY, "forbidden"),
        ("region:all", WEST_ONLY, "forbidden"),
        ("region:nowhere", WEST_ONLY, "forbidden"),
        ("region:nowhere", ALL_RIGHTS, "unknown_channel"),
        ("vehicle:van", ALL_RIGHTS, "unknown_channel"),
        ("nonsense", ALL_RIGHTS, "unknown_channel"),
        ("region:west", None, "forbidden"),
    ],
)
def test_rooms_are_guarded(channel: str, rights: Rights | None, code: str) -> None:
    """Who is limited to regions cannot find out which others exist."""
    session = make_session(rights=rights, device=Device(1, 1))
    assert error_code(say(session, {"type": "join", "id": 1, "channel": channel})) == code


def test_a_region_of_ones_own_can_be_watched() -> None:
    assert say(make_session(rights=WEST_ONLY), {"type": "join", "id": 1, "channel": "region:west"})
    assert EAST not in WEST_ONLY.regions


def test_reports_come_from_devices_alone() -> None:
    message = {"type": "report", "id": 1, "fixes": [{}]}
    assert error_code(say(make_session(), message)) == "forbidden"
    assert say(make_session(device=Device(1, 1)), message) == [Store(1, [{}])]


def test_a_report_has_a_largest_number_of_fixes() -> None:
    session = make_session(device=Device(1, 1))
    fixes = [0] * limits.FIXES_PER_REPORT
    assert say(session, {"type": "report", "id": 1, "fixes": fixes}) == [Store(1, fixes)]
    assert error_code(say(session, {"type": "report", "id": 1, "fixes": [*fixes, 0]})) == "too_many_fixes"


def test_the_newest_acknowledged_frame_is_known() -> None:
    session = make_session()
    for seq in (3, 9, 5):
        assert say(session, {"type": "ack", "seq": seq}) == []
    assert session.acknowledged_seq == 9


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
    assert error_code(say(make_session(device=Device(1, 1)), message)) == code


def test_the_answer_carries_the_id_when_there_was_one() -> None:
    (reply,) = say(make_session(), {"type": "dance", "id": 7})
    assert reply.message["id"] == 7


def test_only_a_report_may_be_long() -> None:
    session = make_session(device=Device(1, 1))
    padding = "x" * limits.INBOUND_BYTES
    assert error_code(say(session, {"type": "ack", "seq": 1, "padding": padding})) == "too_large"
    assert say(session, {"type": "report", "id": 1, "fixes": [], "padding": padding}) == [Store(1, [])]
    (close,) = say(session, "x" * (limits.REPORT_BYTES + 1))
    assert close.code is CloseCode.PROTOCOL_ERROR


def test_channels_are_counted() -> None:
    session = make_session()
    session.channels = {f"region:{i}": i for i in range(limits.CHANNELS)}
    assert error_code(say(session, {"type": "join", "id": 1, "channel": "region:west"})) == "too_many_channels"


def test_a_flood_is_refused_then_ended() -> None:
    session = make_session()
    for _ in range(limits.MESSAGES_BURST):
        assert say(session, {"type": "ack", "seq": 1}) == []
    for _ in range(limits.REFUSED_IN_A_ROW - 1):
        assert error_code(say(session, {"type": "ack", "seq": 1})) == "rate"
    assert say(session, {"type": "ack", "seq": 1}) == [Close(CloseCode.RATE)]


def test_a_steady_sender_is_never_refused() -> None:
    session = make_session()
    for i in range(500):
        assert say(session, {"type": "ack", "seq": 1}, now_s=i / limits.MESSAGES_PER_S) == []


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_no_input_breaks_a_session(text: bytes | str) -> None:
    for action in say(make_session(device=Device(1, 1)), text):
        assert isinstance(action, Reply)
