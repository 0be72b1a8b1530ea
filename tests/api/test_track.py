"""The track of a vehicle."""

import csv
import gc
import io
import json
import time
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from tests.api.conftest import HAGA_LON, MAJORNA_LON, OUTSIDE_LON, START_MS, Fleet, assert_is_problem
from tracking.api import track, track_reading
from tracking.domain.errors import Unavailable
from tracking.models import Vehicle
from tracking.wire.rfc3339 import encode_time

HOUR = {"from": "2026-01-01T09:00:00Z", "to": "2026-01-01T10:00:00Z"}
KML = "{http://www.opengis.net/kml/2.3}"
GPX = "{http://www.topografix.com/GPX/1/1}"


async def ask(client: httpx.AsyncClient, **params: str) -> httpx.Response:
    return await client.get("vehicles/bus-1/track", params={**HOUR, **params})


def seconds(response: httpx.Response) -> list[int]:
    """The fixes of a JSON answer, by their time after START_MS."""
    assert response.status_code == 200, response.text
    return [int(row[0][14:16]) * 60 + int(row[0][17:19]) for row in response.json()["rows"]]


async def test_what_was_stored_comes_back(fleet: Fleet) -> None:
    """Every digit that the store keeps, oldest first, unknown as null."""
    fleet.store(
        fleet.make_fix(
            at_s=2.125, lat=-57.1234567, lon=-179.9999999, speed_mps=4.203, course_deg=359.99, accuracy_m=5.25
        ),
        fleet.make_fix(at_s=1, lat=0.0000001, lon=180.0),
    )
    async with fleet.as_user("chief") as client:
        assert (await ask(client)).json() == {
            "vehicle": "bus-1",
            "from": "2026-01-01T09:00:00.000Z",
            "to": "2026-01-01T10:00:00.000Z",
            "limited_to_regions": False,
            "fields": ["fix_time", "lat", "lon", "speed_mps", "course_deg", "accuracy_m"],
            "rows": [
                ["2026-01-01T09:00:01.000Z", 0.0000001, 180.0, None, None, None],
                ["2026-01-01T09:00:02.125Z", -57.1234567, -179.9999999, 4.203, 359.99, 5.25],
            ],
            "fixes": 2,
            "distance_m": pytest.approx(6_351_908, rel=0.001),
            "duration_s": 1.125,
            "tolerance_m": None,
            "gaps": [],
        }


async def test_the_range_holds_its_beginning_and_not_its_end(fleet: Fleet) -> None:
    fleet.store(*(fleet.make_fix(at_s=at_s) for at_s in (0, 1, 2)), fleet.make_fix("bus-2", at_s=1))
    async with fleet.as_user("chief") as client:
        answer = await ask(client, **{"from": "2026-01-01T10:00:00+01:00", "to": "2026-01-01T09:00:02Z"})
    assert seconds(answer) == [0, 1]


def coordinates_json(text: str) -> list[tuple[float, float]]:
    return [(row[1], row[2]) for row in json.loads(text)["rows"]]


def coordinates_geojson(text: str) -> list[tuple[float, float]]:
    (line,) = json.loads(text)["geometry"]["coordinates"]
    return [(lat, lon) for lon, lat in line]


def coordinates_gpx(text: str) -> list[tuple[float, float]]:
    points = ElementTree.fromstring(text).iter(f"{GPX}trkpt")
    return [(float(point.attrib["lat"]), float(point.attrib["lon"])) for point in points]


def coordinates_kml(text: str) -> list[tuple[float, float]]:
    places = [str(place.text).split() for place in ElementTree.fromstring(text).iter(f"{KML}coord")]
    return [(float(lat), float(lon)) for lon, lat in places]


def coordinates_csv(text: str) -> list[tuple[float, float]]:
    return [(float(row["lat"]), float(row["lon"])) for row in csv.DictReader(io.StringIO(text, newline=""))]


