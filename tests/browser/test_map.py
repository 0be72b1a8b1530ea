"""What the map does with many vehicles, and what a dispatcher does on it by hand."""

import re
import time
from collections.abc import Callable
from typing import Any, Literal

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import HIDES, Installation
from tests.browser.test_live_page import CENTRE_LAT, CENTRE_LON
from tests.deploy.site import manage

COUNT = 9
MAKE = f"""
from tracking.models import Vehicle
for number in range({COUNT}):
    Vehicle.objects.get_or_create(slug=f"bus-{{number}}", defaults={{"name": f"Bus {{number}}"}})
"""

ESCAPE_TWICE_AT_ONCE = """() => {
    document.querySelector('dialog[open]').close();
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
}"""
"""Both before the next frame: the focus is still in the dialog."""

Drive = Callable[[float], None]


@pytest.fixture(scope="module")
def gateway(installation: Installation) -> str:
    installation.run(MAKE)
    return manage(installation.environment, "device_token", "--gateway")


@pytest.fixture
def park(installation: Installation, gateway: str) -> Drive:
    """Puts the buses in a row from the map's centre to the east, so many degrees apart."""

    def post(apart_deg: float) -> None:
        fixes: list[dict[str, Any]] = [
            {
                "vehicle": f"bus-{number}",
                "fix_time": int(time.time() * 1000),
                "lat": CENTRE_LAT,
                "lon": CENTRE_LON + number * apart_deg,
                "speed_mps": 0,
            }
            for number in range(COUNT)
        ]
        answer = httpx.post(
            f"{installation.url}/api/v1/fixes",
            json=fixes,
            headers={"Authorization": f"Bearer {gateway}"},
            trust_env=False,
        )
        assert answer.json()["stored"] == COUNT, answer.text

    return post


def open_map(installation: Installation, page: Page, zoom: int) -> None:
    """Centred on the first bus, which can be pointed at."""
    installation.log_in(page, f"/?at={zoom}/{CENTRE_LAT}/{CENTRE_LON}")
    expect(page.get_by_role("option", name="Bus 8")).to_be_visible()
    point_at_centre(page, "the first bus", lambda: page.locator(".is-over-vehicle").count() == 1)


def centre_of(page: Page) -> tuple[float, float]:
    box = page.locator(".leaflet-container").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def point_at_centre(page: Page, what: str, is_there: Callable[[], bool]) -> None:
    """Moves the pointer there until the map knows what lies below it."""
    x, y = centre_of(page)
    deadline = time.monotonic() + 15
    while not is_there():
        assert time.monotonic() < deadline, f"{what} is not in the centre"
        page.mouse.move(x + 1, y)
        page.mouse.move(x, y)
        page.wait_for_timeout(50)


def click_centre(page: Page, **how: Any) -> None:
    page.mouse.move(*centre_of(page))
    page.mouse.click(*centre_of(page), **how)


def test_a_cluster_opens_by_zooming_in(installation: Installation, page: Page, park: Drive) -> None:
    park(0.00005)
    open_map(installation, page, 13)
    point_at_centre(page, "a cluster", lambda: page.locator(".row.is-hovered").count() == 0)
    click_centre(page)
    page.wait_for_url(re.compile(r"at=1[6-9]/"))
    expect(page.get_by_label("Selected vehicle", exact=True)).to_be_hidden()


FIT_WHILE_IT_ZOOMS = """async () => {
    document.querySelector('.leaflet-control-zoom-in').click();
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'z', bubbles: true }));
}"""


def test_what_is_to_be_shown_whole_is_after_a_zoom_that_was_under_way(
    installation: Installation, page: Page, park: Drive
) -> None:
    """The middle of the buses is four of them from the first."""
    park(0.002)
    open_map(installation, page, 13)
    page.evaluate(FIT_WHILE_IT_ZOOMS)
    page.wait_for_url(re.compile(r"at=\d+/57\.70\d*/11\.958"))


def test_a_pile_is_a_list_to_choose_from(installation: Installation, page: Page, park: Drive) -> None:
    """By mouse and by keys: no zoom would tell them apart."""
    park(0)
    open_map(installation, page, 13)
    click_centre(page)
    pile = page.get_by_role("menu", name="Vehicles here")
    expect(pile.get_by_role("menuitem")).to_have_count(COUNT)
    page.keyboard.press("Escape")
    expect(pile).to_be_hidden()
    click_centre(page)
    pile.get_by_role("menuitem", name="Bus 3").click()
    expect(page.get_by_label("Selected vehicle", exact=True).get_by_role("heading", name="Bus 3")).to_be_visible()


