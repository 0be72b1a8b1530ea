"""The page of the audit, for staff; what it shows comes over REST."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from tracking.pages.front_end import needs_front_end


@never_cache
@login_required
@needs_front_end
def page(request: HttpRequest) -> HttpResponse:
    """Who looked at whose history."""
    if not request.user.is_staff:
        raise PermissionDenied
    return render(request, "tracking/audit.html")
