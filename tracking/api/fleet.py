"""The whole fleet at a past moment, and over a span of time for a scrubber."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Self

import numpy as np
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field, model_validator

from tracking.api.auth import rights_of
from tracking.api.caching import JSON_TYPE
from tracking.api.history_schemas import PastMoment, Replay, ReplayTrack
from tracking.api.looks import note_look
from tracking.api.openapi import documented
from tracking.api.past import PastView, find_view, past_answer
from tracking.api.problems import refused
from tracking.api.queries import Instant, RangeQuery, StrictQuery
from tracking.api.services import Services, services_of
from tracking.api.sight import Span, asked_regions
from tracking.domain.columns import OneEach, known_or_none
from tracking.domain.directory import Directory
from tracking.domain.hours import HOUR_MS
from tracking.domain.looks import LookKind
from tracking.domain.moment import Whereabouts, whereabouts
from tracking.domain.quality import Bools
from tracking.domain.thinned import Thinned
from tracking.domain.times import LONGEST_DAY_MS
from tracking.storage import past_fleet
from tracking.wire.replay_packed import MEDIA_TYPE as PACKED_TYPE
from tracking.wire.replay_packed import ReplayHead, encode_replay_packed
from tracking.wire.rfc3339 import encode_time, encode_times

MAX_WITHIN_S = 7 * 86_400
MAX_REPLAY_CELLS = 500_000  # vehicles times steps: about 8 MB and half a second
MAX_COUNTED_STEP_S = 60  # in longer steps counting hot fixes costs as much as looking for the first ones


router = Router(tags=["fleet"])


class MomentQuery(StrictQuery):
    """Which moment, of whom, and how far to look back."""

    time_ms: Instant = Field(alias="time", description="RFC 3339 with an offset.")
    within_s: int = Field(86_400, ge=1, le=MAX_WITHIN_S, description="Leaves out who had sent nothing for longer.")
    region: str | None = Field(None, description="Slug: only who was in it.")


class Format(StrEnum):
    """How a replay is written."""

    JSON = "json"
    PACKED = "packed"


class ReplayQuery(RangeQuery):
    """Which span, of whom, how fine, and how it is written."""

    step_s: int = Field(60, ge=1, le=3_600, description="One fix a vehicle and step at most; steps count from 1970.")
    region: str | None = Field(None, description="Slug: only who was in it, and only while it was.")
    format: Format = Field(Format.JSON, description="json or packed")

    @model_validator(mode="after")
    def check_length(self) -> Self:
        """The number of vehicles is looked at later."""
        if self.to_ms - self.from_ms > LONGEST_DAY_MS:
            raise refused("to", "may be at most 25 hours after from")
        return self


@router.get("fleet/at", response=PastMoment, openapi_extra=documented(422))
async def get_moment(request: HttpRequest, query: Query[MomentQuery]) -> HttpResponse:
    """Where every vehicle was at an instant. A reader limited to regions gets those that were in one of them then."""
    services, rights = services_of(request), rights_of(request)
    regions = asked_regions(query.region, services.directory, rights)
    note_fleet_look(request, query.region, query.time_ms, query.time_ms + 1)
    asked, limited = (query.time_ms, query.time_ms + 1), not rights.everything
    key = ["at", query.region, query.within_s, limited]
    return await past_answer(
        request,
        lambda: find_view(services, key, regions, asked, within_ms=query.within_s * 1000, counts_hot=False),
        lambda view: load_moment(services, query, view, limited=limited),
        end_ms=query.time_ms,
    )


@router.get("fleet/replay", response=Replay, by_alias=True, openapi_extra=documented(422, media_types=[PACKED_TYPE]))
async def get_replay(request: HttpRequest, query: Query[ReplayQuery]) -> HttpResponse:
    """The fixes of the whole fleet from ≤ time < to, thinned, as columns.

    Ask for whole hours one by one: such chunks can be kept. A reader limited to regions gets the fixes made in them.
    """
    services, rights = services_of(request), rights_of(request)
    regions = asked_regions(query.region, services.directory, rights)
    check_cells(query, vehicles=len(services.directory.vehicles))
    note_fleet_look(request, query.region, query.from_ms, query.to_ms)
    asked, limited = (query.from_ms, query.to_ms), not rights.everything
    key = ["replay", query.format, query.region, query.step_s, limited]
    counts_hot = query.step_s <= MAX_COUNTED_STEP_S
    load, media_type = WRITERS[query.format]
    return await past_answer(
        request,
        lambda: find_view(services, key, regions, asked, within_ms=MAX_WITHIN_S * 1000, counts_hot=counts_hot),
        lambda view: load(services, query, view, limited=limited),
        end_ms=query.to_ms,
        media_type=media_type,
    )


def note_fleet_look(request: HttpRequest, region: str | None, from_ms: int, to_ms: int) -> None:
    """In whole hours: who scrubs through one looks at it once."""
    span = (from_ms // HOUR_MS * HOUR_MS, -(-to_ms // HOUR_MS) * HOUR_MS)
    note_look(request, LookKind.FLEET, region=region or "", span=span)


def check_cells(query: ReplayQuery, *, vehicles: int) -> None:
    steps = -(-(query.to_ms - query.from_ms) // (query.step_s * 1000))
    if vehicles * steps > MAX_REPLAY_CELLS:
        raise refused("step_s", f"{vehicles} vehicles times {steps} steps are more than {MAX_REPLAY_CELLS:,}")


def load_moment(services: Services, query: MomentQuery, view: PastView, *, limited: bool) -> dict[str, Any]:
    """The members of `PastMoment`."""
    at_ms, within_ms = query.time_ms, query.within_s * 1000
    before, after = past_fleet.load_around(services.telemetry, view.vehicles, at_ms, within_ms=within_ms)
    return {
        "time": encode_time(at_ms),
        "within_s": query.within_s,
        "limited_to_regions": limited,
        "vehicles": past_states(view.directory, before, whereabouts(at_ms, before, after)),
    }


def past_states(directory: Directory, before: OneEach, found: Whereabouts) -> list[dict[str, Any]]:
    """The members of each `PastState`. Columns up to here: objects for each vehicle cost twice as much."""
    rows = zip(
        [directory.vehicles[vehicle].slug for vehicle in before.vehicles.tolist()],
        (found.lats / 1e7).tolist(),
        (found.lons / 1e7).tolist(),
        found.are_between.tolist(),
        encode_times(before.times),
        known_or_none(before.speeds, 1000),
        known_or_none(before.courses, 100),
        strict=True,
    )
    return [
        {
            "vehicle": slug,
            "lat": lat,
            "lon": lon,
            "between": between,
            "fix_time": fix_time,
            "speed_mps": speed_mps,
            "course_deg": course_deg,
        }
        for slug, lat, lon, between, fix_time, speed_mps, course_deg in sorted(rows)
    ]


def load_replay(services: Services, query: ReplayQuery, view: PastView, *, limited: bool) -> dict[str, Any]:
    """The members of `Replay`."""
    thinned, slugs = find_thinned(services, query, view), slugs_of(view)
    return {
        "from": encode_time(query.from_ms),
        "to": encode_time(query.to_ms),
        "step_s": query.step_s,
        "limited_to_regions": limited,
        "tracks": sorted(replay_tracks(thinned, slugs, query.from_ms), key=lambda track: track.vehicle),
    }


def load_packed(services: Services, query: ReplayQuery, view: PastView, *, limited: bool) -> bytes:
    """The same for our own page."""
    head = ReplayHead(query.from_ms, query.step_s, limited)
    return encode_replay_packed(head, find_thinned(services, query, view), slugs_of(view))


WRITERS = {Format.JSON: (load_replay, JSON_TYPE), Format.PACKED: (load_packed, PACKED_TYPE)}


def slugs_of(view: PastView) -> dict[int, str]:
    return {id_: view.directory.vehicles[id_].slug for id_ in view.vehicles}


def find_thinned(services: Services, query: ReplayQuery, view: PastView) -> Thinned:
    """With the newest fixes before where all may be seen."""
    telemetry, asked, spans = services.telemetry, view.vehicles, view.spans
    thinned = past_fleet.load_thinned(telemetry, asked, query.from_ms, query.to_ms, step_ms=query.step_s * 1000)
    if spans is not None:
        return thinned.chosen(are_within(spans, thinned))
    others = sorted(set(asked).difference(thinned.vehicles[thinned.times == query.from_ms].tolist()))
    before = past_fleet.load_last(telemetry, others, query.from_ms - 1, within_ms=MAX_WITHIN_S * 1000)
    return Thinned.joined([Thinned.of_each(before), thinned])


def are_within(spans: Mapping[int, Sequence[Span]], thinned: Thinned) -> Bools:
    """Which fixes were made while the reader may see their vehicle."""
    rows = zip(thinned.vehicles.tolist(), thinned.times.tolist(), strict=True)
    return np.array([is_within(spans[vehicle], time_ms) for vehicle, time_ms in rows], np.bool_)


def is_within(spans: Sequence[Span], time_ms: int) -> bool:
    return any(start <= time_ms < end for start, end in spans)


def replay_tracks(thinned: Thinned, slugs: Mapping[int, str], from_ms: int) -> Iterator[ReplayTrack]:
    times_s = ((thinned.times - from_ms) / 1000).tolist()
    lats, lons = (column.tolist() for column in thinned.places_e5())
    for vehicle, rows in thinned.slices():
        yield ReplayTrack(vehicle=slugs[vehicle], time_s=times_s[rows], lat_e5=lats[rows], lon_e5=lons[rows])
