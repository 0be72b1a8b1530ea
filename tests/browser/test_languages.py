"""The pages in Swedish and German: some sentences of each, and that none is left in English."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polib
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.conftest import Installation
from tests.browser.test_drive import pairing_link

ROOT = Path(__file__).parent.parent.parent
SEEN = """
() => {
    const UNREAD = 'script, style, noscript, kbd, code, .qr, .leaflet-control-attribution, .frames, [lang=de], [lang=en]';
    const shown = element => element.checkVisibility({ checkVisibilityCSS: true });
    const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    const texts = [document.title];
    while (walker.nextNode()) {
        const { parentElement: parent, data } = walker.currentNode;
        const isRead = !parent.closest(UNREAD);
        if (isRead && (parent.tagName === 'OPTION' || shown(parent))) texts.push(data);
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [aria-valuetext]'))
        if (shown(element))
            for (const name of ['aria-label', 'title', 'placeholder', 'aria-valuetext']) texts.push(element.getAttribute(name) ?? '');
    return texts.map(text => text.trim()).filter(text => text !== '');
}
"""
"""What is read or read aloud on a page."""
SAME_EVERYWHERE = re.compile(
    r"\b(Fleet|boss|van|API|Svenska|OwnTracks|OsmAnd|Overland|GPSLogger|Traccar Client|device token|phone of \w+"
    r"|WebSocket|websocket|daphne|region:all|admin:ops|[0-9a-f]{8}|K7QM-3WXD|Europe/\w+|UTC"
    r"|k?m|km/h|s|min|h|d|k?B|kB/s|ms|p50|p99|[NS]?[NESW]|Tab|Enter|Esc|Ctrl|Shift|[ntrlvefgmsdpzbwkA])\b|\(.\)"
)
"""Names, signs and keys."""
DATES = re.compile(
    r"\b((mån|tis|ons|tors|fre|lör|sön)(dag)?|(jan|feb|mars|apr|maj|juni|juli|aug|sep|okt|nov|dec)\w*)\b\.?"
)
PSEUDO = re.compile(r"⟦[^⟦⟧]*(?:⟦[^⟦⟧]*⟧[^⟦⟧]*)*⟧")
"""One text in another at most."""


def context_in(browser: Browser, locale: str) -> BrowserContext:
    context = browser.new_context(locale=locale, viewport={"width": 1300, "height": 800}, permissions=["geolocation"])
    context.set_default_timeout(15_000)
    return context


@pytest.mark.parametrize(
    ("locale", "live", "drive"),
    [
        ("sv-SE", "Inget har hänt den senaste halvtimmen.", "Be trafikledaren om en kod"),
        ("de-AT", "In der letzten halben Stunde ist nichts geschehen.", "Bitte die Leitstelle um einen Code"),
        ("fr-FR", "Nothing has happened in the last half hour.", "Ask your dispatcher for a code"),
    ],
)
def test_live_and_drive_speak_the_browsers_language(
    browser: Browser, installation: Installation, locale: str, live: str, drive: str
) -> None:
    context = context_in(browser, locale)
    page = context.new_page()
    language = locale[:2] if locale[:2] in ("sv", "de") else "en"
    installation.sign_in(page, "boss", "/")
    expect(page.get_by_text(live)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.goto(f"{installation.url}/drive")
    expect(page.get_by_text(drive)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", language)
    context.close()


def test_a_language_is_chosen_in_the_settings_and_holds_everywhere(
    browser: Browser, installation: Installation
) -> None:
    """Once: in the page that is open, in those of the server, and on the driver's page, whose menu takes it back."""
    context = context_in(browser, "en-GB")
    page = context.new_page()
    installation.sign_in(page, "boss", "/")
    page.get_by_text("LIVE", exact=True).wait_for()
    page.get_by_label("Menu of boss").click()
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Language").select_option("de")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Ereignisse")).to_be_visible()
    page.goto(f"{installation.url}/shares")
    expect(page.get_by_role("heading", name="Geteilte Links")).to_be_visible()
    page.goto(f"{installation.url}/drive")
    expect(page.get_by_role("heading", name="Nicht gekoppelt")).to_be_visible()
    page.get_by_label("Sprache").select_option("")
    expect(page.get_by_role("heading", name="Not paired")).to_be_visible()
    context.close()


