"""Makes values for tests; a test names only what it is about."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from shapely.geometry import box

from tracking.domain.access import Access, Caller, Login, Office, Person
from tracking.domain.columns import UNKNOWN, Columns, OneEach
from tracking.domain.directory import Device, Directory, RegionCard, VehicleCard
from tracking.domain.fix import Fix
from tracking.domain.latest import Latest
from tracking.domain.regions import NOWHERE, RegionIndex
from tracking.domain.rights import Rights
from tracking.domain.status import Status
from tracking.domain.thinned import Thinned
from tracking.models import token_digest
from tracking.storage.records import stored_from_fix

START_MS = 1_795_000_000_000  # 2026-11-18T11:06:40Z
EAST, WEST = 1, 2
GATEWAY_TOKEN, VAN_TOKEN = "gateway-token", "van-token"
BOSS, WATCHER, IDLER, CLERK = 1, 2, 3, 4


def make_fix(*, vehicle: int = 1, at_s: float = 0, lat: float = 57.7, lon: float = 11.95, **fields: Any) -> Fix:
    """`at_s` counts from START_MS."""
    return Fix(vehicle, START_MS + round(at_s * 1000), lat, lon, **fields)


def make_each(*fixes: Fix) -> OneEach:
    """As they are stored."""
    rows = [(fix.vehicle, fix.fix_time_ms, *stored_from_fix(fix)) for fix in fixes]
    return OneEach.of([[UNKNOWN if value is None else value for value in row] for row in rows])


def all_of(columns: Columns, *, vehicle: int = 1) -> Thinned:
    """Thinned by nothing."""
    return Thinned(np.full_like(columns.times, vehicle), *columns[:3])


def make_latest(fix: Fix | None = None, *, regions: frozenset[int] = NOWHERE, **fields: Any) -> Latest:
    status, rest_ms = fields.get("status", Status.MOVING), fields.get("rest_ms")
    return Latest(fix or make_fix(), status, rest_ms, regions, fields.get("moved_ms", 0))


def make_item(**fields: Any) -> dict[str, Any]:
    """A fix as a sender writes it."""
    return {"vehicle": "van", "fix_time": START_MS, "lat": 57.7, "lon": 11.95, **fields}


def make_card(id_: int = 1, slug: str = "van", *, active: bool = True) -> VehicleCard:
    return VehicleCard(id_, slug, slug.title(), "ABC 123", "van", "#112233", active)


def make_directory(**changes: Any) -> Directory:
    """A van (1), a bus (2) and an inactive truck (3); West is left of lon 12, East right of it."""
    cards = [make_card(), make_card(2, "bus"), make_card(3, "truck", active=False)]
    regions = {
        WEST: RegionCard(WEST, "west", "West", "#445566", version=WEST),
        EAST: RegionCard(EAST, "east", "East", "#778899", version=EAST),
    }
    values: Mapping[str, Any] = {
        "revision": 1,
        "vehicles": {card.id: card for card in cards},
        "vehicle_ids": {card.slug: card.id for card in cards},
        "regions": regions,
        "region_ids": {card.slug: card.id for card in regions.values()},
        "devices": {token_digest(GATEWAY_TOKEN): Device(1, None), token_digest(VAN_TOKEN): Device(2, 1)},
        "index": RegionIndex({WEST: box(11, 57, 12, 58), EAST: box(12, 57, 13, 58)}),
        **changes,
    }
    return Directory(**values)


def make_access(**changes: Any) -> Access:
    """BOSS may watch everything, WATCHER West, IDLER nothing; CLERK is staff and may watch nothing. Each has one session."""
    people = [
        Rights(user=BOSS, everything=True, regions=frozenset()),
        Rights(user=WATCHER, everything=False, regions=frozenset({WEST})),
        Rights(user=IDLER, everything=False, regions=frozenset()),
        Rights(user=CLERK, everything=False, regions=frozenset(), staff=True),
    ]
    values: Mapping[str, Any] = {
        "revision": 1,
        "people": {rights.user: Person(rights, b"stamp") for rights in people},
        "sessions": frozenset(session_digest(rights.user) for rights in people),
        "api_tokens": {},
        **changes,
    }
    return Access(**values)


def session_digest(user: int) -> bytes:
    return token_digest(f"session of {user}")


def make_login(user: int = BOSS, **fields: Any) -> Login:
    """By the user's session."""
    return Login(**{"user": user, "proof": session_digest(user), "stamp": b"stamp", **fields})


def make_caller(user: int | None = None, *, token: str | None = None, **fields: Any) -> Caller:
    """A user, the device with a token, or both."""
    login = None if user is None else make_login(user, **fields)
    return Caller(login=login, device_token=None if token is None else token_digest(token))


def make_office(*, directory: Directory | None = None, access: Access | None = None) -> Office:
    return Office(directory or make_directory(), access or make_access())
