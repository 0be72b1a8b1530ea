"""The page of who was at a place, as a browser without scripts gets it."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.pages.conftest import config_of

pytestmark = pytest.mark.django_db


def test_the_page_asks_to_log_in_and_tells_its_program_where_to_ask(client: Client, user: User) -> None:
    assert client.get("/visits?region=haga").headers["location"] == "/login/?next=/visits%3Fregion%3Dhaga"
    client.force_login(user)
    assert config_of(client.get("/visits").content.decode())["regions_url"] == "/api/v1/regions"
