"""The history page; what it shows comes over REST."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from tracking.pages.front_end import needs_front_end
from tracking.pages.views import page_config


@never_cache
@login_required
@needs_front_end
def page(request: HttpRequest) -> HttpResponse:
    """One vehicle's past: map, speed chart, day strips, trips and stops."""
    return render(request, "tracking/history.html", {"page_config": page_config(request)})
