"""The page of rules for the whole fleet; they come over REST."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from tracking.pages.front_end import needs_front_end


@never_cache
@login_required
@permission_required("tracking.watch_everything", raise_exception=True)
@needs_front_end
def page(request: HttpRequest) -> HttpResponse:
    """For whoever may watch everything; others' rules are those of their regions."""
    return render(request, "tracking/rules.html")
