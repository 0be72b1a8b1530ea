"""The page of a link, for anybody, and the list of links, for those who make them."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tracking.pages.front_end import needs_front_end


@require_safe
@never_cache
@needs_front_end
def share(request: HttpRequest) -> HttpResponse:
    """The same for every link: the secret stands behind the `#`, and only the page's program knows it."""
    tiles = {"tile_url": settings.TILE_URL, "tile_attribution": settings.TILE_ATTRIBUTION}
    response = render(request, "tracking/share.html", tiles)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_safe
@never_cache
@login_required
@needs_front_end
def shares(request: HttpRequest) -> HttpResponse:
    return render(request, "tracking/shares.html")
