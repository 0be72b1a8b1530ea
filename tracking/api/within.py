"""Who was in a drawn box, from when to when."""

import time
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field, model_validator

from tracking.api.auth import rights_of
from tracking.api.fleet import MAX_WITHIN_S
from tracking.api.history_schemas import FleetWithin, VehicleWithin
from tracking.api.looks import note_look
from tracking.api.openapi import documented
from tracking.api.past import PastView, find_view, past_answer
from tracking.api.problems import refused
from tracking.api.queries import RangeQuery
from tracking.api.services import Services, services_of
from tracking.api.sight import Span
from tracking.domain.hours import HOUR_MS
from tracking.domain.looks import LookKind
from tracking.domain.thinned import Thinned
from tracking.domain.times import LONGEST_DAY_MS
from tracking.domain.within import Bounds, stretches
from tracking.storage.reach import Asked, Near, find_near
from tracking.wire.rfc3339 import encode_time, encode_times

MAX_FIXES = 2_000_000  # about two seconds of reading
MAX_STRETCHES = 20_000
HOURS_AT_ONCE = 64  # of vehicles: 230,000 fixes at one a second

router = Router(tags=["fleet"])


class WithinQuery(RangeQuery):
    """Which box and which time."""

    west: float = Field(ge=-180, le=180, description="Degrees; larger than `east` for a box over the date line.")
    south: float = Field(ge=-90, le=90)
    east: float = Field(ge=-180, le=180)
    north: float = Field(ge=-90, le=90)
    within_s: int = Field(86_400, ge=1, le=MAX_WITHIN_S, description="After a longer silence a vehicle is nowhere.")

    @model_validator(mode="after")
    def check_box(self) -> Self:
        """A box without inside would look like a place where nobody was."""
        if self.south >= self.north:
            raise refused("north", "must be more than south")
        if self.west == self.east:
            raise refused("east", "must be another one than west")
        if self.to_ms - self.from_ms > LONGEST_DAY_MS:
            raise refused("to", "may be at most 25 hours after from")
        return self

    @property
    def bounds(self) -> Bounds:
        return Bounds(self.west, self.south, self.east, self.north)


@router.get("fleet/within", response=FleetWithin, by_alias=True, openapi_extra=documented(422))
async def get_within(request: HttpRequest, query: Query[WithinQuery]) -> HttpResponse:
    """Who was in a box with from ≤ time < to: exactly while `fleet/at` places the vehicle there, also between two fixes.

    The future is left out. A reader limited to regions gets what lies in the time that a vehicle spent in one of them.
    """
    services, rights = services_of(request), rights_of(request)
    note_look(request, LookKind.WITHIN, span=(query.from_ms, query.to_ms))
    asked = (query.from_ms, min(query.to_ms, time.time_ns() // 1_000_000 + 1))
    regions, limited = None if rights.everything else sorted(rights.regions), not rights.everything
    key = ["within", *query.bounds, query.within_s, query.to_ms, limited]
    return await past_answer(
        request,
        lambda: find_view(services, key, regions, asked, within_ms=query.within_s * 1000),
        lambda view: load_within(services, query, view, asked, limited=limited),
        end_ms=query.to_ms,
    )


def load_within(
    services: Services, query: WithinQuery, view: PastView, asked: Span, *, limited: bool
) -> dict[str, Any]:
    """The members of `FleetWithin`."""
    spans = view.spans
    stays = BoxReading(services, query.bounds, asked, within_ms=query.within_s * 1000).stays(view.vehicles)
    found = {
        view.directory.vehicles[vehicle].slug: common(stretches_, [asked] if spans is None else spans[vehicle])
        for vehicle, stretches_ in stays.items()
    }
    return {
        "from": encode_time(query.from_ms),
        "to": encode_time(query.to_ms),
        "within_s": query.within_s,
        "limited_to_regions": limited,
        "vehicles": [vehicle_within(slug, parts) for slug, parts in sorted(found.items()) if parts],
    }


class BoxReading:
    """Counts what it reads: a refusal tells how to ask for less."""

    def __init__(self, services: Services, bounds: Bounds, asked: Span, *, within_ms: int) -> None:
        self._telemetry = services.telemetry
        self._bounds = bounds
        self._asked = asked
        self._within_ms = within_ms
        self._fixes = self._stretches = 0

    def stays(self, vehicles: Sequence[int]) -> dict[int, list[Span]]:
        """By vehicle, not yet cut to the asked time; who cannot have been there is left out."""
        asked = Asked(self._bounds, *self._asked, self._within_ms)
        near = find_near(self._telemetry, vehicles, asked)
        at_once = max(1, HOURS_AT_ONCE // (1 + (asked.to_ms - asked.from_ms) // HOUR_MS))
        parts = (near.vehicles[begin : begin + at_once] for begin in range(0, len(near.vehicles), at_once))
        return {vehicle: spans for part in parts for vehicle, spans in self._stays_of(part, near).items()}

    def _stays_of(self, vehicles: Sequence[int], near: Near) -> dict[int, list[Span]]:
        fixes = self._telemetry.load_every(vehicles, *self._asked)
        self._fixes += len(fixes.times)
        if self._fixes > MAX_FIXES:
            raise refused("to", f"takes reading more than {MAX_FIXES:,} fixes; ask for a shorter time")
        track = Thinned.joined(
            [fixes, *(part.chosen(np.isin(part.vehicles, vehicles)) for part in (near.before, near.after))]
        )
        found = stretches(self._bounds, track, within_ms=self._within_ms)
        self._stretches += sum(map(len, found.values()))
        if self._stretches > MAX_STRETCHES:
            raise refused("to", f"has more than {MAX_STRETCHES:,} stretches; ask for a shorter time")
        return found


def common(first: Sequence[Span], second: Sequence[Span]) -> list[Span]:
    """What lies in spans of both; each in order and without overlap."""
    both = ((max(a[0], b[0]), min(a[1], b[1])) for a in first for b in second)
    return sorted(span for span in both if span[0] < span[1])


def vehicle_within(slug: str, spans: Sequence[Span]) -> VehicleWithin:
    times = encode_times([time_ms for span in spans for time_ms in span])
    return VehicleWithin(
        vehicle=slug,
        stretches=list(zip(times[::2], times[1::2], strict=True)),
        seconds=sum(end - begin for begin, end in spans) / 1000,
    )
