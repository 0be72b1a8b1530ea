"""The right column: what happens, and the conversation with a driver."""

import re
import time
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from tests.browser.conftest import HIDES, Installation
from tests.browser.test_live_page import CENTRE_LAT, CENTRE_LON, ZOOM, post

NETWORK = """const sockets = [];
let isUp = true;
const Real = window.WebSocket;
window.WebSocket = function (...given) {
    if (!isUp) throw new Error('no network');
    const socket = new Real(...given);
    sockets.push(socket);
    return socket;
};
window.WebSocket.OPEN = Real.OPEN;
const reallyFetch = window.fetch;
window.fetch = (...given) => (isUp ? reallyFetch(...given) : Promise.reject(new Error('no network')));
delete window.EventSource;
window.setNetwork = up => {
    isUp = up;
    if (up) window.dispatchEvent(new Event('online'));
    else for (const socket of sockets.splice(0)) socket.close();
};"""
OLD = """
from datetime import timedelta
from django.utils import timezone
from tracking.models import DeviceToken, Message
device = DeviceToken.objects.get()
sent_at = timezone.now() - timedelta(days=2)
for text in {texts}:
    Message.objects.create(
        vehicle=device.vehicle, device=device, from_driver=True, key=text, text=text, sent_at=sent_at, read_at=sent_at
    )
"""
REGION = f"""
from tracking.models import Region
south, north, west, east = {CENTRE_LAT} - 0.01, {CENTRE_LAT} + 0.01, {CENTRE_LON} - 0.01, {CENTRE_LON} + 0.01
ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
Region.objects.get_or_create(
    slug="harbour",
    defaults={{"name": "Harbour", "min_stay_s": 0, "polygon": {{"type": "Polygon", "coordinates": [ring]}}}},
)
"""
RULE = """
from tracking.models import Rule
Rule.objects.get_or_create(
    name="Slow in the harbour", kind="speed", limit_mps=5.0, region=Region.objects.get(slug="harbour")
)
"""


@pytest.fixture
def desk(installation: Installation, page: Page) -> Page:
    """A dispatcher sees the van, which is selected."""
    post(installation, 0)
    installation.log_in(page)
    page.get_by_role("option", name="van").click()
    return page


def from_driver(installation: Installation, text: str) -> dict[str, Any]:
    with installation.as_driver() as driver:
        answer = driver.post("messages", json={"key": token_hex(8), "text": text})
    assert answer.status_code == 200, answer.text
    message: dict[str, Any] = answer.json()
    return message


def messages_of(driver: httpx.Client) -> list[dict[str, Any]]:
    """The newest first; asking for them counts as their delivery."""
    items: list[dict[str, Any]] = driver.get("messages", params={"before": 1 << 53}).json()["items"]
    return items


def bubble(page: Page, text: str) -> Locator:
    return page.locator(".bubble", has_text=text)


def write(page: Page, text: str) -> None:
    page.get_by_label("Message to the driver").fill(text)
    page.keyboard.press("Enter")


def test_what_a_driver_writes_is_counted_until_somebody_reads_it(installation: Installation, page: Page) -> None:
    """In the list and at the column's button, though the page was opened after it; the driver learns that it was read."""
    post(installation, 0)
    text = f"Late {token_hex(4)}"
    message = from_driver(installation, text)
    installation.log_in(page)
    row = page.get_by_role("option", name="van")
    expect(row.locator(".badge")).to_have_text("1")
    expect(page.get_by_role("button", name="Events and messages, 1 unread")).to_be_visible()
    page.locator("#event-log").get_by_role("button", name=text).click()
    expect(bubble(page, text)).to_be_visible()
    expect(row.locator(".badge")).to_be_empty()
    with installation.as_driver() as driver:
        states = {item["id"]: item["state"] for item in messages_of(driver)}
    assert states[message["id"]] == "read"


def test_a_message_is_sent_then_delivered_then_read(installation: Installation, desk: Page) -> None:
    text = f"Come back {token_hex(4)}"
    desk.get_by_text("Offer answers").click()
    desk.get_by_label("An answer to offer").fill("Yes")
    desk.keyboard.press("Enter")
    write(desk, text)
    expect(bubble(desk, text)).to_contain_text("· sent")
    with installation.as_driver() as driver:
        newest = messages_of(driver)[0]
        assert (newest["text"], newest["quick_replies"]) == (text, ["Yes"])
        expect(bubble(desk, text)).to_contain_text("delivered")
        driver.post(f"messages/{newest['id']}/read")
        expect(bubble(desk, text)).to_contain_text("read")


