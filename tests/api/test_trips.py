"""The trips and stops of a vehicle."""

from typing import Any

import httpx
import pytest

from tests.api.conftest import HAGA_LON, OUTSIDE_LON, START_MS, Fleet, assert_is_problem
from tests.domain.drives import LAT, LON, Drive, Park, Tracker, day
from tests.domain.drives import START_MS as DRIVES_START_MS
from tracking.api import trip_reading, trips
from tracking.domain.rest import Fixes

DAY = {"from": "2026-01-01T09:00:00Z", "to": "2026-01-02T09:00:00Z"}
ROUND = [Park(600), Drive(6000), Park(900), Drive(6000, 270), Park(600)]


def store_parts(fleet: Fleet, parts: Any, *, every_s: float = 5, at_s: float = 0) -> Fixes:
    """From Haga's middle on; returned as stored."""
    fixes = day(parts, Tracker(every_s=every_s)).readings.fixes
    moved = Fixes(fixes.times - DRIVES_START_MS, fixes.lats - LAT + 57.69, fixes.lons - LON + HAGA_LON)
    rows = zip(*(column.tolist() for column in moved), strict=True)
    fleet.store(*(fleet.make_fix(at_s=at_s + ms / 1000, lat=lat, lon=lon) for ms, lat, lon in rows))
    return moved._replace(times=moved.times + START_MS + round(at_s * 1000))


async def ask(client: httpx.AsyncClient, what: str, **params: str) -> Any:
    response = await client.get(f"vehicles/bus-1/{what}", params={**DAY, **params})
    assert response.status_code == 200, response.text
    return response.json()


async def test_a_trip_tells_where_when_how_far_and_how_fast(fleet: Fleet) -> None:
    store_parts(fleet, ROUND)
    vehicle = fleet.directory.vehicle_ids["bus-1"]
    async with fleet.as_user("chief") as client:
        answer = await ask(client, "trips")
    first, second = answer.pop("items")
    assert answer == {
        "vehicle": "bus-1",
        "from": "2026-01-01T09:00:00.000Z",
        "to": "2026-01-02T09:00:00.000Z",
        "limited_to_regions": False,
        "next": None,
    }
    assert first["id"].startswith(f"trip-{vehicle}-")
    assert "2026-01-01T09:09" <= first["start_time"] < "2026-01-01T09:11"
    assert first["start"] == {"lat": pytest.approx(57.69, abs=1e-3), "lon": pytest.approx(HAGA_LON, abs=2e-3)}
    assert first["end"]["lon"] == pytest.approx(second["start"]["lon"], abs=2e-3)
    assert first["distance_m"] == pytest.approx(6000, rel=0.02)
    assert first["max_speed_mps"] == pytest.approx(12, abs=1)
    assert first["moving_s"] == pytest.approx(508, abs=25)
    assert (first["idle_s"], first["unseen_s"], first["open"]) == (0, 0, False)


async def test_stops_lie_between_trips_and_the_last_one_is_open(fleet: Fleet) -> None:
    store_parts(fleet, ROUND)
    async with fleet.as_user("chief") as client:
        trips, stops = (await ask(client, "trips"))["items"], (await ask(client, "stops"))["items"]
    assert [stop["open"] for stop in stops] == [False, False, True]
    assert stops[1]["start_time"] == trips[0]["end_time"] and stops[1]["end_time"] == trips[1]["start_time"]
    assert stops[1]["duration_s"] == pytest.approx(900, abs=20)
    assert stops[0]["id"].startswith("stop-")
    assert (stops[0]["lat"], stops[0]["lon"]) == (pytest.approx(57.69, abs=1e-4), pytest.approx(HAGA_LON, abs=1e-4))


async def test_what_touches_the_range_is_listed_whole(fleet: Fleet) -> None:
    """A minute of a trip lists the trip; its end is told though it lies later."""
    store_parts(fleet, ROUND)
    async with fleet.as_user("chief") as client:
        whole = (await ask(client, "trips"))["items"]
        minute = await ask(client, "trips", **{"from": "2026-01-01T09:14:00Z", "to": "2026-01-01T09:15:00Z"})
        before = await ask(client, "trips", **{"from": "2025-12-31T09:00:00Z", "to": "2026-01-01T09:00:00Z"})
    assert minute["items"] == whole[:1]
    assert before["items"] == []


