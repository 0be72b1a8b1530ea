"""Retention, export and erasing by command."""

import csv
import io
import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from tests.builders import make_directory, make_fix
from tracking.domain.events import EventKind, Happening
from tracking.ingest.commit import commit
from tracking.models import DeviceToken, Look, Message, RefusalTally, Vehicle
from tracking.storage import erasing
from tracking.storage.postgres import PostgresTelemetry
from tracking.storage.sqlite import SqliteTelemetry
from tracking.storage.telemetry import Telemetry

pytestmark = pytest.mark.django_db

TODAY_S = (timezone.now().timestamp() * 1000 - 1_795_000_000_000) / 1000
LONG_AGO_S = TODAY_S - 401 * 86_400


@pytest.fixture
def store(telemetry: Telemetry, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Telemetry:
    """Van (1) and bus (2) with an old fix and a new one each, and what the office knows of the van."""
    monkeypatch.setattr(erasing, "SERVERS_LOOK_WITHIN_S", 0)
    for name in ("prune", "export_vehicle", "erase_vehicle"):
        monkeypatch.setattr(f"tracking.management.commands.{name}.open_telemetry", lambda url: again(telemetry))
    writer = telemetry.open_writer()
    fixes = [make_fix(vehicle=vehicle, at_s=at_s) for at_s in (LONG_AGO_S, TODAY_S) for vehicle in (1, 2)]
    told = Happening(EventKind.MESSAGE, 1, None, fixes[-1].fix_time_ms, {"message": 1, "text": "Hello"})
    with writer.transaction() as transaction:
        commit(transaction, [fixes], index=make_directory().index, received_ms=0, happenings=[told])
    writer.close()
    van = Vehicle.objects.create(pk=1, slug="van", name="Van", plate="ABC 123")
    Vehicle.objects.create(pk=2, slug="bus", name="Bus")
    device = DeviceToken.objects.create(vehicle=van, label="phone", digest=b"0" * 32)
    now = timezone.now()
    Message.objects.create(vehicle=van, device=device, from_driver=True, key="k", text="Hello", sent_at=now)
    times = {"first_at": now, "last_at": now}
    RefusalTally.objects.create(
        device=device, vehicle=van, named="van", reason="too_old", count=1, detail="It is.", **times
    )
    Look.objects.create(at=now, kind="track", who="anna", vehicle="van")
    return telemetry


def again(telemetry: Telemetry) -> Telemetry:
    """As another process opens it."""
    if isinstance(telemetry, SqliteTelemetry):
        return SqliteTelemetry(telemetry._path)
    assert isinstance(telemetry, PostgresTelemetry)
    return PostgresTelemetry(telemetry._url, schema=telemetry._schema)


def times_of(telemetry: Telemetry, vehicle: int) -> int:
    return len(telemetry.load_track(vehicle, 0, 1 << 41, limit=10))


def test_prune_deletes_what_is_older(store: Telemetry, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("prune")
    assert (times_of(store, 1), times_of(store, 2)) == (1, 1)
    assert "Done." in capsys.readouterr().out
    call_command("prune")
    assert "Nothing is older" in capsys.readouterr().out


@pytest.mark.parametrize("telemetry", ["sqlite"], indirect=True)
def test_prune_says_that_the_server_does_it(store: Telemetry, capsys: pytest.CaptureFixture[str]) -> None:
    """On SQLite; PostgreSQL takes several writers."""
    writer = store.open_writer()
    call_command("prune")
    writer.close()
    assert "deletes it itself" in capsys.readouterr().out
    assert times_of(store, 1) == 2


def test_an_export_has_all_that_is_known(store: Telemetry, tmp_path: Path) -> None:
    path = tmp_path / "van.zip"
    call_command("export_vehicle", "van", "--to", str(path))
    with ZipFile(path) as archive:
        rows = {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode())))
            for name in archive.namelist()
            if name.endswith(".csv")
        }
        events = [json.loads(line) for line in archive.read("events.json").splitlines()]
        card = json.loads(archive.read("vehicle.json"))
    assert {name: len(found) for name, found in rows.items()} == {
        "fixes.csv": 2,
        "visits.csv": 1,
        "alerts.csv": 0,
        "messages.csv": 1,
        "duty.csv": 0,
        "refusals.csv": 1,
        "sightings.csv": 0,
        "shares.csv": 0,
        "audit.csv": 2,
    }
    assert [event["kind"] for event in events] == ["enter", "message"]
    assert card["plate"] == "ABC 123" and card["devices"][0][0] == "phone"
    assert "digest" not in str(rows) and Look.objects.filter(kind="export", vehicle="van").exists()
    with pytest.raises(CommandError, match="exists already"):
        call_command("export_vehicle", "van", "--to", str(path))


def test_erasing_leaves_the_audit_alone(store: Telemetry, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("erase_vehicle", "van", "--confirm")
    told = capsys.readouterr().out
    assert "fix: 2" in told and "message: 1" in told and "Erased: van." in told
    assert not Vehicle.objects.filter(slug="van").exists() and not Message.objects.exists()
    assert not DeviceToken.objects.exists() and not RefusalTally.objects.exists()
    assert (times_of(store, 1), times_of(store, 2)) == (0, 2)
    assert {event.vehicle for event in store.load_events(limit=9)} == {2}
    assert sorted(Look.objects.values_list("kind", flat=True)) == ["erase", "track"]


def test_erasing_wants_to_be_confirmed(store: Telemetry) -> None:
    with pytest.raises(CommandError, match="--confirm"):
        call_command("erase_vehicle", "van")
    assert times_of(store, 1) == 2


@pytest.mark.parametrize(
    "command", [("erase_vehicle", "no", "--confirm"), ("export_vehicle", "no", "--to", "/tmp/no.zip")]
)
def test_a_vehicle_that_is_not_there_is_told(store: Telemetry, command: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="there is no vehicle 'no'"):
        call_command(*command)


@pytest.mark.parametrize("telemetry", ["sqlite"], indirect=True)
def test_erasing_beside_a_server_on_sqlite_is_refused(store: Telemetry) -> None:
    """PostgreSQL takes several writers."""
    writer = store.open_writer()
    with pytest.raises(CommandError, match="stop the server first"):
        call_command("erase_vehicle", "van", "--confirm")
    writer.close()
    assert Vehicle.objects.get(slug="van").active and times_of(store, 1) == 2
