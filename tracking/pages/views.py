"""The pages: the live map, the bench that measures it, and the way in."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from tracking.pages.front_end import needs_front_end
from tracking.storage.saved_views import default_query

REGION_PERMISSIONS = tuple(
    f"tracking.{how}_{what}" for what in ("region", "rule") for how in ("add", "change", "delete")
)

login = needs_front_end(LoginView.as_view(redirect_authenticated_user=True))


@never_cache
@login_required
@needs_front_end
def live(request: HttpRequest) -> HttpResponse:
    """The live map of the regions one may watch; without a question, as one wants to see it."""
    query = None if request.GET else default_query(request.user.pk or 0)
    if query:
        return redirect(f"{request.path}?{query}")
    return render(
        request,
        "tracking/live.html",
        {"page_config": page_config(request), "may_edit_regions": any(map(request.user.has_perm, REGION_PERMISSIONS))},
    )


@needs_front_end
def bench(request: HttpRequest) -> HttpResponse:
    """The same page over a made-up fleet, to measure what a frame costs; there only when a setting asks for it."""
    if not (settings.BENCH_PAGE or settings.DEBUG):
        raise Http404("The bench is switched off: FLEET_BENCH_PAGE turns it on.")
    return render(request, "tracking/bench.html", {"page_config": page_config(request)})


def page_config(request: HttpRequest) -> dict[str, Any]:
    """What the page's program starts from; `demo` asks it to explain the demo fleet."""
    return {
        "live_url": "/live/v1/ws",
        "regions_url": "/api/v1/regions",
        "vehicles_url": "/api/v1/vehicles",
        "fleet_url": "/api/v1/fleet",
        "events_url": "/api/v1/events",
        "alerts_url": "/api/v1/alerts",
        "messages_url": "/api/v1/messages",
        "everything": request.user.has_perm("tracking.watch_everything"),
        "user": request.user.get_username(),
        "shares_url": "/api/v1/shares",
        "views_url": "/api/v1/views",
        "share_days": settings.SHARE_DAYS if request.user.has_perm("tracking.add_share") else 0,
        "tile_url": settings.TILE_URL,
        "tile_attribution": settings.TILE_ATTRIBUTION,
        "time_zone": settings.FLEET_TIME_ZONE,
        "demo": settings.DEMO,
    }
