"""HEAD for every GET, and a problem document for a method that an endpoint lacks."""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeAlias

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from tracking.api.problems import problem
from tracking.domain.text import is_storable

AsyncView: TypeAlias = Callable[..., Awaitable[HttpResponseBase]]


def answer_every_method(view: AsyncView) -> AsyncView:
    """The view knows GET and others; HEAD is answered by the head of GET (RFC 9110, section 9.3.2)."""

    @wraps(view)
    async def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_storable(request.path):  # nothing can be called so
            return problem(HTTPStatus.NOT_FOUND, f"There is nothing at {request.path!r}.")
        method = request.method
        if method == "HEAD":
            request.method = "GET"
        response = await view(request, *args, **kwargs)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response = _refusal(method, response)
        return _head_of(response) if method == "HEAD" else response

    return answered


def _refusal(method: str | None, response: HttpResponseBase) -> HttpResponse:
    allowed = [response["Allow"], *(["HEAD"] if "GET" in response["Allow"] else [])]
    refusal = problem(HTTPStatus.METHOD_NOT_ALLOWED, f"{method} is not among {', '.join(allowed)}.")
    refusal["Allow"] = ", ".join(allowed)
    return refusal


def _head_of(response: HttpResponseBase) -> HttpResponseBase:
    """The same headers; the length of a stream is not known."""
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = _nothing()
    elif isinstance(response, HttpResponse):
        response["Content-Length"] = str(len(response.content))
        response.content = b""
    return response


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""  # makes it a generator
