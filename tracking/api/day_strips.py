"""The days of many vehicles as strips, for a list of them: moving, at rest, or nothing known."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import AfterValidator, Field

from tracking.api.auth import rights_of
from tracking.api.fleet import is_within, note_fleet_look
from tracking.api.history_schemas import DayStrips
from tracking.api.openapi import documented
from tracking.api.past import PastView, find_view, past_answer
from tracking.api.problems import refused
from tracking.api.queries import StrictQuery
from tracking.api.services import Services, services_of
from tracking.api.summary import known_zone
from tracking.domain.calendar_days import Day, day_of
from tracking.domain.day_strip import SILENCE_MS, SLOT_S, Placed, day_strip
from tracking.storage import past_fleet
from tracking.wire.rfc3339 import encode_time

MAX_STRIPS = 100  # rows of a tall screen, twice
STEP_MS = 60_000

router = Router(tags=["fleet"])


class StripQuery(StrictQuery):
    """Whose day, and which one."""

    vehicles: str = Field(min_length=1, description=f"Slugs with commas between, at most {MAX_STRIPS}.")
    day: date = Field(description="Of the calendar, such as 2026-03-01.", ge=date(1970, 1, 2), lt=date(2099, 12, 31))
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
    key = ["days", query.slugs, query.tz, day.from_ms, limited]
    return await past_answer(
        request,
        lambda: find_view(services, key, regions, asked, within_ms=SILENCE_MS),
        lambda view: load_days(services, query, view, day, limited=limited),
        end_ms=day.to_ms,
    )


def load_days(services: Services, query: StripQuery, view: PastView, day: Day, *, limited: bool) -> dict[str, Any]:
    """The members of `DayStrips`."""
    ids = services.directory.vehicle_ids
    visible = set(view.vehicles)
    asked = {slug: ids[slug] for slug in query.slugs if ids.get(slug) in visible}
    tracks = dict(placed_by_vehicle(services, view, sorted(asked.values()), day))
    return {
        "day": query.day.isoformat(),
        "tz": query.tz,
        "from": encode_time(day.from_ms),
        "to": encode_time(day.to_ms),
        "slot_s": SLOT_S,
        "limited_to_regions": limited,
        "strips": {slug: day_strip(tracks.get(id_, []), day.from_ms, day.to_ms) for slug, id_ in asked.items()},
    }


def placed_by_vehicle(
    services: Services, view: PastView, vehicles: list[int], day: Day
) -> Iterator[tuple[int, list[Placed]]]:
    """A fix a minute, as far as the reader may see them."""
    rows = past_fleet.load_thinned(services.telemetry, vehicles, day.from_ms - SILENCE_MS, day.to_ms, step_ms=STEP_MS)
    for vehicle, group in groupby(rows.rows(), key=itemgetter(0)):
        spans = None if view.spans is None else view.spans[vehicle]
        yield (
            vehicle,
            [
                Placed(time_ms, lat / 1e7, lon / 1e7)
                for _, time_ms, lat, lon in group
                if spans is None or is_within(spans, time_ms)
            ],
        )
