"""`manage.py serve`, when it cannot."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings


@pytest.mark.parametrize("url", ["postgresql://127.0.0.1:1/none", "sqlite:////proc/none.sqlite3"])
def test_a_store_that_cannot_be_opened_is_told_in_a_sentence(settings: Settings, url: str) -> None:
    settings.TELEMETRY_URL = url
    with pytest.raises(CommandError, match=r"^the telemetry store .*cannot be opened: "):
        call_command("serve", "--port", "1")
