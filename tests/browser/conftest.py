"""A running server and a real Chromium."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from scripts.support.children import LOOPBACK, Child, Children, end
from tests.deploy.conftest import empty_database
from tests.deploy.site import clean_environment, manage, start_server

CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HIDES = """
Object.defineProperty(document, 'visibilityState', { get: () => window.isHidden ? 'hidden' : 'visible' });
Object.defineProperty(document, 'hidden', { get: () => window.isHidden === true });
window.turn = isHidden => { window.isHidden = isHidden; document.dispatchEvent(new Event('visibilitychange')); };
"""
"""What a tab is told when it is hidden and shown again: `turn(true)`."""
PASSWORD = token_hex(8)
WAITS_MS = 20_000
"""For what is to be seen; a machine may be busy with other things."""


@dataclass(slots=True)
class Installation:
    """A server with one user `boss` and the vehicle `van`, which has a device."""

    port: int
    token: str
    server: Child
    serve: Callable[[], Child]
    environment: dict[str, str] = field(default_factory=dict, repr=False)
    problems: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def post(self, **fix: Any) -> None:
        answer = httpx.post(
            f"{self.url}/api/v1/fixes", json=fix, headers={"Authorization": f"Bearer {self.token}"}, trust_env=False
        )
        assert answer.json()["stored"] == 1, answer.text

    def as_driver(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.Client(base_url=f"{self.url}/api/v1/", headers=headers, trust_env=False)

    def run(self, code: str) -> None:
        """In Django's shell."""
        manage(self.environment, "shell", "--verbosity", "0", "-c", code)

    def go_away(self) -> None:
        """The server ends in order, as when it is updated."""
        end(self.server)

    def come_back(self) -> None:
        self.server = self.serve()

    def log_in(self, page: Page, path: str = "/") -> None:
        """By the form, as a person would; what the browser complains of is kept in `problems`."""
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda line: self.problems.append(line.text) if line.type == "error" else None)
        self.sign_in(page, "boss", path)
        page.get_by_text("LIVE", exact=True).wait_for()

    def sign_in(self, page: Page, user: str, path: str) -> None:
        page.goto(f"{self.url}{path}")
        page.get_by_label("User name").fill(user)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()


@pytest.fixture(scope="module", params=["daphne on SQLite", "uvicorn on PostgreSQL and Redis"])
def installation(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("installation")
    if request.param.startswith("daphne"):
        yield from start(folder, {}, "daphne")
        return
    redis = {"REDIS_URL": request.getfixturevalue("redis_url"), "FLEET_BUS_PREFIX": f"test-{token_hex(4)}"}
    with empty_database(request.getfixturevalue("postgres_url")) as url:
        yield from start(folder, {"DATABASE_URL": url, **redis}, "uvicorn")


def start(folder: Path, settings: dict[str, str], server: str) -> Iterator[Installation]:
    environment = clean_environment() | {"FLEET_DATA_DIR": str(folder), **settings}
    manage(environment, "migrate", "--verbosity", "0")
    login = {
        "DJANGO_SUPERUSER_USERNAME": "boss",
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        "DJANGO_SUPERUSER_EMAIL": "boss@example.org",
    }
    manage(environment | login, "createsuperuser", "--noinput", "--verbosity", "0")
    token = manage(environment, "device_token", "van", "--create").strip()
    with Children() as children:
        port, child = start_server(children, environment, server)
        yield Installation(
            port, token, child, lambda: start_server(children, environment, server, port=port)[1], environment
        )


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """Not for the session: while it runs, no test of another folder can run an event loop."""
    with sync_playwright() as playwright:
        expect.set_options(timeout=WAITS_MS)
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, installation: Installation) -> Iterator[Page]:
    """A browser nobody has used; it must not have complained at the end."""
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()
    problems, installation.problems = installation.problems, []
    assert problems == []
