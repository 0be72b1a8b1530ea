"""The pictures of the driver's page and of a vehicle's page, as `screens.py` takes them."""

import time
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex

import httpx
from playwright.sync_api import Browser, BrowserContext, Page
from support.signing_in import sign_in

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1120, "height": 1180}
HERE = {"latitude": 57.7037, "longitude": 11.9652, "accuracy": 6}
QUESTION = "Can you take the parcel at Korsvägen too? The customer waits in front of the museum."
OFFLINE_S = 14
IN_BOTH = {"drive", "drive-offline"}
NOWHERE = (200, 560)
"""Where nothing changes under the pointer."""
DRIVES = """
navigator.wakeLock.request = async () => ({ released: false, release: async () => undefined });
let tell;
navigator.geolocation.watchPosition = located => { tell = located; return 1; };
navigator.geolocation.getCurrentPosition = () => undefined;
let north = 0;
setInterval(() => {
    north += 12;
    const latitude = 57.7037 + north / 111195;
    tell?.({ timestamp: Date.now(), coords: { latitude, longitude: 11.9652, accuracy: 6, speed: 12, heading: 0 } });
}, 1000);
"""
"""A phone in a car that drives north at 12 m/s and may keep its screen on; headless browsers have neither."""


def take_vehicle_and_drive(browser: Browser, url: str, folder: Path) -> None:
    desk = browser.new_context(viewport=DESK, color_scheme="light")  # type: ignore[arg-type]
    page = desk.new_page()
    slug = "demo-002"
    sign_in(page, f"{url}vehicles/{slug}", "admin")
    for theme in ("light", "dark"):
        take_drive(browser, pairing_link(page), folder, theme, ask=lambda: write(desk, url, slug))
    pairing_link(page)
    page.screenshot(path=folder / "vehicle.png")
    page.emulate_media(color_scheme="dark")
    with page.expect_navigation():
        page.get_by_role("button", name="OwnTracks").click()
    page.screenshot(path=folder / "vehicle-dark.png")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.screenshot(path=folder / "vehicle-phone.png", full_page=True)
    desk.close()


def pairing_link(page: Page) -> str:
    page.get_by_label("Whose phone").fill("Anna")
    with page.expect_navigation():
        page.get_by_role("button", name="Pair a phone").click()
    return page.locator("#pair-link").inner_text()


def write(desk: BrowserContext, url: str, slug: str) -> None:
    """As the dispatcher."""
    cookies = {cookie["name"]: cookie["value"] for cookie in desk.cookies()}
    message = {"vehicle": slug, "key": token_hex(8), "text": QUESTION, "quick_replies": ["Yes", "No", "In an hour"]}
    headers = {"X-Fleet": "1", "Origin": url.rstrip("/")}
    answer = httpx.post(f"{url}api/v1/messages", json=message, cookies=cookies, headers=headers, trust_env=False)
    answer.raise_for_status()


def take_drive(browser: Browser, link: str, folder: Path, theme: str, *, ask: Callable[[], None]) -> None:
    """`ask`: the dispatcher writes."""
    context = browser.new_context(viewport=PHONE, color_scheme=theme)  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script(DRIVES)
    page.goto(link)

    def shoot(name: str) -> None:
        if theme == "light":
            page.screenshot(path=folder / f"{name}.png")
        elif name in IN_BOTH:
            page.screenshot(path=folder / f"{name}-dark.png")

    shoot("drive-unpaired")
    page.get_by_role("button", name="Pair this phone").click()
    page.get_by_role("button", name="Start").click()
    page.get_by_text("WebSocket").wait_for(timeout=20_000)
    time.sleep(2)
    shoot("drive")
    ask()
    page.get_by_role("alert", name="New message").wait_for()
    shoot("drive-message")
    page.get_by_role("button", name="In an hour").click()
    page.get_by_role("button", name="Messages").click()
    page.get_by_text("· sent").or_(page.get_by_text("· delivered")).first.wait_for()
    shoot("drive-messages")
    page.get_by_role("button", name="Close").click()
    page.mouse.move(*NOWHERE)
    context.set_offline(True)
    time.sleep(OFFLINE_S)
    shoot("drive-offline")
    context.set_offline(False)
    page.get_by_role("switch", name="Off duty").click()
    time.sleep(2)
    shoot("drive-off-duty")
    page.get_by_role("switch", name="Off duty").click()
    time.sleep(1)
    context.close()
