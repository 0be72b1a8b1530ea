"""The driver's page on a phone whose position and network are at the test's command."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Installation
from tests.deploy.site import manage

LAT, LON = 57.7, 11.95
OFFLINE_S = float(os.environ.get("FLEET_OFFLINE_S", "6"))
"""How long the network is away; two minutes show the same."""

FAKE_RECEIVER = """
const watchers = [];
navigator.geolocation.watchPosition = located => watchers.push(located);
navigator.geolocation.clearWatch = id => { delete watchers[id - 1]; };
navigator.geolocation.getCurrentPosition = () => undefined;
window.drive = fixes => {
    for (const [timestamp, latitude, longitude] of fixes)
        for (const located of watchers)
            located?.({ timestamp, coords: { latitude, longitude, accuracy: 5, speed: 12, heading: 90 } });
};
"""
"""A receiver whose hours pass in a moment."""
MAKE_CODE = """
from tracking.models import Vehicle
from tracking.storage.pairing import issue_code
print(issue_code(Vehicle.objects.get(slug="van"), label="phone of Anna"))
"""
REVOKE = """
from tracking.models import DeviceToken
for token in DeviceToken.objects.filter(label="phone of Anna", revoked_at=None):
    token.revoke()
"""


@dataclass(slots=True)
class Phone:
    context: BrowserContext
    page: Page
    installation: Installation
    metres_east: float = 0

    def be_at(self, metres_east: float) -> None:
        """Where the receiver finds itself."""
        self.context.set_geolocation({"latitude": LAT, "longitude": lon_of(metres_east), "accuracy": 5})

    def wander(self, lasts_s: float) -> None:
        """A fix a second, further apart than the phone needs to keep each."""
        deadline = time.monotonic() + lasts_s
        while time.monotonic() < deadline:
            self.metres_east += 200
            self.be_at(self.metres_east)
            self.page.wait_for_timeout(1_100)

    def kept(self) -> list[list[float]]:
        """All that waits on the phone, once the last place is among it; as `kept_fixes`."""
        deadline = time.monotonic() + 15
        while not (fixes := kept_fixes(self.page)) or fixes[-1][2] != round(lon_of(self.metres_east), 7):
            assert time.monotonic() < deadline, fixes[-1:]
            self.page.wait_for_timeout(50)
        return fixes

    def pair(self) -> None:
        self.page.goto(pairing_link(self.installation))
        self.page.get_by_role("button", name="Pair this phone").click()
        expect(self.page.get_by_role("heading", name="Stopped")).to_be_visible()

    def start(self) -> None:
        self.page.get_by_role("button", name="Start").click()

    def says(self, name: str, text: str) -> None:
        line = self.page.locator(".drive-lines > div").filter(has=self.page.get_by_text(name, exact=True))
        expect(line.locator("dd")).to_contain_text(text)


def lon_of(metres_east: float) -> float:
    return LON + metres_east / 59_500


def pairing_link(installation: Installation) -> str:
    code = manage(installation.environment, "shell", "--verbosity", "0", "-c", MAKE_CODE)
    return f"{installation.url}/drive#pair={code}"


@pytest.fixture
def phone(browser: Browser, installation: Installation) -> Iterator[Phone]:
    """A new phone at the centre of the town."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, permissions=["geolocation"])
    context.set_default_timeout(15_000)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    made = Phone(context, page, installation)
    made.be_at(0)
    yield made
    context.close()
    assert problems == []


@pytest.fixture(scope="module")
def reader(installation: Installation) -> Iterator[httpx.Client]:
    token = manage(installation.environment, "api_token", "boss")
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"{installation.url}/api/v1/", headers=headers, trust_env=False) as client:
        yield client


def track(reader: httpx.Client, from_ms: float, to_ms: float | None = None) -> list[list[Any]]:
    """Rows of [fix_time in ms, lat, lon]; until now by default."""
    params = {"from": rfc3339(from_ms), "to": rfc3339(to_ms or time.time() * 1000)}
    answer = reader.get("vehicles/van/track", params=params)
    return [[ms_of(row[0]), row[1], row[2]] for row in answer.json()["rows"]]


