"""What of the fleet a person may see: all of it, or what happens in the regions granted to them."""

from collections.abc import Iterable
from typing import TypeAlias

from django.http import Http404
from ninja.errors import ValidationError

from tracking.api.problems import refused
from tracking.api.services import Services
from tracking.domain.directory import Directory
from tracking.domain.rights import Rights
from tracking.storage.records import Visit
from tracking.storage.telemetry import Telemetry

Span: TypeAlias = tuple[int, int]
"""From ≤ time < to, in ms since 1970 UTC."""

FIRST_VISITS = 1_000
ALL_TIME: Span = (0, 1 << 42)


def visible_vehicles(telemetry: Telemetry, rights: Rights) -> set[int] | None:
    """Ids of the vehicles that are in a granted region now; None stands for every vehicle."""
    return None if rights.everything else telemetry.present_vehicles(sorted(rights.regions))


def find_visible(services: Services, rights: Rights, slug: str | None) -> int | None:
    """The id of a vehicle; None when there is none that the reader may see now."""
    vehicle = None if slug is None else services.directory.vehicle_ids.get(slug)
    visible = visible_vehicles(services.telemetry, rights)
    return vehicle if vehicle is not None and (visible is None or vehicle in visible) else None


def vehicle_not_found(slug: str) -> Http404:
    return Http404(f"There is no vehicle {slug!r} that you may see.")


def vehicle_refused(slug: str | None) -> ValidationError:
    """To be raised where a parameter or member named it."""
    return refused("vehicle", f"there is no vehicle {slug!r} that you may see")


def visible_spans(telemetry: Telemetry, rights: Rights, *, vehicle: int, asked: Span) -> list[Span] | None:
    """The parts of the asked range in which the vehicle was in a granted region.

    None when it never was in any: for this reader the vehicle does not exist.
    """
    if rights.everything:
        return [asked]
    visits = load_all_visits(telemetry, sorted(rights.regions), vehicle=vehicle, asked=asked)
    spans = merged_spans(visits, asked)
    if not spans and not load_all_visits(telemetry, sorted(rights.regions), vehicle=vehicle, asked=ALL_TIME):
        return None
    return spans


def find_ever_visible(services: Services, rights: Rights, slug: str | None) -> int | None:
    """The id of a vehicle; None when there is none that the reader may see at some time."""
    vehicle = None if slug is None else services.directory.vehicle_ids.get(slug)
    if vehicle is None or visible_spans(services.telemetry, rights, vehicle=vehicle, asked=ALL_TIME) is None:
        return None
    return vehicle


def asked_regions(slug: str | None, directory: Directory, rights: Rights) -> list[int] | None:
    """Ids; None stands for anywhere, also outside of all regions. A region that may not be watched is refused as unknown."""
    if slug is None:
        return None if rights.everything else sorted(rights.regions)
    region = directory.region_ids.get(slug)
    if region is None or not rights.may_watch(region):
        raise refused("region", f"there is no region {slug!r} that you may watch")
    return [region]


def spans_by_vehicle(telemetry: Telemetry, regions: list[int] | None, *, asked: Span) -> dict[int, list[Span]] | None:
    """The parts of the asked range in which each vehicle was in any of the regions; None for no regions: always."""
    if regions is None:
        return None
    visits: dict[int, list[Visit]] = {}
    for visit in load_all_visits(telemetry, regions, asked=asked):
        visits.setdefault(visit.vehicle, []).append(visit)
    return {vehicle: spans for vehicle, stays in visits.items() if (spans := merged_spans(stays, asked))}


def load_all_visits(
    telemetry: Telemetry, regions: list[int], *, vehicle: int | None = None, asked: Span
) -> list[Visit]:
    """Every stay of the vehicle (None: of all) that touches the range."""
    limit = FIRST_VISITS
    while True:
        visits = telemetry.load_visits(regions=regions, vehicle=vehicle, from_ms=asked[0], to_ms=asked[1], limit=limit)
        if len(visits) < limit:
            return visits
        limit *= 4


def merged_spans(visits: Iterable[Visit], asked: Span) -> list[Span]:
    """Overlapping and touching stays become one span; an open stay lasts to the end. `visits` come by enter time.

    A fix at the time of the exit was still inside: where nobody knows when the vehicle left, that is the last fix inside.
    """
    from_ms, to_ms = asked
    spans: list[Span] = []
    for visit in visits:
        start = max(visit.enter_ms, from_ms)
        end = to_ms if visit.exit_ms is None else min(visit.exit_ms + 1, to_ms)
        if start >= end:
            continue
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans
