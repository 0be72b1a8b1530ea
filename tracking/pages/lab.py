"""The lab: one region over four transports side by side, and what the page cannot see from a browser."""

import os
import time

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from tracking.pages.front_end import needs_front_end


@never_cache
@login_required
@needs_front_end
def lab(request: HttpRequest) -> HttpResponse:
    """The page; staff may also ask it what the server spends."""
    config = {
        "regions_url": "/api/v1/regions",
        "everything": request.user.has_perm("tracking.watch_everything"),
        "measures_cpu": request.user.is_staff,
    }
    return render(request, "tracking/lab.html", {"lab_config": config})


@never_cache
@login_required
def request_headers(request: HttpRequest) -> JsonResponse:
    """How many bytes of headers a request of this browser carries, which no script may see: cookies are among them."""
    return JsonResponse({"bytes": sum(len(f"{name}: {value}\r\n") for name, value in request.headers.items())})


@never_cache
@login_required
def cpu(request: HttpRequest) -> JsonResponse:
    """CPU seconds of the process that answers, and which one it is, for who measures between two answers."""
    if not request.user.is_staff:
        raise PermissionDenied
    return JsonResponse({"process": os.getpid(), "cpu_s": time.process_time()})
