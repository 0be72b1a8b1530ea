"""Alerts over HTTP, and what is doubtful about a vehicle's fixes."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import httpx
import pytest

from tests.api.conftest import HAGA_LON, OUTSIDE_LON, START_MS, Fleet, assert_is_problem
from tracking.domain.alerts import happening_of
from tracking.domain.events import EventKind
from tracking.domain.region_rules import Rule, RuleKind
from tracking.ingest.commit import commit
from tracking.ingest.watchman import watch
from tracking.wire.rfc3339 import encode_time


class Notes:
    """Takes note in the store at once."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet

    async def acknowledge(self, alert: Any, *, by: str) -> None:
        happening = happening_of(alert, EventKind.ACKNOWLEDGED, START_MS + 900_000, by=by)
        writer = self.fleet.telemetry.open_writer()
        with writer.transaction() as transaction:
            index = self.fleet.directory.index
            commit(transaction, [], index=index, received_ms=START_MS, happenings=[happening])
        writer.close()


@pytest.fixture
def alarmed(fleet: Fleet) -> Fleet:
    """Bus 1 has been in Haga for too long, and silent; bus 2 is silent elsewhere."""
    fleet.store(fleet.make_fix("bus-1"), fleet.make_fix("bus-2", lon=OUTSIDE_LON))
    haga = fleet.directory.region_ids["haga"]
    rules = [
        Rule(1, "Too long", RuleKind.DWELL, haga, limit_s=60),
        Rule(2, "Silent", RuleKind.OFFLINE, limit_s=300),
    ]
    directory = fleet.directory
    writer = fleet.telemetry.open_writer()
    with writer.transaction() as transaction:
        watch(transaction, replace(directory, rules=rules), now_ms=START_MS + 600_000)
    writer.close()
    fleet.mail = Notes(fleet)  # type: ignore[assignment]
    return fleet


async def alerts_of(client: httpx.AsyncClient, **params: Any) -> list[tuple[str, str, str | None]]:
    """Rule, vehicle, who took note; over all pages of one."""
    seen = []
    while True:
        response = await client.get("alerts", params={**params, "limit": 1})
        assert response.status_code == 200, response.text
        page = response.json()
        seen += [(item["rule"], item["vehicle"], item["acknowledged_by"]) for item in page["items"]]
        if page["next"] is None:
            return seen
        params["cursor"] = page["next"]


async def test_alerts_come_by_id_as_far_as_one_may_see(alarmed: Fleet) -> None:
    async with alarmed.as_user("chief") as client:
        assert len(await alerts_of(client)) == 3
        assert await alerts_of(client, vehicle="bus-2") == [("Silent", "bus-2", None)]
        assert await alerts_of(client, open="false") == []
    async with alarmed.as_user("haga") as client:
        assert await alerts_of(client) == [("Too long", "bus-1", None), ("Silent", "bus-1", None)]
    async with alarmed.as_user("nobody") as client:
        assert await alerts_of(client) == []


async def test_the_first_who_takes_note_is_named(alarmed: Fleet) -> None:
    async with alarmed.as_user("chief") as client:
        alert = (await client.get("alerts")).json()["items"][0]["id"]
    for user in ("haga", "chief"):
        async with alarmed.as_user(user) as client:
            answer = await client.post(f"alerts/{alert}/acknowledge", headers={"X-Fleet": "1", "If-None-Match": "*"})
            assert (answer.status_code, answer.json()["acknowledged_by"]) == (200, "haga")
            assert len(await alerts_of(client, acknowledged="true")) == 1


async def test_what_one_may_not_see_cannot_be_taken_note_of(alarmed: Fleet) -> None:
    async with alarmed.as_user("chief") as client:
        (silent,) = (await client.get("alerts", params={"vehicle": "bus-2"})).json()["items"]
        assert_is_problem(await client.post("alerts/999/acknowledge", headers={"X-Fleet": "1"}), 404)
        assert_is_problem(await client.post(f"alerts/{silent['id']}/acknowledge"), 403)
    async with alarmed.as_user("haga") as client:
        assert_is_problem(await client.post(f"alerts/{silent['id']}/acknowledge", headers={"X-Fleet": "1"}), 404)


async def test_doubtful_fixes_are_counted_and_kept(fleet: Fleet) -> None:
    fixes = [fleet.make_fix(at_s=s, lat=57.69 + (0.1 if s == 2 else 0)) for s in range(4)]
    fleet.store(*fixes, fleet.make_fix(at_s=5, accuracy_m=500.0), fleet.make_fix(at_s=30))
    query = {"from": "2026-01-01T09:00:00Z", "to": "2026-01-01T10:00:00Z"}
    async with fleet.as_user("chief") as client:
        answer = (await client.get("vehicles/bus-1/quality", params=query)).json()
    assert answer["fixes"] == 6
    assert {flag["flag"]: (flag["count"], flag["samples"][0][17:19]) for flag in answer["flags"]} == {
        "jump": (1, "02"),
        "poor_accuracy": (1, "05"),
        "clock_ahead": (1, "30"),
    }


