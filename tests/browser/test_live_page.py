"""What a dispatcher sees."""

import base64
import re
import time
from collections.abc import Callable

from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.conftest import PASSWORD, Installation
from tests.browser.held import Held

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


def test_the_map_opens_where_the_fleet_is(installation: Installation, page: Page) -> None:
    """Also when the regions come before the server says which there are, and are asked for again."""
    installation.post(fix_time=int(time.time() * 1000), lat=30.19, lon=-97.77)
    let_go = hold_the_feed(page)
    installation.log_in(page)
    expect(page.get_by_role("button", name="All", exact=True).first).to_be_visible()
    let_go()
    page.wait_for_url(re.compile(r"at=\d+/30\."))


def test_the_map_stays_where_a_hand_left_it_while_the_fleet_comes(installation: Installation, page: Page) -> None:
    installation.post(fix_time=int(time.time() * 1000), lat=30.19, lon=-97.77)
    let_go = hold_the_feed(page)
    page.route(re.compile("/live/v1/(sse|poll)"), lambda _: None)
    installation.sign_in(page, "boss", "/")
    expect(page.get_by_role("button", name="All", exact=True).first).to_be_visible()
    page.get_by_role("button", name="Zoom in").click()
    let_go()
    expect(page.get_by_role("option", name="van")).to_be_visible()
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_url(re.compile(r"at=15/57\.(69|70)"))


def hold_the_feed(page: Page) -> Callable[[], None]:
    """What comes over the WebSocket waits until the answer is called."""
    waiting: list[Callable[[], None]] = []
    is_held = True

    def hold(page_end: WebSocketRoute) -> None:
        def pass_on(message: str | bytes) -> None:
            if is_held:
                waiting.append(lambda: page_end.send(message))
            else:
                page_end.send(message)

        page_end.connect_to_server().on_message(pass_on)

    def let_go() -> None:
        nonlocal is_held
        deadline = time.monotonic() + 15
        while not waiting:
            assert time.monotonic() < deadline, "the server said nothing"
            page.wait_for_timeout(50)
        is_held = False
        for send in waiting:
            send()

    page.route_web_socket("**/live/v1/ws", hold)
    return let_go


def test_who_looks_for_a_vehicle_on_a_map_of_continents_is_led_to_its_street(
    installation: Installation, page: Page
) -> None:
    post(installation, 0)
    installation.log_in(page, "/?at=3/40/-40")
    expect(page.get_by_role("option", name="van")).to_be_visible()
    search = page.get_by_role("searchbox")
    search.fill("van")
    search.press("Enter")
    page.wait_for_url(re.compile(r"at=16/57\."))


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


def test_a_name_of_a_view_that_is_being_changed_outlives_a_late_list(installation: Installation, page: Page) -> None:
    installation.log_in(page)
    page.keyboard.press("w")
    views = page.get_by_role("dialog", name="Views")
    views.get_by_label("Name of the view").fill("Mine")
    page.keyboard.press("Enter")
    expect(views.get_by_role("link", name="Mine")).to_be_visible()
    views.get_by_role("button", name="Close").click()
    held = Held(page, "**/api/v1/views*")
    page.keyboard.press("w")
    views.get_by_role("button", name="Rename").click()
    views.get_by_label("Name of the view").first.fill("Ours")
    held.let_go()
    views.get_by_role("button", name="Save", exact=True).click()
    expect(views.get_by_role("link", name="Ours")).to_be_visible()
    views.get_by_role("button", name="Delete").click()
    expect(views.get_by_text("You keep no views yet.")).to_be_visible()
