"""Totals by day of a vehicle over a range, and how totals are written."""

import asyncio
from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import AfterValidator, Field

from tracking.api.auth import rights_of
from tracking.api.caching import has_fresh_copy, json_answer, mark, not_modified
from tracking.api.history_schemas import DayTotals, VehicleSummary
from tracking.api.looks import note_look
from tracking.api.openapi import documented
from tracking.api.past import kept
from tracking.api.problems import refused
from tracking.api.queries import RangeQuery, StrictQuery
from tracking.api.read_tag import find_fresh_copy, tag_of
from tracking.api.services import Services, services_of
from tracking.api.sight import ALL_TIME, vehicle_not_found, visible_spans
from tracking.api.summary_reading import Stays, SummaryReading
from tracking.api.summary_table import region_table, totals_table
from tracking.api.trip_reading import TooManyFixes, TripReading
from tracking.domain.calendar_days import Day, days_between
from tracking.domain.directory import Directory
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
    limited, end_ms = not rights.everything, days[-1].to_ms
    known = [slug, query.format, query.tz, days, limited, asked.reading.known(), asked.stays, asked.regions]
    look_again = partial(asked.reading.look_again, (days[0].from_ms, end_ms))
    if (copy := await asyncio.to_thread(find_fresh_copy, request, known, look_again)) is not None:
        control = await asyncio.to_thread(kept, services.telemetry, [asked.id], copy.reads, end_ms=end_ms)
        return not_modified(copy.tag, cache_control=control)
    found = await asyncio.to_thread(load_summary, asked, days)
    tag = tag_of(known, asked.reading.reads)
    control = await asyncio.to_thread(kept, services.telemetry, [asked.id], asked.reading.reads, end_ms=end_ms)
    if query.format is Format.JSON:
        summary = VehicleSummary(vehicle=slug, tz=query.tz, limited_to_regions=limited, days=found)
        return json_answer(request, summary, etag=tag, cache_control=control)
    name = f"{slug}_{days[0].date}_{days[-1].date}"
    return file_answer(request, [(slug, day) for day in found], query, name=name, etag=tag, cache_control=control)


class VehicleDays(NamedTuple):
    """What is to be read of one vehicle. `regions`: slugs of those of its stays."""

    id: int
    summary: SummaryReading
    reading: TripReading
    stays: Stays
    regions: dict[int, str]


def find_vehicle_days(services: Services, rights: Rights, slug: str, days: list[Day]) -> VehicleDays | None:
    """None when there is no such vehicle that the reader may see. Reads no fix."""
    directory = services.directory
    vehicle = directory.vehicle_ids.get(slug)
    seen = None if vehicle is None else visible_spans(services.telemetry, rights, vehicle=vehicle, asked=ALL_TIME)
    if vehicle is None or seen is None:
        return None
    summary = SummaryReading(services.telemetry, directory, watched_regions(directory, rights))
    stays = summary.stays([vehicle], days)[vehicle]
    return VehicleDays(vehicle, summary, summary.reading(vehicle, seen), stays, summary.slugs(stays))


def load_summary(asked: VehicleDays, days: list[Day]) -> list[DayTotals]:
    try:
        return asked.summary.days(asked.reading, asked.stays, days)
    except TooManyFixes as error:
        raise refused("to", str(error)) from None


def watched_regions(directory: Directory, rights: Rights) -> list[int]:
    known = directory.regions
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
        return not_modified(etag, cache_control=cache_control)
    if query.format is Format.CSV:
        response = HttpResponse(
            encode_csv(totals_table(rows, zone=None)), content_type="text/csv; charset=utf-8; header=present"
        )
    else:
        book = encode_xlsx([totals_table(rows, zone=query.zone), region_table(rows)])
        response = HttpResponse(book, content_type=XLSX)
    mark(response, etag=etag, cache_control=cache_control)
    response["Content-Disposition"] = f'attachment; filename="{name}.{query.format}"'
    return response
