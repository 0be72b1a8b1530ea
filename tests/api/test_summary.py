"""Totals by day."""

import csv
import io
import zipfile
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async

from tests.api.conftest import MAJORNA_LON, START_MS, Fleet, assert_is_problem
from tests.api.test_sealed_past import seal_all
from tests.api.test_trips import ROUND, store_parts
from tests.domain.drives import Drive, Park
from tracking.api import fleet_summary, summary_reading
from tracking.models import Vehicle
from tracking.wire.rfc3339 import decode_time_ms

DAY = {"from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"}
SPRING, AUTUMN = "2026-03-29", "2026-10-25"  # clocks change in Sweden


async def ask(client: httpx.AsyncClient, **params: str) -> list[dict[str, Any]]:
    response = await client.get("vehicles/bus-1/summary", params={**DAY, **params})
    assert response.status_code == 200, response.text
    days: list[dict[str, Any]] = response.json()["days"]
    return days


def seconds_from(text: str) -> float:
    return (decode_time_ms(text) - START_MS) / 1000


async def test_a_day_tells_what_the_vehicle_did(fleet: Fleet) -> None:
    store_parts(fleet, ROUND)
    async with fleet.as_user("chief") as client:
        (found,) = await ask(client)
        trips = (await client.get("vehicles/bus-1/trips", params=DAY)).json()["items"]
        stops = (await client.get("vehicles/bus-1/stops", params=DAY)).json()["items"]
    assert (found["day"], found["start_time"], found["end_time"]) == (
        *("2026-01-01", "2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"),
    )
    assert found["distance_m"] == pytest.approx(sum(trip["distance_m"] for trip in trips), abs=0.2)
    assert found["moving_s"] == pytest.approx(sum(trip["moving_s"] for trip in trips), abs=0.01)
    assert found["stopped_s"] == pytest.approx(sum(stop["duration_s"] for stop in stops), abs=0.01)
    assert (found["idle_s"], found["unseen_s"]) == (0, 0)
    assert found["max_speed_mps"] == max(trip["max_speed_mps"] for trip in trips)
    assert (found["first_start"], found["last_stop"]) == (trips[0]["start_time"], stops[-1]["start_time"])
    assert (found["trips"], found["stops"]) == (2, 3)


async def test_visits_are_told_by_region(fleet: Fleet) -> None:
    """Out of Haga and back: two visits; the last one lasts as far as is known."""
    fixes = store_parts(fleet, ROUND)
    async with fleet.as_user("chief") as client:
        (found,) = await ask(client)
        visits = (await client.get("regions/haga/visits", params=DAY)).json()["items"]
    ends = [visit["exit_time"] for visit in visits]
    (stay,) = found["regions"]
    assert (stay["region"], stay["visits"], ends[1]) == ("haga", 2, None)
    newest_s = (fixes.times.item(-1) - START_MS) / 1000
    begins = [seconds_from(visit["enter_time"]) for visit in visits]
    assert stay["seconds"] == pytest.approx(seconds_from(ends[0]) - begins[0] + newest_s - begins[1])


async def test_days_are_those_of_the_zone(fleet: Fleet) -> None:
    """A drive from 22:10 to 22:30 UTC is of one day there, and of two in Stockholm's."""
    store_parts(fleet, [Park(600), Drive(12_000), Park(600)], at_s=13 * 3_600 + 2_400)
    async with fleet.as_user("chief") as client:
        (utc,) = await ask(client)
        first, second = await ask(client, tz="Europe/Stockholm")
    assert (first["day"], second["day"]) == ("2026-01-01", "2026-01-02")
    assert first["end_time"] == second["start_time"] == "2026-01-01T23:00:00.000Z"
    assert (first["trips"], second["trips"], utc["trips"]) == (1, 0, 1)
    assert 0 < first["distance_m"] < utc["distance_m"]
    for name in ("distance_m", "moving_s", "stopped_s"):
        assert first[name] + second[name] == pytest.approx(utc[name], abs=0.2)
    assert second["regions"] == [] and second["first_start"] is None


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), ("2026-06-01", 24)])
async def test_a_day_on_which_clocks_change_is_whole(fleet: Fleet, day: str, hours: int) -> None:
    """Parked all the time, it is at rest for 23 or 25 hours."""
    begin_s = seconds_from(f"{day}T00:00:00Z") - 3 * 86_400
    store_parts(fleet, [Drive(3_000), Park(6 * 86_400), Drive(3_000), Park(600)], every_s=600, at_s=begin_s)
    noon = {"from": f"{day}T12:00:00+02:00", "to": f"{day}T12:00:01+02:00"}
    async with fleet.as_user("chief") as client:
        (found,) = await ask(client, **noon, tz="Europe/Stockholm")
    assert (found["day"], found["stopped_s"]) == (day, hours * 3_600)
    assert (found["trips"], found["stops"], found["distance_m"], found["max_speed_mps"]) == (0, 0, 0, None)


