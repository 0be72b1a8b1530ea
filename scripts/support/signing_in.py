"""How the scripts that take pictures come into the demo."""

from playwright.sync_api import Page

from tracking.demo.office import PASSWORD


def sign_in(page: Page, url: str, user: str) -> None:
    """To the page at `url`."""
    page.goto(url)
    page.get_by_label("User name").fill(user)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def open_live(page: Page, url: str, user: str) -> None:
    """The live page, once it shows where everybody is."""
    sign_in(page, url, user)
    page.get_by_text("LIVE", exact=True).wait_for()
