"""Regions that are drawn, changed and deleted on the live page by those who may."""

import json
import re
import time
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import PASSWORD, Installation
from tests.browser.held import Held

CENTRE_LAT, CENTRE_LON, ZOOM = 57.7, 11.95, 15
LON_DEG_PER_PX = 360 / (256 * 2**ZOOM)
AT = f"/?at={ZOOM}/{CENTRE_LAT}/{CENTRE_LON}"
SQUARE_PX = [(-120, -120), (120, -120), (120, 120), (-120, 120)]
YARD = {
    "type": "Polygon",
    "coordinates": [
        [[11.94, 57.69], [11.96, 57.69], [11.96, 57.71], [11.94, 57.71], [11.94, 57.69]],
    ],
}
KEEP_YARD = f"""
from tracking.models import Region
Region.objects.all().delete()
Region.objects.create(slug="yard", name="Yard", polygon={YARD!r})
"""
NO_REGIONS = "from tracking.models import Region; Region.objects.all().delete()"
OTHER = f"""
from django.contrib.auth.models import User
from tracking.models import Region, RegionAccess
user, _ = User.objects.get_or_create(username="other")
user.set_password({PASSWORD!r})
user.save()
RegionAccess.objects.create(region=Region.objects.get(), user=user)
"""


@pytest.fixture
def second_page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def open_editor(installation: Installation, page: Page) -> None:
    installation.log_in(page, AT)
    page.get_by_label("Menu of boss").click()
    page.get_by_role("button", name="Edit regions").click()
    expect(page.get_by_role("heading", name="Regions")).to_be_visible()


def name_of(page: Page) -> Locator:
    """The field of the region's name; a rule's is hidden."""
    return page.get_by_role("textbox", name="Name", exact=True)


def chip_of(page: Page, region: str) -> Locator:
    """With or without the number of vehicles in it."""
    return page.get_by_role("button", name=re.compile(rf"^{region}( \d+)?$"))


def on_map(page: Page, dx_px: int, dy_px: int) -> tuple[float, float]:
    """A place on the page, from the map's centre."""
    box = page.locator(".leaflet-container").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2 + dx_px, box["y"] + box["height"] / 2 + dy_px


def click_around(page: Page, corners_px: list[tuple[int, int]]) -> None:
    """The first corner once more finishes."""
    for dx_px, dy_px in [*corners_px, corners_px[0]]:
        page.mouse.move(*on_map(page, dx_px, dy_px), steps=4)
        page.mouse.click(*on_map(page, dx_px, dy_px))


def drag(page: Page, start_px: tuple[int, int], end_px: tuple[int, int]) -> None:
    page.mouse.move(*on_map(page, *start_px))
    page.mouse.down()
    page.mouse.move(*on_map(page, *end_px), steps=8)
    page.mouse.up()


def post_at_centre(installation: Installation) -> None:
    installation.post(fix_time=int(time.time() * 1000), lat=CENTRE_LAT, lon=CENTRE_LON, speed_mps=1.0)


def press(page: Page, name: str) -> None:
    page.get_by_label("Edit regions").get_by_role("button", name=name, exact=True).click()


def pick(page: Page, name: str) -> None:
    """Until the map has come to rest where the region is seen whole."""
    press(page, name)
    page.locator(".marker-icon").first.hover()


def forget_refusals(installation: Installation) -> None:
    """The browser complains of every answer above 400; here they are wanted."""
    installation.problems = [text for text in installation.problems if "status of 4" not in text]


def test_a_drawn_region_has_a_chip_for_everybody_at_once(
    installation: Installation, page: Page, second_page: Page
) -> None:
    """And the vehicle in it is shown under the chip; as is the new name, and that it is deleted."""
    installation.run(NO_REGIONS)
    installation.sign_in(second_page, "boss", "/")
    open_editor(installation, page)
    press(page, "Draw a region")
    click_around(page, SQUARE_PX)
    name_of(page).fill("The yard")
    press(page, "Save")
    chip = chip_of(second_page, "The yard")
    chip.click()
    post_at_centre(installation)
    expect(second_page.get_by_role("option", name="van")).to_be_visible()
    expect(second_page).to_have_url(re.compile("the-yard"))

    press(page, "The yard")
    name_of(page).fill("The old yard")
    press(page, "Save")
    expect(chip_of(second_page, "The old yard")).to_have_attribute("aria-pressed", "true")

    press(page, "The old yard")
    press(page, "Delete")
    press(page, "Delete for good")
    expect(page.get_by_text("The old yard is deleted.")).to_be_visible()
    expect(chip_of(second_page, "The old yard")).to_have_count(0)