def test_a_selected_vehicle_draws_its_trail(installation: Installation, page: Page, park: Drive) -> None:
    """With a legend, which goes with it; one that stood still has none. `r` draws those of all in view, and the address keeps that."""
    park(0)
    park(0.0005)
    open_map(installation, page, 15)
    legend = page.get_by_role("note", name="Colours of trails")
    expect(legend).to_be_hidden()
    page.get_by_role("option", name="Bus 2").click()
    expect(legend).to_be_visible()
    page.keyboard.press("Escape")
    expect(legend).to_be_hidden()
    page.keyboard.press("r")
    expect(legend).to_be_visible()
    page.wait_for_url(re.compile("trails=all"))


def test_several_vehicles_are_selected_together(installation: Installation, page: Page, park: Drive) -> None:
    """By Shift and Ctrl, in list and map; the address brings them back. `Esc` ends it, also right after one that closed a dialog."""
    park(0.002)
    open_map(installation, page, 15)
    card = page.get_by_label("Selected vehicles")
    page.get_by_role("option", name="Bus 1").click()
    page.get_by_role("option", name="Bus 3").click(modifiers=["Shift"])
    expect(card.get_by_role("heading", name="3 vehicles")).to_be_visible()
    page.get_by_role("option", name="Bus 2").click(modifiers=["Control"])
    expect(card.get_by_role("heading", name="2 vehicles")).to_be_visible()
    page.keyboard.down("Control")
    click_centre(page)  # where the first one was brought
    expect(page.get_by_label("Selected vehicle", exact=True).get_by_role("heading", name="Bus 3")).to_be_visible()
    click_centre(page)
    page.keyboard.up("Control")
    expect(card.get_by_role("heading", name="2 vehicles")).to_be_visible()
    page.wait_for_url(re.compile("group=bus-3,bus-1"))
    page.reload()
    expect(card.get_by_role("heading", name="2 vehicles")).to_be_visible()
    page.keyboard.press("?")
    page.evaluate(ESCAPE_TWICE_AT_ONCE)
    expect(card).to_be_hidden()


def test_the_list_follows_search_and_view(installation: Installation, page: Page, park: Drive) -> None:
    """What was found is marked; "in view" leaves out what the map does not show."""
    park(0.002)
    open_map(installation, page, 17)
    page.get_by_label("Search vehicles").fill("us 7 idle")
    expect(page.get_by_role("option", name="Bus 7")).to_be_visible()
    expect(page.get_by_role("option", name="Bus 6")).to_be_hidden()
    expect(page.get_by_role("option", name="Bus 7").locator("mark").first).to_have_text("us")
    page.get_by_label("Search vehicles").fill("bus")
    page.get_by_role("button", name="In view", exact=True).click()
    expect(page.get_by_role("option", name="Bus 0")).to_be_visible()
    expect(page.get_by_role("option", name="Bus 7")).to_be_hidden()


def test_pointing_at_a_vehicle_marks_its_row(installation: Installation, page: Page, park: Drive) -> None:
    park(0.002)
    open_map(installation, page, 15)
    page.mouse.move(*centre_of(page))
    expect(page.locator(".row.is-hovered")).to_contain_text("Bus 0")


def test_units_and_clock_are_the_readers(installation: Installation, page: Page, park: Drive) -> None:
    """Kept in the browser, for every page that is opened later."""
    hours = {time.strftime("%H:", time.gmtime())}
    park(0.002)
    hours.add(time.strftime("%H:", time.gmtime()))
    open_map(installation, page, 15)
    page.keyboard.press(",")
    settings = page.get_by_role("dialog", name="Settings")
    settings.get_by_label("Speed").select_option("mph")
    settings.get_by_label("Clock").select_option("24")
    settings.get_by_label("Time zone").select_option("utc")
    settings.get_by_role("button", name="Save").click()
    page.get_by_role("option", name="Bus 1").click()
    card = page.get_by_label("Selected vehicle", exact=True)
    expect(card).to_contain_text("0 mph")
    expect(card.locator("div", has_text="Fix time").last).to_contain_text(re.compile("|".join(hours)))


def test_measuring_adds_up_what_was_clicked(installation: Installation, page: Page, park: Drive) -> None:
    """256 pixels are a 2^-15th of the equator at zoom 15, less by the latitude: 653 m here. Vehicles are left alone."""
    park(0.002)
    open_map(installation, page, 15)
    page.get_by_role("button", name="Measure").click()
    note = page.get_by_role("note", name="Measured")
    expect(note).to_contain_text("Click where to begin")
    click_centre(page)
    x, y = centre_of(page)
    page.mouse.click(x + 128, y)
    expect(note).to_contain_text(re.compile(r"32\d m"))
    expect(page.get_by_label("Selected vehicle", exact=True)).to_be_hidden()
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()


