"""Region rules as people list, make, change and delete them; call it off the event loop."""

from collections.abc import Callable, Mapping
from datetime import time
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from tracking.domain.errors import Invalid, Outdated
from tracking.domain.rights import Rights
from tracking.models import Region, Rule, Vehicle


class KeptRule(NamedTuple):
    """`region` and `vehicles` are slugs: no region, no vehicles: the whole fleet. Of the limits those of its kind."""

    id: int
    name: str
    kind: str
    region: str | None
    vehicles: list[str]
    limit_s: int | None
    limit_mps: float | None
    from_time: time | None
    to_time: time | None
    days: str
    time_zone: str
    active: bool


def list_rules(rights: Rights, *, region: str | None = None, after: int = 0, limit: int) -> list[KeptRule]:
    """By id, those with larger ids than `after`."""
    found = _watched(rights).filter(pk__gt=after)
    if region is not None:
        found = found.filter(region__slug=region)
    return [kept_rule(row) for row in found.order_by("pk")[:limit]]


def find_rule(id_: int, rights: Rights) -> KeptRule | None:
    """None when there is none that may be seen."""
    row = _watched(rights).filter(pk=id_).first()
    return None if row is None else kept_rule(row)


@transaction.atomic
def add_rule(fields: Mapping[str, Any], rights: Rights) -> KeptRule:
    """Raises Invalid."""
    return _save(Rule(), fields, rights)


@transaction.atomic
def change_rule(
    id_: int, fields: Mapping[str, Any], rights: Rights, is_known: Callable[[KeptRule], bool]
) -> KeptRule | None:
    """None when there is none that may be seen. Raises Outdated unless `is_known` of what it is now, or Invalid."""
    rule = _known_rule(id_, rights, is_known)
    return None if rule is None else _save(rule, fields, rights)


@transaction.atomic
def delete_rule(id_: int, rights: Rights, is_known: Callable[[KeptRule], bool]) -> bool:
    """False when there is none that may be seen. Raises Outdated unless `is_known` of what it is now."""
    rule = _known_rule(id_, rights, is_known)
    if rule is None:
        return False
    rule.delete()
    return True


def _watched(rights: Rights) -> "QuerySet[Rule]":
    """Those of regions that one may watch; of no region for who may watch everything."""
    visible = Q() if rights.everything else Q(region__in=rights.regions)
    return Rule.objects.filter(visible).select_related("region").prefetch_related("vehicles")


def _known_rule(id_: int, rights: Rights, is_known: Callable[[KeptRule], bool]) -> Rule | None:
    if not Rule.objects.select_for_update().filter(pk=id_).exists():
        return None
    rule = _watched(rights).filter(pk=id_).first()
    if rule is not None and not is_known(kept_rule(rule)):
        raise Outdated("Somebody has changed the rule since you read it.")
    return rule


def _save(rule: Rule, fields: Mapping[str, Any], rights: Rights) -> KeptRule:
    values = dict(fields)
    vehicles = _vehicles(values.pop("vehicles")) if "vehicles" in values else None
    if "region" in values:
        rule.region = _region(values.pop("region"), rights)
    for name, value in values.items():
        setattr(rule, name, value)
    try:
        rule.full_clean()
    except ValidationError as error:
        raise Invalid([(field, " ".join(reasons)) for field, reasons in error.message_dict.items()]) from error
    if rule.region_id is None and not rights.everything:
        raise Invalid([("region", "only who may watch everything sets rules for the whole fleet")])
    rule.save()
    if vehicles is not None:
        rule.vehicles.set(vehicles)
    return kept_rule(Rule.objects.select_related("region").prefetch_related("vehicles").get(pk=rule.pk))


def _region(slug: str | None, rights: Rights) -> Region | None:
    if slug is None:
        return None
    region = Region.objects.filter(slug=slug).first()
    if region is None or not rights.may_watch(region.pk):
        raise Invalid([("region", f"there is no region {slug!r} that you may watch")])
    return region


def _vehicles(slugs: list[str]) -> list[Vehicle]:
    found = {vehicle.slug: vehicle for vehicle in Vehicle.objects.filter(slug__in=slugs)}
    if unknown := sorted(set(slugs) - found.keys()):
        raise Invalid([("vehicles", f"there is no vehicle {unknown[0][:64]!r}")])
    return list(found.values())


def kept_rule(row: Rule) -> KeptRule:
    return KeptRule(
        row.pk,
        row.name,
        row.kind,
        None if row.region is None else row.region.slug,
        sorted(vehicle.slug for vehicle in row.vehicles.all()),
        row.limit_s,
        row.limit_mps,
        row.from_time,
        row.to_time,
        row.days,
        row.time_zone,
        row.active,
    )