def test_rules_of_a_region_are_kept_where_it_is_edited(installation: Installation, page: Page) -> None:
    """By the keyboard as well; what the server refuses is said at its field."""
    installation.run(KEEP_YARD)
    open_editor(installation, page)
    press(page, "Yard")
    rules = page.get_by_role("region", name="Rules")
    expect(rules.get_by_text("No rules yet.")).to_be_visible()
    rules.get_by_role("button", name="Add a rule").press("Enter")
    expect(rules.get_by_role("combobox", name="Rule")).to_be_focused()
    rules.get_by_label("Name").fill("Long stay")
    rules.get_by_label("Minutes").fill("45")
    rules.get_by_label("Minutes").press("Enter")
    expect(rules.get_by_text("no longer than 45 min")).to_be_visible()
    expect(rules.get_by_role("button", name="Add a rule")).to_be_focused()

    rules.get_by_role("button", name="Change the rule Long stay").click()
    rules.get_by_role("combobox", name="Rule").select_option("speed")
    rules.get_by_role("button", name="Save rule").click()
    expect(rules.get_by_role("alert").filter(has_text="A speed limit lies above 0")).to_be_visible()
    rules.get_by_label("Speed").fill("36")
    rules.get_by_role("button", name="Save rule").click()
    expect(rules.get_by_text("no faster than 36 km/h")).to_be_visible()
    kept = page.request.get(f"{installation.url}/api/v1/rules?region=yard").json()["items"]
    assert [(rule["kind"], rule["limit_s"], rule["limit_mps"]) for rule in kept] == [("speed", None, 10.0)]

    rules.get_by_role("button", name="Delete the rule Long stay").click()
    rules.get_by_role("button", name="Delete for good").click()
    expect(rules.get_by_text("No rules yet.")).to_be_visible()
    forget_refusals(installation)


def test_a_region_that_comes_late_replaces_none_that_was_begun_meanwhile(
    installation: Installation, page: Page
) -> None:
    installation.run(KEEP_YARD)
    open_editor(installation, page)
    held = Held(page, "**/regions/yard")
    press(page, "Yard")
    press(page, "Draw a region")
    name_of(page).fill("Second")
    held.let_go()
    click_around(page, SQUARE_PX)
    press(page, "Save")
    expect(page.get_by_text("Second is saved.")).to_be_visible()


def test_what_is_written_while_a_region_is_saved_stays(installation: Installation, page: Page) -> None:
    installation.run(KEEP_YARD)
    open_editor(installation, page)
    pick(page, "Yard")
    held = Held(page, "**/regions/yard", "PATCH")
    name_of(page).fill("Mine")
    press(page, "Save")
    name_of(page).fill("Mine, too")
    held.let_go()
    expect(page.get_by_text("Mine is saved.")).to_be_visible()
    expect(name_of(page)).to_have_value("Mine, too")
    press(page, "Save")
    expect(page.get_by_text("Mine, too is saved.")).to_be_visible()


def test_a_rule_that_is_begun_while_another_is_saved_stays(installation: Installation, page: Page) -> None:
    installation.run(KEEP_YARD)
    open_editor(installation, page)
    press(page, "Yard")
    rules = page.get_by_role("region", name="Rules")
    held = Held(page, "**/api/v1/rules", "POST")
    rules.get_by_role("button", name="Add a rule").click()
    rules.get_by_label("Minutes").fill("45")
    rules.get_by_role("button", name="Save rule").click()
    rules.get_by_role("button", name="Cancel").click()
    rules.get_by_role("button", name="Add a rule").click()
    rules.get_by_label("Name").fill("Second")
    held.let_go()
    expect(rules.get_by_text("no longer than 45 min")).to_be_visible()
    expect(rules.get_by_label("Name")).to_be_visible()
    expect(rules.get_by_label("Name")).to_have_value("Second")


def polygon_of(page: Page, installation: Installation) -> dict[str, object]:
    answer = page.request.get(f"{installation.url}/api/v1/regions/yard")
    polygon: dict[str, object] = answer.json()["polygon"]
    return polygon


def test_corners_move_and_pieces_are_cut_out(installation: Installation, page: Page) -> None:
    """Undo takes one change back; what is cancelled was never there."""
    installation.run(KEEP_YARD)
    open_editor(installation, page)
    pick(page, "Yard")
    press(page, "Cut")
    click_around(page, [(-60, -60), (60, -60), (60, 60), (-60, 60)])
    expect(page.get_by_role("button", name="Corners")).to_have_attribute("aria-pressed", "true")
    press(page, "Move")
    drag(page, (-90, 90), (-70, 100))
    press(page, "Undo")
    press(page, "Save")
    expect(page.get_by_text("Yard is saved.")).to_be_visible()
    kept = polygon_of(page, installation)
    assert [len(ring) for ring in kept["coordinates"]] == [5, 5]  # type: ignore[attr-defined]
    assert sorted(map(tuple, kept["coordinates"][0])) == sorted(map(tuple, YARD["coordinates"][0]))  # type: ignore[index,arg-type]

    pick(page, "Yard")
    press(page, "Move")
    drag(page, (-90, 90), (-70, 100))
    press(page, "Cancel")
    expect(page.get_by_role("button", name="Draw a region")).to_be_visible()
    assert polygon_of(page, installation) == kept


