"""Bodies of fixes: an object, an array, or a line each."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.domain.errors import BadRequest
from tracking.domain.fix import Refusal
from tracking.wire.fix_json import MAX_FIXES, decode_body, decode_json, decode_report, reading_from


def test_an_object_is_a_batch_of_one() -> None:
    assert decode_body(b'{"lat": 1}', "application/json") == [{"lat": 1}]


def test_the_content_type_of_curl_is_taken_as_json() -> None:
    assert decode_body(b"[{}, 5]", "application/x-www-form-urlencoded") == [{}, 5]


def test_ndjson_has_an_item_a_line() -> None:
    items = decode_body(b'{"lat": 1}\r\n\n{"lat"\n{"lat": 3}\n', "application/x-ndjson")
    assert (items[0], items[2]) == ({"lat": 1}, {"lat": 3})
    assert isinstance(items[1], Refusal)


def test_nan_does_not_spoil_the_body() -> None:
    items = decode_body(b'[{"lat": NaN}, {"lat": 2}]', "application/json")
    assert items[1] == {"lat": 2}


@pytest.mark.parametrize("body", [b"", b"{", b"5", b'"text"', b"\xff\xfe", b"[" * 100_000, b"null", b"1" * 5_000])
def test_an_unreadable_body_is_refused_as_a_whole(body: bytes) -> None:
    with pytest.raises(BadRequest) as caught:
        decode_body(body, "application/json")
    assert caught.value.code == "bad_json"


def test_a_request_has_a_largest_number_of_fixes() -> None:
    assert len(decode_body(b"[" + b"{}," * (MAX_FIXES - 1) + b"{}]", "application/json")) == MAX_FIXES
    with pytest.raises(BadRequest) as caught:
        decode_body(b"[" + b"{}," * MAX_FIXES + b"{}]", "application/json")
    assert caught.value.code == "too_many_fixes"


FIELDS = {
    "fix_time": st.sampled_from([1_800_000_000_000, "2026-01-26T15:57:02Z", True, None, 1.5]),
    "lat": st.sampled_from([57.7, 0, -91, "57", None]),
    "lon": st.sampled_from([11.95, 1e9, False]),
}
MAYBE = {
    "speed_mps": st.sampled_from([3, None, -1, "fast"]),
    "vehicle": st.sampled_from(["van", None, 5, 'a"type"b']),
    "more": st.just([1]),
}
REPORTS = st.fixed_dictionaries(
    {"type": st.just("report"), "id": st.sampled_from([7, 1 << 70, -1, 1.0, True, None])},
    optional={"fixes": st.lists(st.fixed_dictionaries(FIELDS, optional=MAYBE), max_size=3), "type ": st.none()},
)


@given(REPORTS)
def test_a_sound_report_says_what_its_json_says(report: dict[str, object]) -> None:
    """Or it is left to the decoder that tells what is wrong."""
    text = json.dumps(report, separators=(",", ":"))
    if (sound := decode_report(text)) is not None:
        message = decode_json(text)
        assert (sound.id, type(message["id"])) == (message["id"], int)
        assert [reading_from(fix) for fix in sound.fixes] == [reading_from(item) for item in message["fixes"]]


def test_what_begins_as_a_report_and_is_none_is_left_alone() -> None:
    fix = '{"fix_time":1,"lat":2,"lon":3}'
    begin = f'{{"type":"report","id":1,"fixes":[{fix}'
    assert decode_report(begin + "]}") is not None
    assert decode_report(begin + '],"type":"ack"}') is None
    assert decode_report(begin + ",5]}") is None
    assert decode_report('{"type": "report", "id": 1, "fixes": []}') is None