@pytest.mark.parametrize(
    ("format_", "media_type", "read"),
    [
        ("json", "application/json", coordinates_json),
        ("geojson", "application/geo+json", coordinates_geojson),
        ("gpx", "application/gpx+xml", coordinates_gpx),
        ("csv", "text/csv; charset=utf-8; header=present", coordinates_csv),
        ("kml", "application/vnd.google-earth.kml+xml", coordinates_kml),
    ],
)
async def test_every_format_carries_every_fix_over_many_pages(
    fleet: Fleet,
    monkeypatch: pytest.MonkeyPatch,
    format_: str,
    media_type: str,
    read: Callable[[str], list[tuple[float, float]]],
) -> None:
    monkeypatch.setattr(track_reading, "PAGE_ROWS", 3)
    fixes = [fleet.make_fix(at_s=at_s, lat=57 + at_s / 1e7) for at_s in range(9)]
    fleet.store(*fixes)
    async with fleet.as_user("chief") as client:
        response = await ask(client, format=format_)
    assert response.headers["content-type"] == media_type
    assert read(response.text) == [(fix.lat, fix.lon) for fix in fixes]


def store_drives(fleet: Fleet) -> None:
    """Five minutes at 10 m/s to the north, ten minutes of silence on the way back, five minutes to the east; a fix each 5 s."""
    for begin_s, north, east in ((0, 9e-5, 0.0), (900, 0.0, 1.68e-4)):
        fleet.store(
            *(
                fleet.make_fix(at_s=begin_s + at_s, lat=57.69 + north * at_s, lon=HAGA_LON + east * at_s)
                for at_s in range(0, 301, 5)
            )
        )


async def test_a_track_tells_its_way_and_its_gaps(fleet: Fleet) -> None:
    """The gap is crossed straight, and drawn by no format."""
    store_drives(fleet)
    async with fleet.as_user("chief") as client:
        answer = (await ask(client)).json()
        drawn = (await ask(client, format="geojson")).json()
    assert answer["fixes"] == 122
    assert answer["duration_s"] == 1200
    assert answer["distance_m"] == pytest.approx(3 * 3000, rel=0.02)
    assert answer["gaps"] == [["2026-01-01T09:05:00.000Z", "2026-01-01T09:15:00.000Z"]]
    assert [len(line) for line in drawn["geometry"]["coordinates"]] == [61, 61]
    assert drawn["properties"]["gaps"] == answer["gaps"]


@pytest.mark.parametrize("params", [{"max_points": "5"}, {"tolerance_m": "3"}])
async def test_a_simplified_track_keeps_what_matters_and_says_how_exact_it_is(
    fleet: Fleet, params: dict[str, str]
) -> None:
    """Two even drives are their ends; distance and gaps are those of the whole."""
    store_drives(fleet)
    async with fleet.as_user("chief") as client:
        whole, few = await ask(client), await ask(client, **params)
        lines = (await ask(client, format="geojson", **params)).json()["geometry"]["coordinates"]
    assert few.headers["etag"] != whole.headers["etag"]
    assert [len(line) for line in lines] == [2, 2] or len(seconds(few)) == 5
    assert {0, 300, 900, 1200} <= set(seconds(few))
    assert few.json()["tolerance_m"] <= 3
    assert {name: few.json()[name] for name in ("fixes", "distance_m", "duration_s", "gaps")} == {
        name: whole.json()[name] for name in ("fixes", "distance_m", "duration_s", "gaps")
    }


async def test_fewer_points_than_ends_of_lines_are_refused(fleet: Fleet) -> None:
    store_drives(fleet)
    async with fleet.as_user("chief") as client:
        response = await ask(client, max_points="3")
    assert_is_problem(response, 422)
    assert "at least 4" in response.text


