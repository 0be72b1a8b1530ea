"""The history page, as a browser without scripts gets it."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.pages.conftest import config_of

pytestmark = pytest.mark.django_db


def test_the_page_asks_to_log_in(client: Client) -> None:
    """And comes back to the same vehicle and day."""
    response = client.get("/history?vehicle=van&day=2026-11-20")
    assert response.status_code == 302
    assert response.headers["location"] == "/login/?next=/history%3Fvehicle%3Dvan%26day%3D2026-11-20"


def test_the_page_tells_its_program_where_to_ask(client: Client, user: User) -> None:
    client.force_login(user)
    config = config_of(client.get("/history").content.decode())
    assert config["vehicles_url"] == "/api/v1/vehicles"
    assert config["regions_url"] == "/api/v1/regions"
    assert config["time_zone"]
