"""Pairing codes: what a driver types once, so that a phone may post for a vehicle."""

from collections.abc import Callable

LASTS_S = 900
CODE_CHARS = 8
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Thirty signs of which none is taken for another: 0 and O, 1 and I and L, U and V."""


def make_code(choose: Callable[[str], str]) -> str:
    """`choose` gives one of the letters of a text, such as `secrets.choice`. A code is one of 6.6e11."""
    return "".join(choose(ALPHABET) for _ in range(CODE_CHARS))


def normal_code(text: str) -> str | None:
    """However it was typed: in small letters, with spaces and hyphens. None for what cannot be a code."""
    code = text.upper().replace("-", "").replace(" ", "")
    return code if len(code) == CODE_CHARS and set(code) <= set(ALPHABET) else None


def shown_code(code: str) -> str:
    """In two halves, as people read it."""
    return f"{code[: CODE_CHARS // 2]}-{code[CODE_CHARS // 2 :]}"