async def test_days_without_fixes_are_there_too(fleet: Fleet) -> None:
    async with fleet.as_user("chief") as client:
        days = await ask(client, to="2026-02-01T00:00:00Z")
    assert len(days) == 31 and {found["stopped_s"] for found in days} == {0}


async def test_a_limited_reader_gets_what_happened_in_their_regions(fleet: Fleet) -> None:
    store_parts(fleet, ROUND)
    fleet.store(fleet.make_fix(at_s=5_000, lon=MAJORNA_LON))
    async with fleet.as_user("haga") as haga, fleet.as_user("chief") as chief, fleet.as_user("nobody") as nobody:
        (limited,), (whole,) = await ask(haga), await ask(chief)
        assert_is_problem(await nobody.get("vehicles/bus-1/summary", params=DAY), 404)
        assert_is_problem(await haga.get("vehicles/bus-2/summary", params=DAY), 404)
    assert 0 < limited["distance_m"] < whole["distance_m"] / 4
    assert [stay["region"] for stay in limited["regions"]] == ["haga"]
    assert [stay["region"] for stay in whole["regions"]] == ["haga", "majorna"]


async def test_a_summary_is_a_csv_file(fleet: Fleet) -> None:
    store_parts(fleet, ROUND)
    async with fleet.as_user("chief") as client:
        (found,) = await ask(client)
        response = await client.get("vehicles/bus-1/summary", params={**DAY, "format": "csv"})
    (row,) = csv.DictReader(io.StringIO(response.text, newline=""))
    assert response.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert response.headers["content-disposition"] == 'attachment; filename="bus-1_2026-01-01_2026-01-01.csv"'
    assert (row["vehicle"], row["day"], row["first_start"]) == ("bus-1", "2026-01-01", found["first_start"])
    assert (float(row["distance_m"]), int(row["trips"])) == (found["distance_m"], found["trips"])
    assert row["regions"].startswith("haga 2 ")


async def test_a_summary_is_a_workbook(fleet: Fleet) -> None:
    """Its validator is of what it says: a workbook holds the time at which it was made."""
    store_parts(fleet, ROUND)
    asked = {**DAY, "format": "xlsx", "tz": "Europe/Stockholm"}
    async with fleet.as_user("chief") as client:
        response = await client.get("vehicles/bus-1/summary", params=asked)
        copy = {"If-None-Match": response.headers["etag"]}
        again = await client.get("vehicles/bus-1/summary", params=asked, headers=copy)
    texts = zipfile.ZipFile(io.BytesIO(response.content)).read("xl/sharedStrings.xml").decode()
    assert all(text in texts for text in ("distance_m", "first_start (Europe/Stockholm)", "haga"))
    assert (again.status_code, again.content) == (304, b"")


async def test_a_day_of_the_fleet_tells_every_vehicle(fleet: Fleet) -> None:
    store_parts(fleet, ROUND)
    async with fleet.as_user("chief") as client:
        (alone,) = await ask(client)
        answer = (await client.get("fleet/summary", params={"day": "2026-01-01"})).json()
    first, *others = answer["items"]
    assert (first.pop("vehicle"), first.pop("name")) == ("bus-1", "Bus 1")
    assert first == alone
    assert [(item["vehicle"], item["trips"]) for item in others] == [("bus-2", 0), ("truck", 0)]
    assert (answer["tz"], answer["limited_to_regions"], answer["next"]) == ("UTC", False, None)


