"""A tab that is open all day: what eight hours bring, sent in minutes, leaves no trace in its memory."""

import time
from dataclasses import dataclass
from typing import Any

import httpx
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import Installation
from tests.browser.test_desk import REGION, from_driver
from tests.browser.test_live_page import CENTRE_LAT, CENTRE_LON
from tests.deploy.site import manage

VEHICLES = 200
HOURS = 8
SETTLED_AFTER_HOUR = 2
ROUNDS_AN_HOUR = 20
HEAP_GROWTH_BYTES = 1_500_000
"""In six hours, a quarter of what the page weighs: the log of events and the trails fill up to their ends."""
NODE_GROWTH = 12
"""In six hours: two an hour would be one element with its text."""
MAKE = f"""
from tracking.models import Region, Rule, Vehicle
Vehicle.objects.bulk_create([Vehicle(slug=f"bus-{{n}}", name=f"Bus {{n}}") for n in range({VEHICLES})])
"""
RULE = """
from tracking.models import Rule
Rule.objects.create(name="Slow here", kind="speed", limit_mps=5.0, region=Region.objects.get(slug="harbour"))
"""


@dataclass(frozen=True, slots=True)
class Weight:
    heap_bytes: int
    nodes: int
    listeners: int


def fixes_of(round_: int) -> list[dict[str, Any]]:
    """Every bus goes along its own line, through the region and back; some rest."""
    return [
        {
            "vehicle": f"bus-{number}",
            "fix_time": int(time.time() * 1000),
            "lat": CENTRE_LAT - 0.02 + number * 0.0002,
            "lon": CENTRE_LON - 0.02 + (round_ * 7 + number) % 40 * 0.001,
            "speed_mps": 0 if number % 10 == 0 else 8,
        }
        for number in range(VEHICLES)
    ]


def weigh(page: Page, devtools: CDPSession) -> Weight:
    """After all that nobody holds has gone."""
    for _ in range(3):
        devtools.send("HeapProfiler.collectGarbage")
        page.wait_for_timeout(200)
    found = {metric["name"]: metric["value"] for metric in devtools.send("Performance.getMetrics")["metrics"]}
    return Weight(int(found["JSHeapUsedSize"]), int(found["Nodes"]), int(found["JSEventListeners"]))


def use(page: Page, hour: int) -> None:
    """What a dispatcher does in an hour; at its end the page is as it was."""
    number = hour * 7 % VEHICLES
    search = page.get_by_role("searchbox")
    search.fill(f"bus {number}")
    page.get_by_role("listbox", name="Vehicles").get_by_role("option").first.click()
    card = page.get_by_label("Selected vehicle", exact=True)
    expect(card).to_be_visible()
    page.keyboard.press("f")
    page.keyboard.press("f")
    search.fill("")
    harbour = page.locator("#region-chips").get_by_role("button", name="Harbour")
    harbour.click()
    expect(harbour).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="All", exact=True).first.click()
    page.keyboard.press("b")
    expect(page.get_by_text("PAST", exact=True)).to_be_visible()
    page.get_by_role("slider", name="Moment").press("PageDown")
    page.keyboard.press("b")
    expect(page.locator("#replay")).to_be_hidden()
    for key in ("t", "r", "t", "r", "?"):
        page.keyboard.press(key)
    sheet = page.get_by_role("dialog", name="Keyboard")
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_eight_hours_leave_no_trace(installation: Installation, page: Page) -> None:
    installation.run(MAKE + REGION + RULE)
    token = manage(installation.environment, "device_token", "--gateway")
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable")
    weights: list[Weight] = []

    def report(round_: int) -> None:
        answer = httpx.post(
            f"{installation.url}/api/v1/fixes",
            json=fixes_of(round_),
            headers={"Authorization": f"Bearer {token}"},
            trust_env=False,
        )
        assert answer.json()["refused"] == [], answer.text

    report(0)
    installation.log_in(page, f"/?at=13/{CENTRE_LAT}/{CENTRE_LON}")
    for hour in range(HOURS):
        for round_ in range(hour * ROUNDS_AN_HOUR, (hour + 1) * ROUNDS_AN_HOUR):
            report(round_ + 1)
        from_driver(installation, f"Hour {hour}")
        expect(page.locator("#event-log").get_by_role("button", name=f"Hour {hour}")).to_be_visible()
        use(page, hour)
        if hour + 1 in (SETTLED_AFTER_HOUR, HOURS):
            expect(page.get_by_role("region", name="New alert")).to_have_count(0, timeout=40_000)
            weights.append(weigh(page, devtools))
    before, after = weights
    assert after.heap_bytes - before.heap_bytes < HEAP_GROWTH_BYTES
    assert after.nodes - before.nodes < NODE_GROWTH
    assert after.listeners == before.listeners
