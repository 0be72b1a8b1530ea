"""Which language a page speaks: what its reader chose, else the browser's. What programs read stays English."""

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.decorators import sync_and_async_middleware
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

choose = require_POST(set_language)
"""For pages without a program of their own; the others set the same cookie."""
FOR_PROGRAMS = ("/api/", "/lab/", "/ops/", "/drive-worker.js")


@sync_and_async_middleware
def language_middleware(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Django's LocaleMiddleware without a hop to another thread, and with English for programs."""
    if iscoroutinefunction(get_response):

        async def answer_later(request: HttpRequest) -> HttpResponseBase:
            with translation.override(language_of(request)):
                return labelled(request, await get_response(request))

        return answer_later

    def answer(request: HttpRequest) -> HttpResponseBase:
        with translation.override(language_of(request)):
            return labelled(request, get_response(request))

    return answer


def is_for_program(request: HttpRequest) -> bool:
    return request.path_info.startswith(FOR_PROGRAMS)


def language_of(request: HttpRequest) -> str:
    return "en" if is_for_program(request) else translation.get_language_from_request(request)


def labelled(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """So that no cache gives one reader's language to another."""
    if not is_for_program(request):
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language())
    return response
