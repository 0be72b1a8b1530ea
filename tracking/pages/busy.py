"""Says that a database does not answer, where Django would tell of a bug; the API says it in its own words."""

import logging

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from tracking.domain.errors import Unavailable

logger = logging.getLogger(__name__)

RETRY_AFTER_S = 1


class BusyMiddleware(MiddlewareMixin):
    """503 with Retry-After for a page whose database is away, full or locked."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, OperationalError | InterfaceError | Unavailable):
            return None
        logger.warning("%s answered 503: %s", request.path, error)
        response = render(request, "503.html", status=503)
        response["Retry-After"] = str(RETRY_AFTER_S)
        return response
