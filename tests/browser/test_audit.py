"""The audit, as staff reads it."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Installation
from tests.browser.test_map import violations

AT = (datetime.now(UTC) - timedelta(days=2)).replace(hour=20, minute=0, second=0, microsecond=0)
NEXT_DAY = AT + timedelta(days=1)
LOOK = f"""
from datetime import datetime
from django.contrib.auth.models import User
from tracking.models import Look, Vehicle
Vehicle.objects.update(name="Line 16")
User.objects.update(first_name="Karin", last_name="Ek")
at = datetime.fromisoformat("{AT.isoformat()}")
Look.objects.create(at=at, kind="track", who="boss", user=User.objects.get(), vehicle="van", from_time=at, to_time=at)
"""
IN_FLEETS_ZONE = "localStorage.setItem('fleet-preferences', '{\"zone\": \"fleet\"}')"
"""Which is UTC."""


@pytest.fixture(scope="module", autouse=True)
def looked(installation: Installation) -> None:
    installation.run(LOOK)


@pytest.mark.parametrize(("script", "day", "clock"), [("", NEXT_DAY, "1:45"), (IN_FLEETS_ZONE, AT, "8:00")])
def test_names_and_days_are_its_readers(
    browser: Browser, installation: Installation, script: str, day: datetime, clock: str
) -> None:
    """The same look is of another day in Kathmandu than where the fleet is."""
    context = browser.new_context(locale="en-US", timezone_id="Asia/Kathmandu")
    context.add_init_script(script)
    page = context.new_page()
    installation.sign_in(page, "boss", f"/audit?first={day:%Y-%m-%d}&last={day:%Y-%m-%d}")
    row = page.get_by_role("row").nth(1)
    expect(row.get_by_role("cell").nth(0)).to_have_text("Karin Ekboss")
    expect(row.get_by_role("cell").nth(2)).to_have_text("Line 16van")
    expect(row.get_by_role("cell").nth(5)).to_contain_text(f"{day:%-m/%-d/%y}, {clock}")
    assert violations(page) == []
    context.close()
