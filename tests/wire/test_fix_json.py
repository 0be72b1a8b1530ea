"""Bodies of fixes: an object, an array, or a line each."""

import pytest

from tracking.domain.errors import BadRequest
from tracking.domain.fix import Refusal
from tracking.wire.fix_json import MAX_FIXES, decode_body


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
