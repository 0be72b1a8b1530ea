"""A link, from the click that makes it to a stranger's screen and its end."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Installation


@pytest.fixture
def stranger(browser: Browser) -> Iterator[Page]:
    """A browser of somebody without a login."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def post(installation: Installation, speed_mps: float = 10.0) -> None:
    installation.post(fix_time=int(time.time() * 1000), lat=57.7, lon=11.95, speed_mps=speed_mps, course_deg=90.0)


def link_of(page: Page) -> str:
    page.get_by_role("button", name="Make link").click()
    address = page.get_by_label("The link").input_value()
    page.get_by_role("button", name="Done").click()
    return address


def share_van(installation: Installation, page: Page, *, trip: bool = False) -> str:
    installation.log_in(page, "/?vehicle=van")
    page.get_by_role("button", name="Share this vehicle").click()
    if trip:
        page.get_by_text("One trip").click()
        page.get_by_label("Leave out 300 m").check()
    return link_of(page)


def test_a_stranger_sees_the_vehicle_until_the_link_is_revoked(
    installation: Installation, page: Page, stranger: Page
) -> None:
    post(installation)
    address = share_van(installation, page)
    stranger.goto(address)
    expect(stranger.get_by_role("heading", name="van")).to_be_visible()
    expect(stranger.get_by_text("moving · 36 km/h")).to_be_visible()
    post(installation, speed_mps=20)
    expect(stranger.get_by_text("moving · 72 km/h")).to_be_visible()
    page.goto(f"{installation.url}/shares")
    page.get_by_role("button", name="Revoke").first.click()
    expect(page.get_by_text("revoked").first).to_be_visible()
    expect(stranger.get_by_text("This link shows nothing any more")).to_be_visible()


def test_the_secret_is_never_part_of_an_address_that_is_asked_for(
    installation: Installation, page: Page, stranger: Page
) -> None:
    post(installation)
    address = share_van(installation, page)
    secret = address.partition("#")[2]
    asked: list[str] = []
    stranger.on("request", lambda request: asked.append(request.url + str(request.headers.get("referer"))))
    stranger.goto(address)
    expect(stranger.get_by_text("LIVE", exact=True)).to_be_visible()
    assert len(secret) >= 43 and not any(secret in address for address in asked)


def test_a_trip_is_drawn_without_a_login(installation: Installation, page: Page, stranger: Page) -> None:
    post(installation)
    stranger.goto(share_van(installation, page, trip=True))
    expect(stranger.get_by_text("nothing to show")).to_be_visible()


def test_a_wrong_link_says_so(installation: Installation, stranger: Page) -> None:
    stranger.goto(f"{installation.url}/s#nonsense")
    expect(stranger.get_by_text("This link shows nothing any more")).to_be_visible()
