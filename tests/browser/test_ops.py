"""The operators' page."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PASSWORD, Installation
from tests.browser.test_live_page import post

GUEST = f"""
from django.contrib.auth.models import User
User.objects.filter(username="guest").exists() or User.objects.create_user("guest", password="{PASSWORD}")
"""


def connections(page: Page, rooms: str) -> Locator:
    """Rows of the tables of connections."""
    return page.get_by_role("row").filter(has_text=rooms)


def test_staff_see_the_processes_and_who_is_connected(installation: Installation, page: Page) -> None:
    """Among them the page itself, and a live page that was opened meanwhile."""
    installation.sign_in(page, "boss", "/ops")
    expect(page.get_by_role("heading", name=re.compile("daphne|uvicorn"))).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("1 process · live")
    expect(connections(page, "boss").first).to_contain_text("websocket")
    other = page.context.new_page()
    other.goto(installation.url)
    expect(connections(page, "region:all")).to_contain_text("boss")
    other.close()
    expect(connections(page, "region:all")).to_have_count(0)


def test_people_come_and_leave(installation: Installation, page: Page) -> None:
    installation.run(GUEST)
    installation.sign_in(page, "boss", "/ops")
    people, comings = page.locator(".ops-list").first, page.locator(".ops-list").last
    expect(people).to_contain_text("boss")
    context = page.context.browser.new_context()  # type: ignore[union-attr]
    installation.sign_in(context.new_page(), "guest", "/")
    expect(comings).to_contain_text(re.compile("guest.*connected"))
    context.close()
    expect(comings).to_contain_text(re.compile("guest.*left"))


def test_rates_follow_what_comes_in(installation: Installation, page: Page) -> None:
    installation.sign_in(page, "boss", "/ops")
    fixes = page.locator(".ops-figures div").filter(has_text="Fixes/s").locator("dd")
    expect(fixes).to_have_text("0")
    deadline = 100
    while fixes.inner_text() == "0" and deadline > 0:
        post(installation, 0)
        page.wait_for_timeout(100)
        deadline -= 1
    expect(fixes).not_to_have_text("0")


def test_an_operator_ends_a_connection_and_its_page_says_so(installation: Installation, page: Page) -> None:
    installation.sign_in(page, "boss", "/ops")
    other = page.context.new_page()
    other.goto(installation.url)
    expect(other.get_by_text("LIVE", exact=True)).to_be_visible()
    connections(page, "region:all").get_by_role("button", name="End").click()
    expect(other.get_by_text("ENDED", exact=True)).to_be_visible()
    expect(connections(page, "region:all")).to_have_count(0)


def test_others_may_not_see_it(installation: Installation, page: Page) -> None:
    """Neither the page nor what it shows."""
    installation.run(GUEST)
    installation.sign_in(page, "guest", "/ops")
    expect(page.get_by_role("heading", name="This page is not open to you.")).to_be_visible()
    assert page.request.get(f"{installation.url}/ops/reports").status == 403