async def test_more_fixes_than_can_be_simplified_at_once_are_refused(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is cut silently."""
    monkeypatch.setattr(track, "MAX_SIMPLIFIED", 100)
    store_drives(fleet)
    async with fleet.as_user("chief") as client:
        response = await ask(client, tolerance_m="5")
    assert_is_problem(response, 422)
    assert "at most 100 fixes; the range has 122" in response.text


async def test_no_line_is_drawn_through_what_a_reader_may_not_see(fleet: Fleet) -> None:
    outside_lon = HAGA_LON + 0.03  # near enough to be driven to in a minute: no spike
    lons = [HAGA_LON, HAGA_LON, outside_lon, HAGA_LON, HAGA_LON, outside_lon]
    fleet.store(*(fleet.make_fix(at_s=60 * minute, lon=lon) for minute, lon in enumerate(lons)))
    async with fleet.as_user("haga") as client:
        lines = (await ask(client, format="geojson")).json()["geometry"]["coordinates"]
    assert [len(line) for line in lines] == [2, 2]


async def test_an_empty_range_can_be_simplified(fleet: Fleet) -> None:
    async with fleet.as_user("chief") as client:
        assert seconds(await ask(client, max_points="5")) == []


async def test_files_have_a_name(fleet: Fleet) -> None:
    async with fleet.as_user("chief") as client:
        headers = (await ask(client, format="gpx")).headers
    assert headers["content-disposition"] == 'attachment; filename="bus-1_20260101T090000Z_20260101T100000Z.gpx"'


async def test_a_limited_reader_gets_what_happened_in_their_regions(fleet: Fleet) -> None:
    """The answer says that there may be more; who was never there is not found at all."""
    lons = [OUTSIDE_LON, HAGA_LON, HAGA_LON, MAJORNA_LON, OUTSIDE_LON, HAGA_LON]
    fleet.store(*(fleet.make_fix(at_s=at_s, lon=lon) for at_s, lon in enumerate(lons)))
    async with fleet.as_user("haga") as haga, fleet.as_user("chief") as chief, fleet.as_user("nobody") as nobody:
        limited, whole = await ask(haga), await ask(chief)
        assert seconds(limited) == [1, 2, 5]
        assert seconds(whole) == [0, 1, 2, 3, 4, 5]
        assert (limited.json()["limited_to_regions"], limited.headers["x-fleet-limited"]) == (True, "regions")
        assert (whole.json()["limited_to_regions"], "x-fleet-limited" in whole.headers) == (False, False)
        assert_is_problem(await ask(nobody), 404)
        assert_is_problem(await haga.get("vehicles/bus-2/track", params=HOUR), 404)


async def test_a_limited_reader_of_a_quiet_hour_gets_an_empty_track(fleet: Fleet) -> None:
    """The vehicle exists for them, as it was in their region at another time."""
    fleet.store(fleet.make_fix(), fleet.make_fix(at_s=1, lon=OUTSIDE_LON))
    async with fleet.as_user("haga") as client:
        assert seconds(await ask(client, **{"from": "2026-01-01T09:30:00Z"})) == []


async def test_an_unchanged_track_is_answered_without_reading_a_row(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A late fix changes the validator."""
    fleet.store(fleet.make_fix(), fleet.make_fix(at_s=9))
    async with fleet.as_user("chief") as client:
        etag = (await ask(client)).headers["etag"]
        with monkeypatch.context() as patch:
            patch.setattr(fleet.telemetry, "load_columns", None)
            again = await ask_with_copy(client, etag)
        fleet.store(fleet.make_fix(at_s=5))
        changed = await ask_with_copy(client, etag)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert seconds(changed) == [0, 5, 9]


async def ask_with_copy(client: httpx.AsyncClient, etag: str, **params: str) -> httpx.Response:
    return await client.get("vehicles/bus-1/track", params={**HOUR, **params}, headers={"If-None-Match": etag})


@pytest.mark.parametrize(("edge_s", "beside_s"), [(600, 595), (2_995, 3_000)], ids=["before", "after"])
async def test_a_late_fix_beside_the_range_may_change_how_far_it_was(fleet: Fleet, edge_s: int, beside_s: int) -> None:
    """By it the fix at the range's edge lies astray; of formats without a distance nothing changes."""
    part = {"from": "2026-01-01T09:10:00Z", "to": "2026-01-01T09:50:00Z"}
    fleet.store(*(fleet.make_fix(at_s=at_s, lat=57.70 if at_s == edge_s else 57.69) for at_s in range(600, 3_000, 5)))
    async with fleet.as_user("chief") as client:
        first, table = await ask(client, **part), await ask(client, format="csv", **part)
        fleet.store(fleet.make_fix(at_s=beside_s))
        late = await ask_with_copy(client, first.headers["etag"], **part)
        same = await ask_with_copy(client, table.headers["etag"], format="csv", **part)
        again = await ask_with_copy(client, late.headers["etag"], **part)
    assert (first.json()["distance_m"], late.json()["distance_m"]) == (1112.0, 0.0)
    assert (same.status_code, again.status_code) == (304, 304)


async def test_another_kind_of_vehicle_is_measured_anew(fleet: Fleet) -> None:
    """What is believed of a bus is not believed of a bike."""
    fleet.store(fleet.make_fix())
    async with fleet.as_user("chief") as client:
        etag = (await ask(client)).headers["etag"]
        await Vehicle.objects.filter(slug="bus-1").aupdate(kind="bike")
        await fleet.refresh_office()
        assert (await ask_with_copy(client, etag)).status_code == 200


async def test_a_validator_belongs_to_one_reader_format_and_range(fleet: Fleet) -> None:
    fleet.store(fleet.make_fix())
    async with fleet.as_user("chief") as chief, fleet.as_user("haga") as haga:
        answers: list[Any] = [
            await ask(chief),
            await ask(haga),
            await ask(chief, format="csv"),
            await ask(chief, to="2026-01-01T11:00:00Z"),
        ]
    assert len({answer.headers["etag"] for answer in answers}) == len(answers)


async def test_only_a_closed_range_is_kept_without_asking(fleet: Fleet) -> None:
    now_ms = time.time_ns() // 1_000_000
    open_range = {"from": encode_time(now_ms - 60_000), "to": encode_time(now_ms + 60_000)}
    async with fleet.as_user("chief") as client:
        closed, still_open = await ask(client), await ask(client, **open_range)
    assert closed.headers["cache-control"] == "private, max-age=60"
    assert still_open.headers["cache-control"] == "private, no-cache"
    assert closed.headers["vary"] == still_open.headers["vary"] == "Cookie, Authorization"


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"from": "2026-01-01"}, "from"),
        ({"from": "2026-01-01T09:00:00"}, "from"),
        ({"from": "2026-01-01T09:00:00 01:00"}, "from"),
        ({"from": "1969-12-31T23:59:59Z"}, "from"),
        ({"to": "2100-01-01T00:00:01Z"}, "to"),
        ({"to": HOUR["from"]}, "to"),
        ({"to": "2027-02-06T09:00:00Z"}, "to"),
        ({"format": "xml"}, "format"),
        ({"max_points": "1"}, "max_points"),
        ({"max_points": "100001"}, "max_points"),
        ({"tolerance_m": "0"}, "tolerance_m"),
        ({"tolerance_m": "5", "max_points": "5"}, "tolerance_m"),
        ({"min_points": "5"}, "min_points"),
    ],
)
async def test_a_parameter_that_cannot_be_used_is_named(fleet: Fleet, params: dict[str, str], field: str) -> None:
    async with fleet.as_user("chief") as client:
        response = await ask(client, **params)
    assert_is_problem(response, 422)
    assert [error["field"] for error in response.json()["errors"]] == [field]


