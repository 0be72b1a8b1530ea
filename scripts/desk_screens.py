"""The pictures of what a dispatcher's pages show now and then, as `screens.py` takes them: each in light, dark, and on a phone."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, WebSocketRoute, expect
from support.signing_in import open_live

DESK = {"width": 1200, "height": 750}
PHONE = {"width": 390, "height": 844}
LOOKS = (("", DESK, "light"), ("-dark", DESK, "dark"), ("-phone", PHONE, "light"))
HERE = "at=14/57.6995/11.955"
REGION = "Haga & Linné"
QUALITY = 82
SETTLE_MS = 4_000
WITHIN_MS = 40_000
"""An alert is told once a vehicle drives into the region."""


def take_desk(browser: Browser, url: str, folder: Path) -> None:
    for suffix, view, theme in LOOKS:
        context = browser.new_context(viewport=view, color_scheme=theme)  # type: ignore[arg-type]
        page = context.new_page()
        lose = losable(page)
        open_live(page, url, "admin")

        def shoot(name: str, page: Page = page, suffix: str = suffix) -> None:
            page.wait_for_timeout(SETTLE_MS)
            page.screenshot(path=folder / f"{name}{suffix}.jpg", type="jpeg", quality=QUALITY)

        show_several(page, url)
        shoot("history-several")
        page.goto(f"{url}visits?region=haga")
        shoot("visits")
        show_past(page, url)
        shoot("replay")
        show_rules(page, url)
        shoot("region-rules")
        with rule_kept(page, url):
            show_alarm(page, url)
            shoot("alarm")
        lose()
        expect(page.get_by_text("LOST", exact=True)).to_be_visible(timeout=WITHIN_MS)
        shoot("feed-lost")
        context.close()


def losable(page: Page) -> Callable[[], None]:
    """What takes the network from the page for good."""
    sockets: list[WebSocketRoute] = []
    is_lost = False

    def open_socket(socket: WebSocketRoute) -> None:
        if is_lost:
            socket.close()
            return
        socket.connect_to_server()
        sockets.append(socket)

    def lose() -> None:
        nonlocal is_lost
        is_lost = True
        page.route(re.compile("/live/|/api/"), lambda route: route.abort())
        for socket in sockets:
            socket.close()

    page.route_web_socket(re.compile("/live/"), open_socket)
    return lose


def show_several(page: Page, url: str) -> None:
    page.goto(f"{url}history?vehicle=demo-001,demo-002,demo-003")
    page.locator(".episode").nth(2).click()
    page.evaluate("scrollTo(0, 0)")


def show_past(page: Page, url: str) -> None:
    moment = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
    page.goto(f"{url}?{HERE}&vehicle=demo-001&t={moment:%Y-%m-%dT%H:%M:%SZ}")
    page.get_by_text("PAST", exact=True).wait_for()


def show_rules(page: Page, url: str) -> None:
    page.goto(f"{url}?{HERE}")
    page.get_by_text("LIVE", exact=True).wait_for()
    page.keyboard.press("g")
    page.get_by_label("Edit regions").get_by_role("button", name=REGION, exact=True).click()
    rules = page.get_by_role("region", name="Rules")
    rules.get_by_role("button", name="Add a rule").click()
    rules.get_by_label("Name").fill("Deliveries take too long")
    rules.get_by_label("Minutes").fill("45")


@contextmanager
def rule_kept(page: Page, url: str) -> Iterator[None]:
    """One that is soon broken."""
    cookies = {str(cookie["name"]): str(cookie["value"]) for cookie in page.context.cookies()}
    headers = {"X-Fleet": "1", "Origin": url.rstrip("/"), "If-Match": "*"}
    with httpx.Client(base_url=f"{url}api/v1/", cookies=cookies, headers=headers, trust_env=False) as client:
        rule = {"name": "Streets of schools, 20 km/h", "kind": "speed", "limit_mps": 5.6, "region": "haga"}
        answer = client.post("rules", json=rule)
        answer.raise_for_status()
        yield
        client.delete(f"rules/{answer.json()['id']}").raise_for_status()


def show_alarm(page: Page, url: str) -> None:
    page.goto(f"{url}?{HERE}")
    page.get_by_role("region", name="New alert").first.wait_for(timeout=WITHIN_MS)
