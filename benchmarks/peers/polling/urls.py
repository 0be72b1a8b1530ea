"""Takes positions in, one upsert each, and lists those of a region, to all or behind a login."""

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from benchmarks.peers.polling.models import Position

FIELDS = ["vehicle", "fix_time", "lat", "lon", "speed_mps", "course_deg"]


def store(position: dict[str, Any]) -> None:
    others = [name for name in position if name != "vehicle"]
    Position.objects.bulk_create(
        [Position(**position)], update_conflicts=True, unique_fields=["vehicle"], update_fields=others
    )


@csrf_exempt
def fixes(request: HttpRequest) -> JsonResponse:
    store(json.loads(request.body))
    return JsonResponse({"stored": 1})


def positions(request: HttpRequest) -> JsonResponse:
    rows = Position.objects.filter(region=request.GET["region"])
    if "since" in request.GET:
        rows = rows.filter(fix_time__gt=request.GET["since"])
    return JsonResponse({"positions": list(rows.values(*FIELDS))})


urlpatterns = [
    path("api/v1/fixes", fixes),
    path("positions", positions),
    path("mine/positions", login_required(positions)),
]
