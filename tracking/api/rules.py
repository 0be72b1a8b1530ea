"""The rules of regions and of the fleet: listed, made, changed and deleted, with the permissions that the admin asks for."""

from datetime import time
from http import HTTPStatus
from operator import attrgetter
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BeforeValidator, Field, WithJsonSchema

from tracking.api.alert_schemas import FleetRule, RulePage
from tracking.api.auth import need_permission, rights_of
from tracking.api.caching import changed_answer, json_answer, matches
from tracking.api.openapi import documented
from tracking.api.paging import PageQuery, page_of
from tracking.api.queries import Name, StrictBody, refuse_unknown
from tracking.ingest.mail import in_office
from tracking.storage.rule_editing import KeptRule, add_rule, change_rule, delete_rule, find_rule, list_rules

router = Router(tags=["rules"])

MAX_RULE_VEHICLES = 1_000
DAY_TIME = "must be a time of the day such as 08:30"


def day_time(value: Any) -> time | None:
    """Raises ValueError for what is no time of the day without an offset."""
    try:
        moment = None if value is None else time.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(DAY_TIME) from None
    if moment is not None and (moment.tzinfo is not None or moment.microsecond):
        raise ValueError(DAY_TIME)
    return moment


DayTime = Annotated[
    time | None, BeforeValidator(day_time), WithJsonSchema({"type": ["string", "null"], "pattern": "^\\d\\d:\\d\\d"})
]


class RuleQuery(PageQuery):
    """It narrows, and is not needed."""

    region: str | None = Field(None, description="Slug.")


class NewRule(StrictBody):
    """What its kind does not need is left out. Without vehicles it is for all."""

    name: Name
    kind: str
    region: str | None = None
    vehicles: list[str] = Field(default=[], max_length=MAX_RULE_VEHICLES)
    limit_s: int | None = None
    limit_mps: float | None = None
    from_time: DayTime = None
    to_time: DayTime = None
    days: str = "12345"
    time_zone: str = "UTC"
    active: bool = True


class RuleChange(StrictBody):
    """What is left out stays; null takes away what another kind does not need."""

    name: Name = ""
    kind: str = ""
    region: str | None = None
    vehicles: list[str] = Field(default=[], max_length=MAX_RULE_VEHICLES)
    limit_s: int | None = None
    limit_mps: float | None = None
    from_time: DayTime = None
    to_time: DayTime = None
    days: str = ""
    time_zone: str = ""
    active: bool = True


@router.get("rules", response=RulePage, openapi_extra=documented(422))
async def get_rules(request: HttpRequest, query: Query[RuleQuery]) -> HttpResponse:
    """By id: those of regions that one may watch; those of no region for who may watch everything."""
    after = query.cursor_key(int) or 0
    found = await in_office(list_rules, rights_of(request), region=query.region, after=after, limit=query.limit + 1)
    shown, next_ = page_of(found, query, attrgetter("id"))
    return json_answer(request, RulePage(items=[fleet_rule(kept) for kept in shown], next=next_))


@router.get("rules/{id_}", response=FleetRule, openapi_extra=documented(404, 422))
async def get_rule(request: HttpRequest, id_: int) -> HttpResponse:
    """One rule, with the ETag that a change asks for."""
    refuse_unknown(request)
    kept = await in_office(find_rule, id_, rights_of(request))
    return json_answer(request, fleet_rule(found_or_404(kept, id_)))


@router.post("rules", response={201: FleetRule}, openapi_extra=documented(400, 403, 413, 422))
async def create_rule(request: HttpRequest, rule: NewRule) -> HttpResponse:
    """For the permission tracking.add_rule."""
    refuse_unknown(request)
    await need_permission(request, "tracking.add_rule")
    kept = await in_office(add_rule, rule.model_dump(), rights_of(request))
    response = changed_answer(fleet_rule(kept), status=HTTPStatus.CREATED)
    response["Location"] = f"{request.path}/{kept.id}"
    return response


@router.patch("rules/{id_}", response=FleetRule, openapi_extra=documented(400, 403, 404, 412, 413, 422, 428))
async def update_rule(request: HttpRequest, id_: int, rule: RuleChange) -> HttpResponse:
    """Only what is sent changes. For the permission tracking.change_rule; If-Match names the ETag that was read."""
    refuse_unknown(request)
    await need_permission(request, "tracking.change_rule")
    changes = rule.model_dump(exclude_unset=True)
    kept = await in_office(change_rule, id_, changes, rights_of(request), matches(request, "rule", fleet_rule))
    return changed_answer(fleet_rule(found_or_404(kept, id_)))


@router.delete("rules/{id_}", response={204: None}, openapi_extra=documented(403, 404, 412, 422, 428))
async def remove_rule(request: HttpRequest, id_: int) -> HttpResponse:
    """For the permission tracking.delete_rule; If-Match names the ETag that was read. Its alerts end."""
    refuse_unknown(request)
    await need_permission(request, "tracking.delete_rule")
    if not await in_office(delete_rule, id_, rights_of(request), matches(request, "rule", fleet_rule)):
        raise not_found(id_)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def fleet_rule(kept: KeptRule) -> FleetRule:
    times = {
        name: None if value is None else value.isoformat()
        for name, value in (("from_time", kept.from_time), ("to_time", kept.to_time))
    }
    return FleetRule(**{**kept._asdict(), **times})


def found_or_404(kept: KeptRule | None, id_: int) -> KeptRule:
    if kept is None:
        raise not_found(id_)
    return kept


def not_found(id_: int) -> Http404:
    return Http404(f"There is no rule {id_} that you may see.")
