"""HEAD for every GET, and a problem document for a method that an endpoint lacks."""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeAlias

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from tracking.api.problems import problem

AsyncView: TypeAlias = Callable[..., Awaitable[HttpResponseBase]]


def answer_every_method(view: AsyncView) -> AsyncView:
    """The view knows GET and others; HEAD is answered by the head of GET (RFC 9110, section 9.3.2)."""

    @wraps(view)
    async def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_head = request.method == "HEAD"
        if is_head:
            request.method = "GET"
        response = await view(request, *args, **kwargs)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response = _refusal(request, response)
        return _head_of(response) if is_head else response

    return answered


def _refusal(request: HttpRequest, response: HttpResponseBase) -> HttpResponse:
    allowed = [response["Allow"], *(["HEAD"] if "GET" in response["Allow"] else [])]
    refusal = problem(HTTPStatus.METHOD_NOT_ALLOWED, f"{request.method} is not among {', '.join(allowed)}.")
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
