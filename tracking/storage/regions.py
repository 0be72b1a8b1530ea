"""Regions as people draw, change and import them; call it off the event loop."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from tracking.domain.errors import Invalid, Outdated
from tracking.domain.rights import Rights
from tracking.models import Region, RegionAccess

Outcome: TypeAlias = Literal["added", "changed", "unchanged"]

MAX_DERIVED_CHARS = 60  # a number that tells it from others of the name fits behind


class Area(NamedTuple):
    """What readers get of a region."""

    slug: str
    name: str
    colour: str
    polygon: dict[str, Any]


class Draft(NamedTuple):
    """A region as it was drawn. `slug` None: it is made of the name; `colour` None: the usual one, or the one it has."""

    name: str
    polygon: Any
    slug: str | None = None
    colour: str | None = None


class Permissions(NamedTuple):
    add: bool
    change: bool


@transaction.atomic
def add_region(draft: Draft, rights: Rights) -> Area:
    """Whoever draws it may watch it. Raises Invalid."""
    region = Region(slug=draft.slug or free_slug(draft.name), name=draft.name, polygon=draft.polygon)
    if draft.colour is not None:
        region.colour = draft.colour
    _save(region)
    if not rights.everything:
        RegionAccess.objects.create(region=region, user_id=rights.user)
    return area_of(region)


@transaction.atomic
def change_region(
    slug: str, changes: Mapping[str, Any], rights: Rights, is_known: Callable[[Area], bool]
) -> Area | None:
    """None when there is none that may be watched. Raises Outdated unless `is_known` of what it is now, or Invalid."""
    region = _known_region(slug, rights, is_known)
    if region is None:
        return None
    for name, value in changes.items():
        setattr(region, name, value)
    _save(region)
    return area_of(region)


@transaction.atomic
def delete_region(slug: str, rights: Rights, is_known: Callable[[Area], bool]) -> bool:
    """False when there is none that may be watched. Raises Outdated unless `is_known` of what it is now."""
    region = _known_region(slug, rights, is_known)
    if region is None:
        return False
    region.delete()
    return True


@transaction.atomic
def import_regions(drafts: Sequence[Draft], rights: Rights, permissions: Permissions) -> list[tuple[str, Outcome]]:
    """All or none: a slug that is there already is changed, all else is added. Gives the slug of each and what became of it.

    Raises Invalid; its fields begin with `features[index]`.
    """
    outcomes: list[tuple[str, Outcome]] = []
    errors: list[tuple[str, str]] = []
    for index, draft in enumerate(drafts):
        try:
            if draft.slug in {slug for slug, _ in outcomes}:
                raise Invalid([("slug", f"{draft.slug!r} stands in the file twice")])
            outcomes.append(_import_one(draft, rights, permissions))
        except Invalid as error:
            errors += [(f"features[{index}].{field}", reason) for field, reason in error.fields]
    if errors:
        raise Invalid(errors)
    return outcomes


def _import_one(draft: Draft, rights: Rights, permissions: Permissions) -> tuple[str, Outcome]:
    known = None if draft.slug is None else Region.objects.filter(slug=draft.slug).first()
    if known is None:
        if not permissions.add:
            raise Invalid([("slug", "is new, and you may add no regions")])
        if draft.slug is None and Region.objects.filter(name=draft.name).exists():
            raise Invalid(
                [("name", f"there is a region {draft.name!r} already; its slug in the properties would change it")]
            )
        return add_region(draft, rights).slug, "added"
    before = area_of(known)
    known.name, known.polygon, known.colour = draft.name, draft.polygon, draft.colour or known.colour
    if area_of(known) == before:
        return known.slug, "unchanged"
    if not permissions.change or not rights.may_watch(known.pk):
        raise Invalid([("slug", f"there is a region {known.slug!r} that you may not change")])
    _save(known)
    return known.slug, "changed"


def free_slug(name: str) -> str:
    """Of the name, with a number where it is taken."""
    wanted = slugify(name)[:MAX_DERIVED_CHARS].strip("-") or "region"
    taken = {*Region.objects.filter(slug__startswith=wanted).values_list("slug", flat=True), "all"}
    candidates = (wanted if number == 1 else f"{wanted}-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken)


def area_of(region: Region) -> Area:
    return Area(region.slug, region.name, region.colour, region.polygon)


def _known_region(slug: str, rights: Rights, is_known: Callable[[Area], bool]) -> Region | None:
    region = Region.objects.select_for_update().filter(slug=slug).first()
    if region is None or not rights.may_watch(region.pk):
        return None
    if not is_known(area_of(region)):
        raise Outdated("Somebody has changed the region since you read it.")
    return region


def _save(region: Region) -> None:
    try:
        region.full_clean()
    except ValidationError as error:
        raise Invalid(
            [
                ("slug" if field == "__all__" else field, " ".join(reasons))
                for field, reasons in error.message_dict.items()
            ]
        ) from error
    region.save()
