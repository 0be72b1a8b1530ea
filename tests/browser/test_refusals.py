"""The page of refused fixes."""

import httpx
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Installation

GATEWAY = """
from tracking.models import DeviceToken, token_digest
DeviceToken.objects.get_or_create(digest=token_digest("the gateway"), defaults={"label": "the gateway"})
"""
LONG_AGO = {"fix_time": "2020-01-01T00:00:00Z", "lat": 57.7, "lon": 11.95}


def refuse(installation: Installation, token: str, **fix: object) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.post(f"{installation.url}/api/v1/fixes", json=LONG_AGO | fix, headers=headers, trust_env=False)
    assert len(answer.json()["refused"]) == 1, answer.text


def wait_for(page: Page, found: Locator) -> None:
    """Refusals are written within a second, and the page looks every half minute."""
    for _ in range(40):
        expect(page.get_by_role("heading", name="Refused fixes")).to_be_visible()
        page.wait_for_load_state("networkidle")
        if found.count():
            return
        page.reload()
    raise AssertionError("the refusal was not shown")


def open_page(installation: Installation, page: Page, path: str = "/refusals") -> None:
    installation.sign_in(page, "boss", path)
    expect(page.get_by_role("heading", name="Refused fixes")).to_be_visible()


def test_a_page_without_refusals_says_so(installation: Installation, page: Page) -> None:
    open_page(installation, page)
    expect(page.get_by_text("Nothing was refused")).to_be_visible()


def test_a_refused_fix_is_told_in_words(installation: Installation, page: Page) -> None:
    """The live page's menu leads there."""
    refuse(installation, installation.token)
    installation.log_in(page)
    page.get_by_label("Menu of boss").click()
    page.get_by_role("link", name="Refused fixes").click()
    group = page.locator(".refusal-group").filter(has=page.get_by_role("heading", name="van"))
    wait_for(page, group)
    expect(group).to_contain_text("Older than the archive keeps")
    expect(group.get_by_role("button")).to_have_count(0)


def test_a_name_that_nobody_knows_is_adopted(installation: Installation, page: Page) -> None:
    """Then its fixes are taken."""
    installation.run(GATEWAY)
    refuse(installation, "the gateway", vehicle="ghost")
    open_page(installation, page, "/refusals?vehicle=gho")
    adopt = page.get_by_role("button", name="Adopt ghost")
    wait_for(page, adopt)
    adopt.click()
    expect(page.get_by_role("status")).to_contain_text("ghost is a vehicle now")
    expect(page.get_by_text("Nothing that was refused has “gho” in its name.")).to_be_visible()
    refuse(installation, "the gateway", vehicle="ghost")
    page.get_by_label("Only of this vehicle or device").fill("ghost")
    group = page.locator(".refusal-group")
    wait_for(page, group)
    expect(group).to_contain_text("Older than the archive keeps")