def test_another_ones_change_is_not_overwritten_unseen(installation: Installation, page: Page) -> None:
    installation.run(KEEP_YARD)
    open_editor(installation, page)
    pick(page, "Yard")
    installation.run("from tracking.models import Region; Region.objects.update(name='Theirs')")
    name_of(page).fill("Mine")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Edit regions")).to_be_hidden()
    page.locator(".leaflet-container").press("g")
    press(page, "Save")
    expect(page.get_by_text("Somebody else has changed this region")).to_be_visible()
    press(page, "Save")
    expect(page.get_by_text("Mine is saved.")).to_be_visible()
    forget_refusals(installation)


def test_a_region_that_was_deleted_meanwhile_can_be_added_again(installation: Installation, page: Page) -> None:
    installation.run(KEEP_YARD)
    open_editor(installation, page)
    pick(page, "Yard")
    installation.run(NO_REGIONS)
    name_of(page).fill("Mine")
    press(page, "Save")
    expect(page.get_by_text("Somebody else has deleted this region")).to_be_visible()
    press(page, "Save")
    expect(page.get_by_text("Mine is saved.")).to_be_visible()
    forget_refusals(installation)


def test_what_the_server_refuses_is_said_at_its_field(installation: Installation, page: Page) -> None:
    installation.run(KEEP_YARD)
    open_editor(installation, page)
    press(page, "Draw a region")
    click_around(page, SQUARE_PX)
    name_of(page).fill("Second")
    page.get_by_label("Slug").fill("yard")
    press(page, "Save")
    expect(page.get_by_label("Edit regions").get_by_role("alert").filter(has_text="already exists")).to_be_visible()
    forget_refusals(installation)


def test_an_area_that_crosses_itself_is_refused_on_the_map(installation: Installation, page: Page) -> None:
    installation.run(KEEP_YARD)
    open_editor(installation, page)
    pick(page, "Yard")
    page.locator(".marker-icon:not(.marker-icon-middle)").first.hover()
    page.mouse.down()
    page.mouse.move(*on_map(page, 0, -300), steps=8)
    page.mouse.up()
    press(page, "Save")
    expect(page.locator(".area-problem")).to_contain_text("Self-intersection")
    press(page, "Undo")
    expect(page.locator(".area-problem")).to_have_count(0)
    forget_refusals(installation)


def test_regions_go_out_and_in_as_a_file(installation: Installation, page: Page) -> None:
    installation.run(KEEP_YARD)
    open_editor(installation, page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Export GeoJSON").click()
    collection = json.loads(download.value.path().read_text())
    collection["features"][0]["properties"]["name"] = "Imported"
    choose_file(page, collection)
    expect(page.get_by_text("Imported: 1 changed.")).to_be_visible()
    expect(page.get_by_label("Edit regions").get_by_role("button", name="Imported", exact=True)).to_be_visible()
    collection["features"][0]["geometry"]["coordinates"] = [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]
    choose_file(page, collection)
    expect(page.get_by_text(re.compile("Nothing is imported. features.0..polygon"))).to_be_visible()
    forget_refusals(installation)


def choose_file(page: Page, collection: object) -> None:
    with page.expect_file_chooser() as chooser:
        press(page, "Import GeoJSON")
    file = {"name": "regions.geojson", "mimeType": "application/geo+json", "buffer": json.dumps(collection).encode()}
    chooser.value.set_files(file)  # type: ignore[arg-type]


def test_who_may_edit_none_has_no_tools_and_is_refused(installation: Installation, page: Page) -> None:
    installation.run(KEEP_YARD + OTHER)
    installation.sign_in(page, "other", AT)
    page.get_by_text("LIVE", exact=True).wait_for()
    page.keyboard.press("g")
    page.get_by_label("Menu of other").click()
    expect(page.get_by_role("link", name="API")).to_be_visible()
    expect(page.get_by_role("button", name="Edit regions")).to_have_count(0)
    headers = {"X-Fleet": "1", "If-Match": "*", "Origin": installation.url}
    cookies = {str(cookie["name"]): str(cookie["value"]) for cookie in page.context.cookies()}
    answer = httpx.delete(f"{installation.url}/api/v1/regions/yard", headers=headers, cookies=cookies, trust_env=False)
    assert answer.status_code == 403
