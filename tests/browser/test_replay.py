"""The past of the whole fleet on the live page."""

import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import httpx
import pytest
from playwright.sync_api import Page, Route, ViewportSize, expect

from tests.browser.conftest import PASSWORD, Installation
from tests.browser.test_history import EAST_PER_M, LAT, LON, SPEED_MPS
from tests.browser.test_map import violations
from tests.deploy.site import manage

OUTLINE_S = 360
BEGAN = datetime.fromtimestamp((time.time() - 7_200) // OUTLINE_S * OUTLINE_S, UTC)
"""At a step of the outline, so that the middle of the drive lies between two of its fixes."""
MINUTES = 10
WAY_M = SPEED_MPS * MINUTES * 60
HALF_WAY_LON = LON + WAY_M / 2 * EAST_PER_M
WEST_HALF = f"""
from django.contrib.auth.models import User
from tracking.models import Region, RegionAccess
south, north, west, east = {LAT} - 0.005, {LAT} + 0.005, {LON} - 0.005, {HALF_WAY_LON}
ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
region, _ = Region.objects.get_or_create(
    slug="west-half",
    defaults={{"name": "West half", "min_stay_s": 0, "polygon": {{"type": "Polygon", "coordinates": [ring]}}}},
)
user, _ = User.objects.get_or_create(username="watcher")
user.set_password({PASSWORD!r})
user.save()
RegionAccess.objects.get_or_create(region=region, user=user)
"""


def instant(minutes: float) -> str:
    """Since the drive began."""
    return (BEGAN + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


def drive(begin: datetime) -> list[dict[str, Any]]:
    """To the east."""
    return [
        {
            "fix_time": (begin + timedelta(seconds=at_s)).isoformat(),
            "lat": LAT,
            "lon": LON + SPEED_MPS * at_s * EAST_PER_M,
            "speed_mps": SPEED_MPS,
        }
        for at_s in range(0, MINUTES * 60 + 1, 10)
    ]


@pytest.fixture
def past(installation: Installation, page: Page) -> Page:
    """The van drove for ten minutes, two hours ago, and stands elsewhere now. Signed in, times in UTC."""
    with installation.as_driver() as driver:
        assert driver.post("fixes", json=drive(BEGAN)).json()["refused"] == []
    stand_now(installation, LAT + 0.01)
    page.add_init_script('localStorage.setItem("fleet-preferences", \'{"zone": "utc", "clock": "24"}\')')
    page.on("pageerror", lambda error: installation.problems.append(str(error)))
    installation.sign_in(page, "boss", "/?vehicle=van")
    expect(page.get_by_text("LIVE", exact=True)).to_be_visible()
    return page


def stand_now(installation: Installation, lat: float) -> None:
    installation.post(fix_time=datetime.now(UTC).isoformat(), lat=lat, lon=LON, speed_mps=0)


def go(page: Page, installation: Installation, minutes: float, more: str = "") -> None:
    page.goto(f"{installation.url}/?vehicle=van&t={instant(minutes)}{more}")
    expect(page.get_by_text("PAST", exact=True)).to_be_visible()


def clock(minutes: float) -> str:
    return f"{BEGAN + timedelta(minutes=minutes):%H:%M:%S}"


def expect_shown(page: Page, minutes: float) -> None:
    expect(page.locator(".replay-said time")).to_have_text(re.compile(rf"\b{clock(minutes)}$"))


def test_the_address_leads_to_the_moment(past: Page, installation: Installation) -> None:
    """List, card, title and clock are of then; nothing says LIVE."""
    go(past, installation, 5.5)
    expect_shown(past, 5.5)
    expect(past.get_by_role("option", name="van")).to_contain_text("43 km/h")
    expect(past.get_by_label("Selected vehicle", exact=True)).to_contain_text(clock(5.5))
    expect(past.get_by_label("Show only")).to_contain_text("Moving1")
    expect(past.get_by_text("LIVE", exact=True)).to_be_hidden()
    expect(past).to_have_title(re.compile(f"^Past: .*{clock(5.5)}"))


IS_IN_SIGHT = """([lat, lon]) => {
    const [zoom, midLat, midLon] = (new URLSearchParams(location.search).get('at') ?? '').split('/').map(Number);
    const map = document.querySelector('#map').getBoundingClientRect();
    const legend = document.querySelector('.trail-legend:not([hidden])')?.getBoundingClientRect();
    if (Number.isNaN(midLon) || legend === undefined) return false;
    const unitY = degrees => 0.5 - Math.asinh(Math.tan(degrees * Math.PI / 180)) / (2 * Math.PI);
    const x = map.left + map.width / 2 + (lon - midLon) / 360 * 256 * 2 ** zoom;
    const y = map.top + map.height / 2 + (unitY(lat) - unitY(midLat)) * 256 * 2 ** zoom;
    const isOn = ({ left, top, right, bottom }, border) =>
        left - border < x && x < right + border && top - border < y && y < bottom + border;
    return isOn(map, -24) && !isOn(legend, 12);
}"""
"""Whether a place is seen on the map whose view the address tells, and not under the legend of trails."""


def drive_there_and_back(installation: Installation) -> tuple[datetime, float]:
    """Between two steps of the outline, which therefore knows nothing of it. When and how far east the van turned."""
    begin, half_s = BEGAN - timedelta(seconds=10 * OUTLINE_S), OUTLINE_S // 2
    fixes = [
        {
            "fix_time": (begin + timedelta(seconds=at_s)).isoformat(),
            "lat": LAT,
            "lon": LON + SPEED_MPS * (half_s - abs(half_s - at_s)) * EAST_PER_M,
        }
        for at_s in range(0, OUTLINE_S + 1, 10)
    ]
    with installation.as_driver() as driver:
        assert driver.post("fixes", json=fixes).json()["refused"] == []
    return begin + timedelta(seconds=half_s), LON + SPEED_MPS * half_s * EAST_PER_M


@pytest.mark.parametrize("size", [{"width": 1280, "height": 720}, {"width": 390, "height": 844}], ids=["desk", "phone"])
def test_a_link_to_a_vehicle_in_the_past_brings_it_into_sight(
    past: Page, installation: Installation, size: ViewportSize
) -> None:
    """With the trail that led there, wherever the fleet is now, and however little of its way the outline tells."""
    past.set_viewport_size(size)
    stand_now(installation, LAT + 2)
    turned, lon = drive_there_and_back(installation)
    past.goto(f"{installation.url}/?vehicle=van&t={turned.isoformat().replace('+00:00', 'Z')}")
    past.wait_for_function(IS_IN_SIGHT, arg=[LAT, lon])
    expect(past.locator("#replay")).to_have_attribute("aria-busy", "false")
    assert past.evaluate(IS_IN_SIGHT, [LAT, lon])


def test_one_key_leads_back_to_live_which_went_on(past: Page, installation: Installation) -> None:
    go(past, installation, 5.5)
    card = past.get_by_label("Selected vehicle", exact=True)
    stand_now(installation, LAT + 0.02)
    expect(card).to_contain_text("43 km/h")
    past.keyboard.press("b")
    expect(past.get_by_text("LIVE", exact=True)).to_be_visible()
    expect(card).to_contain_text(f"{LAT + 0.02:.5f}")
    expect(past.get_by_text("PAST", exact=True)).to_be_hidden()
    expect(past.locator("#replay")).to_be_hidden()
    expect(past).to_have_url(re.compile(r"\?vehicle=van&at=[^&]*$"))


def test_it_is_scrubbed_and_stepped(past: Page, installation: Installation) -> None:
    """By the slider to its ends, by arrows from fix to fix of the selected vehicle; the address keeps up."""
    go(past, installation, 5.5)
    expect(past.locator("#replay")).to_have_attribute("aria-busy", "false")
    past.locator("body").press("ArrowRight")
    expect_shown(past, 5.5 + 1 / 6)
    past.locator("body").press("ArrowLeft")
    past.locator("body").press("ArrowLeft")
    expect_shown(past, 5.5 - 1 / 6)
    expect(past).to_have_url(re.compile(re.escape(instant(5.5 - 1 / 6))))
    slider = past.get_by_role("slider", name="Moment")
    slider.press("Home")
    expect(past.locator(".replay-said")).to_contain_text("Nothing is known of then")
    expect(past.get_by_role("option", name="van")).to_be_hidden()


def test_the_outline_of_the_day_comes_first(past: Page, installation: Installation) -> None:
    """While nothing else has come every moment can be shown: near where the van was, and said to be loading."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    past.route(re.compile("fleet/replay.*step_s=(120|10)$"), hold)
    past.goto(f"{installation.url}/?vehicle=van&t={instant(5.5)}")
    said, rough = past.locator(".replay-said"), past.locator("body.is-past-rough")
    expect(past.get_by_text("PAST", exact=True)).to_be_visible()
    expect(said).to_contain_text("Loading")
    expect(rough).not_to_have_class(re.compile("is-past-awaited"))
    expect(past.get_by_label("Selected vehicle", exact=True)).to_contain_text("43 km/h")
    past.get_by_role("slider", name="Moment").press("Home")
    expect(past.get_by_role("option", name="van")).to_be_hidden()
    for route in held:
        route.continue_()
    past.unroute_all()
    expect(said).to_contain_text("Nothing is known of then")
    expect(rough).to_have_count(0)


def test_it_plays_and_skips_what_is_quiet(past: Page, installation: Installation) -> None:
    """From the drive's end over almost two hours in which nothing moves, which would take as many minutes."""
    go(past, installation, MINUTES - 4, "&speed=60&skip=yes")
    expect(past.get_by_role("button", name="Skip when nothing moves")).to_have_attribute("aria-pressed", "true")
    expect(past.locator("#replay")).to_have_attribute("aria-busy", "false")
    past.locator("body").press("Space")
    expect(past.get_by_role("button", name="Pause")).to_be_visible()
    expect(past.get_by_role("button", name="Play", exact=True)).to_be_visible()
    assert past.get_by_role("slider", name="Moment").evaluate("slider => slider.max - slider.value") < 10_000


def test_a_gap_is_no_way(past: Page, installation: Installation) -> None:
    """After the drive the van stands where it was seen last, and is offline."""
    go(past, installation, MINUTES + 60)
    row = past.get_by_role("option", name="van")
    expect(row).to_contain_text("offline")
    expect(row).to_contain_text("1 h")
    expect(past.get_by_label("Selected vehicle", exact=True)).to_contain_text(f"{LON + WAY_M * EAST_PER_M:.5f}")


def test_a_day_can_be_chosen(past: Page, installation: Installation) -> None:
    """It is in the address; `Last 24 h` leads back."""
    go(past, installation, 5)
    day = BEGAN - timedelta(days=3)
    past.get_by_label("Day", exact=True).fill(f"{day:%Y-%m-%d}")
    expect(past.locator(".replay-said")).to_contain_text("Nothing is known of then")
    expect(past).to_have_url(re.compile(f"&day={day:%Y-%m-%d}"))
    past.get_by_role("button", name="The last 24 hours").click()
    expect(past).not_to_have_url(re.compile("day="))


def test_trails_are_of_then(past: Page, installation: Installation) -> None:
    """With their legend, which the van of today, at rest, has not."""
    legend = past.get_by_role("note", name="Colours of trails")
    go(past, installation, 5)
    expect(legend).to_be_visible()
    go(past, installation, MINUTES + 60)
    expect(legend).to_be_hidden()


@pytest.fixture(scope="module")
def bus_began(installation: Installation) -> datetime:
    """When a bus drove the same way, out of a region on the first half of it."""
    installation.run(WEST_HALF)
    token = manage(installation.environment, "device_token", "bus", "--create")
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=25)
    authorised = {"Authorization": f"Bearer {token}"}
    url = f"{installation.url}/api/v1/fixes"
    assert httpx.post(url, json=drive(began), headers=authorised, trust_env=False).json()["refused"] == []
    return began


def test_who_watches_a_region_sees_of_the_past_what_was_in_it(
    bus_began: datetime, past: Page, installation: Installation
) -> None:
    """The bus until it left; not what it did after that, though it was heard of a minute ago."""
    moments = [(bus_began + timedelta(minutes=after)).isoformat()[:19] + "Z" for after in (2.5, MINUTES + 1)]
    past.context.clear_cookies()
    installation.sign_in(past, "watcher", f"/?t={moments[0]}")
    bus = past.get_by_role("option", name="bus")
    expect(bus).to_contain_text("43 km/h")
    past.goto(f"{installation.url}/?t={moments[1]}")
    expect(past.get_by_text("PAST", exact=True)).to_be_visible()
    expect(past.locator("#replay")).to_have_attribute("aria-busy", "false")
    expect(bus).to_be_hidden()


def test_an_event_leads_to_its_own_moment(bus_began: datetime, past: Page, installation: Installation) -> None:
    """Also from one when its vehicle was not known yet."""
    go(past, installation, 5)
    expect(past.get_by_role("option", name="bus")).to_be_hidden()
    past.get_by_role("button", name="bus left West half").click()
    left = bus_began + timedelta(minutes=MINUTES / 2)
    expect(past.locator(".replay-said time")).to_contain_text(f"{left:%H:%M}")
    card = past.get_by_label("Selected vehicle", exact=True)
    expect(card.get_by_role("heading", name="bus")).to_be_visible()
    expect(card).to_contain_text(f"{HALF_WAY_LON:.2f}")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_use_it(past: Page, installation: Installation, theme: Literal["light", "dark"]) -> None:
    """WCAG as far as axe can tell; and the keys are listed."""
    past.emulate_media(color_scheme=theme)
    go(past, installation, 5)
    assert violations(past) == []
    past.keyboard.press("?")
    expect(past.get_by_role("dialog", name="Keyboard")).to_contain_text("back in time")


SPEED_RULE = """
from tracking.models import Region, Rule
Rule.objects.get_or_create(name="Slow here", kind="speed", limit_mps=1.0, region=Region.objects.get(slug="west-half"))
"""


def test_the_past_knows_who_was_in_alarm(installation: Installation, past: Page) -> None:
    """Until somebody took note, which is after this."""
    installation.run(WEST_HALF + SPEED_RULE)
    alerts = f"{installation.url}/api/v1/alerts"
    deadline = time.monotonic() + 20
    while not (items := past.request.get(alerts).json()["items"]):
        assert time.monotonic() < deadline, "no alert was told"
        installation.post(fix_time=datetime.now(UTC).isoformat(), lat=LAT, lon=LON, speed_mps=SPEED_MPS)
        past.wait_for_timeout(300)
    begin = datetime.fromisoformat(items[0]["start_time"])
    past.wait_for_timeout(1_500)
    past.request.post(f"{alerts}/{items[0]['id']}/acknowledge", headers={"X-Fleet": "1"})
    van = past.get_by_role("option", name="van")
    past.goto(f"{installation.url}/?t={(begin + timedelta(seconds=1)).isoformat().replace('+00:00', 'Z')}")
    expect(van).to_contain_text("alarm")
    past.goto(f"{installation.url}/?t={(begin - timedelta(minutes=1)).isoformat().replace('+00:00', 'Z')}")
    expect(van).to_be_visible()
    expect(van).not_to_contain_text("alarm")
