"""Totals by day: of one vehicle over a range, and of the whole fleet on one day."""

import asyncio
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import AfterValidator, Field

from tracking.api.auth import rights_of
from tracking.api.caching import etag_of, has_fresh_copy, json_answer, mark, not_modified
from tracking.api.history_schemas import DayTotals, FleetSummary, VehicleSummary, VehicleTotals
from tracking.api.looks import note_look
from tracking.api.openapi import documented
from tracking.api.past import cache_control
from tracking.api.problems import refused
from tracking.api.queries import MAX_ITEMS, PageQuery, RangeQuery, StrictQuery, decode_cursor, encode_cursor
from tracking.api.read_tag import find_fresh_tag, tag_of
from tracking.api.services import Services, services_of
from tracking.api.sight import ALL_TIME, Span, spans_by_vehicle, vehicle_not_found, visible_spans
from tracking.api.summary_reading import Stays, SummaryReading
from tracking.api.summary_table import region_table, totals_table
from tracking.api.trip_reading import PAGE_FIXES, TooManyFixes, TripReading
from tracking.domain.calendar_days import Day, day_of, days_between
from tracking.domain.looks import LookKind
from tracking.domain.rights import Rights
from tracking.wire.table import encode_csv, encode_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES = ("text/csv", XLSX)

router = Router(tags=["summaries"])


class Format(StrEnum):
    """How the summary is written."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


def known_zone(name: str) -> str:
    """Raises ValueError for a zone that is not in the IANA database."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"there is no time zone {name[:40]!r}; write one of IANA's, such as Europe/Stockholm"
        ) from None
    return name


class ZoneQuery(StrictQuery):
    """In which zone days are counted, and how they are written."""

    tz: Annotated[str, AfterValidator(known_zone)] = Field("UTC", description="IANA time zone in which days begin.")
    format: Format = Field(Format.JSON, description="json, csv or xlsx")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.tz)


class SummaryQuery(RangeQuery, ZoneQuery):
    """Which days."""


class FleetSummaryQuery(PageQuery, ZoneQuery):
    """Which day."""

    day: date = Field(description="Of the calendar, such as 2026-03-01.", ge=date(1970, 1, 2), lt=date(2099, 12, 31))
    limit: int = Field(100, ge=1, le=MAX_ITEMS, description="At most so many vehicles a page; files have no pages.")


@router.get(
    "vehicles/{slug}/summary", response=VehicleSummary, openapi_extra=documented(404, 422, media_types=MEDIA_TYPES)
)
async def get_summary(request: HttpRequest, slug: str, query: Query[SummaryQuery]) -> HttpResponse:
    """What the vehicle did on every day that touches from ≤ time < to; days are whole, and have 23 or 25 hours where clocks change.

    A reader limited to regions gets what the fixes made in them tell.
    """
    services, rights = services_of(request), rights_of(request)
    days = list(days_between(query.from_ms, query.to_ms, query.zone))
    asked = await asyncio.to_thread(find_vehicle_days, services, rights, slug, days)
    if asked is None:
        raise vehicle_not_found(slug)
    note_look(request, LookKind.SUMMARY, vehicle=slug, span=(days[0].from_ms, days[-1].to_ms))
    limited, kept = not rights.everything, cache_control(days[-1].to_ms)
    known = [slug, query.format, query.tz, days, limited, asked.reading.known(), asked.stays, asked.regions]
    if (tag := await asyncio.to_thread(find_fresh_tag, request, known, asked.reading.look_again)) is not None:
        return not_modified(tag, cache_control=kept)
    found = await asyncio.to_thread(load_summary, asked, days)
    tag = tag_of(known, asked.reading.reads)
    if query.format is Format.JSON:
        summary = VehicleSummary(vehicle=slug, tz=query.tz, limited_to_regions=limited, days=found)
        return json_answer(request, summary, etag=tag, cache_control=kept)
    name = f"{slug}_{days[0].date}_{days[-1].date}"
    return file_answer(request, [(slug, day) for day in found], query, name=name, etag=tag, cache_control=kept)


