"""Who was here: a region or a box and two times, and the vehicles that were there."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Installation
from tests.browser.held import Held
from tests.browser.test_history import DAY, LAT, LON, store_day
from tests.browser.test_map import violations

TIMES = f"from={DAY:%Y-%m-%d}T00:00:00Z&to={DAY + timedelta(days=1):%Y-%m-%d}T00:00:00Z"
BOX = f"box={LON - 0.01},{LAT - 0.01},{LON + 0.01},{LAT + 0.01}"
WEST, SOUTH, EAST, NORTH = LON + 0.2, LAT - 0.02, LON + 0.28, LAT + 0.02
DEPOT = {
    "slug": "depot",
    "name": "Depot",
    "polygon": {
        "type": "Polygon",
        "coordinates": [[[WEST, SOUTH], [EAST, SOUTH], [EAST, NORTH], [WEST, NORTH], [WEST, SOUTH]]],
    },
}
"""Around the day's stop."""


@pytest.fixture
def visits(installation: Installation, page: Page) -> Page:
    """In UTC."""
    page.add_init_script('localStorage.setItem("fleet-preferences", \'{"zone": "utc", "clock": "24"}\')')
    page.on("pageerror", lambda error: installation.problems.append(str(error)))
    installation.sign_in(page, "boss", "/visits")
    expect(page.get_by_role("status")).to_contain_text("Choose a region")
    regions = f"{installation.url}/api/v1/regions"
    if page.request.get(f"{regions}/depot").status == 404:
        assert page.request.post(regions, data=DEPOT, headers={"X-Fleet": "1"}).status == 201
    store_day(installation)
    page.goto(f"{installation.url}/visits?{BOX}&{TIMES}")
    return page


def test_a_stay_in_a_box_leads_to_its_moment(visits: Page) -> None:
    row = visits.locator(".visitors a")
    expect(row).to_contain_text("08:00 – 08:0")
    expect(visits.locator(".visitors h2")).to_have_text("van")
    row.click()
    expect(visits).to_have_url(re.compile(rf"/history\?vehicle=van&day={DAY:%Y-%m-%d}&t={DAY:%Y-%m-%d}T08:00:00Z"))
    expect(visits.locator(".player-said time")).to_contain_text("08:00:00")


def test_a_box_is_drawn_or_is_what_the_map_shows(visits: Page) -> None:
    """By keyboard as well; the address says which, and going back brings the one before."""
    expect(visits.locator(".visitors a")).to_have_count(1)
    visits.get_by_role("button", name="Draw a box").click()
    box = visits.locator("#map").bounding_box()
    assert box is not None
    visits.mouse.move(box["x"] + 10, box["y"] + 10)
    visits.mouse.down()
    visits.mouse.move(box["x"] + 60, box["y"] + 60)
    visits.mouse.up()
    expect(visits.get_by_role("status")).to_contain_text("Nobody was in the box then.")
    visits.get_by_role("button", name="What the map shows").press("Enter")
    expect(visits.locator(".visitors a")).to_have_count(1)
    visits.go_back()
    expect(visits.get_by_role("status")).to_contain_text("Nobody was in the box then.")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_region_is_chosen_in_the_list(installation: Installation, visits: Page, theme: str) -> None:
    visits.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    visits.get_by_label("Region", exact=True).select_option("depot")
    expect(visits.locator(".visitors a")).to_contain_text("08:16 – 09:03")
    expect(visits).to_have_url(re.compile(rf"/visits\?region=depot&{re.escape(TIMES)}"))
    assert violations(visits) == []
    visits.get_by_label("To", exact=True).fill(f"{DAY - timedelta(days=1):%Y-%m-%d}T08:01")
    expect(visits.get_by_text("The end must be after the beginning.")).to_be_visible()


def test_regions_that_come_late_leave_what_was_typed_and_where_the_map_is(
    visits: Page, installation: Installation
) -> None:
    held = Held(visits, "**/api/v1/regions*")
    visits.goto(f"{installation.url}/visits")
    to = visits.get_by_label("To", exact=True)
    to.press("Delete")
    visits.get_by_role("button", name="Zoom in").click()
    expect(visits).to_have_url(re.compile(r"at=14/57\.(69|70)\d*/11\.9[56]"))
    held.let_go()
    expect(visits.get_by_label("Region", exact=True).locator("option")).to_have_count(2)
    assert to.evaluate("input => input.validity.badInput")
    visits.get_by_role("button", name="What the map shows").click()
    expect(visits).to_have_url(re.compile(r"box=.*at=14/57\.(69|70)\d*/11\.9[56]"))


def test_the_live_page_leads_there(installation: Installation, page: Page) -> None:
    installation.log_in(page, "/?at=12/57.70000/11.96000")
    page.get_by_label("Menu of boss").click()
    page.get_by_role("link", name="Who was here").click()
    expect(page).to_have_url(re.compile(r"/visits\?.*at=12/57\.70\d\d\d/11\.9[56]\d\d\d"))
    expect(page.get_by_role("status")).to_contain_text("Choose a region")
