"""Stream tokens: what they carry, and when they end."""

import pytest

from tests.builders import make_login
from tracking.live.stream_token import LASTS_S, make_stream_token, read_stream_token

NOW_S = 1_795_000_000.5


@pytest.mark.parametrize("stamp", [b"stamp", None])
def test_a_token_carries_the_login(stamp: bytes | None) -> None:
    login = make_login(stamp=stamp, revision=7)
    read = read_stream_token(make_stream_token(login, now_s=NOW_S), now_s=NOW_S)
    assert read == make_login(stamp=stamp, revision=7, expires_s=int(NOW_S + LASTS_S), by_stream_token=True)


def test_a_token_ends_after_ten_minutes() -> None:
    token = make_stream_token(make_login(), now_s=NOW_S)
    assert read_stream_token(token, now_s=NOW_S + LASTS_S - 1) is not None
    assert read_stream_token(token, now_s=NOW_S + LASTS_S) is None


def test_a_token_does_not_outlive_the_session() -> None:
    token = make_stream_token(make_login(expires_s=NOW_S + 5), now_s=NOW_S)
    assert read_stream_token(token, now_s=NOW_S + 5) is None


@pytest.mark.parametrize("token", ["", ":", "a:b", "WyJhIl0:x"])
def test_what_was_not_signed_here_is_nothing(token: str) -> None:
    assert read_stream_token(token, now_s=NOW_S) is None


def test_one_changed_letter_spoils_a_token() -> None:
    token = make_stream_token(make_login(), now_s=NOW_S)
    other = "A" if token[3] != "A" else "B"
    assert read_stream_token(token[:3] + other + token[4:], now_s=NOW_S) is None
