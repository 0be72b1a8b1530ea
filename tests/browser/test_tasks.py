"""What somebody who has never seen it must be able to do, and in how few clicks and keys."""

import re
import time
from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Installation
from tests.browser.test_desk import bubble, from_driver, messages_of
from tests.browser.test_map import open_map
from tests.browser.test_region_editor import CENTRE_LAT, CENTRE_LON, on_map
from tests.deploy.site import manage

COUNT = 9
LATE = 4
MAKE = f"""
from tracking.models import Vehicle
for number in range({COUNT}):
    Vehicle.objects.get_or_create(slug=f"bus-{{number}}", defaults={{"name": f"Bus {{number}}"}})
"""
HOUR_S = 3600


@dataclass(slots=True)
class Hand:
    """Counts what a person does: a click, a key, or a text that is written, however long."""

    page: Page
    acts: int = 0

    def click(self, what: Locator) -> None:
        self.acts += 1
        what.click()

    def click_map(self, dx_px: int, dy_px: int) -> None:
        self.acts += 1
        self.page.mouse.move(*on_map(self.page, dx_px, dy_px), steps=4)
        self.page.mouse.click(*on_map(self.page, dx_px, dy_px))

    def press(self, key: str) -> None:
        self.acts += 1
        self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        self.acts += 1
        self.page.keyboard.type(text)


@pytest.fixture(scope="module")
def gateway(installation: Installation) -> str:
    """Its buses drove an hour ago, and now; one fell silent 20 minutes ago."""
    installation.run(MAKE)
    token = manage(installation.environment, "device_token", "--gateway")
    now_s = time.time()
    report(installation, token, [(number, now_s - HOUR_S + after) for number in range(COUNT) for after in (0, 60)])
    report(installation, token, [(LATE, now_s - 1200)])
    return token


@pytest.fixture
def hand(installation: Installation, gateway: str, page: Page) -> Hand:
    """The page has just been opened; all but one bus have just been heard of."""
    report(installation, gateway, [(number, time.time()) for number in range(COUNT) if number != LATE])
    open_map(installation, page, 13)
    return Hand(page)


def report(installation: Installation, token: str, moments: list[tuple[int, float]]) -> None:
    """Each a bus's number and a time; it stands where its number says."""
    fixes = [
        {
            "vehicle": f"bus-{number}",
            "fix_time": int(at_s * 1000),
            "lat": CENTRE_LAT,
            "lon": CENTRE_LON + number * 0.004,
            "speed_mps": 8,
        }
        for number, at_s in moments
    ]
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.post(f"{installation.url}/api/v1/fixes", json=fixes, headers=headers, trust_env=False)
    assert answer.json()["refused"] == [], answer.text


def row(hand: Hand, name: str) -> Locator:
    return hand.page.get_by_role("option", name=name)


def card(hand: Hand) -> Locator:
    return hand.page.get_by_label("Selected vehicle", exact=True)


def test_a_vehicle_is_found_by_keys(hand: Hand) -> None:
    hand.press("/")
    hand.write("bus 7")
    hand.press("Enter")
    expect(card(hand).get_by_role("heading", name="Bus 7")).to_be_visible()
    assert hand.acts <= 3


def test_a_vehicle_is_found_by_mouse(hand: Hand) -> None:
    hand.click(hand.page.get_by_role("searchbox"))
    hand.write("bus 7")
    hand.click(row(hand, "Bus 7"))
    expect(card(hand).get_by_role("heading", name="Bus 7")).to_be_visible()
    assert hand.acts <= 3


def test_who_is_late_stands_first_and_alone_if_wanted(hand: Hand) -> None:
    """With since when."""
    rows = hand.page.get_by_role("listbox", name="Vehicles").get_by_role("option")
    first = rows.first
    expect(first).to_contain_text(f"Bus {LATE}")
    expect(first).to_contain_text(re.compile("offline.*2[0-9] min"))
    hand.click(hand.page.get_by_label("Show only").get_by_role("button", name="Offline 1"))
    expect(rows).to_have_count(1)
    assert hand.acts <= 1


