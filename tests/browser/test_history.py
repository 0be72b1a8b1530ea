"""The history page: one vehicle's past on map, chart, strip and list."""

import re
from datetime import UTC, datetime, timedelta
from math import cos, radians

import httpx
import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.conftest import Installation
from tests.browser.held import Held
from tests.deploy.site import manage

DAY = (datetime.now(UTC) - timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
ADDRESS = f"/history?vehicle=van&day={DAY:%Y-%m-%d}"
LAT, LON = 57.7, 11.9
EVERY_S = 10
SPEED_MPS = 12.0
MOST_IN_POST = 1_000
EAST_PER_M = 1 / (111_195 * cos(radians(LAT)))


def at(time: str) -> datetime:
    return DAY + timedelta(hours=int(time[:2]), minutes=int(time[3:]))


def drive(begin: str, minutes: int, from_m: float, *, every_s: int = EVERY_S) -> list[dict[str, object]]:
    """To the east, so many metres from where the day began."""
    return [
        {
            "fix_time": (at(begin) + timedelta(seconds=at_s)).isoformat(),
            "lat": LAT,
            "lon": LON + (from_m + SPEED_MPS * at_s) * EAST_PER_M,
            "speed_mps": SPEED_MPS,
        }
        for at_s in range(0, minutes * 60, every_s)
    ]


def rest(begin: str, minutes: int, at_m: float) -> list[dict[str, object]]:
    return [fix | {"lon": LON + at_m * EAST_PER_M, "speed_mps": 0} for fix in drive(begin, minutes, at_m)]


def store_day(installation: Installation) -> None:
    """A drive from 8:00 to 8:20, a stop until 9:00, a drive to 9:20 with ten minutes of silence and on to 9:50."""
    fixes = [
        *drive("08:00", 20, 0),
        *rest("08:20", 40, 14_400),
        *drive("09:00", 20, 14_400),
        *drive("09:30", 20, 36_000),
        *rest("09:50", 30, 50_400),
    ]
    with installation.as_driver() as driver:
        answer = driver.post("fixes", json=fixes)
    assert answer.json()["refused"] == [], answer.text


@pytest.fixture
def history(installation: Installation, page: Page) -> Page:
    """In UTC, whatever the machine's zone is."""
    store_day(installation)
    page.add_init_script('localStorage.setItem("fleet-preferences", \'{"zone": "utc", "clock": "24"}\')')
    page.on("pageerror", lambda error: installation.problems.append(str(error)))
    installation.sign_in(page, "boss", ADDRESS)
    expect(page.locator(".episode")).to_have_count(4)
    return page


def expect_shown(page: Page, clock: str) -> None:
    expect(page.locator(".player-said time")).to_have_text(re.compile(rf"\b{clock}$"))


def test_trips_and_stops_are_listed(history: Page) -> None:
    """With their time, place and distance; what is not known of the way is said."""
    rows = history.locator(".episode")
    expect(rows.nth(0)).to_contain_text("08:00 – 08:20")
    expect(rows.nth(0)).to_contain_text("14.4 km")
    expect(rows.nth(1)).to_contain_text("Stopped at 57.70000")
    expect(rows.nth(2)).to_contain_text("without a fix")
    expect(history.get_by_role("status")).to_contain_text("One gap of more than 5 minutes without a fix")
    expect(history.locator("#figures")).to_contain_text("Trips2")


def test_one_cursor_is_in_all_views(history: Page) -> None:
    """A click in the list moves those of strip and chart, a click on the strip that of the list; the address says where it is."""
    history.locator(".episode").nth(2).click()
    expect_shown(history, "09:00:00")
    for mark in (".strip-cursor", ".chart-cursor", ".cursor-arrow"):
        expect(history.locator(mark)).to_be_visible()
    strip = history.locator(".strip-body svg")
    width = (strip.bounding_box() or {})["width"]
    strip.click(position={"x": width * 8.5 / 24, "y": 8})
    expect(history.locator(".episode").nth(1)).to_have_attribute("aria-current", "time")
    expect(history.locator(".player-said")).to_contain_text("Stopped since 08:20")
    expect(history).to_have_url(re.compile(rf"vehicle=van&day={DAY:%Y-%m-%d}&t={DAY:%Y-%m-%d}T08:[23]\d:"))


def test_a_click_on_the_line_goes_there(history: Page) -> None:
    """The track runs from the left to the right of the map, and is found below its middle."""
    history.keyboard.press("z")
    history.locator(".episode").nth(0).click()
    history.keyboard.press("ArrowRight")
    arrow = box_at_rest(history.locator(".cursor-arrow"))
    history.mouse.click(arrow["x"] + arrow["width"] / 2 + 30, arrow["y"] + arrow["height"] / 2)
    expect(history.locator(".player-said time")).not_to_contain_text("08:00:")
    expect(history.locator(".episode").nth(0)).to_have_attribute("aria-current", "time")


def box_at_rest(locator: Locator) -> FloatRect:
    """Where it is once the map beneath moves no more."""
    before = None
    for _ in range(100):
        box = locator.bounding_box()
        if box is not None and box == before:
            return box
        before = box
        locator.page.wait_for_timeout(100)
    raise AssertionError("it does not come to rest")


def test_in_a_gap_nothing_is_made_up(history: Page) -> None:
    history.locator("#strips").scroll_into_view_if_needed()
    strip = history.locator(".strip-body svg")
    width = (strip.bounding_box() or {})["width"]
    strip.click(position={"x": width * (9 + 25 / 60) / 24, "y": 8})
    expect(history.locator(".player-said")).to_contain_text("Last seen here: no fix since 09:19:50")
    expect(history.locator(".cursor-arrow.is-lost")).to_be_visible()


def test_it_plays_and_skips(history: Page) -> None:
    """At 300 times, over the stop, to the end of what is known."""
    history.locator(".episode").nth(1).click()
    history.get_by_label("How many times as fast as it was").select_option("300")
    history.get_by_role("button", name="Skip gaps and stops").click()
    history.keyboard.press("Escape")
    history.locator("body").press("Space")
    expect(history.locator(".episode").nth(2)).to_have_attribute("aria-current", "time")
    history.get_by_role("button", name="Pause").click()
    expect(history).to_have_url(re.compile("speed=300&skip=yes"))


def test_the_address_brings_it_back(history: Page, installation: Installation) -> None:
    history.goto(f"{installation.url}{ADDRESS}&t={DAY:%Y-%m-%d}T09:10:00Z&speed=60&skip=yes&at=14/57.70000/12.00000")
    expect(history.locator(".player-said time")).to_contain_text("09:10:00")
    expect(history.get_by_label("How many times as fast as it was")).to_have_value("60")
    expect(history.get_by_role("button", name="Skip gaps and stops")).to_have_attribute("aria-pressed", "true")


def test_an_empty_day_and_an_unknown_vehicle_are_told_in_words(history: Page, installation: Installation) -> None:
    """And the way from a day without fixes to the last one with some."""
    history.goto(f"{installation.url}/history?vehicle=van&day={DAY - timedelta(days=30):%Y-%m-%d}")
    status = history.get_by_role("status")
    expect(status).to_contain_text("The vehicle sent nothing in these days.")
    status.get_by_role("button", name="Show its last day").click()
    expect(history.locator(".episode")).not_to_have_count(0)
    expect(status).not_to_contain_text("sent nothing")
    history.goto(f"{installation.url}/history")
    expect(history.get_by_role("status")).to_contain_text("Choose a vehicle")
    expect(history.get_by_role("button", name="Play")).to_be_hidden()
    expect(history.get_by_text("Export")).to_be_hidden()
    history.get_by_label("Vehicle by name, plate or slug").fill("va")
    expect(history.get_by_role("listbox").get_by_role("option")).not_to_have_count(0)
    history.keyboard.press("Enter")
    expect(history.get_by_role("status")).not_to_contain_text("Choose")
    installation.problems.clear()


def test_what_is_typed_before_the_vehicles_have_come_stays(history: Page, installation: Installation) -> None:
    held = Held(history, "**/api/v1/vehicles?*")
    history.goto(f"{installation.url}/history")
    held.wait_for_one()
    search = history.get_by_label("Vehicle by name, plate or slug")
    search.fill("va")
    expect(history.get_by_role("listbox")).to_have_text("Loading …")
    held.let_go()
    expect(history.get_by_role("listbox").get_by_role("option")).not_to_have_count(0)
    expect(search).to_have_value("va")


def test_files_of_it_are_to_be_had(history: Page, installation: Installation) -> None:
    """All fixes of the range, whatever is drawn."""
    history.get_by_text("Export").click()
    with history.expect_download() as download:
        history.get_by_role("link", name="Track as CSV").click()
    assert len(download.value.path().read_text().splitlines()) == 1 + 780


def test_the_keys_are_listed(history: Page) -> None:
    history.keyboard.press("?")
    expect(history.get_by_role("dialog", name="Keyboard")).to_contain_text("play or pause")


def test_the_live_page_leads_there(history: Page, installation: Installation) -> None:
    """By the card of the selected vehicle, to its last days. It is still where it stopped: the day stays as it was, at any hour."""
    installation.post(fix_time=datetime.now(UTC).isoformat(), lat=LAT, lon=LON + 50_400 * EAST_PER_M)
    history.goto(f"{installation.url}/?vehicle=van")
    history.get_by_role("link", name="History").last.click()
    expect(history.get_by_label("Vehicle by name, plate or slug")).to_have_value("van")


def accompany(installation: Installation, *, minutes: int = 30, every_s: int = EVERY_S) -> None:
    """A bus drove from 8:10 on, north of the van."""
    token = manage(installation.environment, "device_token", "bus", "--create")
    fixes = [fix | {"lat": LAT + 0.02} for fix in drive("08:10", minutes, 0, every_s=every_s)]
    for first in range(0, len(fixes), MOST_IN_POST):
        answer = httpx.post(
            f"{installation.url}/api/v1/fixes",
            json=fixes[first : first + MOST_IN_POST],
            headers={"Authorization": f"Bearer {token}"},
            trust_env=False,
        )
        assert answer.json()["refused"] == [], answer.text


def test_several_vehicles_share_one_cursor(history: Page, installation: Installation) -> None:
    """A letter each in chips, strips, list and map; the address holds who is there and which one is chosen."""
    accompany(installation)
    history.reload()
    expect(history.locator(".episode")).to_have_count(4)
    history.keyboard.press("a")
    history.keyboard.type("bus")
    expect(history.get_by_role("listbox").get_by_role("option")).to_have_count(1)
    history.keyboard.press("Enter")
    expect(history.locator(".episode-vehicle")).to_have_text(["Avan", "Bbus"])
    expect(history.locator(".strip")).to_have_count(2)
    expect(history).to_have_url(re.compile("vehicle=van,bus&day="))
    history.locator(".episode").first.click()
    expect_shown(history, "08:00:00")
    expect(history.locator(".cursor-letter")).to_have_count(0)  # nobody had heard of the bus yet
    history.locator(".episode").nth(1).click()
    expect(history.locator(".cursor-letter")).to_have_text("B")
    expect(history.locator(".episode[aria-current]")).to_have_count(2)
    bus = history.locator("#company").get_by_role("button", name="bus").first
    bus.click()
    expect(history).to_have_url(re.compile("vehicle=van,bus&chosen=bus"))
    expect(bus).to_be_focused()
    expect(history.locator("#figures")).to_contain_text("Trips1")
    expect_shown(history, "08:20:00")


def test_the_map_stays_where_a_hand_left_it_while_others_come(history: Page, installation: Installation) -> None:
    accompany(installation)
    held = Held(history, "**/vehicles/bus/**")
    history.goto(f"{installation.url}/history?vehicle=van,bus&day={DAY:%Y-%m-%d}")
    expect(history.locator(".episode")).to_have_count(4)
    arrow = history.locator(".cursor-arrow")
    box_at_rest(arrow)
    for _ in range(3):
        history.get_by_role("button", name="Zoom in").click()
        box_at_rest(arrow)
    held.let_go()
    expect(history.locator(".episode-vehicle")).to_have_count(2)
    history.keyboard.press("ArrowRight")
    expect(history).to_have_url(re.compile("T08:00:10Z"))
    by_hand = zoom_of(history)
    history.keyboard.press("z")
    expect(history).not_to_have_url(re.compile(f"at={by_hand}/"))
    assert zoom_of(history) < by_hand


def zoom_of(page: Page) -> int:
    found = re.search(r"at=(\d+)/", page.url)
    assert found is not None
    return int(found[1])


def test_each_of_several_has_its_files_and_can_be_left_out(history: Page, installation: Installation) -> None:
    accompany(installation)
    history.goto(f"{installation.url}/history?vehicle=van,bus&day={DAY:%Y-%m-%d}")
    expect(history.locator(".episode-vehicle")).to_have_count(2)
    history.get_by_text("Export").click()
    expect(history.get_by_role("link", name="Track as CSV")).to_have_count(2)
    history.keyboard.press("Escape")
    history.get_by_role("button", name="Leave van out").click()
    expect(history).to_have_url(re.compile("vehicle=bus&day="))
    expect(history.locator(".episode-vehicle")).to_have_count(0)
    expect(history.locator(".letter")).to_have_count(0)


@pytest.mark.parametrize(("without", "is_whole"), [("Nothing", True), ("DecompressionStream", False)])
def test_others_are_whole_or_said_not_to_be(
    history: Page, installation: Installation, without: str, is_whole: bool
) -> None:
    """9,600 fixes of a bus beside the chosen van; a browser that cannot inflate gets 9,000 of them at most."""
    accompany(installation, minutes=160, every_s=1)
    history.add_init_script(f"delete window.{without}")
    history.goto(f"{installation.url}/history?vehicle=van,bus&day={DAY:%Y-%m-%d}&t={DAY:%Y-%m-%d}T08:11:40Z")
    expect(history.locator(".episode-vehicle")).to_have_text(["Avan", "Bbus"])
    expect(history.locator(".cursor-letter")).to_have_text("B")
    said = history.get_by_role("status").get_by_text("Not all fixes of bus are shown")
    expect(said).to_have_count(0 if is_whole else 1)
