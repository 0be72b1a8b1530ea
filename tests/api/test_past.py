"""A validator of the fleet's past stands for one answer, whatever happens to hot and sealed fixes; on both engines."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

import httpx
import msgspec
import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.conftest import HAGA_LON, MAJORNA_LON, Fleet, square
from tests.api.conftest import START_MS as START_OF_DRIVE_MS
from tests.api.test_sealed_past import drive, seal_all
from tests.builders import WEST, make_directory
from tests.storage.conftest import Store, store
from tests.storage.test_past_fleet import DAY_MS, DEEDS, EXAMPLES, TIMES_S, do, empty
from tests.storage.test_sealing import HOUR_MS, START_MS
from tracking.api.day_strips import StripQuery, load_days
from tracking.api.fleet import Format, ReplayQuery, load_packed, load_replay
from tracking.api.past import PastView, find_view
from tracking.api.services import Services
from tracking.api.sight import Span
from tracking.api.within import WithinQuery, load_within
from tracking.domain.calendar_days import day_of
from tracking.domain.fix import Fix
from tracking.models import Region, RegionAccess, Vehicle

__all__ = ["store"]

HOUR = "from=2026-01-01T09:00:00Z&to=2026-01-01T10:00:00Z"
BOX = f"west={HAGA_LON - 0.002}&south=57.689&east={HAGA_LON + 0.002}&north=57.691"
PATHS = (
    f"fleet/replay?{HOUR}&step_s=10",
    f"fleet/replay?{HOUR}&format=packed&region=haga",
    "fleet/days?day=2026-01-01&vehicles=bus-1,truck",
    f"fleet/within?{HOUR}&{BOX}",
)


class Question(NamedTuple):
    """What is asked, and how it is answered to the one who may see `regions`."""

    name: str
    regions: list[int] | None
    asked: Span
    within_ms: int
    load: Callable[[Services, PastView], Any]


def replay(span: Span, regions: list[int] | None, step_s: int) -> Question:
    query = ReplayQuery.model_construct(from_ms=span[0], to_ms=span[1], step_s=step_s, region=None, format=Format.JSON)
    load = load_packed if step_s == 60 else load_replay
    name = f"replay {step_s}"
    return Question(name, regions, span, 7 * DAY_MS, lambda services, view: load(services, query, view, limited=False))


def within(span: Span, regions: list[int] | None, within_s: int) -> Question:
    box = {"west": 11.94, "south": 57.71, "east": 12.05, "north": 57.75}
    query = WithinQuery.model_construct(from_ms=span[0], to_ms=span[1], within_s=within_s, **cast(Any, box))
    return Question(
        f"within {within_s}",
        regions,
        span,
        within_s * 1000,
        lambda services, view: load_within(services, query, view, span, limited=False),
    )


def days(regions: list[int] | None) -> Question:
    day = day_of(datetime.fromtimestamp(START_MS // 1000, UTC).date(), ZoneInfo("UTC"))
    query = StripQuery.model_construct(vehicles="bus,truck,van", day=day.date, tz="UTC")
    asked = (day.from_ms - 900_000, day.to_ms)
    return Question(
        "days", regions, asked, 900_000, lambda services, view: load_days(services, query, view, day, limited=False)
    )


def placed(deed: Any) -> Any:
    """A fix that is sent again is the same one."""
    if isinstance(deed, tuple):
        return deed
    return [place(fix) for fix in deed]


def place(fix: Fix) -> Fix:
    turn = fix.fix_time_ms // 1000 + fix.vehicle
    return fix._replace(lat=57.7 + turn % 7 / 100, lon=11.95 + turn % 3 / 20)


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEEDS, TIMES_S, st.sampled_from([60_000, HOUR_MS, 3 * HOUR_MS]), st.sampled_from([None, [WEST]]))
def test_a_validator_that_comes_again_stands_for_the_same_answer(
    store: Store, deeds: list[Any], time_s: float, length_ms: int, regions: list[int] | None
) -> None:
    """Late fixes, sealing, frames, pruning and erasing between; and while nothing happens it stays."""
    start_ms = START_MS + round(time_s * 1000)
    span = start_ms, start_ms + length_ms
    questions = [
        replay(span, regions, 10),
        replay(span, regions, 60),
        within(span, regions, 3_600),
        within(span, regions, 300),
        days(regions),
    ]
    services = cast(Services, SimpleNamespace(telemetry=store.telemetry, directory=make_directory()))
    told: dict[tuple[str, str], bytes] = {}
    empty(store)
    for deed in deeds:
        do(store, placed(deed))
        for one in questions:
            view, again = (
                find_view(services, one.name, one.regions, one.asked, within_ms=one.within_ms) for _ in range(2)
            )
            assert view.etag == again.etag and view.etag is not None
            answer = msgspec.json.encode(one.load(services, view))
            assert told.setdefault((one.name, view.etag), answer) == answer


async def rename(fleet: Fleet) -> None:
    await Vehicle.objects.filter(slug="bus-1").aupdate(slug="bus-9")


async def delete(fleet: Fleet) -> None:
    await Vehicle.objects.filter(slug="truck").adelete()


async def redraw(fleet: Fleet) -> None:
    await Region.objects.filter(slug="haga").aupdate(polygon=square(57.69, HAGA_LON, half_deg=0.02))


async def report_late(fleet: Fleet) -> None:
    fleet.store(*(fleet.make_fix(slug, at_s=604, lon=HAGA_LON + 0.001) for slug in ("bus-1", "truck")))


async def seal(fleet: Fleet) -> None:
    seal_all(fleet)


async def ask(fleet: Fleet, path: str, etag: str = "", *, user: str = "chief") -> httpx.Response:
    async with fleet.as_user(user) as client:
        return await client.get(path, headers={"If-None-Match": etag} if etag else {})


@pytest.mark.parametrize("change", [rename, delete, redraw, report_late, seal])
@pytest.mark.parametrize("path", PATHS)
async def test_a_copy_of_hot_time_is_good_until_something_changes(
    fleet: Fleet, path: str, change: Callable[[Fleet], Awaitable[None]]
) -> None:
    drive(fleet)
    etag = (await ask(fleet, path)).headers["etag"]
    assert (await ask(fleet, path, etag)).status_code == 304
    await change(fleet)
    await fleet.refresh_office()
    after = await ask(fleet, path, etag)
    assert (after.status_code, after.headers["etag"] != etag) == (200, True)


@pytest.mark.parametrize("path", [path for path in PATHS if "region" not in path])
async def test_a_copy_is_good_for_the_same_rights_only(fleet: Fleet, path: str) -> None:
    drive(fleet)
    fleet.store(*(fleet.make_fix("truck", at_s=s, lon=MAJORNA_LON) for s in (3_100, 3_160)))
    etag = (await ask(fleet, path, user="haga")).headers["etag"]
    assert (await ask(fleet, path, etag, user="haga")).status_code == 304
    assert (await ask(fleet, path, etag, user="chief")).status_code == 200
    user, majorna = await User.objects.aget(username="haga"), await Region.objects.aget(slug="majorna")
    await RegionAccess.objects.acreate(user=user, region=majorna)
    assert (await ask(fleet, path, etag, user="haga")).status_code == 200


@pytest.mark.parametrize("path", PATHS)
async def test_a_304_of_hot_time_reads_no_track(fleet: Fleet, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """To count its fixes is enough."""
    drive(fleet)
    etag = (await ask(fleet, path)).headers["etag"]
    for name in ("columns", "thinned"):
        monkeypatch.setattr(type(fleet.telemetry.history.hot), name, None)
    again = await ask(fleet, path, etag)
    assert (again.status_code, again.headers["cache-control"]) == (304, "private, max-age=60")


async def test_a_box_that_goes_on_into_the_future_is_asked_anew(fleet: Fleet) -> None:
    """Its stretches last until now."""
    drive(fleet)
    path = f"fleet/within?from=2026-01-01T09:00:00Z&to=2026-01-01T10:00:00Z&{BOX}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tracking.api.within.time.time_ns", lambda: (START_OF_DRIVE_MS + 600_500) * 1_000_000)
        early = await ask(fleet, path)
        patch.setattr("tracking.api.within.time.time_ns", lambda: (START_OF_DRIVE_MS + 660_500) * 1_000_000)
        later = await ask(fleet, path, early.headers["etag"])
    assert (later.status_code, later.json() != early.json()) == (200, True)


async def test_a_fix_soon_after_the_end_changes_who_was_in_a_box(fleet: Fleet) -> None:
    """The way to it leads out of the box before."""
    fleet.store(fleet.make_fix(at_s=3_500))
    path = f"fleet/within?{HOUR}&{BOX}"
    first = await ask(fleet, path)
    fleet.store(fleet.make_fix(at_s=3_700, lon=HAGA_LON + 0.05))
    after = await ask(fleet, path, first.headers["etag"])
    assert (after.status_code, after.json() != first.json()) == (200, True)
