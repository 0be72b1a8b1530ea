"""The page of refused fixes, as a browser without scripts gets it."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_page_asks_to_log_in(client: Client) -> None:
    response = client.get("/refusals")
    assert (response.status_code, response.headers["location"]) == (302, "/login/?next=/refusals")


@pytest.mark.parametrize(
    ("permissions", "everything", "may_adopt"),
    [
        ([], False, False),
        (["watch_everything"], True, False),
        (["add_vehicle"], False, False),
        (["watch_everything", "add_vehicle"], True, True),
    ],
)
def test_who_sees_unknown_names_and_may_make_vehicles_adopts(
    client: Client, user: User, permissions: list[str], everything: bool, may_adopt: bool
) -> None:
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    page = client.get("/refusals").content.decode()
    assert ("data-everything" in page, "data-may-adopt" in page) == (everything, may_adopt)
