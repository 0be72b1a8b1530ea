"""The page of the audit."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_audit_is_shown_to_staff_alone(client: Client, user: User) -> None:
    client.force_login(user)
    assert client.get("/audit").status_code == 403
    User.objects.filter(pk=user.pk).update(is_staff=True)
    assert 'id="looks"' in client.get("/audit").content.decode()
