"""Tokens are printed once, alone on standard output."""

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError

from tracking.models import ApiToken, DeviceToken, Vehicle, token_digest

pytestmark = pytest.mark.django_db


def printed(command: str, *words: str, **options: Any) -> str:
    out = StringIO()
    call_command(command, *words, stdout=out, stderr=StringIO(), **options)
    (secret,) = out.getvalue().splitlines()
    return secret


def test_a_device_token_is_of_its_vehicle() -> None:
    vehicle = Vehicle.objects.create(slug="van-1", name="Van")
    secret = printed("device_token", "van-1", label="phone")
    token = DeviceToken.objects.get()
    assert (bytes(token.digest), token.vehicle, token.label) == (token_digest(secret), vehicle, "phone")


def test_a_missing_vehicle_is_made_when_asked() -> None:
    printed("device_token", "van-1", create=True)
    assert DeviceToken.objects.get().vehicle == Vehicle.objects.get(slug="van-1")


def test_a_gateway_has_no_vehicle() -> None:
    printed("device_token", gateway=True)
    assert DeviceToken.objects.get().vehicle is None


def test_every_token_is_new_and_earlier_ones_stay() -> None:
    assert printed("device_token", gateway=True) != printed("device_token", gateway=True)
    assert DeviceToken.objects.filter(revoked_at=None).count() == 2


def test_an_api_token_is_of_its_user() -> None:
    user = User.objects.create_user("reader")
    secret = printed("api_token", "reader")
    assert (bytes(ApiToken.objects.get().digest), ApiToken.objects.get().user) == (token_digest(secret), user)


@pytest.mark.parametrize(
    ("words", "options", "message"),
    [
        (["device_token", "van-1"], {}, "--create makes it"),
        (["device_token"], {}, "either"),
        (["device_token", "van-1"], {"gateway": True}, "either"),
        (["device_token", "no slug"], {"create": True}, "cannot be a slug"),
        (["device_token"], {"gateway": True, "label": "x" * 101}, "label"),
        (["api_token", "nobody"], {}, "no user"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_made(words: list[str], options: dict[str, Any], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        printed(*words, **options)
    assert not DeviceToken.objects.exists() and not Vehicle.objects.exists()
