"""What the environment may say, and what is refused with a sentence."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from fleet.environment import zone


def test_a_zone_is_an_iana_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FLEET_TIME_ZONE", raising=False)
    assert zone("FLEET_TIME_ZONE", "UTC") == "UTC"
    monkeypatch.setenv("FLEET_TIME_ZONE", "Europe/Stockholm")
    assert zone("FLEET_TIME_ZONE", "UTC") == "Europe/Stockholm"


@pytest.mark.parametrize("text", ["Gothenburg", "", "../etc/passwd", "Europe"])
def test_anything_else_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("FLEET_TIME_ZONE", text)
    with pytest.raises(ImproperlyConfigured, match="must be a time zone"):
        zone("FLEET_TIME_ZONE", "UTC")
