"""The page of refused fixes; what it shows comes over REST."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from tracking.pages.front_end import needs_front_end


@never_cache
@login_required
@needs_front_end
def page(request: HttpRequest) -> HttpResponse:
    """For everybody: each sees the refusals of the vehicles that they may see."""
    everything = request.user.has_perm("tracking.watch_everything")
    may_adopt = everything and request.user.has_perm("tracking.add_vehicle")
    return render(request, "tracking/refusals.html", {"everything": everything, "may_adopt": may_adopt})
