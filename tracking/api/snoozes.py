"""Snoozes: for a while a person hears nothing of one rule and vehicle, on whatever screen."""

import time
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from tracking.api.alert_schemas import SnoozedRule, SnoozeList
from tracking.api.alerts import find_alert
from tracking.api.auth import rights_of
from tracking.api.caching import json_answer
from tracking.api.openapi import documented
from tracking.api.problems import refused
from tracking.api.queries import Instant, StrictBody, refuse_unknown
from tracking.api.services import services_of
from tracking.domain.alerts import MOST_SNOOZE_DAYS, MOST_SNOOZES
from tracking.domain.times import DAY_MS, ms_of, time_of
from tracking.ingest.mail import in_office
from tracking.storage.snoozes import TooManySnoozes, load_snoozes, snooze, wake
from tracking.wire.rfc3339 import encode_time

router = Router(tags=["alerts"])


class NewSnooze(StrictBody):
    """How long."""

    until_time: Instant = Field(description=f"In at most {MOST_SNOOZE_DAYS} days.")


@router.get("alerts/snoozes", response=SnoozeList, openapi_extra=documented(422))
async def list_snoozes(request: HttpRequest) -> HttpResponse:
    """One's own that last. Nobody else is told of them."""
    refuse_unknown(request)
    slugs = services_of(request).directory.vehicles
    items = [
        SnoozedRule(rule_id=row.rule, vehicle=slugs[row.vehicle].slug, until_time=encode_time(ms_of(row.until)))
        for row in await in_office(load_snoozes, rights_of(request).user)
        if row.vehicle in slugs
    ]
    return json_answer(request, SnoozeList(items=items, next=None))


@router.put("alerts/{id_}/snooze", response={204: None}, openapi_extra=documented(400, 403, 404, 422))
async def snooze_alert(request: HttpRequest, id_: int, new: NewSnooze) -> HttpResponse:
    """Until then one's pages say nothing of the alert's rule and vehicle, whichever alert they open; others hear of it."""
    refuse_unknown(request)
    rights = rights_of(request)
    now_ms = time.time_ns() // 1_000_000
    if not now_ms < new.until_time <= now_ms + MOST_SNOOZE_DAYS * DAY_MS:
        raise refused("until_time", f"must lie in the future, at most {MOST_SNOOZE_DAYS} days away")
    alert = await find_alert(services_of(request), rights, id_)
    until = time_of(new.until_time)
    try:
        await in_office(snooze, rights.user, rule=alert.rule, vehicle=alert.vehicle, until=until)
    except TooManySnoozes:
        raise refused("until_time", f"you have snoozed {MOST_SNOOZES} already; wake one first") from None
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@router.delete("alerts/{id_}/snooze", response={204: None}, openapi_extra=documented(403, 404, 422))
async def wake_alert(request: HttpRequest, id_: int) -> HttpResponse:
    """Hear of it again."""
    refuse_unknown(request)
    rights = rights_of(request)
    alert = await find_alert(services_of(request), rights, id_)
    await in_office(wake, rights.user, rule=alert.rule, vehicle=alert.vehicle)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
