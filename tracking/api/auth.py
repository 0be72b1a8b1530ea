"""Who asks, and what they may see: a session's user, or the user of a bearer token."""

from typing import cast

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import HttpError
from ninja.security.base import AuthBase

from tracking.api.caching import SAFE_METHODS
from tracking.domain.directory import Device
from tracking.domain.rights import Rights
from tracking.models import ApiToken, DeviceToken, Share, token_digest
from tracking.storage.office import load_rights

load_rights_async = sync_to_async(load_rights)


class SessionAuth(AuthBase):
    """The cookie of someone who logged in; it does not count when a bearer token was sent as well.

    What changes something needs the header `X-Fleet: 1` too, which no foreign page can send.
    """

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = settings.SESSION_COOKIE_NAME

    async def __call__(self, request: HttpRequest) -> Rights | None:
        if bearer_secret(request) is not None:
            return None
        if request.method not in SAFE_METHODS and request.headers.get("X-Fleet") != "1":
            raise HttpError(403, "With a cookie, send the header X-Fleet: 1 as well.")
        return await load_rights_async(await request.auser())


class ApiTokenAuth(AuthBase):
    """A program's token, made in the admin; it acts with its user's rights."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    async def __call__(self, request: HttpRequest) -> Rights | None:
        secret = bearer_secret(request)
        if secret is None:
            return None
        known = ApiToken.objects.filter(digest=token_digest(secret), revoked_at=None)
        token = await known.select_related("user").afirst()
        if token is None:
            return None
        request.proof = f"API token {token}"  # type: ignore[attr-defined]
        return await load_rights_async(token.user)


class DeviceAuth(AuthBase):
    """A device's token, for what belongs to its own vehicle."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    async def __call__(self, request: HttpRequest) -> Device | None:
        digest = token_digest(bearer_secret(request) or "")
        token = await DeviceToken.objects.filter(digest=digest, revoked_at=None).afirst()
        return None if token is None else Device(token.pk, token.vehicle_id)


class ShareAuth(AuthBase):
    """The secret of a share's link, for what the share shows."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    async def __call__(self, request: HttpRequest) -> Share | None:
        valid = Share.objects.filter(revoked_at=None, expires_at__gt=timezone.now(), maker__is_active=True)
        found = valid.select_related("maker", "vehicle", "region")
        return await found.filter(digest=token_digest(bearer_secret(request) or "")).afirst()


def bearer_secret(request: HttpRequest) -> str | None:
    """What follows `Bearer` in the Authorization header; None for another scheme or no header."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def rights_of(request: HttpRequest) -> Rights:
    """What the authentication of this request found."""
    return cast(Rights, request.auth)  # type: ignore[attr-defined]


async def need_permission(request: HttpRequest, permission: str) -> None:
    """Raises HttpError unless the user was given it, alone or in a group."""
    user = await User.objects.aget(pk=rights_of(request).user)
    if not await user.ahas_perm(permission):
        raise HttpError(403, f"Whoever keeps the users' rights can let you do this: the permission is {permission}.")


def proof_of(request: HttpRequest) -> str:
    """By which token the user came; empty for a session."""
    return getattr(request, "proof", "")
