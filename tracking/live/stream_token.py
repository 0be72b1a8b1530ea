"""Stream tokens: a login or a share for ten minutes, signed, for those who cannot send a cookie or a header."""

from base64 import b64decode, b64encode
from typing import Any

from django.core.signing import BadSignature, Signer

from tracking.domain.access import Guest, Login

LASTS_S = 600
SALT = "fleet.live.stream"
SEPARATOR = ":"
"""Of a token's two parts; no other kind of token has it."""


def make_stream_token(proof: Login | Guest, *, now_s: float) -> str:
    """It ends with the proof at the latest."""
    ends_s = now_s + LASTS_S
    expires_s = int(ends_s if proof.expires_s is None else min(ends_s, proof.expires_s))
    if isinstance(proof, Guest):
        fields: list[Any] = [None, _text(proof.share), None, 0, expires_s]
    else:
        stamp = None if proof.stamp is None else _text(proof.stamp)
        fields = [proof.user, _text(proof.proof), stamp, proof.revision, expires_s]
    token: str = _signer().sign_object(fields)
    return token


def read_stream_token(token: str, *, now_s: float) -> Login | Guest | None:
    """None for one that has expired or was not made here. Whether the proof still holds is another question."""
    try:
        user, proof, stamp, revision, expires_s = _signer().unsign_object(token)
    except BadSignature:
        return None
    if now_s >= expires_s:
        return None
    if user is None:
        return Guest(share=b64decode(proof), expires_s=expires_s, by_stream_token=True)
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
