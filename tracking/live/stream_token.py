"""Stream tokens: a login for ten minutes, signed, for those who cannot send a cookie or a header."""

from base64 import b64decode, b64encode
from typing import Any

from django.core.signing import BadSignature, Signer

from tracking.domain.access import Login

LASTS_S = 600
SALT = "fleet.live.stream"
SEPARATOR = ":"
"""Of a token's two parts; no other kind of token has it."""


def make_stream_token(login: Login, *, now_s: float) -> str:
    """It ends with the login at the latest."""
    ends_s = now_s + LASTS_S
    expires_s = ends_s if login.expires_s is None else min(ends_s, login.expires_s)
    stamp = None if login.stamp is None else _text(login.stamp)
    token: str = _signer().sign_object([login.user, _text(login.proof), stamp, login.revision, int(expires_s)])
    return token


def read_stream_token(token: str, *, now_s: float) -> Login | None:
    """None for one that has expired or was not made here. Whether the login still holds is another question."""
    try:
        user, proof, stamp, revision, expires_s = _signer().unsign_object(token)
    except BadSignature:
        return None
    if now_s >= expires_s:
        return None
    return Login(
        user=user,
        proof=b64decode(proof),
        stamp=None if stamp is None else b64decode(stamp),
        revision=revision,
        expires_s=expires_s,
        by_stream_token=True,
    )


def _signer() -> Any:
    return Signer(sep=SEPARATOR, salt=SALT)


def _text(digest: bytes) -> str:
    return b64encode(digest).decode()
