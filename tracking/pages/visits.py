"""The page of who was at a place; what it shows comes over REST."""

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
    """A region or a box, two times, and the vehicles that were there."""
    return render(request, "tracking/visits.html", {"page_config": page_config(request)})