@router.get("fleet/summary", response=FleetSummary, openapi_extra=documented(422, media_types=MEDIA_TYPES))
async def get_fleet_summary(request: HttpRequest, query: Query[FleetSummaryQuery]) -> HttpResponse:
    """What every vehicle did on one day, by slug.

    A reader limited to regions gets those that were in one of them, and what they did there.
    """
    services, rights = services_of(request), rights_of(request)
    day = day_of(query.day, query.zone)
    if day.from_ms >= day.to_ms:
        raise refused("day", f"does not exist in {query.tz}")
    after = decode_cursor(query.cursor, str)
    found, next_ = await asyncio.to_thread(load_fleet, services, rights, day, query=query, after=after)
    note_look(request, LookKind.SUMMARY, span=(day.from_ms, day.to_ms))
    kept = cache_control(day.to_ms)
    if query.format is Format.JSON:
        limited = not rights.everything
        page = FleetSummary(tz=query.tz, limited_to_regions=limited, items=found, next=next_)
        return json_answer(request, page, cache_control=kept)
    rows = [(item.vehicle, item) for item in found]
    etag = etag_of([query.format, query.tz, rows])  # a workbook is not the same bytes twice
    return file_answer(request, rows, query, name=f"fleet_{day.date}", etag=etag, cache_control=kept)


class VehicleDays(NamedTuple):
    """What is to be read of one vehicle. `regions`: slugs of those of its stays."""

    summary: SummaryReading
    reading: TripReading
    stays: Stays
    regions: dict[int, str]


def find_vehicle_days(services: Services, rights: Rights, slug: str, days: list[Day]) -> VehicleDays | None:
    """None when there is no such vehicle that the reader may see. Reads no fix."""
    vehicle = services.directory.vehicle_ids.get(slug)
    seen = None if vehicle is None else visible_spans(services.telemetry, rights, vehicle=vehicle, asked=ALL_TIME)
    if vehicle is None or seen is None:
        return None
    summary = SummaryReading(services, watched_regions(services, rights))
    stays = summary.stays(vehicle, days)
    slugs = {visit.region: services.directory.regions[visit.region].slug for visit in stays.visits}
    return VehicleDays(summary, summary.reading(vehicle, seen), stays, slugs)


def load_summary(asked: VehicleDays, days: list[Day]) -> list[DayTotals]:
    try:
        return asked.summary.days(asked.reading, asked.stays, days)
    except TooManyFixes as error:
        raise refused("to", str(error)) from None


def load_fleet(
    services: Services, rights: Rights, day: Day, *, query: FleetSummaryQuery, after: str | None
) -> tuple[list[VehicleTotals], str | None]:
    """A page of vehicles with slugs after `after`, and its cursor; a file has all of them, or is refused."""
    is_page = query.format is Format.JSON
    reading = SummaryReading(services, watched_regions(services, rights))
    found: list[VehicleTotals] = []
    for slug, vehicle in visible_on(services, rights, day):
        if after is not None and slug <= after:
            continue
        if is_page and (len(found) == query.limit or reading.fixes > PAGE_FIXES):
            return found, encode_cursor(found[-1].vehicle)
        seen = visible_spans(services.telemetry, rights, vehicle=vehicle, asked=ALL_TIME) or []
        try:
            (totals,) = reading.days(reading.reading(vehicle, seen), reading.stays(vehicle, [day]), [day])
        except TooManyFixes as error:
            raise refused("day", str(error)) from None
        found.append(vehicle_totals(services, slug, vehicle, totals))
    return found, None


def vehicle_totals(services: Services, slug: str, vehicle: int, totals: DayTotals) -> VehicleTotals:
    fields = {name: getattr(totals, name) for name in DayTotals.__dataclass_fields__}
    return VehicleTotals(vehicle=slug, name=services.directory.vehicles[vehicle].name, **fields)


def visible_on(services: Services, rights: Rights, day: Day) -> list[tuple[str, int]]:
    """Slugs and ids of the vehicles that the reader may see on the day, by slug."""
    regions = None if rights.everything else sorted(rights.regions)
    asked: Span = (day.from_ms, day.to_ms)
    seen = spans_by_vehicle(services.telemetry, regions, asked=asked)
    ids = services.directory.vehicle_ids
    return sorted((slug, vehicle) for slug, vehicle in ids.items() if seen is None or vehicle in seen)


def watched_regions(services: Services, rights: Rights) -> list[int]:
    known = services.directory.regions
    return sorted(known if rights.everything else rights.regions & known.keys())


def file_answer(
    request: HttpRequest,
    rows: Sequence[tuple[str, DayTotals]],
    query: ZoneQuery,
    *,
    name: str,
    etag: str,
    cache_control: str,
) -> HttpResponse:
    """The rows as a file, or 304 when the reader has it."""
    if has_fresh_copy(request, etag):
        response = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
    elif query.format is Format.CSV:
        response = HttpResponse(
            encode_csv(totals_table(rows, zone=None)), content_type="text/csv; charset=utf-8; header=present"
        )
    else:
        book = encode_xlsx([totals_table(rows, zone=query.zone), region_table(rows)])
        response = HttpResponse(book, content_type=XLSX)
    mark(response, etag=etag, cache_control=cache_control)
    response["Content-Disposition"] = f'attachment; filename="{name}.{query.format}"'
    return response
