"""Days as strips over HTTP."""

from typing import Any

import httpx

from tests.api.conftest import OUTSIDE_LON, Fleet, assert_is_problem
from tracking.api.day_strips import MAX_STRIPS

DAY = {"day": "2026-01-01", "tz": "UTC"}
NINE = 9 * 6  # the slot in which fixes of tests begin


async def days(client: httpx.AsyncClient, vehicles: str, **more: Any) -> Any:
    answer = await client.get("fleet/days", params={"vehicles": vehicles, **DAY, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_many_days_come_in_one_answer(fleet: Fleet) -> None:
    parked = [fleet.make_fix("bus-1", at_s=60 * minute) for minute in range(21)]
    driven = [fleet.make_fix("bus-2", at_s=60 * minute, lon=11.95 + 0.005 * minute) for minute in range(11)]
    fleet.store(*parked, *driven)
    async with fleet.as_user("chief") as client:
        answer = await days(client, "bus-2,bus-1,truck,nobody")
        strips = answer["strips"]
        assert (answer["from"], answer["slot_s"], sorted(strips)) == (
            "2026-01-01T00:00:00.000Z",
            600,
            ["bus-1", "bus-2", "truck"],
        )
        assert strips["bus-1"] == "-" * NINE + "ss" + "-" * (142 - NINE)
        assert strips["bus-2"] == "-" * NINE + "m" + "-" * (143 - NINE)
        assert strips["truck"] == "-" * 144
        there = await days(client, "bus-1", tz="Europe/Stockholm")
        assert there["strips"]["bus-1"].index("s") == NINE + 6


async def test_an_answer_that_is_known_is_not_sent_again(fleet: Fleet) -> None:
    fleet.store(fleet.make_fix(), fleet.make_fix(at_s=60))
    async with fleet.as_user("chief") as client:
        params = {"vehicles": "bus-1", **DAY}
        first = await client.get("fleet/days", params=params)
        again = await client.get("fleet/days", params=params, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        fleet.store(fleet.make_fix(at_s=900))
        late = await client.get("fleet/days", params=params, headers={"If-None-Match": first.headers["etag"]})
        assert late.status_code == 200


async def test_a_limited_reader_sees_what_happened_in_their_regions(fleet: Fleet) -> None:
    inside = [fleet.make_fix("bus-1", at_s=60 * minute) for minute in range(11)]
    outside = [fleet.make_fix("bus-1", at_s=660 + 60 * minute, lon=OUTSIDE_LON) for minute in range(20)]
    fleet.store(*inside, *outside, fleet.make_fix("bus-2", lon=OUTSIDE_LON))
    async with fleet.as_user("haga") as client:
        answer = await days(client, "bus-1,bus-2")
    assert (list(answer["strips"]), answer["limited_to_regions"]) == (["bus-1"], True)
    assert answer["strips"]["bus-1"].strip("-") == "s"


async def test_too_many_and_wrong_days_are_refused(fleet: Fleet) -> None:
    many = ",".join(f"bus-{number}" for number in range(MAX_STRIPS + 1))
    async with fleet.as_user("chief") as client:
        for params in (
            {"vehicles": many, **DAY},
            {"vehicles": "bus-1", "day": "2026-02-30"},
            {"vehicles": "bus-1", "day": "1767225600"},
            {"vehicles": "bus-1", "day": "2026-01-01T00:00:00Z"},
            {"vehicles": "bus-1", "day": "2099-12-31"},
            {"vehicles": "bus-1", "day": "2011-12-30", "tz": "Pacific/Apia"},
            {"vehicles": "bus-1", **DAY, "tz": "Mars"},
            DAY,
        ):
            assert_is_problem(await client.get("fleet/days", params=params), 422)