@pytest.mark.parametrize("fixes", [1, 1_000_000])
async def test_pages_make_up_the_list(fleet: Fleet, monkeypatch: pytest.MonkeyPatch, fixes: int) -> None:
    """Also where a page ends early, since it had to read much."""
    store_parts(fleet, [*[Park(1_500), Drive(4_000)] * 120, Park(600)], every_s=30)
    week = {"to": "2026-01-08T09:00:00Z"}
    async with fleet.as_user("chief") as client:
        whole = await ask(client, "trips", **week, limit="1000")
        monkeypatch.setattr(trips, "PAGE_FIXES", fixes)
        found, cursor, pages = [], {}, 0
        while True:
            page = await ask(client, "trips", **week, limit="50", **cursor)
            found += page["items"]
            pages += 1
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
    assert len(whole["items"]) == 120 and whole["next"] is None
    assert found == whole["items"]
    assert pages == 3 or fixes == 1


async def test_a_limited_reader_gets_trips_of_what_they_may_see(fleet: Fleet) -> None:
    """The way out of Haga ends at its border; who was never there is not found."""
    store_parts(fleet, ROUND)
    async with fleet.as_user("haga") as haga, fleet.as_user("nobody") as nobody:
        answer = await ask(haga, "trips")
        away = await haga.get("vehicles/bus-2/trips", params=DAY)
        none = await nobody.get("vehicles/bus-1/stops", params=DAY)
    assert answer["limited_to_regions"] is True
    out, back = answer["items"]
    assert out["end"]["lon"] == pytest.approx(HAGA_LON + 0.01, abs=2e-3)
    assert out["open"] and out["distance_m"] < 800
    assert back["start"]["lon"] == pytest.approx(HAGA_LON + 0.01, abs=2e-3)
    assert_is_problem(away, 404)
    assert_is_problem(none, 404)


async def test_a_late_fix_changes_the_answer_and_its_validator(fleet: Fleet) -> None:
    fixes = store_parts(fleet, [Park(600), Drive(6000)])
    async with fleet.as_user("chief") as client:
        response = await client.get("vehicles/bus-1/trips", params=DAY)
        copy = {"If-None-Match": response.headers["etag"]}
        again = await client.get("vehicles/bus-1/trips", params=DAY, headers=copy)
        at_s = (fixes.times.item(-1) - START_MS) / 1000 + 60
        fleet.store(fleet.make_fix(at_s=at_s, lat=57.69, lon=OUTSIDE_LON - 0.4))
        changed = await client.get("vehicles/bus-1/trips", params=DAY, headers=copy)
    assert (again.status_code, again.content, changed.status_code) == (304, b"", 200)
    assert response.headers["cache-control"] == "private, max-age=60"


async def test_a_vehicle_without_fixes_has_no_trips(fleet: Fleet) -> None:
    async with fleet.as_user("chief") as client:
        assert (await ask(client, "trips"))["items"] == (await ask(client, "stops"))["items"] == []


async def test_more_than_can_be_judged_is_refused(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trip_reading, "MAX_FIXES", 100)
    store_parts(fleet, ROUND)
    async with fleet.as_user("chief") as client:
        response = await client.get("vehicles/bus-1/trips", params=DAY)
    assert_is_problem(response, 422)
    assert [error["field"] for error in response.json()["errors"]] == ["from"]


@pytest.mark.parametrize(
    ("params", "field"),
    [({"limit": "0"}, "limit"), ({"cursor": "%"}, "cursor"), ({"to": DAY["from"]}, "to"), ({"tz": "UTC"}, "tz")],
)
async def test_a_parameter_that_cannot_be_used_is_named(fleet: Fleet, params: dict[str, str], field: str) -> None:
    async with fleet.as_user("chief") as client:
        response = await client.get("vehicles/bus-1/trips", params={**DAY, **params})
    assert_is_problem(response, 422)
    assert [error["field"] for error in response.json()["errors"]] == [field]
