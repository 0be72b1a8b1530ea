#!/usr/bin/env python3
"""Takes the pictures in `docs/screens/` from a demo of its own: `make screens`."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from desk_screens import take_desk
from drive_screens import take_vehicle_and_drive
from playwright.sync_api import Browser, sync_playwright
from support.children import LOOPBACK, Children, free_port, wait_until_listening
from support.signing_in import open_live

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screens"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
USER = "dispatcher"
CLOSE = "?vehicle=demo-001&at=13/57.705/11.96"
MESSAGE = "Can you take the parcel at Korsvägen too? The customer waits in front of the museum."
SETTLE_MS = 8_000
DAY_S = 50_000
DEMO_PAST_S = 1_000
STARTS_WITHIN_S = 90.0


def main() -> None:
    port = free_port()
    with tempfile.TemporaryDirectory() as data, Children() as children:
        environment = {**os.environ, "FLEET_DATA_DIR": data}
        demo = children.start(
            [sys.executable, "scripts/run_demo.py", "--port", str(port)], folder=ROOT, environment=environment
        )
        if not wait_until_listening(demo, port, within_s=STARTS_WITHIN_S):
            sys.exit("the demo has not come up; its message is above")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("TEST_CHROMIUM") or "/usr/bin/chromium", args=FLAGS
            )
            url = f"http://{LOOPBACK}:{port}/"
            drive_a_day(url, environment)
            take(browser, url)
            take_vehicle_and_drive(browser, url, FOLDER)
            take_desk(browser, url, FOLDER)


def drive_a_day(url: str, environment: dict[str, str]) -> None:
    """Hours of three vehicles before those of the demo, with a gap between."""
    options = ["--vehicles", "3", "--hz", "0.2", "--past", str(DAY_S), f"--seconds=-{DEMO_PAST_S}"]
    subprocess.run(
        [sys.executable, "manage.py", "simulate", "--url", url, *options], cwd=ROOT, env=environment, check=True
    )


def take(browser: Browser, url: str) -> None:
    for name, view, theme in (("live", DESK, "light"), ("live-dark", DESK, "dark"), ("live-phone", PHONE, "light")):
        context = browser.new_context(viewport=view, color_scheme=theme)  # type: ignore[arg-type]
        page = context.new_page()
        open_live(page, url + (CLOSE if view is DESK else ""), USER)
        if name == "live":
            page.get_by_label("Message to the driver").fill(MESSAGE)
            page.keyboard.press("Enter")
        page.wait_for_timeout(SETTLE_MS)
        page.screenshot(path=FOLDER / f"{name}.png")
        if name == "live":
            page.goto(url + "history?vehicle=demo-001")
            page.locator(".episode").nth(3).click()
            page.wait_for_timeout(SETTLE_MS)
            page.screenshot(path=FOLDER / "history.png")
        context.close()


if __name__ == "__main__":
    main()
