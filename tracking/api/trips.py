"""The trips and stops of a vehicle, found anew in its fixes at each question."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from tracking.api.auth import rights_of
from tracking.api.caching import json_answer, not_modified
from tracking.api.history_schemas import DrivenTrip, MadeStop, Place, StopPage, TripPage
from tracking.api.looks import note_look
from tracking.api.openapi import documented
from tracking.api.paging import PageQuery
from tracking.api.past import kept
from tracking.api.problems import refused
from tracking.api.queries import RangeQuery
from tracking.api.read_tag import find_fresh_copy, tag_of
from tracking.api.services import Services, services_of
from tracking.api.sight import ALL_TIME, Span, vehicle_not_found, visible_spans
from tracking.api.trip_reading import PAGE_FIXES, TooManyFixes, TripReading
from tracking.domain.journey import Trip
from tracking.domain.looks import LookKind
from tracking.domain.rights import Rights
from tracking.domain.trips import Stop, item_id
from tracking.wire.rfc3339 import encode_time

Kind = TypeVar("Kind", Stop, Trip)

router = Router(tags=["vehicles"])


class ItemQuery(RangeQuery, PageQuery):
    """What touches a range of time, in pages."""


@router.get("vehicles/{slug}/trips", response=TripPage, by_alias=True, openapi_extra=documented(404, 422))
async def list_trips(request: HttpRequest, slug: str, query: Query[ItemQuery]) -> HttpResponse:
    """Drives between stops that touch from ≤ time < to, whole, by start: the same ones whichever range is asked for.

    They are found in the fixes that are stored now; a late fix may change them. A reader limited to regions gets what the fixes made in
    them tell.
    """
    return await _answer(request, slug, query, kind=Trip, written=driven_trip, look=LookKind.TRIPS)


@router.get("vehicles/{slug}/stops", response=StopPage, by_alias=True, openapi_extra=documented(404, 422))
async def list_stops(request: HttpRequest, slug: str, query: Query[ItemQuery]) -> HttpResponse:
    """Rests of two minutes or more that touch from ≤ time < to, whole, by start; as `trips`."""
    return await _answer(request, slug, query, kind=Stop, written=made_stop, look=LookKind.STOPS)


async def _answer(
    request: HttpRequest,
    slug: str,
    query: ItemQuery,
    *,
    kind: type[Kind],
    written: Callable[[int, Kind], Any],
    look: LookKind,
) -> HttpResponse:
    services, rights = services_of(request), rights_of(request)
    cursor = query.cursor_key(tuple[int, int])
    vehicle = services.directory.vehicle_ids.get(slug)
    reading = None if vehicle is None else await asyncio.to_thread(find_reading, services, rights, vehicle)
    if vehicle is None or reading is None:
        raise vehicle_not_found(slug)
    note_look(request, look, vehicle=slug, span=(query.from_ms, query.to_ms))
    known = [look, slug, query.from_ms, query.to_ms, query.limit, query.cursor, not rights.everything, reading.known()]
    begin_ms, after_ms = cursor or (query.from_ms, -1)
    asked = (max(query.from_ms, begin_ms), query.to_ms)
    telemetry, look_again = services.telemetry, partial(reading.look_again, asked)
    if (copy := await asyncio.to_thread(find_fresh_copy, request, known, look_again)) is not None:
        control = await asyncio.to_thread(kept, telemetry, [vehicle], copy.reads, end_ms=query.to_ms)
        return not_modified(copy.tag, cache_control=control)
    page = partial(find_items, reading, asked, limit=query.limit, after_ms=after_ms, kind=kind)
    items, next_ = await asyncio.to_thread(page)
    control = await asyncio.to_thread(kept, telemetry, [vehicle], reading.reads, end_ms=query.to_ms)
    answer = {
        "vehicle": slug,
        "from": encode_time(query.from_ms),
        "to": encode_time(query.to_ms),
        "limited_to_regions": not rights.everything,
        "items": [written(vehicle, item) for item in items],
        "next": None if next_ is None else query.next_of(next_),
    }
    return json_answer(request, answer, etag=tag_of(known, reading.reads), cache_control=control)


def find_reading(services: Services, rights: Rights, vehicle: int) -> TripReading | None:
    """None when the reader may not see the vehicle."""
    seen = visible_spans(services.telemetry, rights, vehicle=vehicle, asked=ALL_TIME)
    manner = services.directory.manner_of(vehicle)
    return None if seen is None else TripReading(services.telemetry, vehicle, manner, seen)


def find_items(
    reading: TripReading, asked: Span, *, limit: int, after_ms: int, kind: type[Kind]
) -> tuple[list[Kind], tuple[int, int] | None]:
    """A page of items that start after `after_ms`, and where the next one goes on."""
    try:
        return _page(reading, asked, limit=limit, after_ms=after_ms, kind=kind)
    except TooManyFixes as error:
        raise refused("from", str(error)) from None


def _page(
    reading: TripReading, asked: Span, *, limit: int, after_ms: int, kind: type[Kind]
) -> tuple[list[Kind], tuple[int, int] | None]:
    """The cursor is where to read on, and the start of the last item."""
    found: list[Kind] = []
    for piece in reading.pieces(asked):
        for item in piece.items:
            if isinstance(item, kind) and item.start_ms > after_ms:
                if len(found) == limit:
                    return found, (piece.from_ms, after_ms)
                found.append(item)
                after_ms = item.start_ms
        if reading.fixes > PAGE_FIXES and piece.to_ms < asked[1]:
            return found, (piece.to_ms, after_ms)
    return found, None


def driven_trip(vehicle: int, trip: Trip) -> DrivenTrip:
    return DrivenTrip(
        id=item_id(vehicle, trip),
        start_time=encode_time(trip.start_ms),
        end_time=encode_time(trip.end_ms),
        start=Place(lat=trip.start[0], lon=trip.start[1]),
        end=Place(lat=trip.end[0], lon=trip.end[1]),
        distance_m=round(trip.distance_m, 1),
        moving_s=round(trip.moving_s, 3),
        idle_s=round(trip.idle_s, 3),
        unseen_s=round(trip.unseen_s, 3),
        max_speed_mps=round(trip.max_speed_mps, 2),
        open=trip.is_open,
    )


def made_stop(vehicle: int, stop: Stop) -> MadeStop:
    return MadeStop(
        id=item_id(vehicle, stop),
        start_time=encode_time(stop.start_ms),
        end_time=encode_time(stop.end_ms),
        lat=stop.lat,
        lon=stop.lon,
        duration_s=(stop.end_ms - stop.start_ms) / 1000,
        open=stop.is_open,
    )
