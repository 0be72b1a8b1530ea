"""One view that hands each position to its region's group. It stores nothing and asks for no token, which the product does."""

import json

from channels.layers import get_channel_layer
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
async def fixes(request: HttpRequest) -> JsonResponse:
    position = json.loads(request.body)
    await get_channel_layer().group_send(position["region"], {"type": "position.update", "position": position})
    return JsonResponse({"stored": 0})


urlpatterns = [path("api/v1/fixes", fixes)]
