"""A running server and a real Chromium."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from scripts.support.children import LOOPBACK, Child, Children, end
from tests.deploy.conftest import empty_database, name_of
from tests.deploy.site import clean_environment, manage, migrate, start_server

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

DAPHNE, UVICORN = "daphne on SQLite", "uvicorn on PostgreSQL and Redis"
ON_BOTH = ("test_live_page", "test_transports")
"""Live delivery in every way."""
ON_UVICORN = ("test_desk", "test_history", "test_ops", "test_refusals", "test_vehicle")
"""The other modules run on daphne."""


@dataclass(slots=True)
class Installation:
    """A server with one user `boss` and the vehicle `van`, which has a device."""

    port: int
    token: str
    server: Child
    serve: Callable[[], Child]
    environment: dict[str, str] = field(default_factory=dict, repr=False)
    problems: list[str] = field(default_factory=list)
    cookies: dict[str, list[Any]] = field(default_factory=dict, repr=False)

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
        """To the live page; what the browser complains of is kept in `problems`."""
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda line: self.problems.append(line.text) if line.type == "error" else None)
        self.sign_in(page, "boss", path)
        page.get_by_text("LIVE", exact=True).wait_for()

    def sign_in(self, page: Page, user: str, path: str) -> None:
        """By the form, whatever its language; from the second time on with the cookies that it gave."""
        if user in self.cookies:
            page.context.add_cookies(self.cookies[user])
            page.goto(f"{self.url}{path}")
            return
        page.goto(f"{self.url}{path}")
        page.locator("[name=username]").fill(user)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[type=submit]").click()
        page.wait_for_url(lambda url: "/login/" not in url)
        self.cookies[user] = [
            {"name": cookie["name"], "value": cookie["value"], "url": self.url}
            for cookie in page.context.cookies()
            if cookie["name"] in {"sessionid", "csrftoken"}
        ]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What a page does depends little on the server below it: a module runs on one of the two, a few on both."""
    if "installation" in metafunc.fixturenames:
        module = metafunc.module.__name__.rpartition(".")[2]
        metafunc.parametrize("installation", servers_of(module), indirect=True, scope="module")


def servers_of(module: str) -> list[str]:
    if module in ON_BOTH:
        return [DAPHNE, UVICORN]
    return [UVICORN if module in ON_UVICORN else DAPHNE]


@pytest.fixture(scope="module")
def installation(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A copy of the server's master, so that each module begins with nothing but the van."""
    folder = tmp_path_factory.mktemp("installation")
    master: Master = request.getfixturevalue("sqlite_master" if request.param == DAPHNE else "postgres_master")
    shutil.copytree(master.folder, folder, dirs_exist_ok=True)
    if master.database is None:
        yield from start(master.token, {"FLEET_DATA_DIR": str(folder)}, "daphne")
        return
    redis = {"REDIS_URL": request.getfixturevalue("redis_url"), "FLEET_BUS_PREFIX": f"test-{token_hex(4)}"}
    with empty_database(request.getfixturevalue("postgres_url"), template=master.database) as url:
        yield from start(master.token, {"FLEET_DATA_DIR": str(folder), "DATABASE_URL": url, **redis}, "uvicorn")


@dataclass(frozen=True, slots=True)
class Master:
    """What installations are copied from."""

    folder: Path
    token: str
    database: str | None


@pytest.fixture(scope="package")
def sqlite_master(tmp_path_factory: pytest.TempPathFactory) -> Master:
    folder = tmp_path_factory.mktemp("master")
    return Master(folder, fill({"FLEET_DATA_DIR": str(folder)}), None)


@pytest.fixture(scope="package")
def postgres_master(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Master]:
    folder = tmp_path_factory.mktemp("master")
    with empty_database(postgres_url) as url:
        yield Master(folder, fill({"FLEET_DATA_DIR": str(folder), "DATABASE_URL": url}), name_of(url))


def fill(settings: dict[str, str]) -> str:
    """The secret of the van's device."""
    environment = clean_environment() | settings
    login = {
        "DJANGO_SUPERUSER_USERNAME": "boss",
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        "DJANGO_SUPERUSER_EMAIL": "boss@example.org",
    }
    boss = ["createsuperuser", "--noinput", "--verbosity", "0"]
    return migrate(environment | login, boss, ["device_token", "van", "--create"])[-1]


def start(token: str, settings: dict[str, str], server: str) -> Iterator[Installation]:
    environment = clean_environment() | settings
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
