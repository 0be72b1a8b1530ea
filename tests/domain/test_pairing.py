"""Pairing codes as people read and type them."""

import pytest

from tracking.domain.pairing import ALPHABET, CODE_CHARS, make_code, normal_code, shown_code


def test_a_code_is_eight_signs_in_two_halves() -> None:
    code = make_code(lambda letters: letters[-1])
    assert (code, shown_code(code)) == ("ZZZZZZZZ", "ZZZZ-ZZZZ")


def test_no_sign_looks_like_another() -> None:
    assert len(set(ALPHABET)) == 30 and not set("01ILOU") & set(ALPHABET)


@pytest.mark.parametrize("typed", ["K7QM3WXD", "k7qm-3wxd", " K7QM 3wxd ", "k7-qm-3w-xd"])
def test_a_code_may_be_typed_in_many_ways(typed: str) -> None:
    assert normal_code(typed) == "K7QM3WXD"


@pytest.mark.parametrize("typed", ["", "K7QM3WX", "K7QM3WXDD", "K7QM3WX0", "K7QM_3WXD", "ß7QM3WXD", "K7QM3WX\0"])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert normal_code(typed) is None
    assert len(typed) != CODE_CHARS or not set(typed) <= set(ALPHABET)