def test_a_message_waits_for_the_network_and_is_sent_once(installation: Installation, page: Page) -> None:
    page.add_init_script(NETWORK)
    post(installation, 0)
    installation.log_in(page)
    page.get_by_role("option", name="van").click()
    text = f"Are you there? {token_hex(4)}"
    page.evaluate("setNetwork(false)")
    expect(page.get_by_text("LOST", exact=True)).to_be_visible()
    write(page, text)
    expect(bubble(page, text)).to_contain_text("Not sent yet")
    page.evaluate("setNetwork(true)")
    expect(bubble(page, text)).to_contain_text("· sent")
    with installation.as_driver() as driver:
        assert [item["text"] for item in messages_of(driver)].count(text) == 1


def test_the_card_says_whether_the_driver_is_connected(installation: Installation, desk: Page) -> None:
    presence = desk.locator(".presence")
    url = f"ws://127.0.0.1:{installation.port}/live/v1/ws"
    authorised = {"Authorization": f"Bearer {installation.token}"}
    with connect(url, additional_headers=authorised, subprotocols=[Subprotocol("fleet.v1.json")], proxy=None) as socket:
        socket.send('{"type": "hello"}')
        expect(presence).to_contain_text("connected · ")
    expect(presence).to_contain_text("left")


def test_older_messages_come_when_asked_for(installation: Installation, page: Page) -> None:
    """Those of the last day come by themselves."""
    first = f"First {token_hex(4)}"
    installation.run(OLD.format(texts=[first, *(f"Number {number}" for number in range(50))]))
    post(installation, 0)
    installation.log_in(page)
    page.get_by_role("option", name="van").click()
    expect(bubble(page, "Number 49").last).to_be_in_viewport()
    expect(bubble(page, first)).to_have_count(0)
    page.get_by_role("button", name="Older messages").click()
    expect(bubble(page, first)).to_be_attached()


def test_a_crossing_is_told_and_leads_to_the_vehicle(installation: Installation, page: Page) -> None:
    installation.run(REGION)
    installation.log_in(page)
    deadline = time.monotonic() + 20
    entered = page.locator("#event-log").get_by_role("button", name="entered Harbour").first
    while not entered.is_visible():
        assert time.monotonic() < deadline, "no crossing was told"
        post(installation, 0)
        page.wait_for_timeout(300)
    expect(page.locator("#region-chips").get_by_role("button", name="Harbour 1")).to_be_visible()
    expect(page.locator(".region-label")).to_have_text("Harbour1")
    entered.click()
    expect(page.get_by_label("Selected vehicle", exact=True).get_by_role("heading", name="van")).to_be_visible()


def test_a_region_is_named_beside_who_stands_in_its_middle(installation: Installation, page: Page) -> None:
    installation.run(REGION)
    now = datetime.now(UTC).isoformat()
    installation.post(fix_time=now, lat=CENTRE_LAT, lon=CENTRE_LON, speed_mps=0)
    installation.log_in(page, f"/?at={ZOOM}/{CENTRE_LAT}/{CENTRE_LON}")
    expect(page.locator(".region-label")).to_be_visible()
    page.wait_for_function("""() => {
        const middle = ({ left, top, width, height }) => [left + width / 2, top + height / 2];
        const [x, y] = middle(document.querySelector('#map').getBoundingClientRect());
        const name = document.querySelector('.region-label').getBoundingClientRect();
        return name.width > 0 && (x < name.left || name.right < x || y < name.top || name.bottom < y);
    }""")


def test_tab_passes_over_regions_which_do_nothing(installation: Installation, page: Page) -> None:
    installation.run(REGION)
    installation.log_in(page, f"/?at={ZOOM}/{CENTRE_LAT}/{CENTRE_LON}")
    expect(page.locator("path.region")).to_be_attached()
    page.get_by_role("region", name="Map").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Zoom in")).to_be_focused()


def wait_for_alert(installation: Installation, page: Page) -> Locator:
    alert = page.locator("#event-log li:not([hidden])").filter(has_text="Slow in the harbour")
    deadline = time.monotonic() + 20
    while not alert.is_visible():
        assert time.monotonic() < deadline, "no alert was told"
        post(installation, 0)
        page.wait_for_timeout(300)
    return alert


