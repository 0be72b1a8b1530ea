"""Rules of the whole fleet, as a dispatcher makes them."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Installation
from tests.browser.test_map import violations


def test_an_offline_rule_is_made_switched_off_and_deleted(installation: Installation, page: Page) -> None:
    """From the alerts of the live page; what is no rule says so at its field."""
    installation.log_in(page)
    page.get_by_role("button", name="Alerts").click()
    page.get_by_role("link", name="Offline rules").click()
    rules = page.get_by_role("region", name="Rules")
    expect(rules.get_by_text("No rules yet.")).to_be_visible()
    rules.get_by_role("button", name="Add a rule").click()
    expect(rules.get_by_label("Name")).to_be_focused()
    rules.get_by_label("Name").fill("Silent buses")
    rules.get_by_label("Minutes").fill("0")
    rules.get_by_role("button", name="Save rule").click()
    expect(rules.get_by_role("alert").filter(has_text="A time limit lies between")).to_be_visible()
    assert violations(page) == []
    installation.problems.clear()  # the browser's word on a 422
    rules.get_by_label("Minutes").fill("15")
    rules.get_by_role("button", name="Save rule").click()
    expect(rules.get_by_text("silent for no longer than 15 min")).to_be_visible()
    rules.get_by_role("button", name="Change the rule Silent buses").click()
    rules.get_by_label("In use").uncheck()
    rules.get_by_role("button", name="Save rule").click()
    expect(rules.get_by_text("silent for no longer than 15 min · not in use")).to_be_visible()
    (kept,) = page.request.get(f"{installation.url}/api/v1/rules").json()["items"]
    assert (kept["kind"], kept["region"], kept["limit_s"], kept["active"]) == ("offline", None, 900, False)
    rules.get_by_role("button", name="Delete the rule Silent buses").click()
    rules.get_by_role("button", name="Delete for good").click()
    expect(rules.get_by_text("No rules yet.")).to_be_visible()