def test_the_search_box_leads_to_places(installation: Installation, page: Page, park: Drive) -> None:
    """A coordinate by Enter, a street by its button; the vehicles there are not filtered away."""
    park(0.002)
    open_map(installation, page, 15)
    search = page.get_by_label("Search vehicles")
    search.fill("57°42'00\"N 11°57'00\"E")
    search.press("Enter")
    page.wait_for_url(re.compile(r"at=16/57\.70000/11\.95000"))
    expect(search).to_have_value("")
    expect(page.get_by_role("option", name="Bus 0")).to_be_visible()
    search.fill("vasagat")
    page.get_by_role("button", name="Go to Vasagatan").click()
    page.wait_for_url(re.compile(r"at=16/57\.69\d+/11\.9[67]"))


def test_the_map_is_saved_as_a_picture(installation: Installation, page: Page, park: Drive) -> None:
    park(0.002)
    open_map(installation, page, 15)
    with page.expect_download() as download:
        page.keyboard.press("p")
    assert re.fullmatch(r"fleet-.*\.png", download.value.suggested_filename)
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_a_hidden_tab_draws_nothing_and_wakes_at_once(installation: Installation, page: Page, park: Drive) -> None:
    """Its title goes on to tell what happens."""
    page.add_init_script(HIDES)
    park(0.002)
    open_map(installation, page, 15)
    page.evaluate("turn(true)")
    before = picture_at_rest(page)
    park(0.003)
    page.wait_for_timeout(1500)
    assert page.locator("#map").screenshot() == before
    page.evaluate("turn(false)")
    deadline = time.monotonic() + 10
    while page.locator("#map").screenshot() == before:
        assert time.monotonic() < deadline, "nothing was drawn"


def picture_at_rest(page: Page) -> bytes:
    """Of the map, once all is drawn that was on its way."""
    deadline = time.monotonic() + 15
    picture, before = page.locator("#map").screenshot(), b""
    while picture != before:
        assert time.monotonic() < deadline, "the map does not come to rest"
        page.wait_for_timeout(500)
        picture, before = page.locator("#map").screenshot(), picture
    return picture


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_use_it(
    installation: Installation, page: Page, park: Drive, theme: Literal["light", "dark"]
) -> None:
    """WCAG as far as axe can tell, with all on the screen that this file is about."""
    page.emulate_media(color_scheme=theme)
    park(0.002)
    open_map(installation, page, 15)
    page.get_by_role("option", name="Bus 1").click()
    page.get_by_role("option", name="Bus 3").click(modifiers=["Shift"])
    page.get_by_label("Search vehicles").fill("57.7, 11.9")
    page.get_by_role("button", name="Measure").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press(",")
    expect(page.get_by_role("dialog", name="Settings")).to_be_visible()
    assert violations(page) == []


def violations(page: Page) -> list[str]:
    return [f"{found['id']}: {found['help']}" for found in Axe().run(page).response["violations"]]


YARDS = f"""
from tracking.models import Region
for number in range(20):
    west, east = {CENTRE_LON} + 0.2 + number * 0.01, {CENTRE_LON} + 0.21 + number * 0.01
    south, north = {CENTRE_LAT} - 0.005, {CENTRE_LAT} + 0.005
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    polygon = {{"type": "Polygon", "coordinates": [ring]}}
    Region.objects.create(slug=f"yard-{{number}}", name=f"Yard {{number}}", polygon=polygon)
"""


def test_many_regions_are_one_line_of_chips(installation: Installation, page: Page, park: Drive) -> None:
    """What is chosen comes into sight, and the wheel leads to the others, where new counts leave the line."""
    installation.run(YARDS)
    installation.log_in(page, "/?region=yard-9")
    chips = page.locator("#region-chips")
    chosen, first = chips.get_by_role("button", name="Yard 9"), chips.get_by_role("button", name="All")
    expect(chosen).to_be_in_viewport(ratio=1)
    expect(first).not_to_be_in_viewport()
    line, chip = chips.bounding_box(), chosen.bounding_box()
    assert line is not None and chip is not None and line["height"] < 2 * chip["height"]
    chosen.hover()
    page.mouse.wheel(0, -5_000)
    expect(first).to_be_in_viewport(ratio=1)
    chips.evaluate("line => line.style.gap = '8px'")
    park(0.295)
    expect(chosen).to_have_text(re.compile(r"Yard 9\s*1"))
    expect(first).to_be_in_viewport(ratio=1)
