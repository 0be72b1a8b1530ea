"""The page of a link and the list of links."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from pytest_django import Settings

from tests.pages.conftest import config_of

pytestmark = pytest.mark.django_db


def test_anybody_gets_the_page_of_a_link_which_is_kept_from_others(client: Client, settings: Settings) -> None:
    settings.TILE_URL = "https://tiles.example/{z}"
    response = client.get("/s")
    assert response.status_code == 200
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["x-robots-tag"] == "noindex, nofollow"
    assert "no-store" in response.headers["cache-control"]
    page = response.content.decode()
    assert 'content="no-referrer"' in page and 'data-tile-url="https://tiles.example/{z}"' in page
    assert "csrf" not in page and "sessionid" not in response.cookies


def test_the_list_of_links_asks_to_log_in(client: Client, user: User) -> None:
    assert client.get("/shares").status_code == 302
    client.force_login(user)
    assert client.get("/shares").status_code == 200


def test_who_may_share_is_offered_it(client: Client, user: User, settings: Settings) -> None:
    settings.SHARE_DAYS = 7
    client.force_login(user)
    assert config_of(client.get("/").content.decode())["share_days"] == 0
    user.user_permissions.add(Permission.objects.get(codename="add_share"))
    assert config_of(client.get("/").content.decode())["share_days"] == 7
