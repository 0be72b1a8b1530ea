"""The page of rules for the whole fleet."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_page_offers_what_its_reader_may(client: Client, user: User) -> None:
    client.force_login(user)
    assert client.get("/rules").status_code == 403
    user.user_permissions.add(*Permission.objects.filter(codename__in=["watch_everything", "change_rule"]))
    page = client.get("/rules").content.decode()
    assert "data-may-change" in page and "data-may-add" not in page and "data-may-delete" not in page


def test_the_live_page_leads_there(client: Client, user: User) -> None:
    client.force_login(user)
    assert 'href="/rules"' not in client.get("/").content.decode()
    user.user_permissions.add(Permission.objects.get(codename="watch_everything"))
    assert 'href="/rules"' in client.get("/").content.decode()
