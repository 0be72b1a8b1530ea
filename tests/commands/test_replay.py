"""A replay accounts for every row and cleans up after itself."""

import asyncio
import json
import re
import time
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any, Self

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fleet_client.results import FixObject, Result, result_from_json
from tests.clients.fake_server import FakeHttp, judge
from tracking.demo.recording import Timeline, read_rows, slugs_for, survey
from tracking.management.commands.replay import Player
from tracking.models import DeviceToken, Vehicle

pytestmark = pytest.mark.django_db
cells = st.one_of(
    st.sampled_from(
        ["", "1", "57.7", "-11.9", "nan", "2026-01-01T10:00:00Z", "1980-01-06", "9" * 300, '"', "a,b", "\0"]
    ),
    st.text(max_size=8),
)


class Judge:
    """A reporter that answers as a server would, at once."""

    def __init__(self) -> None:
        self.fixes = 0

    async def report(self, fixes: Sequence[FixObject]) -> Result:
        self.fixes += len(json.loads(json.dumps(list(fixes), allow_nan=False)))
        return result_from_json(judge([dict(fix) for fix in fixes]))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        """Nothing to close."""


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


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=st.lists(st.lists(cells, max_size=6)))
def test_every_row_is_accounted_for_whatever_stands_in_it(tmp_path: Path, table: list[list[str]]) -> None:
    """Sent or refused on the spot, and each sent row is a fix that JSON can carry."""
    path = tmp_path / "wild.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        file.write("vehicle_id,fix_time,lat,lon,speed_mps\n" + "\n".join(map(",".join, table)))
    seen = survey(read_rows(path), now_ms=1_800_000_000_000)
    timeline = Timeline(seen, speed=0, shift=True, by_time=False, now_ms=1_800_000_000_000)
    player = Player(timeline, slugs_for(list(seen.vehicle_ids), prefix=""), rows=seen.rows, end_s=None)
    reporter = Judge()
    asyncio.run(player.play(read_rows(path), reporter))
    assert player.read == player.tally.total == seen.rows
    assert reporter.fixes + player.tally.refused["unreadable_row"] == seen.rows


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


@pytest.mark.parametrize(
    ("order", "sent_s", "told"),
    [("auto", [0, 10, 20, 30], "order of fix time"), ("file", [30, 20, 10, 0], "order of the file")],
)
def test_a_file_grouped_by_vehicle_is_sent_by_time(
    server: FakeHttp, tmp_path: Path, order: str, sent_s: list[int], told: str
) -> None:
    path = tmp_path / "grouped.csv"
    rows = [f"{second},2026-01-01T10:00:{second:02}Z,57.7,11.9" for second in (30, 20, 10, 0)]
    path.write_text("\n".join(["vehicle_id,fix_time,lat,lon", *rows]), encoding="utf-8")
    assert told in replay(path, server, as_is=True, order=order)
    assert [(fix["fix_time"] - 1_767_261_600_000) // 1000 for fix in server.fixes] == sent_s


def test_rows_are_sent_when_they_are_due(server: FakeHttp, recording: Path) -> None:
    """A minute at 120-fold speed takes half a second, and is half a second to whoever watches."""
    began_s = time.monotonic()
    replay(recording, server, speed=120)
    assert time.monotonic() - began_s >= 0.5
    assert server.fixes[-1]["fix_time"] - server.fixes[0]["fix_time"] == 500


def test_only_the_first_rows_are_sent_when_asked(server: FakeHttp, recording: Path) -> None:
    assert "stored 2, duplicates 0, refused 0, of 2 rows" in replay(recording, server, limit=2)


def test_it_can_start_later(server: FakeHttp, recording: Path) -> None:
    replay(recording, server, as_is=True, **{"from": "2026-01-01T10:00:25Z"})
    assert [fix.get("fix_time", 0) - 1_767_261_600_000 for fix in server.fixes][:2] == [30_000, 60_000]
    with pytest.raises(CommandError, match="a time as in the file"):
        replay(recording, server, **{"from": "soon"})


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