async def test_clocks_ahead_are_counted_in_one_hour_alone(fleet: Fleet) -> None:
    """An hour that ends where it begins has none of them."""
    fleet.store(fleet.make_fix(at_s=30))
    hours = [encode_time(START_MS + hour * 3_600_000) for hour in (-1, 0, 1)]
    async with fleet.as_user("chief") as client:
        told = [
            (await client.get("vehicles/bus-1/quality", params={"from": begin, "to": end})).json()["flags"]
            for begin, end in pairwise(hours)
        ]
    assert [[flag["count"] for flag in flags] for flags in told] == [[], [1]]


async def test_clocks_ahead_are_told_where_all_of_an_hour_was_in_the_regions(
    fleet: Fleet,
) -> None:
    """Once, in however many parts the vehicle was there."""
    inside, outside = HAGA_LON + 0.0098, HAGA_LON + 0.0112
    fleet.store(*(fleet.make_fix(at_s=s, lon=lon) for s, lon in ((0, inside), (2, outside), (4, inside), (30, inside))))
    query = {"from": encode_time(START_MS), "to": encode_time(START_MS + 3_600_000)}
    async with fleet.as_user("haga") as client:
        told = (await client.get("vehicles/bus-1/quality", params=query)).json()
        fleet.store(fleet.make_fix(at_s=40, lon=outside))
        beyond = (await client.get("vehicles/bus-1/quality", params=query)).json()
    assert (told["fixes"], [flag["count"] for flag in told["flags"]]) == (3, [1])
    assert (beyond["fixes"], beyond["flags"]) == (3, [])


async def test_what_one_may_not_name_is_not_found(fleet: Fleet) -> None:
    """Databases know no larger number."""
    async with fleet.as_user("chief") as client:
        assert_is_problem(await client.post(f"alerts/{1 << 64}/acknowledge", headers={"X-Fleet": "1"}), 404)


async def test_doubtful_fixes_are_not_counted_again_while_none_came(fleet: Fleet) -> None:
    fleet.store(fleet.make_fix(), fleet.make_fix(at_s=30))
    query = {"from": "2026-01-01T09:00:00Z", "to": "2026-01-01T10:00:00Z"}
    async with fleet.as_user("chief") as client:
        first = await client.get("vehicles/bus-1/quality", params=query)
        copy = {"If-None-Match": first.headers["etag"]}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(fleet.telemetry), "load_columns", None)
            again = await client.get("vehicles/bus-1/quality", params=query, headers=copy)
        fleet.store(fleet.make_fix(at_s=5))
        changed = await client.get("vehicles/bus-1/quality", params=query, headers=copy)
    assert (again.status_code, first.headers["cache-control"]) == (304, "private, max-age=60")
    assert (changed.status_code, changed.json()["fixes"]) == (200, 3)


async def test_what_was_taken_back_is_shown_so(fleet: Fleet) -> None:
    fleet.store(fleet.make_fix(), fleet.make_fix(at_s=1, lat=58.5))
    fleet.store(fleet.make_fix(at_s=2))
    async with fleet.as_user("chief") as client:
        items = (await client.get("events")).json()["items"]
    assert [(item["kind"], item["retracted"]) for item in items] == [
        ("enter", False),
        ("exit", True),
        ("retract", False),
    ]
    assert items[2]["data"] == {"event_id": items[1]["id"], "kind": "exit"}


async def test_alerts_are_of_a_time(alarmed: Fleet) -> None:
    """That they lasted in: the end is none, the beginning is one."""
    async with alarmed.as_user("chief") as client:
        every = await client.get("alerts")
        begins = sorted({item["start_time"] for item in every.json()["items"]})
        assert len(begins) == 2  # too long after a minute, silent after five
        assert [rule for rule, *_ in await alerts_of(client, to=begins[1])] == ["Too long"]
        assert len(await alerts_of(client, **{"from": begins[1]})) == 3
        assert await alerts_of(client, to=begins[0]) == []


async def test_what_had_ended_is_not_of_a_later_time(alarmed: Fleet) -> None:
    end_ms = START_MS + 700_000
    writer = alarmed.telemetry.open_writer()
    with writer.transaction() as transaction:
        for alert in alarmed.telemetry.load_alerts(limit=1):
            transaction.end_alert(alert.id, end_ms)
    writer.close()
    async with alarmed.as_user("chief") as client:
        assert len(await alerts_of(client, **{"from": encode_time(end_ms - 1)})) == 3
        assert len(await alerts_of(client, **{"from": encode_time(end_ms)})) == 2
