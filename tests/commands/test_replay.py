"""A replay accounts for every row and cleans up after itself."""

import re
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.clients.fake_server import FakeHttp
from tracking.models import DeviceToken, Vehicle

pytestmark = pytest.mark.django_db


def replay(path: Path, server: FakeHttp, **options: Any) -> str:
    out = StringIO()
    call_command("replay", path, url=server.url, stdout=out, stderr=out, **{"speed": 0, **options})
    return out.getvalue()


def test_stored_duplicates_and_refused_make_up_the_rows(server: FakeHttp, recording: Path) -> None:
    """Refusals are told by reason, with the line of the first."""
    told = replay(recording, server)
    assert "stored 3, duplicates 0, refused 2 (unreadable_row 1, bad_type 1), of 5 rows" in told
    assert "bad_type, first in line 4: lat must be a number" in told
    assert "unreadable_row, first in line 5" in told


def test_unknown_vehicles_are_made_and_known_ones_kept(server: FakeHttp, recording: Path) -> None:
    Vehicle.objects.create(slug="x-1", name="Mine")
    assert "2 vehicles, 1 of them new" in replay(recording, server, prefix="x-")
    assert list(Vehicle.objects.values_list("slug", "name", "kind")) == [("x-1", "Mine", "car"), ("x-2", "2", "bus")]
    assert [fix["vehicle"] for fix in server.fixes] == ["x-1", "x-2", "x-1", "x-1"]


def test_the_file_keeps_its_order_and_its_times(server: FakeHttp, recording: Path) -> None:
    replay(recording, server, as_is=True)
    assert [fix["fix_time"] - 1_767_261_600_000 for fix in server.fixes] == [0, 30_000, 20_000, 60_000]
    assert server.fixes[0] == {
        "vehicle": "1",
        "fix_time": 1_767_261_600_000,
        "lat": 57.7,
        "lon": 11.9,
        "course_deg": 10.0,
    }


def test_rows_are_sent_when_they_are_due(server: FakeHttp, recording: Path) -> None:
    """A minute at 120-fold speed takes half a second, and is half a second to whoever watches."""
    began_s = time.monotonic()
    replay(recording, server, speed=120)
    assert time.monotonic() - began_s >= 0.5
    assert server.fixes[-1]["fix_time"] - server.fixes[0]["fix_time"] == 500


def test_only_the_first_rows_are_sent_when_asked(server: FakeHttp, recording: Path) -> None:
    assert "stored 2, duplicates 0, refused 0, of 2 rows" in replay(recording, server, limit=2)


def test_it_ends_in_time_and_tells_what_is_left(server: FakeHttp, recording: Path) -> None:
    assert re.search(r"of 1 rows; 4 not sent", replay(recording, server, speed=1, max_seconds=0.2))


def test_its_token_is_revoked_at_the_end(server: FakeHttp, recording: Path) -> None:
    replay(recording, server)
    assert DeviceToken.objects.get().revoked_at is not None


def test_rows_without_an_answer_fail_it(server: FakeHttp, recording: Path) -> None:
    """They are neither stored nor refused as far as anybody knows; the token goes all the same."""
    server.script = [(500, {})]
    with pytest.raises(CommandError, match="500"):
        replay(recording, server)
    assert DeviceToken.objects.get().revoked_at is not None


@pytest.mark.parametrize(
    ("text", "message"), [("a,b\n", "missing: vehicle_id"), (None, "cannot be read")], ids=["columns", "file"]
)
def test_what_is_no_recording_is_refused(server: FakeHttp, tmp_path: Path, text: str | None, message: str) -> None:
    if text is not None:
        (tmp_path / "bad.csv").write_text(text)
    with pytest.raises(CommandError, match=message):
        replay(tmp_path / "bad.csv", server)


def test_speed_must_not_be_negative(server: FakeHttp, recording: Path) -> None:
    with pytest.raises(CommandError, match="--speed"):
        replay(recording, server, speed=-1)