def test_an_alert_is_snoozed_on_every_screen_until_it_is_woken(installation: Installation, page: Page) -> None:
    installation.run(REGION + RULE)
    installation.log_in(page)
    alert = wait_for_alert(installation, page)
    page.get_by_role("button", name="Alerts").click()
    expect(page.get_by_role("button", name="Alerts 1")).to_be_visible()
    alert.get_by_role("button", name="Snooze", exact=True).click()
    page.get_by_role("menuitem", name="1 hour").click()
    expect(alert).to_contain_text("snoozed until")
    expect(page.get_by_role("button", name="Alerts", exact=True)).to_be_visible()
    page.reload()
    expect(alert).to_contain_text("snoozed until")
    alert.get_by_role("button", name="Snooze", exact=True).click()
    page.get_by_role("menuitem", name="Wake now").click()
    expect(alert).not_to_contain_text("snoozed until")


POINTS_ON = """() => setInterval(
    () => document.querySelector('.event-scroller').dispatchEvent(new PointerEvent('pointermove')), 500
)"""
"""As a hand that does not rest: the list is held."""


def test_an_alert_is_told_and_taken_note_of(installation: Installation, page: Page) -> None:
    """Where it is read, at once, though the list stands still under the pointer."""
    installation.run(REGION + RULE)
    installation.log_in(page)
    alert = wait_for_alert(installation, page)
    alert.get_by_role("button", name="Acknowledge").click()
    page.evaluate(POINTS_ON)
    expect(alert).to_contain_text("noted by boss")
    expect(alert.get_by_role("button", name="Acknowledge")).to_be_hidden()


def test_the_column_opens_and_closes_by_key_and_stays_so(installation: Installation, desk: Page) -> None:
    column = desk.get_by_role("complementary", name="Selected vehicle and events")
    expect(column).to_be_visible()
    desk.keyboard.press("m")
    expect(desk.get_by_label("Message to the driver")).to_be_focused()
    desk.keyboard.press("Escape")
    desk.keyboard.press("Escape")
    expect(desk.get_by_label("Selected vehicle", exact=True)).to_be_hidden()
    desk.keyboard.press("e")
    expect(column.locator(".event:focus")).to_be_visible()
    desk.keyboard.press("s")
    expect(column).to_be_hidden()
    desk.goto(installation.url)
    desk.get_by_text("LIVE", exact=True).wait_for()
    expect(column).to_be_hidden()


CALLS = """localStorage.setItem('fleet-preferences', '{"sound": "on", "notify": "on"}');
window.heard = [];
const begin = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...given) { window.heard.push('tone'); return begin.apply(this, given); };
window.Notification = class {
    static permission = 'granted';
    constructor(title, { body }) { window.heard.push(`${title}: ${body}`); }
};
document.hasFocus = () => false;"""
OVER = """
from tracking.models import Rule
Rule.objects.all().delete()
"""


def test_a_new_alert_makes_itself_known(installation: Installation, page: Page) -> None:
    """Over the map, by sound and by the browser, once."""
    installation.run(OVER + REGION)
    page.add_init_script(CALLS)
    installation.log_in(page)
    page.locator(".leaflet-container").click(position={"x": 200, "y": 200})
    installation.run(RULE)
    toast = page.get_by_role("region", name="New alert")
    deadline = time.monotonic() + 20
    while not toast.is_visible():
        assert time.monotonic() < deadline, "no alert made itself known"
        post(installation, 0)
        page.wait_for_timeout(300)
    expect(toast).to_contain_text("Slow in the harbour in Harbour")
    page.wait_for_function("heard.length >= 3")
    assert sorted(page.evaluate("heard")) == ["tone", "tone", "van: Slow in the harbour in Harbour"]
    toast.get_by_role("button", name="Acknowledge").click()
    expect(toast).to_be_hidden()
    expect(page.locator("#event-log li:not([hidden])").filter(has_text="noted by boss").first).to_be_visible()


def test_a_hidden_tab_tells_of_alerts_and_keeps_them(installation: Installation, page: Page) -> None:
    """At once, though it draws nothing; who comes back finds them."""
    installation.run(OVER + REGION)
    page.add_init_script(CALLS + HIDES)
    installation.log_in(page)
    page.locator(".leaflet-container").click(position={"x": 200, "y": 200})
    page.evaluate("turn(true)")
    installation.run(RULE)
    deadline = time.monotonic() + 20
    while "van: Slow in the harbour in Harbour" not in page.evaluate("heard"):
        assert time.monotonic() < deadline, "no alert was told"
        post(installation, 0)
        page.wait_for_timeout(300)
    expect(page).to_have_title(re.compile(r"^\(\d+\) "))
    page.evaluate("turn(false)")
    expect(page.get_by_role("region", name="New alert")).to_contain_text("Slow in the harbour")
    row = page.locator("#event-log li:not([hidden])").filter(has_text="Slow in the harbour").first
    expect(row.get_by_role("button", name="Acknowledge")).to_be_visible()