async def test_both_ends_of_the_range_are_needed(fleet: Fleet) -> None:
    async with fleet.as_user("chief") as client:
        response = await client.get("vehicles/bus-1/track")
    assert [error["field"] for error in response.json()["errors"]] == ["from", "to"]


async def test_a_store_out_of_reach_is_answered_with_when_to_come_back(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise Unavailable("gone", retry_after_s=7)

    monkeypatch.setattr(fleet.telemetry, "track_mark", fail)
    async with fleet.as_user("chief") as client:
        response = await ask(client)
    assert_is_problem(response, 503)
    assert response.headers["retry-after"] == "7"


@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")
async def test_a_store_that_fails_on_the_way_ends_the_answer_with_an_error(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cut track must not look like a whole one: the application raises, and the server breaks the connection."""
    monkeypatch.setattr(track_reading, "PAGE_ROWS", 2)
    fleet.store(*(fleet.make_fix(at_s=at_s) for at_s in range(4)))
    load_columns = fleet.telemetry.load_columns

    def fail_later(vehicle: int, from_ms: int, to_ms: int, *, limit: int) -> Any:
        if from_ms > START_MS:
            raise Unavailable("gone")
        return load_columns(vehicle, from_ms, to_ms, limit=limit)

    monkeypatch.setattr(fleet.telemetry, "load_columns", fail_later)
    async with fleet.as_user("chief", raises=True) as client:
        with pytest.raises(Unavailable):
            await ask(client)
    gc.collect()  # Django leaves the request's body open when an answer breaks; the file ends here, not in another test