def test_a_vehicle_is_followed(hand: Hand) -> None:
    hand.click(row(hand, "Bus 3"))
    hand.click(card(hand).get_by_role("button", name="Follow"))
    expect(hand.page.get_by_role("button", name="Following Bus 3")).to_be_visible()
    assert hand.acts <= 2


def test_the_last_hour_is_replayed(hand: Hand) -> None:
    page = hand.page
    hand.click(page.get_by_role("button", name="Back in time"))
    hand.click(page.get_by_role("button", name="An hour ago"))
    moment = page.get_by_role("slider", name="Moment")
    expect(page.locator("#replay")).to_have_attribute("aria-busy", "false")
    assert moment.evaluate("slider => slider.max - slider.value") == HOUR_S * 1000
    hand.click(page.get_by_role("button", name="Play", exact=True))
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    assert hand.acts <= 3


def test_a_region_is_drawn(hand: Hand) -> None:
    page = hand.page
    hand.click(page.get_by_label("Menu of boss"))
    hand.click(page.get_by_role("button", name="Edit regions"))
    hand.click(page.get_by_role("button", name="Draw a region"))
    for corner in ((-90, -90), (90, -90), (90, 90), (-90, 90), (-90, -90)):
        hand.click_map(*corner)
    hand.click(page.get_by_role("textbox", name="Name"))
    hand.write("The yard")
    hand.press("Enter")
    expect(page.locator("#region-chips").get_by_role("button", name="The yard")).to_be_visible()
    assert hand.acts <= 11


def test_a_driver_is_answered(hand: Hand, installation: Installation) -> None:
    installation.post(fix_time=int(time.time() * 1000), lat=CENTRE_LAT + 0.01, lon=CENTRE_LON)
    from_driver(installation, "Which gate?")
    hand.click(hand.page.locator("#event-log").get_by_role("button", name="Which gate?"))
    hand.click(hand.page.get_by_label("Message to the driver"))
    hand.write("The north gate")
    hand.press("Enter")
    expect(bubble(hand.page, "The north gate")).to_contain_text("· sent")
    with installation.as_driver() as driver:
        assert messages_of(driver)[0]["text"] == "The north gate"
    assert hand.acts <= 4


def test_a_vehicle_is_shared(hand: Hand) -> None:
    page = hand.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    hand.click(row(hand, "Bus 3"))
    hand.click(card(hand).get_by_role("button", name="Share this vehicle"))
    hand.click(page.get_by_role("button", name="Make link"))
    hand.click(page.get_by_role("button", name="Copy"))
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert re.search(r"/s#.{43}", page.evaluate("navigator.clipboard.readText()"))
    assert hand.acts <= 4


def test_a_track_is_exported(hand: Hand) -> None:
    page = hand.page
    hand.click(row(hand, "Bus 3"))
    hand.click(card(hand).get_by_role("link", name="History"))
    hand.click(page.get_by_text("Export"))
    with page.expect_download() as download:
        hand.click(page.get_by_role("link", name="Track as GPX"))
    assert "<trkpt" in download.value.path().read_text()
    assert hand.acts <= 4


def test_the_theme_is_switched(hand: Hand) -> None:
    """At once, and for the next time."""
    page = hand.page
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    hand.click(page.get_by_role("button", name="Light or dark"))
    dark = page.evaluate(ground)
    assert dark != light
    page.reload()
    assert page.evaluate(ground) == dark
    assert hand.acts <= 1


def test_a_lost_feed_is_told_and_comes_back_by_itself(hand: Hand, installation: Installation, gateway: str) -> None:
    """What was known stays in sight; what is chosen stays chosen."""
    page = hand.page
    hand.click(row(hand, "Bus 3"))
    installation.go_away()
    expect(page.get_by_text("LOST", exact=True)).to_be_visible()
    expect(row(hand, "Bus 5")).to_be_visible()
    installation.come_back()
    report(installation, gateway, [(LATE, time.time())])
    page.get_by_text("LIVE", exact=True).wait_for(timeout=60_000)
    expect(row(hand, f"Bus {LATE}")).to_contain_text("moving")
    expect(card(hand).get_by_role("heading", name="Bus 3")).to_be_visible()
    assert hand.acts <= 1
    installation.problems = [text for text in installation.problems if "WebSocket" not in text and "ERR_" not in text]
