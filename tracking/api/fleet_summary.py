"""Totals of the whole fleet on one day."""

import asyncio
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from tracking.api.auth import rights_of
from tracking.api.caching import json_answer, not_modified
from tracking.api.history_schemas import DayTotals, FleetSummary, VehicleTotals
from tracking.api.looks import note_look
from tracking.api.openapi import documented
from tracking.api.paging import MAX_ITEMS, PageQuery
from tracking.api.past import kept
from tracking.api.problems import refused
from tracking.api.queries import CalendarDay
from tracking.api.read_tag import find_fresh_copy, tag_of
from tracking.api.reads import Range, Read, ranges_of, read_again
from tracking.api.services import Services, services_of
from tracking.api.sight import ALL_TIME, Span, spans_by_vehicle, visible_spans
from tracking.api.summary import MEDIA_TYPES, Format, ZoneQuery, file_answer, watched_regions
from tracking.api.summary_reading import Stays, SummaryReading
from tracking.api.trip_reading import PAGE_FIXES, TooManyFixes, TripReading
from tracking.domain.calendar_days import Day, day_of
from tracking.domain.directory import Directory
from tracking.domain.looks import LookKind
from tracking.domain.rights import Rights
from tracking.storage.telemetry import Telemetry

router = Router(tags=["summaries"])


class FleetSummaryQuery(PageQuery, ZoneQuery):
    """Which day."""

    day: CalendarDay = Field(description="Of the calendar, such as 2026-03-01.")
    limit: int = Field(100, ge=1, le=MAX_ITEMS, description="At most so many vehicles a page; files have no pages.")


@router.get("fleet/summary", response=FleetSummary, openapi_extra=documented(422, media_types=MEDIA_TYPES))
async def get_fleet_summary(request: HttpRequest, query: Query[FleetSummaryQuery]) -> HttpResponse:
    """What every vehicle did on one day, by slug.

    A reader limited to regions gets those that were in one of them, and what they did there.
    """
    services, rights = services_of(request), rights_of(request)
    day = day_of(query.day, query.zone)
    if day.from_ms >= day.to_ms:
        raise refused("day", f"does not exist in {query.tz}")
    after = query.cursor_key(str)
    fleet_day = await asyncio.to_thread(find_fleet_day, services, rights, day, query=query, after=after)
    note_look(request, LookKind.SUMMARY, span=(day.from_ms, day.to_ms))
    known = [query.format, query.tz, query.limit, query.cursor, not rights.everything, fleet_day.known()]
    if (copy := await asyncio.to_thread(find_fresh_copy, request, known, fleet_day.look_again)) is not None:
        return not_modified(copy.tag, cache_control=await asyncio.to_thread(fleet_day.kept, copy.reads))
    most_fixes = PAGE_FIXES if query.format is Format.JSON else math.inf
    found, next_ = await asyncio.to_thread(fleet_day.load, most_fixes=most_fixes)
    tag, control = tag_of(known, fleet_day.reads), await asyncio.to_thread(fleet_day.kept, fleet_day.reads)
    if query.format is Format.JSON:
        cursor = None if next_ is None else query.next_of(next_)
        page = FleetSummary(tz=query.tz, limited_to_regions=not rights.everything, items=found, next=cursor)
        return json_answer(request, page, etag=tag, cache_control=control)
    rows = [(item.vehicle, item) for item in found]
    return file_answer(request, rows, query, name=f"fleet_{day.date}", etag=tag, cache_control=control)


class AskedVehicle(NamedTuple):
    """What is to be read of one of them. `regions`: slugs of those of its stays."""

    slug: str
    name: str
    id: int
    reading: TripReading
    stays: Stays
    regions: dict[int, str]


class FleetDay:
    """A page of the fleet, or all of it in a file. `reads`: in what all was found, once it was loaded.

    `has_more`: other vehicles come after these.
    """

    def __init__(self, summary: SummaryReading, day: Day, asked: Sequence[AskedVehicle], *, has_more: bool) -> None:
        self._summary = summary
        self._day = day
        self._asked = asked
        self._has_more = has_more
        self.reads: list[Read] = []

    def known(self) -> list[Any]:
        """All that the answer depends on besides the fixes and the question."""
        vehicles = ([one.slug, one.name, one.reading.known(), one.stays, one.regions] for one in self._asked)
        return [self._day, self._has_more, *vehicles]

    def look_again(self, told: Sequence[Span]) -> list[Read] | None:
        """As `reads`, where those ranges were read; None where they cannot have been."""
        ranges: list[Range] = []
        for one in self._asked:
            rest = told[len(ranges) :]
            spans = one.reading.spans(self._span)[: len(rest)]
            found = ranges_of(one.id, spans, rest[: len(spans)])
            if found is None:
                return None
            ranges += found
        return read_again(self._summary.telemetry, ranges) if len(ranges) == len(told) else None

    def kept(self, reads: Sequence[Read]) -> str:
        """How long it may be."""
        vehicles = [one.id for one in self._asked]
        return kept(self._summary.telemetry, vehicles, reads, end_ms=self._day.to_ms)

    def load(self, *, most_fixes: float) -> tuple[list[VehicleTotals], str | None]:
        """The vehicles, and the slug behind which the next page begins; having read `most_fixes` a page ends."""
        found: list[VehicleTotals] = []
        for one in self._asked:
            if self._summary.fixes > most_fixes:
                return found, found[-1].vehicle
            try:
                (totals,) = self._summary.days(one.reading, one.stays, [self._day])
            except TooManyFixes as error:
                raise refused("day", str(error)) from None
            self.reads += one.reading.reads
            found.append(vehicle_totals(one, totals))
        return found, found[-1].vehicle if self._has_more else None

    @property
    def _span(self) -> Span:
        return (self._day.from_ms, self._day.to_ms)


def find_fleet_day(
    services: Services, rights: Rights, day: Day, *, query: FleetSummaryQuery, after: str | None
) -> FleetDay:
    """Of vehicles with slugs after `after`, in one picture of the office: some may be erased meanwhile. Reads no fix."""
    directory = services.directory
    known = visible_on(services.telemetry, directory, rights, day)
    visible = [(slug, id_) for slug, id_ in known if after is None or slug > after]
    chosen = visible[: query.limit] if query.format is Format.JSON else visible
    summary = SummaryReading(services.telemetry, directory, watched_regions(directory, rights))
    stays = summary.stays([id_ for _, id_ in chosen], [day])
    asked = []
    for slug, id_ in chosen:
        seen = visible_spans(services.telemetry, rights, vehicle=id_, asked=ALL_TIME) or []
        name, of_regions = directory.vehicles[id_].name, summary.slugs(stays[id_])
        asked.append(AskedVehicle(slug, name, id_, summary.reading(id_, seen), stays[id_], of_regions))
    return FleetDay(summary, day, asked, has_more=len(visible) > len(chosen))


def visible_on(telemetry: Telemetry, directory: Directory, rights: Rights, day: Day) -> list[tuple[str, int]]:
    """Slugs and ids of the vehicles that the reader may see on the day, by slug."""
    regions = None if rights.everything else sorted(rights.regions)
    seen = spans_by_vehicle(telemetry, regions, asked=(day.from_ms, day.to_ms))
    ids = directory.vehicle_ids
    return sorted((slug, vehicle) for slug, vehicle in ids.items() if seen is None or vehicle in seen)


def vehicle_totals(one: AskedVehicle, totals: DayTotals) -> VehicleTotals:
    fields = {name: getattr(totals, name) for name in DayTotals.__dataclass_fields__}
    return VehicleTotals(vehicle=one.slug, name=one.name, **fields)