def test_the_login_page_offers_languages_without_a_script(browser: Browser, installation: Installation) -> None:
    context = browser.new_context(locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{installation.url}/login/?next=/history")
    page.get_by_role("button", name="Svenska").click()
    expect(page.get_by_role("button", name="Logga in")).to_be_visible()
    assert page.url.endswith("/login/?next=/history")
    context.close()


def test_a_phone_without_network_takes_another_language(browser: Browser, installation: Installation) -> None:
    """All of them are kept with the page."""
    context = context_in(browser, "en-GB")
    page = context.new_page()
    page.goto(f"{installation.url}/drive")
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    page.reload()
    context.set_offline(True)
    page.get_by_label("Language").select_option("sv")
    expect(page.get_by_role("heading", name="Inte kopplad")).to_be_visible()
    context.close()


# Nothing is left in English -------------------------------------------------------------------------------------------


def pseudo_texts(route: Route) -> None:
    """In place of the Swedish file: each text is its English one in brackets."""
    texts = json.loads((ROOT / "frontend" / "src" / "texts" / "sv.json").read_text())
    del texts["N NE E SE S SW W NW"]  # taken apart
    said = {
        key: dict.fromkeys(form, f"⟦{key}⟧") if isinstance(form, dict) else f"⟦{key}⟧" for key, form in texts.items()
    }
    route.fulfill(body=f"export default {json.dumps(said)};", content_type="text/javascript")


def server_texts() -> list[str]:
    """What templates say in Swedish, without markup and values; the longest first."""
    entries = polib.pofile(str(ROOT / "tracking" / "locale" / "sv" / "LC_MESSAGES" / "django.po"))
    forms = [form for entry in entries for form in (entry.msgstr_plural.values() or [entry.msgstr])]
    parts = {part.strip() for form in forms for part in re.split(r"<[^>]*>|%\(\w+\)s|%%", form)}
    return sorted((part for part in parts if part), key=len, reverse=True)


def left_in_english(page: Page) -> set[str]:
    left = set()
    for text in page.evaluate(SEEN):
        rest = PSEUDO.sub(" ", text)
        for said in server_texts():
            rest = rest.replace(said, " ")
        if re.search(r"[^\W\d_]", DATES.sub(" ", SAME_EVERYWHERE.sub(" ", rest))):
            left.add(text)
    return left


@pytest.fixture
def reader(browser: Browser, installation: Installation) -> Iterator[Page]:
    """Signed in, of the pseudo-language."""
    context = context_in(browser, "sv-SE")
    context.route("**/assets/sv-*.js", pseudo_texts)
    page = context.new_page()
    installation.sign_in(page, "boss", "/shares")
    drive(installation)
    yield page
    context.close()


def drive(installation: Installation) -> None:
    """For ten minutes, up to now."""
    end = datetime.now(UTC)
    fixes = [
        {"fix_time": (end - timedelta(minutes=ago)).isoformat(), "lat": 57.7 - ago / 300, "lon": 11.95, "speed_mps": 6}
        for ago in range(10)
    ]
    with installation.as_driver() as driver:
        assert driver.post("fixes", json=fixes).json()["stored"] == len(fixes)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/shares", "#shares > *"),
        ("/visits", ".visits-state p"),
        ("/audit", "#looks > *"),
        ("/rules", ".rule-rows > *"),
        ("/refusals", "#empty"),
        ("/ops", ".ops-process"),
        ("/vehicles/van", "h1"),
        ("/history?vehicle=van&{days}", ".episode"),
        ("/drive", "h1"),
        ("/lab", "#ways article"),
        ("/nowhere", "h1"),
    ],
)
def test_no_page_says_anything_in_english(reader: Page, installation: Installation, path: str, shown: str) -> None:
    today = datetime.now(UTC)
    days = f"from={today - timedelta(days=1):%Y-%m-%d}&to={today:%Y-%m-%d}"
    reader.goto(f"{installation.url}{path.format(days=days)}")
    reader.locator(shown).first.wait_for()
    assert left_in_english(reader) == set()


def test_the_live_page_says_nothing_in_english(reader: Page, installation: Installation) -> None:
    """With a vehicle selected, the sheets open, and the past."""
    reader.goto(f"{installation.url}/?vehicle=van")
    reader.locator("#vehicle-card .card-status").first.wait_for()
    assert left_in_english(reader) == set()
    for key, shown in [("?", ".key-sheet"), (",", ".settings-sheet")]:
        reader.keyboard.press(key)
        reader.locator(shown).wait_for()
        assert left_in_english(reader) == set()
        reader.keyboard.press("Escape")
        expect(reader.locator(shown)).to_be_hidden()
    reader.keyboard.press("b")
    reader.locator(".replay-player").wait_for()
    assert left_in_english(reader) == set()


def test_a_paired_phone_says_nothing_in_english(reader: Page, installation: Installation) -> None:
    reader.goto(pairing_link(installation))
    reader.locator("[type=submit]").click()
    reader.locator(".drive-main").click()
    assert left_in_english(reader) == set()
