"""Shares: links that show one vehicle live, one region live, or one trip to whoever has them, and nothing else."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from tracking.domain.distance import GAP_MS
from tracking.domain.geo import distance_m

TRIM_M = 300.0
MOST_TRIP_HOURS = 24  # 86,400 fixes of a receiver that measures each second
MOST_ACTIVE_SHARES = 200  # of one maker


class ShareKind(StrEnum):
    VEHICLE = "vehicle"
    REGION = "region"
    TRIP = "trip"


class Share(NamedTuple):
    """`target` is the id of a vehicle or region; `maker` the user with whose rights it is seen; `expires_s` counts from 1970."""

    id: int
    kind: ShareKind
    target: int
    maker: int
    expires_s: float


Place: TypeAlias = tuple[int, float, float]
"""fix_time_ms, lat, lon: all that a guest is told of a fix."""


def parts_of(places: Sequence[Place], *, is_trimmed: bool) -> list[list[Place]]:
    """The lines of a trip as guests may see it, in time order; none runs over a gap, or where something was left out.

    Trimmed: without whatever lies within TRIM_M of the first or of the last place, so neither can be told, even when the way
    comes past it again.
    """
    ends = [places[0], places[-1]] if places and is_trimmed else []
    parts: list[list[Place]] = []
    was_shown_ms: int | None = None
    for place in places:
        if _is_near(place, ends):
            was_shown_ms = None
            continue
        if was_shown_ms is None or place[0] - was_shown_ms > GAP_MS:
            parts.append([])
        parts[-1].append(place)
        was_shown_ms = place[0]
    return parts


def _is_near(place: Place, ends: Iterable[Place]) -> bool:
    return any(distance_m(place[1], place[2], end[1], end[2]) < TRIM_M for end in ends)
