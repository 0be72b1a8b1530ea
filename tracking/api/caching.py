"""Validators and cache headers of answers that depend on who asks, and changes of what was read before."""

import hashlib
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

import msgspec
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from ninja.errors import HttpError

ASK_EACH_TIME = "private, no-cache"
JSON_TYPE = "application/json"
SAFE_METHODS = ("GET", "HEAD")

Kept = TypeVar("Kept")


def etag_of(value: Any) -> str:
    """A strong validator: equal for equal values only. Bytes count as they are."""
    content = value if isinstance(value, bytes) else msgspec.json.encode(value)
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def weakened(etag: str) -> str:
    """For answers of equal content whose bytes may differ."""
    return f"W/{etag}"


def has_fresh_copy(request: HttpRequest, etag: str) -> bool:
    """True of a read when If-None-Match names the validator, weak or strong (RFC 9110, section 13.1.2)."""
    if request.method not in SAFE_METHODS:
        return False
    named = [tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))]
    return etag.removeprefix("W/") in named or named == ["*"]


def mark(response: HttpResponseBase, *, etag: str, cache_control: str) -> None:
    """Sets the headers that a 200 and its 304 share."""
    response["ETag"] = etag
    response["Cache-Control"] = cache_control
    patch_vary_headers(response, ("Cookie", "Authorization"))


def json_answer(
    request: HttpRequest, value: Any, *, etag: str | None = None, cache_control: str = ASK_EACH_TIME
) -> HttpResponse:
    """As `written_answer`."""
    return written_answer(request, msgspec.json.encode(value), etag=etag, cache_control=cache_control)


def written_answer(
    request: HttpRequest, body: bytes, *, media_type: str = JSON_TYPE, etag: str | None = None, cache_control: str
) -> HttpResponse:
    """The body, or 304 when the reader has it; without an `etag` one is made of what is written."""
    etag = etag or etag_of(body)
    if has_fresh_copy(request, etag):
        return not_modified(etag, cache_control=cache_control)
    return _written(body, media_type, etag=etag, cache_control=cache_control)


def changed_answer(value: Any, *, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    """What was made or changed, with the ETag that its next change asks for."""
    body = msgspec.json.encode(value)
    return _written(body, JSON_TYPE, etag=etag_of(body), cache_control=ASK_EACH_TIME, status=status)


def unkept_answer(value: Any, *, status: HTTPStatus) -> HttpResponse:
    """What no cache may keep."""
    response = HttpResponse(msgspec.json.encode(value), status=status, content_type=JSON_TYPE)
    response["Cache-Control"] = "no-store"
    return response


def _written(
    body: bytes, media_type: str, *, etag: str, cache_control: str, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    response = HttpResponse(body, status=status, content_type=media_type)
    mark(response, etag=etag, cache_control=cache_control)
    return response


def matches(request: HttpRequest, what: str, written: Callable[[Kept], Any]) -> Callable[[Kept], bool]:
    """Whether something is what If-Match names; `written`: as readers get it, `what`: how people call it.

    Raises HttpError when nothing is named, since that would overwrite unseen changes.
    """
    named = parse_etags(request.headers.get("If-Match", ""))
    if not named:
        raise HttpError(428, f"Send If-Match with the ETag of the {what} that you read.")
    return lambda kept: named == ["*"] or etag_of(written(kept)) in named


def not_modified(etag: str, *, cache_control: str) -> HttpResponse:
    """Without a type of content, which a cache would take for that of its copy."""
    response = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
    del response["Content-Type"]
    mark(response, etag=etag, cache_control=cache_control)
    return response
