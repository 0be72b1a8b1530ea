"""Puts the endpoints together under `/api/v1/`."""

from inspect import iscoroutinefunction

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path

from tracking.api import (
    alerts,
    day_strips,
    duty,
    events,
    fleet,
    fleet_summary,
    guests,
    looks,
    messages,
    quality,
    refusals,
    region_editing,
    region_files,
    rules,
    saved_views,
    shares,
    snoozes,
    summary,
    track,
    trips,
    vehicle_data,
    vehicles,
    within,
)
from tracking.api.auth import ApiTokenAuth, SessionAuth
from tracking.api.methods import answer_every_method
from tracking.api.openapi import FleetApi
from tracking.api.problems import add_problem_handlers, problem

DESCRIPTION = (
    "Times are RFC 3339 in UTC, measures are SI, unknown is null. Errors are problem documents (RFC 9457). Lists come in pages: "
    "ask the same again with `cursor` set to `next` until it is null."
)

api = FleetApi(title="Fleet", version="1", description=DESCRIPTION, auth=[SessionAuth(), ApiTokenAuth()])
add_problem_handlers(api)
for router in (
    vehicles.router,
    vehicle_data.router,
    track.router,
    quality.router,
    trips.router,
    summary.router,
    fleet_summary.router,
    fleet.router,
    day_strips.router,
    within.router,
    region_editing.router,  # with those that read regions
    region_files.router,
    events.router,
    snoozes.router,
    alerts.router,
    rules.router,
    messages.router,
    duty.router,
    refusals.router,
    shares.router,
    saved_views.router,
    guests.router,
    looks.router,
):
    api.add_router("", router)


def unknown_path(request: HttpRequest, rest: str) -> HttpResponse:
    """What no endpoint answers is a problem document as well."""
    return problem(404, f"There is nothing at {request.path}; see {request.path.removesuffix(rest)}docs.")


endpoints = api.urls
for pattern in endpoints[0]:
    if isinstance(pattern, URLPattern) and iscoroutinefunction(pattern.callback):
        pattern.callback = answer_every_method(pattern.callback)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", endpoints),
    path("<path:rest>", unknown_path),
]