@pytest.mark.parametrize(("limit", "fixes"), [("2", 1_000_000), ("100", 1)])
async def test_a_day_of_the_fleet_comes_in_pages(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch, limit: str, fixes: int
) -> None:
    """A page ends early where much had to be read."""
    monkeypatch.setattr(fleet_summary, "PAGE_FIXES", fixes)
    store_parts(fleet, ROUND)
    params = {"day": "2026-01-01", "limit": limit}
    async with fleet.as_user("chief") as client:
        first = (await client.get("fleet/summary", params=params)).json()
        second = (await client.get("fleet/summary", params={**params, "cursor": first["next"]})).json()
    found = [item["vehicle"] for page in (first, second) for item in page["items"]]
    assert found[: len(first["items"]) + 1] == ["bus-1", "bus-2", "truck"][: len(first["items"]) + 1]
    assert len(first["items"]) == (2 if limit == "2" else 1)


async def test_a_limited_reader_gets_the_vehicles_that_were_in_their_regions(fleet: Fleet) -> None:
    store_parts(fleet, ROUND)
    fleet.store(fleet.make_fix("bus-2", lon=MAJORNA_LON))
    async with fleet.as_user("haga") as haga, fleet.as_user("nobody") as nobody:
        seen = (await haga.get("fleet/summary", params={"day": "2026-01-01"})).json()
        before = (await haga.get("fleet/summary", params={"day": "2025-12-31"})).json()
        none = (await nobody.get("fleet/summary", params={"day": "2026-01-01"})).json()
    assert ([item["vehicle"] for item in seen["items"]], seen["limited_to_regions"]) == (["bus-1"], True)
    assert before["items"] == none["items"] == []


async def test_a_day_of_the_fleet_is_a_file_without_pages(fleet: Fleet) -> None:
    async with fleet.as_user("chief") as client:
        response = await client.get("fleet/summary", params={"day": "2026-01-01", "format": "csv", "limit": "1"})
    assert [row["vehicle"] for row in csv.DictReader(io.StringIO(response.text))] == ["bus-1", "bus-2", "truck"]
    assert response.headers["content-disposition"] == 'attachment; filename="fleet_2026-01-01.csv"'


@pytest.mark.parametrize(
    ("path", "params", "field"),
    [("vehicles/bus-1/summary", DAY, "to"), ("fleet/summary", {"day": "2026-01-01", "format": "xlsx"}, "day")],
)
async def test_more_than_can_be_read_is_refused(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch, path: str, params: dict[str, str], field: str
) -> None:
    monkeypatch.setattr(summary_reading, "MAX_FIXES", 100)
    store_parts(fleet, ROUND)
    async with fleet.as_user("chief") as client:
        response = await client.get(path, params=params)
    assert_is_problem(response, 422)
    assert [error["field"] for error in response.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("path", "params", "field"),
    [
        ("vehicles/bus-1/summary", {**DAY, "tz": "Europe/Gothenburg"}, "tz"),
        ("vehicles/bus-1/summary", {**DAY, "tz": "../../etc/passwd"}, "tz"),
        ("vehicles/bus-1/summary", {**DAY, "tz": ""}, "tz"),
        ("vehicles/bus-1/summary", {**DAY, "format": "pdf"}, "format"),
        ("vehicles/bus-1/summary", {**DAY, "day": "2026-01-01"}, "day"),
        ("vehicles/bus-1/summary", {**DAY, "to": "2027-02-06T09:00:00Z"}, "to"),
        ("fleet/summary", {}, "day"),
        ("fleet/summary", {"day": "2026-02-30"}, "day"),
        ("fleet/summary", {"day": "9999-12-31"}, "day"),
        ("fleet/summary", {"day": "2011-12-30", "tz": "Pacific/Apia"}, "day"),
        ("fleet/summary", {"day": "2026-01-01", "limit": "1001"}, "limit"),
    ],
)
async def test_a_parameter_that_cannot_be_used_is_named(
    fleet: Fleet, path: str, params: dict[str, str], field: str
) -> None:
    async with fleet.as_user("chief") as client:
        response = await client.get(path, params=params)
    assert_is_problem(response, 422)
    assert [error["field"] for error in response.json()["errors"]] == [field]


