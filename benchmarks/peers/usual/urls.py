"""One view that takes positions in. It asks for no token and looks for no region, which the product does."""

import json

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from benchmarks.peers.usual.models import Position


@csrf_exempt
def fixes(request: HttpRequest) -> JsonResponse:
    """`create` for one; for many the faster `bulk_create`, which ignores duplicates."""
    body = json.loads(request.body)
    if isinstance(body, dict):
        Position.objects.create(**body)
        return JsonResponse({"stored": 1})
    Position.objects.bulk_create([Position(**one) for one in body], ignore_conflicts=True)
    return JsonResponse({"stored": len(body)})


urlpatterns = [path("api/v1/fixes", fixes)]
