"""The pages, as a browser without scripts gets them."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django_vite.core.asset_loader import DjangoViteAssetLoader
from pytest_django import Settings

from tests.pages.conftest import config_of
from tracking.models import SavedView

pytestmark = pytest.mark.django_db


def test_the_live_page_asks_to_log_in(client: Client) -> None:
    response = client.get("/")
    assert (response.status_code, response.headers["location"]) == (302, "/login/?next=/")


def test_the_live_page_tells_its_program_where_to_begin(client: Client, user: User, settings: Settings) -> None:
    settings.TILE_URL = "https://tiles.example/{z}/{x}/{y}.png"
    client.force_login(user)
    response = client.get("/")
    assert config_of(response.content.decode()) == {
        "live_url": "/live/v1/ws",
        "regions_url": "/api/v1/regions",
        "vehicles_url": "/api/v1/vehicles",
        "fleet_url": "/api/v1/fleet",
        "time_zone": "UTC",
        "events_url": "/api/v1/events",
        "alerts_url": "/api/v1/alerts",
        "messages_url": "/api/v1/messages",
        "everything": False,
        "user": "anna",
        "shares_url": "/api/v1/shares",
        "views_url": "/api/v1/views",
        "share_days": 0,
        "tile_url": "https://tiles.example/{z}/{x}/{y}.png",
        "tile_attribution": "",
        "demo": False,
    }
    assert "no-store" in response.headers["cache-control"]


def test_the_live_page_begins_with_the_view_that_one_prefers(client: Client, user: User) -> None:
    """Only when nothing else is asked for."""
    SavedView.objects.create(user=user, name="Mine", query="region=haga&at=13/57.7/12", is_default=True)
    client.force_login(user)
    response = client.get("/")
    assert (response.status_code, response.headers["location"]) == (302, "/?region=haga&at=13/57.7/12")
    assert client.get("/?region=majorna").status_code == 200


def test_every_page_names_the_fleets_zone(client: Client, user: User, settings: Settings) -> None:
    settings.FLEET_TIME_ZONE = "Asia/Kathmandu"
    client.force_login(user)
    for path in ("/", "/shares", "/refusals"):
        assert 'data-fleet-zone="Asia/Kathmandu"' in client.get(path).content.decode()


def test_a_browser_that_was_told_no_icon_finds_one(client: Client) -> None:
    """As in the admin."""
    assert client.get("/favicon.ico").headers["location"].endswith("favicon.svg")


def test_the_live_page_says_who_may_watch_everything(client: Client, user: User) -> None:
    user.user_permissions.add(Permission.objects.get(codename="watch_everything"))
    client.force_login(user)
    assert config_of(client.get("/").content.decode())["everything"] is True


def test_a_name_cannot_break_out_of_the_page_config(client: Client) -> None:
    client.force_login(User.objects.create_user("</script><b>"))
    page = client.get("/").content.decode()
    assert config_of(page)["user"] == "</script><b>"
    assert "<b>" not in page


def test_pages_run_no_inline_script(client: Client, user: User) -> None:
    """The policy forbids it; every script is a file."""
    client.force_login(user)
    response = client.get("/")
    scripts = re.findall(r"<script([^>]*)>", response.content.decode())
    assert [tag for tag in scripts if "src=" not in tag and "application/json" not in tag] == []
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy


def test_logging_in_leads_to_the_page_asked_for(client: Client, user: User) -> None:
    response = client.post("/login/?next=/admin/", {"username": "anna", "password": "a-long-password"})
    assert (response.status_code, response.headers["location"]) == (302, "/admin/")
    assert client.get("/login/").headers["location"] == "/"


def test_a_wrong_password_is_told_on_the_page(client: Client, user: User) -> None:
    response = client.post("/login/", {"username": "anna", "password": "wrong"})
    assert response.status_code == 200
    assert "correct" in response.content.decode()


def test_logging_in_does_not_lead_elsewhere(client: Client, user: User) -> None:
    response = client.post("/login/?next=//evil.example/", {"username": "anna", "password": "a-long-password"})
    assert response.headers["location"] == "/"


def test_logging_out_leads_to_the_way_in(client: Client, user: User) -> None:
    client.force_login(user)
    assert client.post("/logout/").headers["location"] == "/login/"
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    ("bench_page", "debug", "status"), [(False, False, 404), (True, False, 200), (False, True, 200)]
)
def test_the_bench_is_there_only_when_asked_for(
    client: Client, settings: Settings, bench_page: bool, debug: bool, status: int
) -> None:
    settings.BENCH_PAGE, settings.DEBUG = bench_page, debug
    assert client.get("/bench/map").status_code == status


@pytest.mark.parametrize("path", ["/", "/login/"])
def test_a_missing_build_is_named(
    client: Client, user: User, built: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """Neither a traceback nor a blank page: what to run."""
    built.unlink()
    monkeypatch.setattr(DjangoViteAssetLoader, "_instance", None)
    if path == "/":
        client.force_login(user)
    response = client.get(path)
    assert response.status_code == 503
    assert "make run" in response.content.decode()


def test_a_build_without_the_page_is_named(client: Client, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built.write_text("{}")
    monkeypatch.setattr(DjangoViteAssetLoader, "_instance", None)
    assert "make run" in client.get("/login/").content.decode()


@pytest.mark.parametrize(("what", "mark"), [("region", ""), ("rule", "-rule")])
@pytest.mark.parametrize("action", ["add", "change", "delete"])
def test_the_live_page_offers_what_may_be_done_to_regions_and_rules(
    client: Client, user: User, action: str, what: str, mark: str
) -> None:
    client.force_login(user)
    assert "region-editor" not in client.get("/").content.decode()
    user.user_permissions.add(Permission.objects.get(codename=f"{action}_{what}"))
    page = client.get("/").content.decode()
    assert "region-editor-button" in page
    assert re.findall(r"data-may-([\w-]+)", page) == [f"{action}{mark}"]
