"""Who was in a drawn box."""

from typing import Any

import pytest

from tests.api.conftest import HAGA_LON, OUTSIDE_LON, Fleet, assert_is_problem
from tracking.api import within

BESIDE_LON = HAGA_LON + 0.05
BOX = {"west": HAGA_LON - 0.001, "south": 57.689, "east": HAGA_LON + 0.001, "north": 57.691}
HOUR = {"from": "2026-01-01T09:00:00Z", "to": "2026-01-01T10:00:00Z"}


async def ask(fleet: Fleet, *, user: str = "chief", **params: Any) -> Any:
    async with fleet.as_user(user) as client:
        response = await client.get("fleet/within", params={**BOX, **HOUR, **params})
    assert response.status_code == 200, response.text
    return response.json()


async def test_each_stay_is_told_from_border_to_border(fleet: Fleet) -> None:
    """The truck only drove through, between two fixes; the other bus was elsewhere."""
    fleet.store(
        *(fleet.make_fix("bus-1", at_s=s, lat=lat) for s, lat in ((0, 57.688), (20, 57.69), (60, 57.69), (80, 57.692))),
        *(fleet.make_fix("truck", at_s=s, lon=HAGA_LON + east) for s, east in ((0, -0.002), (100, 0.002), (999, 0.1))),
        fleet.make_fix("bus-2", lon=BESIDE_LON),
    )
    answer = await ask(fleet)
    assert {one["vehicle"]: (one["stretches"], one["seconds"]) for one in answer["vehicles"]} == {
        "bus-1": ([["2026-01-01T09:00:10.000Z", "2026-01-01T09:01:10.001Z"]], 60.001),
        "truck": ([["2026-01-01T09:00:25.000Z", "2026-01-01T09:01:15.001Z"]], 50.001),
    }


async def test_of_many_vehicles_some_are_read_at_once(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    fleet.store(*(fleet.make_fix(slug, at_s=s) for slug in ("bus-1", "bus-2", "truck") for s in (-60, 0, 600, 3_601)))
    together = await ask(fleet)
    assert [one["seconds"] for one in together["vehicles"]] == [3_600.0] * 3
    monkeypatch.setattr(within, "HOURS_AT_ONCE", 4)
    assert await ask(fleet) == together


async def test_who_stood_there_in_silence_is_told(fleet: Fleet) -> None:
    """From `from` to `to`, unless it has been silent for too long."""
    fleet.store(fleet.make_fix("bus-1", at_s=-7_200))
    assert (await ask(fleet))["vehicles"][0]["stretches"] == [["2026-01-01T09:00:00.000Z", "2026-01-01T10:00:00.000Z"]]
    assert (await ask(fleet, within_s=7_199))["vehicles"] == []


async def test_a_limited_reader_gets_the_time_in_their_regions(fleet: Fleet) -> None:
    """What `fleet/at` would show them."""
    fleet.store(fleet.make_fix("bus-1"), fleet.make_fix("bus-1", at_s=100, lon=BESIDE_LON))
    wide = {"west": 11, "east": 13, "south": 57, "north": 58}
    (one,) = (await ask(fleet, user="haga", **wide))["vehicles"]
    assert one["stretches"] == [["2026-01-01T09:00:00.000Z", "2026-01-01T09:00:20.001Z"]]
    assert (await ask(fleet, user="nobody", **wide))["vehicles"] == []


async def test_the_future_is_left_out(fleet: Fleet) -> None:
    fleet.store(fleet.make_fix("bus-1"))
    future = {"from": "2090-01-01T09:00:00Z", "to": "2090-01-01T10:00:00Z"}
    assert (await ask(fleet, **future))["vehicles"] == []


async def test_a_closed_span_can_be_kept_and_is_not_sent_again(fleet: Fleet) -> None:
    fleet.store(fleet.make_fix("bus-1"))
    async with fleet.as_user("chief") as client:
        first = await client.get("fleet/within", params={**BOX, **HOUR})
        fresh = {"If-None-Match": first.headers["etag"]}
        again = await client.get("fleet/within", params={**BOX, **HOUR}, headers=fresh)
        fleet.store(fleet.make_fix("bus-1", at_s=60, lon=OUTSIDE_LON))
        changed = await client.get("fleet/within", params={**BOX, **HOUR}, headers=fresh)
    assert (first.headers["cache-control"], again.status_code, changed.status_code) == ("private, max-age=60", 304, 200)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"north": 57.689}, "north"),
        ({"east": HAGA_LON - 0.001}, "east"),
        ({"west": -180.1}, "west"),
        ({"south": "nan"}, "south"),
        ({"to": "2026-01-02T10:00:01Z"}, "to"),
        ({"within_s": 604_801}, "within_s"),
        ({"box": "1,2,3,4"}, "box"),
    ],
)
async def test_a_parameter_that_cannot_be_used_is_named(fleet: Fleet, changes: dict[str, Any], field: str) -> None:
    async with fleet.as_user("chief") as client:
        response = await client.get("fleet/within", params={**BOX, **HOUR, **changes})
    assert_is_problem(response, 422)
    assert [error["field"] for error in response.json()["errors"]] == [field]


async def test_the_longest_day_of_a_calendar_can_be_asked_for(fleet: Fleet) -> None:
    """Clocks went back in Gothenburg."""
    day = {"from": "2025-10-26T00:00:00+02:00", "to": "2025-10-27T00:00:00+01:00"}
    async with fleet.as_user("chief") as client:
        response = await client.get("fleet/within", params={**BOX, **day})
    assert response.status_code == 200


@pytest.mark.parametrize(("limit", "words"), [("MAX_FIXES", "reading more than"), ("MAX_STRETCHES", "stretches")])
async def test_too_much_at_once_is_refused(
    fleet: Fleet, limit: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of several vehicles together."""
    monkeypatch.setattr(within, limit, 1)
    fleet.store(fleet.make_fix("bus-1"), fleet.make_fix("bus-2"))
    async with fleet.as_user("chief") as client:
        response = await client.get("fleet/within", params={**BOX, **HOUR})
    assert_is_problem(response, 422)
    assert words in response.text
