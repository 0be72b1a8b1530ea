"""The days of many vehicles as strips, for a list of them: moving, at rest, or nothing known."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import AfterValidator, Field

from tracking.api.auth import rights_of
from tracking.api.fleet import are_within, note_fleet_look
from tracking.api.history_schemas import DayStrips
from tracking.api.openapi import documented
from tracking.api.past import PastView, find_view, past_answer
from tracking.api.problems import refused
from tracking.api.queries import CalendarDay, StrictQuery
from tracking.api.services import Services, services_of
from tracking.api.summary import known_zone
from tracking.domain.calendar_days import Day, day_of
from tracking.domain.day_strip import SILENCE_MS, SLOT_S, day_strip
from tracking.domain.thinned import Thinned
from tracking.storage import past_fleet
from tracking.wire.rfc3339 import encode_time

MAX_STRIPS = 100  # rows of a tall screen, twice
STEP_MS = 60_000
NOTHING = Thinned.of([])

router = Router(tags=["fleet"])


class StripQuery(StrictQuery):
    """Whose day, and which one."""

    vehicles: str = Field(min_length=1, description=f"Slugs with commas between, at most {MAX_STRIPS}.")
    day: CalendarDay = Field(description="Of the calendar, such as 2026-03-01.")
    tz: Annotated[str, AfterValidator(known_zone)] = Field("UTC", description="IANA time zone in which days begin.")

    @property
    def slugs(self) -> list[str]:
        """Each once, in order."""
        return sorted(set(self.vehicles.split(",")))


@router.get("fleet/days", response=DayStrips, by_alias=True, openapi_extra=documented(422))
async def get_days(request: HttpRequest, query: Query[StripQuery]) -> HttpResponse:
    """A letter for each slot of the day: `m` moving, `s` at rest, `-` nothing known. Vehicles that one may not see are left out.

    A reader limited to regions gets what the fixes made in them tell.
    """
    services, rights = services_of(request), rights_of(request)
    day = day_of(query.day, ZoneInfo(query.tz))
    if day.from_ms >= day.to_ms:
        raise refused("day", f"does not exist in {query.tz}")
    if len(query.slugs) > MAX_STRIPS:
        raise refused("vehicles", f"names {len(query.slugs)}, at most {MAX_STRIPS} are allowed")
    note_fleet_look(request, None, day.from_ms, day.to_ms)
    regions, limited = None if rights.everything else sorted(rights.regions), not rights.everything
    asked = (day.from_ms - SILENCE_MS, day.to_ms)
    key = ["days", query.slugs, query.tz, limited]
    ids = services.directory.vehicle_ids
    named = [ids[slug] for slug in query.slugs if slug in ids]
    return await past_answer(
        request,
        lambda: find_view(services, key, regions, asked, within_ms=SILENCE_MS, of=named),
        lambda view: load_days(services, query, view, day, limited=limited),
        end_ms=day.to_ms,
    )


def load_days(services: Services, query: StripQuery, view: PastView, day: Day, *, limited: bool) -> dict[str, Any]:
    """The members of `DayStrips`."""
    span = day.from_ms - SILENCE_MS, day.to_ms
    thinned = past_fleet.load_thinned(services.telemetry, view.vehicles, *span, step_ms=STEP_MS)
    if view.spans is not None:
        thinned = thinned.chosen(are_within(view.spans, thinned))
    tracks = {vehicle: thinned.chosen(rows) for vehicle, rows in thinned.slices()}
    asked = sorted((view.directory.vehicles[vehicle].slug, vehicle) for vehicle in view.vehicles)
    return {
        "day": query.day.isoformat(),
        "tz": query.tz,
        "from": encode_time(day.from_ms),
        "to": encode_time(day.to_ms),
        "slot_s": SLOT_S,
        "limited_to_regions": limited,
        "strips": {slug: day_strip(tracks.get(id_, NOTHING), day.from_ms, day.to_ms) for slug, id_ in asked},
    }
