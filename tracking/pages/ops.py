"""The operators' page: what each process does now, and two buttons. For staff only."""

import json

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tracking.pages.front_end import needs_front_end
from tracking.pages.services import services_of


@never_cache
@login_required
@needs_front_end
def page(request: HttpRequest) -> HttpResponse:
    if not request.user.is_staff:
        raise PermissionDenied
    return render(request, "tracking/ops.html")


@require_GET
@never_cache
async def reports(request: HttpRequest) -> HttpResponse:
    """Every process that answers, with the names of the users it talks to."""
    await _allow_staff(request)
    found = await services_of(request).ops_line.ask()
    users = {connection["user"] for report in found for connection in report["connections"]} - {None}
    names = {user.pk: user.get_username() async for user in User.objects.filter(pk__in=users)}
    return JsonResponse({"processes": found, "users": names})


@require_POST
async def order(request: HttpRequest) -> HttpResponse:
    """`{"process", "do": "drain"}` or `{"process", "do": "end", "connection"}`; 202, since another process may do it."""
    await _allow_staff(request)
    process, what = _parse_order(request.body)
    services_of(request).ops_line.order(process, what)
    return HttpResponse(status=202)


def _parse_order(body: bytes) -> tuple[str, dict[str, str]]:
    try:
        match json.loads(body):
            case {"process": str(process), "do": "drain"}:
                return process, {"do": "drain"}
            case {"process": str(process), "do": "end", "connection": str(connection)}:
                return process, {"do": "end", "connection": connection}
    except ValueError:
        pass
    raise BadRequest("An order is a process with drain, or with end and a connection.")


async def _allow_staff(request: HttpRequest) -> None:
    if not (await request.auser()).is_staff:
        raise PermissionDenied