def ms_of(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def rfc3339(time_ms: float) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat(timespec="milliseconds")


def track_begun(reader: httpx.Client, from_ms: float) -> list[list[Any]]:
    """Waits for its first row."""
    deadline = time.monotonic() + 15
    while not (rows := track(reader, from_ms)):
        assert time.monotonic() < deadline, "no fix arrived"
        time.sleep(0.1)
    return rows


def kept_fixes(page: Page) -> list[list[float]]:
    """What waits on the phone, as [fix_time, lat, lon]; 1e-7 degrees are stored."""
    fixes: list[list[float]] = page.evaluate(
        """() => new Promise((resolve, reject) => {
            const opening = indexedDB.open('fleet-drive');
            opening.onerror = reject;
            opening.onsuccess = () => {
                const asked = opening.result.transaction('fixes').objectStore('fixes').getAll();
                asked.onsuccess = () => {
                    opening.result.close();
                    resolve(asked.result.map(({ fix_time, lat, lon }) => [fix_time, lat, Number(lon.toFixed(7))]));
                };
            };
        })"""
    )
    return fixes


def test_a_phone_is_paired_by_link_and_its_fixes_arrive(phone: Phone, reader: httpx.Client) -> None:
    """The code is gone from the address, so that it reaches no history."""
    from_ms = time.time() * 1000
    phone.be_at(0)
    phone.pair()
    assert phone.page.url == f"{phone.installation.url}/drive"
    phone.start()
    expect(phone.page.get_by_role("heading", name="Sending")).to_be_visible()
    phone.wander(2)
    phone.says("Waiting", "none")
    phone.says("Connection", "WebSocket")
    assert track_begun(reader, from_ms)[0][1:] == [LAT, LON]


def test_fixes_made_offline_arrive_once_and_in_place(phone: Phone, reader: httpx.Client) -> None:
    phone.pair()
    phone.start()
    phone.says("Waiting", "none")
    phone.context.set_offline(True)
    phone.wander(OFFLINE_S)
    expect(phone.page.get_by_role("heading", name="No network")).to_be_visible()
    waiting = phone.kept()
    assert len(waiting) >= OFFLINE_S / 2
    phone.says("Waiting", f"{len(waiting)}, since")
    phone.context.set_offline(False)
    phone.says("Waiting", "none")
    expect(phone.page.get_by_role("heading", name="Sending")).to_be_visible()
    assert track(reader, waiting[0][0], waiting[-1][0] + 1) == waiting


def test_the_page_opens_offline_and_has_kept_what_waits(phone: Phone, reader: httpx.Client) -> None:
    """From the worker's cache; it goes on recording where it was."""
    phone.pair()
    phone.start()
    phone.says("Waiting", "none")
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    phone.context.set_offline(True)
    phone.wander(2)
    before = phone.kept()
    phone.page.reload()
    expect(phone.page.get_by_role("button", name="Stop")).to_be_visible()
    phone.wander(2)
    waiting = phone.kept()
    assert waiting[: len(before)] == before and len(waiting) > len(before) > 0
    phone.context.set_offline(False)
    phone.says("Waiting", "none")
    assert track(reader, waiting[0][0], waiting[-1][0] + 1) == waiting


def test_hours_without_network_arrive_whole(phone: Phone, reader: httpx.Client) -> None:
    """In several batches."""
    phone.page.add_init_script(FAKE_RECEIVER)
    phone.pair()
    phone.page.context.set_offline(True)
    phone.start()
    began_ms = int(time.time() * 1000) - 36_000_000
    hours = [[began_ms + 6_000 * n, LAT, LON + n / 10_000] for n in range(1_200)]
    phone.page.evaluate("drive", hours)
    phone.says("Waiting", "1,200, since")
    phone.context.set_offline(False)
    phone.says("Waiting", "none")
    assert track(reader, hours[0][0], hours[-1][0] + 1) == [[t, lat, round(lon, 7)] for t, lat, lon in hours]


def test_without_a_websocket_all_goes_by_http(phone: Phone, reader: httpx.Client) -> None:
    """Fixes at once, and messages over the stream that is left."""
    phone.page.add_init_script("window.WebSocket = function () { throw new Error('no WebSocket here'); };")
    from_ms = time.time() * 1000
    phone.be_at(0)
    phone.pair()
    phone.start()
    phone.says("Waiting", "none")
    text = f"Are you there? {token_hex(4)}"
    reader.post("messages", json={"vehicle": "van", "key": token_hex(8), "text": text})
    expect(phone.page.get_by_role("alert", name="New message")).to_contain_text(text)
    phone.wander(2)
    phone.says("Connection", "long polling")
    assert track_begun(reader, from_ms)[0][1:] == [LAT, LON]


def test_a_message_is_answered_with_one_touch(phone: Phone, reader: httpx.Client) -> None:
    phone.pair()
    text = f"Can you take a parcel at Haga? {token_hex(4)}"
    sent = reader.post(
        "messages", json={"vehicle": "van", "key": token_hex(8), "text": text, "quick_replies": ["Yes", "In an hour"]}
    )
    card = phone.page.get_by_role("alert", name="New message")
    expect(card).to_contain_text(text)
    card.get_by_role("button", name="In an hour").click()
    expect(card).to_be_hidden()
    answer = newest_message(reader, lambda message: message["from_driver"])
    assert (answer["text"], answer["author"]) == ("In an hour", "phone of Anna")
    assert newest_message(reader, lambda message: message["id"] == sent.json()["id"] and message["state"] == "read")


def test_a_driver_writes_and_what_waits_outlives_the_page(phone: Phone, reader: httpx.Client) -> None:
    phone.pair()
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    phone.context.set_offline(True)
    text = f"The gate is closed {token_hex(4)}"
    phone.page.get_by_role("button", name="Messages").click()
    phone.page.get_by_label("Message to the dispatcher").fill(text)
    phone.page.get_by_role("button", name="Send").click()
    expect(phone.page.locator(".bubble", has_text=text)).to_be_visible()
    phone.page.wait_for_timeout(1_500)
    phone.page.reload()
    phone.context.set_offline(False)
    assert newest_message(reader, lambda message: message["text"] == text)["from_driver"]


def test_a_phone_follows_its_vehicle_under_another_slug(phone: Phone, reader: httpx.Client) -> None:
    phone.pair()
    try:
        rename(phone.installation, "van", "van-9")
        text = f"Are you there? {token_hex(4)}"
        message = {"vehicle": "van-9", "key": token_hex(8), "text": text}
        deadline = time.monotonic() + 15
        while reader.post("messages", json=message).status_code != 200:
            assert time.monotonic() < deadline
        expect(phone.page.get_by_role("alert", name="New message")).to_contain_text(text)
    finally:
        rename(phone.installation, "van-9", "van")


def rename(installation: Installation, before: str, after: str) -> None:
    code = f"from tracking.models import Vehicle; Vehicle.objects.filter(slug={before!r}).update(slug={after!r})"
    manage(installation.environment, "shell", "--verbosity", "0", "-c", code)


def test_off_duty_stops_the_phone_and_the_server_refuses(phone: Phone, reader: httpx.Client) -> None:
    """Whatever another device of the vehicle sends; what was before is taken."""
    phone.pair()
    phone.start()
    phone.says("Waiting", "none")
    duty = phone.page.get_by_role("switch", name="Off duty")
    duty.click()
    expect(phone.page.get_by_role("heading", name="Off duty")).to_be_visible()
    since_ms = wait_for_duty(reader, is_off=True)
    fixes = [{"fix_time": round(since_ms + shift_ms), "lat": LAT, "lon": LON} for shift_ms in (-5, 1)]
    with phone.installation.as_driver() as tracker:
        answer = tracker.post("fixes", json=fixes).json()
    assert [(refused["index"], refused["reason"]) for refused in answer["refused"]] == [(1, "off_duty")]
    phone.wander(2)
    assert kept_fixes(phone.page) == []
    duty.click()
    expect(phone.page.get_by_role("heading", name="Sending")).to_be_visible()
    wait_for_duty(reader, is_off=False)


def test_duty_is_switched_without_network_too(phone: Phone, reader: httpx.Client) -> None:
    """It counts from when the driver did it."""
    phone.pair()
    phone.context.set_offline(True)
    duty = phone.page.get_by_role("switch", name="Off duty")
    before_ms = time.time() * 1000
    duty.click()
    after_ms = time.time() * 1000
    expect(duty).to_contain_text("once there is network")
    phone.page.wait_for_timeout(1_500)
    phone.context.set_offline(False)
    assert before_ms - 1 <= wait_for_duty(reader, is_off=True) <= after_ms
    duty.click()
    wait_for_duty(reader, is_off=False)


def test_an_unpaired_phone_keeps_what_waits_until_it_is_paired_again(phone: Phone, reader: httpx.Client) -> None:
    phone.pair()
    phone.start()
    phone.says("Waiting", "none")
    phone.installation.run(REVOKE)
    phone.wander(3)
    expect(phone.page.get_by_role("heading", name="Not accepted")).to_be_visible()
    phone.wander(2)
    waiting = phone.kept()
    phone.page.get_by_role("button", name="Pair again").click()
    phone.page.get_by_label("Pairing code or link").fill(pairing_link(phone.installation))
    phone.page.get_by_role("button", name="Pair this phone").click()
    phone.says("Waiting", "none")
    assert waiting and track(reader, waiting[0][0], waiting[-1][0] + 1) == waiting


def test_a_wrong_code_is_told(phone: Phone) -> None:
    phone.page.goto(f"{phone.installation.url}/drive")
    phone.page.get_by_label("Pairing code or link").fill("K7QM-3WX")
    phone.page.get_by_role("button", name="Pair this phone").click()
    expect(phone.page.get_by_role("alert")).to_contain_text("eight letters and digits")
    phone.page.get_by_label("Pairing code or link").fill("k7qm-3wxd")
    phone.page.get_by_role("button", name="Pair this phone").click()
    expect(phone.page.get_by_role("alert")).to_contain_text("not known")


def newest_message(reader: httpx.Client, is_wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Waits for it."""
    deadline = time.monotonic() + 15
    while True:
        items = reader.get("messages", params={"before": 1 << 53}).json()["items"]
        if found := next((message for message in items if is_wanted(message)), None):
            return found
        assert time.monotonic() < deadline, items[:3]
        time.sleep(0.1)


def wait_for_duty(reader: httpx.Client, *, is_off: bool) -> float:
    """Since when, in ms; 0 on duty."""
    deadline = time.monotonic() + 15
    while True:
        since = reader.get("vehicles/van").json()["off_duty_since"]
        if (since is not None) is is_off:
            return 0 if since is None else datetime.fromisoformat(since).timestamp() * 1000
        assert time.monotonic() < deadline, since
        time.sleep(0.1)
