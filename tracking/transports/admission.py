"""Finds out who asks, for sockets and bare HTTP alike.

caller = await admission.identify(scope)                  Caller, or None: 401 or bye 4500
caller.holds(services.office), caller.has_expired(now_s)  ask again while a stream lasts
"""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http.cookie import parse_cookie

from tracking.domain.access import Caller, Guest, Login, Office
from tracking.live.stream_token import SEPARATOR, read_stream_token
from tracking.models import token_digest
from tracking.storage.office import find_logins
from tracking.transports.logins import LoginReader

Scope = Mapping[str, Any]

REMEMBERED_SESSIONS = 10_000
CSRF_HEADER = b"x-fleet"
"""No form of a foreign page can send it."""


class Admission:
    """`office` gives the pictures, `refresh` looks for newer ones. Only a session that was never seen is read from the database."""

    def __init__(self, *, office: Callable[[], Office], refresh: Callable[[], Awaitable[None]]) -> None:
        self._office = office
        self._refresh = refresh
        self._logins: OrderedDict[bytes, Login] = OrderedDict()
        self._reader = LoginReader(find_logins)

    async def identify(self, scope: Scope) -> Caller | None:
        """By Bearer token, `token` in the query (a stream token) or session cookie; what is sent first in this order counts.

        None: nobody known. Raises Unavailable when the office database does not answer.
        """
        scheme, _, secret = (header(scope, b"authorization") or "").partition(" ")
        if scheme.lower() == "bearer":
            return await self.identify_token(secret.strip())
        if scope["type"] == "http" and (token := _query_token(scope)) is not None:
            return await self._identify_stream_token(token)
        key = parse_cookie(header(scope, b"cookie") or "").get(settings.SESSION_COOKIE_NAME)
        return await self._identify_session(key) if key and _may_be_session(key) and _cookie_counts(scope) else None

    async def identify_token(self, token: str) -> Caller | None:
        """A stream token, an API token, a device token or a share's secret. Raises Unavailable."""
        if SEPARATOR in token:
            return await self._identify_stream_token(token)
        digest = token_digest(token)
        if (caller := self._known(digest)) is not None:
            return caller
        await self._refresh()
        return self._known(digest)

    def _known(self, digest: bytes) -> Caller | None:
        office = self._office()
        if digest in office.directory.devices:
            return Caller(device_token=digest)
        if (share := office.access.shares.get(digest)) is not None:
            return self._held(Guest(share=digest, expires_s=share.expires_s))
        user = office.access.api_tokens.get(digest)
        return self._held(None if user is None else Login(user=user, proof=digest))

    def _held(self, proof: Login | Guest | None) -> Caller | None:
        if proof is None or not proof.holds(self._office().access):
            return None
        caller = Caller(guest=proof) if isinstance(proof, Guest) else Caller(login=proof)
        return None if caller.has_expired(time.time()) else caller

    async def _identify_stream_token(self, token: str) -> Caller | None:
        proof = read_stream_token(token, now_s=time.time())
        return self._held(proof) if isinstance(proof, Guest) else await self._checked(proof)

    async def _identify_session(self, key: str) -> Caller | None:
        digest = token_digest(key)
        login = self._logins.get(digest)
        if login is None or not login.holds(self._office().access) or Caller(login=login).has_expired(time.time()):
            login = await self._reader.read(key)
            self._remember(digest, login)
        return await self._checked(login)

    async def _checked(self, login: Login | None) -> Caller | None:
        """Against a picture that is at least as new as the login."""
        if login is not None and login.revision > self._office().access.revision:
            await self._refresh()
        return self._held(login)

    def _remember(self, digest: bytes, login: Login | None) -> None:
        self._logins.pop(digest, None)
        if login is not None:
            self._logins[digest] = login
            if len(self._logins) > REMEMBERED_SESSIONS:
                self._logins.popitem(last=False)

    def stop(self) -> None:
        self._reader.stop()


def header(scope: Scope, name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), None)


def is_foreign(scope: Scope) -> bool:
    """A page of another site asks, and says so."""
    origin = header(scope, b"origin")
    return origin is not None and not is_own_origin(origin, header(scope, b"host"))


def is_own_origin(origin: str, host: str | None) -> bool:
    """The page's host is the host asked for, or one of CSRF_TRUSTED_ORIGINS, compared exactly."""
    return origin in settings.CSRF_TRUSTED_ORIGINS or (host is not None and urlsplit(origin).netloc == host)


def _may_be_session(key: str) -> bool:
    """Django makes keys of such characters alone. A quoted cookie can hold a zero, which would fail what PostgreSQL reads with it."""
    return key.isascii() and key.isalnum()


def _cookie_counts(scope: Scope) -> bool:
    """Browsers send cookies for any page: reading takes a page of this site, all else takes one that says which it is."""
    if is_foreign(scope):
        return False
    has_origin = header(scope, b"origin") is not None
    if scope["type"] == "websocket":
        return has_origin
    if scope["method"] not in {"GET", "HEAD"}:
        return has_origin and header(scope, CSRF_HEADER) == "1"
    return has_origin or header(scope, b"sec-fetch-site") in {None, "same-origin", "none"}


def _query_token(scope: Scope) -> str | None:
    tokens = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token")
    return tokens[-1] if tokens else None
