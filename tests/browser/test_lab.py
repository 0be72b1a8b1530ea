"""What the lab shows of four transports."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Installation

WAYS = ("poll", "longpoll", "sse", "websocket")
WITHIN_S = 20
MORE_THAN_FIVE = re.compile(r"^([6-9]|\d\d+)$")


@pytest.fixture
def lab(installation: Installation, page: Page) -> Iterator[Page]:
    """With all four running, and a vehicle that was seen."""
    post(installation)
    installation.log_in(page)
    page.goto(f"{installation.url}/lab")
    for way in WAYS:
        expect(card(page, way)).to_have_attribute("data-state", "open")
    yield page
    page.goto("about:blank")


def post(installation: Installation) -> None:
    installation.post(fix_time=int(time.time() * 1000), lat=57.7, lon=11.95, speed_mps=10.0, course_deg=90.0)


def card(page: Page, way: str) -> Locator:
    return page.locator(f".way[data-way={way}]")


def figure(page: Page, way: str, name: str) -> Locator:
    return card(page, way).locator(f"[data-figure={name}]")


def post_until(installation: Installation, page: Page, ways: tuple[str, ...]) -> None:
    """Each of these ways has told of an update."""
    deadline = time.monotonic() + WITHIN_S
    while any(figure(page, way, "updates").inner_text() == "0" for way in ways):
        assert time.monotonic() < deadline, "a way told nothing"
        post(installation)
        page.wait_for_timeout(100)


def test_every_way_tells_of_a_posted_position(installation: Installation, lab: Page) -> None:
    """How old it was, and what it cost."""
    post_until(installation, lab, WAYS)
    for way in WAYS:
        expect(figure(lab, way, "perUpdate")).to_contain_text(re.compile(r"\d.* k?B"))
        expect(figure(lab, way, "arrival-1")).to_contain_text(re.compile(r"\d s"))
        expect(figure(lab, way, "up-1")).not_to_have_text("0 B")


def test_polling_asks_again_and_again_where_a_socket_asks_once(lab: Page) -> None:
    lab.get_by_label("Polling interval").fill("0")
    expect(lab.get_by_label("Polling interval")).to_have_attribute("aria-valuetext", "0.25 s")
    expect(figure(lab, "poll", "requests")).to_have_text(MORE_THAN_FIVE)
    expect(figure(lab, "websocket", "requests")).to_have_text("1")


def test_a_stopped_way_hears_nothing(installation: Installation, lab: Page) -> None:
    card(lab, "websocket").get_by_role("button", name="Stop").click()
    expect(card(lab, "websocket")).to_contain_text("not running")
    heard = figure(lab, "websocket", "updates").inner_text()
    post_until(installation, lab, ("poll", "sse"))
    expect(figure(lab, "websocket", "updates")).to_have_text(heard)


def test_the_frames_of_every_way_can_be_read(lab: Page) -> None:
    viewer = lab.locator("#frame-viewer")
    for way in ("AJAX polling", "Long polling", "Server-Sent Events", "WebSocket"):
        viewer.get_by_role("button", name=way).click()
        viewer.get_by_role("button", name="snapshot").first.click()
        expect(viewer.get_by_label("The frame", exact=True)).to_contain_text('"type": "snapshot"')


def test_a_chosen_frame_stays_until_the_reader_goes_on(installation: Installation, lab: Page) -> None:
    viewer = lab.locator("#frame-viewer")
    viewer.get_by_role("button", name="snapshot").first.click()
    post_until(installation, lab, WAYS)
    expect(viewer.get_by_label("The frame", exact=True)).to_contain_text('"type": "snapshot"')
    viewer.get_by_role("button", name="Go on").click()
    expect(viewer.get_by_role("button", name="delta").first).to_be_visible()


def test_a_frame_that_is_pressed_is_the_one_that_is_shown(installation: Installation, lab: Page) -> None:
    viewer = lab.locator("#frame-viewer")
    viewer.get_by_role("button", name="snapshot").first.hover()
    lab.mouse.down()
    post_until(installation, lab, WAYS)
    lab.mouse.up()
    expect(viewer.get_by_role("button", name="Go on")).to_be_visible()
    expect(viewer.get_by_label("The frame", exact=True)).to_contain_text('"type": "snapshot"')


def test_the_cpu_of_the_server_is_measured(lab: Page) -> None:
    """The page's clock is hurried through the stretches."""
    lab.clock.install()
    lab.reload()
    card(lab, "websocket").wait_for()
    lab.get_by_role("button", name="Measure server CPU").click()
    expect(lab.get_by_role("button", name="Start all")).to_be_disabled()
    deadline = time.monotonic() + WITHIN_S
    while lab.get_by_role("button", name="Start all").is_disabled():
        assert time.monotonic() < deadline, "the measurement did not end"
        lab.clock.run_for(1000)
    for way in WAYS:
        expect(figure(lab, way, "cpu")).not_to_have_text("–")


def test_the_menu_of_the_live_page_leads_to_the_lab(installation: Installation, page: Page) -> None:
    installation.log_in(page)
    page.get_by_label("Menu of boss").click()
    page.get_by_role("link", name="Lab").click()
    expect(page.get_by_role("heading", name="Four ways to hear what moved")).to_be_visible()
