"""A vehicle's page, as a dispatcher uses it."""

import re
import time
from zipfile import ZipFile

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Installation
from tests.browser.test_live_page import post
from tests.browser.test_map import violations
from tests.deploy.site import manage


def test_the_card_of_the_live_map_leads_there(installation: Installation, page: Page) -> None:
    post(installation, 0)
    installation.log_in(page)
    page.get_by_role("option", name="van").click()
    page.get_by_role("link", name="van").click()
    expect(page.get_by_role("heading", name="van", exact=True)).to_be_visible()
    expect(page).to_have_title("van – Fleet")


def test_a_phone_is_paired_with_the_code_that_is_shown(installation: Installation, page: Page) -> None:
    """It is called as was said, shown as connected while its page is open, and refused once it was revoked."""
    installation.sign_in(page, "boss", "/vehicles/van")
    page.get_by_label("Whose phone").fill("Britta")
    page.get_by_role("button", name="Pair a phone").click()
    code = page.locator(".code").inner_text()
    expect(page.get_by_role("img", name="QR code").locator("svg")).to_be_visible()
    phone = page.context.browser.new_context()  # type: ignore[union-attr]
    drive = phone.new_page()
    drive.goto(f"{installation.url}/drive")
    drive.get_by_label("Pairing code or link").fill(code)
    drive.get_by_role("button", name="Pair this phone").click()
    expect(drive.get_by_role("heading", name="Stopped")).to_be_visible()
    device = page.get_by_role("listitem").filter(has_text="phone of Britta")
    page.goto(f"{installation.url}/vehicles/van")
    deadline = time.monotonic() + 20
    while not device.get_by_text("connected since").is_visible():
        assert time.monotonic() < deadline, "the phone was not shown as connected"
        page.wait_for_timeout(200)
        page.reload()
    page.once("dialog", lambda dialog: dialog.accept())
    device.get_by_role("button", name="Revoke").click()
    expect(device).to_have_count(0)
    expect(drive.get_by_role("heading", name="Not accepted")).to_be_visible()
    phone.close()


def test_settings_of_an_app_are_copied(installation: Installation, page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    installation.sign_in(page, "boss", "/vehicles/van")
    page.get_by_role("button", name="Traccar Client").click()
    page.get_by_role("button", name="Copy Server URL").click()
    expect(page.get_by_text("Copied", exact=True)).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(rf"{installation.url}/in/[\w-]{{43}}", copied)


@pytest.fixture
def bus(installation: Installation) -> str:
    """Its page's path; it was heard of just now."""
    token = manage(installation.environment, "device_token", "bus", "--create")
    fix = {"fix_time": int(time.time() * 1000), "lat": 57.7, "lon": 11.95}
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.post(f"{installation.url}/api/v1/fixes", json=fix, headers=headers, trust_env=False)
    assert answer.json()["stored"] == 1, answer.text
    return "/vehicles/bus"


def test_all_that_is_known_is_taken_out_and_erased(installation: Installation, page: Page, bus: str) -> None:
    """By whoever may; another word erases nothing, and the right one everywhere."""
    installation.log_in(page)
    row = page.get_by_role("option", name="bus")
    expect(row).to_be_visible()
    other = page.context.new_page()
    other.goto(f"{installation.url}{bus}")
    other.get_by_role("link", name="What is known").click()
    first = other.locator("dt", has_text="First fix").locator("+ dd")
    expect(first).to_have_text(re.compile(r"\d+/\d+/\d+, "))  # with its date, though it is of today
    assert violations(other) == []
    with other.expect_download() as started:
        other.get_by_role("link", name="Download the zip").click()
    with ZipFile(started.value.path()) as archive:
        assert len(archive.read("fixes.csv").splitlines()) == 2
    other.get_by_label("Type bus to confirm").fill("van")
    other.get_by_role("button", name="Erase bus").click()
    expect(other.get_by_role("alert")).to_have_text("Nothing was erased: that is not bus.")
    assert violations(other) == []
    other.get_by_label("Type bus to confirm").fill("bus")
    other.get_by_role("button", name="Erase bus").click()
    expect(other.get_by_role("heading", name="bus was erased")).to_be_visible()
    expect(row).to_have_count(0)
    other.get_by_role("link", name="Who looked").click()
    expect(other.get_by_role("cell", name="Erased")).to_be_visible()
    expect(other.get_by_role("cell", name="Exported")).to_be_visible()
