"""What a dispatcher sees."""

import base64
import re
import time

from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, Installation

CENTRE_LAT, CENTRE_LON, ZOOM = 57.7, 11.95, 15
LON_DEG_PER_PX = 360 / (256 * 2**ZOOM)

COUNT_GREEN = """async png => {
    const bytes = Uint8Array.from(atob(png), letter => letter.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(0, 0, picture.width, picture.height);
    let green = 0;
    for (let i = 0; i < data.length; i += 4) green += data[i + 1] > data[i] + 40 && data[i + 1] > data[i + 2] + 20;
    return green;
}"""


def painted_near(page: Page, dx_px: int) -> bool:
    """Whether a moving vehicle, which is green, is drawn `dx_px` right of the map's centre."""
    box = page.locator(".leaflet-container").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2 + dx_px, box["y"] + box["height"] / 2
    png = page.screenshot(clip={"x": x - 12, "y": y - 12, "width": 24, "height": 24})
    return bool(page.evaluate(COUNT_GREEN, base64.b64encode(png).decode()) > 30)


def wait_until_painted(page: Page, dx_px: int) -> None:
    deadline = time.monotonic() + 10
    while not painted_near(page, dx_px):
        assert time.monotonic() < deadline, "no vehicle was drawn there"
        page.wait_for_timeout(50)


def post(installation: Installation, dx_px: int) -> None:
    lon = CENTRE_LON + dx_px * LON_DEG_PER_PX
    installation.post(fix_time=int(time.time() * 1000), lat=CENTRE_LAT, lon=lon, speed_mps=10.0, course_deg=90.0)


def test_a_posted_position_moves_a_vehicle_on_the_map(installation: Installation, page: Page) -> None:
    """The vehicle is drawn where it was posted, glides to where it is posted next, and is nowhere else."""
    post(installation, 0)
    installation.log_in(page, f"/?at={ZOOM}/{CENTRE_LAT}/{CENTRE_LON}")
    wait_until_painted(page, 0)
    post(installation, 150)
    wait_until_painted(page, 150)
    assert not painted_near(page, 0)


def test_the_list_tells_what_the_map_shows(installation: Installation, page: Page) -> None:
    post(installation, 0)
    installation.log_in(page)
    row = page.get_by_role("option", name="van")
    expect(row).to_contain_text("36 km/h")
    expect(row).to_have_attribute("aria-description", re.compile("Day so far: moving"))
    row.click()
    expect(row).to_have_attribute("aria-selected", "true")
    page.wait_for_url(re.compile("[?&]vehicle=van"))


def test_a_stranger_is_asked_to_log_in(installation: Installation, page: Page) -> None:
    page.goto(installation.url)
    page.get_by_label("User name").fill("boss")
    page.get_by_label("Password").fill(PASSWORD)
    assert "/login/" in page.url
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("LIVE", exact=True)).to_be_visible()


def test_the_api_page_shows_the_calls(installation: Installation, page: Page) -> None:
    page.on("console", lambda line: installation.problems.append(line.text) if line.type == "error" else None)
    page.goto(f"{installation.url}/api/v1/docs")
    expect(page.get_by_text("/api/v1/fixes").first).to_be_visible()
    expect(page.get_by_text("/api/v1/vehicles/{slug}/track").first).to_be_visible()


def test_the_map_says_whom_it_follows(installation: Installation, page: Page) -> None:
    post(installation, 0)
    installation.log_in(page)
    page.get_by_role("option", name="van").click()
    page.keyboard.press("f")
    chip = page.get_by_role("button", name="Following van")
    expect(chip).to_be_visible()
    chip.click()
    expect(chip).to_be_hidden()
    expect(page.get_by_label("Selected vehicle", exact=True).get_by_role("button", name="Follow")).to_have_attribute(
        "aria-pressed", "false"
    )


def test_a_view_is_kept_opened_and_begun_with(installation: Installation, page: Page) -> None:
    post(installation, 0)
    installation.log_in(page, "/?q=van&sort=name&units=mph")
    expect(page.get_by_role("option", name="van")).to_contain_text("22 mph")
    page.keyboard.press("w")
    views = page.get_by_role("dialog", name="Views")
    views.get_by_label("Name of the view").fill("Vans")
    page.keyboard.press("Enter")
    views.get_by_role("button", name="Begin with this view").click()
    expect(views.get_by_role("button", name="Begin with this view", pressed=True)).to_be_visible()
    page.goto(installation.url)
    page.wait_for_url(re.compile("[?&]q=van.*sort=name.*units=mph"))
    expect(page.get_by_label("Order of the list")).to_have_value("name")
    page.keyboard.press("w")
    views.get_by_role("button", name="Rename").click()
    views.get_by_label("Name of the view").first.fill("My vans")
    page.keyboard.press("Enter")
    expect(views.get_by_role("link", name="My vans")).to_be_visible()
    views.get_by_role("button", name="Delete").click()
    expect(views.get_by_text("You keep no views yet.")).to_be_visible()