async def test_a_late_fix_changes_a_summary_and_its_validator(fleet: Fleet) -> None:
    """One of another vehicle does not; without one all that was read is not read again."""
    store_parts(fleet, ROUND)
    async with fleet.as_user("chief") as client:
        response = await client.get("vehicles/bus-1/summary", params=DAY)
        copy = {"If-None-Match": response.headers["etag"]}
        fleet.store(fleet.make_fix("bus-2", at_s=30))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(fleet.telemetry), "load_columns", None)
            again = await client.get("vehicles/bus-1/summary", params=DAY, headers=copy)
        fleet.store(fleet.make_fix("bus-1", at_s=-7_200))
        changed = await client.get("vehicles/bus-1/summary", params=DAY, headers=copy)
    assert (again.status_code, again.content, changed.status_code) == (304, b"", 200)


async def ask_fleet(client: httpx.AsyncClient, etag: str = "", **params: str) -> httpx.Response:
    headers = {"If-None-Match": etag} if etag else {}
    response = await client.get("fleet/summary", params={"day": "2026-01-01", **params}, headers=headers)
    assert response.status_code in (200, 304), response.text
    return response


@pytest.mark.parametrize("params", [{}, {"limit": "2"}, {"format": "csv"}, {"format": "xlsx"}])
@pytest.mark.parametrize("user", ["chief", "haga"])
async def test_a_304_of_the_fleet_reads_no_fix(fleet: Fleet, user: str, params: dict[str, str]) -> None:
    """Until a fix comes of one of its vehicles."""
    store_parts(fleet, ROUND)
    fleet.store(fleet.make_fix("bus-2"))
    async with fleet.as_user(user) as client:
        etag = (await ask_fleet(client, **params)).headers["etag"]
        seal_all(fleet)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(fleet.telemetry), "load_columns", None)
            patch.setattr(type(fleet.telemetry), "load_pages", None)
            again = await ask_fleet(client, etag, **params)
        fleet.store(fleet.make_fix("bus-2", at_s=60, lat=57.691))
        changed = await ask_fleet(client, etag, **params)
    assert (again.status_code, again.content, changed.status_code) == (304, b"", 200)


@pytest.mark.parametrize("change", ["name", "stay", "more"])
async def test_a_day_of_the_fleet_changes_with_what_else_it_tells(fleet: Fleet, change: str) -> None:
    """A name, how long a visit has lasted, whether there is another page."""
    store_parts(fleet, ROUND)
    params = {"limit": "3"}
    async with fleet.as_user("chief") as client:
        etag = (await ask_fleet(client, **params)).headers["etag"]
        if change == "name":
            await sync_to_async(Vehicle.objects.filter(slug="truck").update)(name="Lorry")
        elif change == "more":
            await sync_to_async(Vehicle.objects.create)(slug="van", name="Van")
        else:
            fleet.store(fleet.make_fix("truck"))
        await fleet.refresh_office()
        changed = await ask_fleet(client, etag, **params)
    assert changed.status_code == 200


async def test_a_page_that_ended_early_is_known_again(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its validator says of how many vehicles it tells."""
    monkeypatch.setattr(fleet_summary, "PAGE_FIXES", 1)
    store_parts(fleet, ROUND)
    fleet.store(fleet.make_fix("bus-2"))
    async with fleet.as_user("chief") as client:
        first = await ask_fleet(client)
        again = await ask_fleet(client, first.headers["etag"])
    assert (len(first.json()["items"]), again.status_code) == (1, 304)


@pytest.mark.parametrize("path", ["fleet/summary?day=2026-01-01", "vehicles/bus-1/summary", "vehicles/bus-1/trips"])
async def test_what_is_sealed_and_over_may_be_kept_for_an_hour(fleet: Fleet, path: str) -> None:
    """While something of it is hot, for a minute; the next stop is read, and there are fixes after it."""
    day = None if "?" in path else DAY
    await sync_to_async(Vehicle.objects.exclude(slug="bus-1").delete)()
    await fleet.refresh_office()
    for days in range(4):
        store_parts(fleet, ROUND, at_s=days * 86_400)
    async with fleet.as_user("chief") as client:
        hot = await client.get(path, params=day)
        seal_all(fleet)
        sealed = await client.get(path, params=day)
        again = await client.get(path, params=day, headers={"If-None-Match": hot.headers["etag"]})
    assert hot.headers["cache-control"] == "private, max-age=60"
    assert sealed.headers["cache-control"] == "private, max-age=3600, immutable"
    assert (again.status_code, again.headers["cache-control"]) == (304, sealed.headers["cache-control"])
