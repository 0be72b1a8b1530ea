"""The telemetry store by command, on both engines."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command

from tests.builders import make_directory
from tests.commands.test_data_rights import again
from tests.storage.test_sealing import START_HOUR, make_fix
from tracking.domain.fix import Fix
from tracking.ingest.commit import commit
from tracking.management import parquet
from tracking.models import Revision, Vehicle
from tracking.storage.postgres import PostgresTelemetry
from tracking.storage.sqlite import SqliteTelemetry
from tracking.storage.telemetry import Telemetry

pytestmark = pytest.mark.django_db

DAY = "2021-05-03"
NEXT_DAY = "2021-05-04"
ALL_TIME = (0, 1 << 41)
KNOWN = {"speed_mps": 7.153, "course_deg": 359.99, "accuracy_m": 4.25}
FIXES = [
    *(make_fix(s, lat=-57.1234567, lon=-179.9999999, **(KNOWN if s % 3 else {})) for s in range(0, 9_000, 60)),
    *(make_fix(s, vehicle=2) for s in (5, 86_400.001)),
]


@pytest.fixture(autouse=True)
def frames_of_few_fixes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracking.storage.frames.FIXES_A_ROW", 0)


@pytest.fixture(autouse=True)
def overviews_of_few_fixes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracking.storage.overviews.LEAST_FIXES", 1)
    monkeypatch.setattr("tracking.domain.overview.FIXES_A_POINT", 1)


@pytest.fixture
def store(telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch) -> Telemetry:
    """A van (1) drives for two hours and a half, a bus (2) is heard on two days."""
    Revision.objects.get_or_create(pk=1)
    for slug in ("van", "bus"):
        Vehicle.objects.create(pk=1 if slug == "van" else 2, slug=slug, name=slug.title())
    add(telemetry, FIXES)
    use(telemetry, monkeypatch)
    return telemetry


@pytest.fixture
def other(telemetry: Telemetry, tmp_path: Path) -> Iterator[Telemetry]:
    """An empty store of the same engine."""
    if not isinstance(telemetry, PostgresTelemetry):
        sqlite = SqliteTelemetry(tmp_path / "other.sqlite3")
        yield sqlite
        sqlite.close()
        return
    postgres = PostgresTelemetry(telemetry._url, schema=f"{telemetry._schema}_other")
    yield postgres
    postgres.close()
    with psycopg.connect(telemetry._url, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {telemetry._schema}_other CASCADE")


def use(telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("store", "prune"):
        monkeypatch.setattr(f"tracking.management.commands.{name}.open_telemetry", lambda url: again(telemetry))


def add(telemetry: Telemetry, fixes: list[Fix]) -> None:
    writer = telemetry.open_writer()
    with writer.transaction() as transaction:
        commit(transaction, [fixes], index=make_directory().index, received_ms=0)
    writer.close()


def run(telemetry: Telemetry, sql: str) -> None:
    writer = telemetry.open_writer()
    with writer.transaction() as transaction:
        transaction.run(sql)
    writer.close()


def said(*args: Any) -> str:
    out = StringIO()
    call_command("store", *map(str, args), stdout=out)
    return out.getvalue()


def tracks(telemetry: Telemetry) -> list[Any]:
    return [telemetry.load_track(vehicle, *ALL_TIME, limit=1_000) for vehicle in (1, 2)]


def test_it_tells_its_size_by_day(store: Telemetry) -> None:
    hot = said("size").splitlines()
    assert [line.split()[:4] for line in hot[1:4]] == [
        [DAY, "151", "0", "0"],
        [NEXT_DAY, "1", "0", "0"],
        ["all", "152", "0", "0"],
    ]
    said("seal")
    sealed = said("size").splitlines()
    assert sealed[1].split()[:4] == [DAY, "0", "4", "151"] and float(sealed[1].split()[4]) > 1
    assert float(sealed[1].split()[5]) > float(sealed[1].split()[4]) and "MB" in sealed[-1]


def test_an_empty_store_has_a_size(other: Telemetry, monkeypatch: pytest.MonkeyPatch) -> None:
    use(other, monkeypatch)
    assert said("size").splitlines()[1].split() == ["all", "0", "0", "0", "–", "–"]


def test_sealing_now_takes_every_closed_hour(store: Telemetry) -> None:
    before = tracks(store)
    assert said("seal") == (
        "Sealed 152 fixes; 5 hours more than before. 4 hours were looked at for minute frames, 3 overviews were made.\n"
    )
    assert said("seal").startswith("Sealed 0 fixes; 0 hours")
    assert tracks(store) == before


def test_hours_that_were_sealed_before_there_were_overviews_get_theirs(store: Telemetry) -> None:
    said("seal")
    made = store.read("SELECT * FROM overview ORDER BY hour")
    run(store, "DELETE FROM overview")
    assert said("seal").endswith(" 3 overviews were made.\n")
    assert store.read("SELECT * FROM overview ORDER BY hour") == made


def test_an_overview_that_nobody_believes_is_no_fault(store: Telemetry) -> None:
    """Of fewer fixes than there are now: late ones that are sealed, or hot."""
    said("seal")
    run(store, "UPDATE overview SET fixes = fixes - 1, blob = substr(blob, 1, 3)")
    add(store, [make_fix(30)])
    assert "are whole" in said("verify")
    assert said("seal").endswith(" 3 overviews were made.\n")
    assert "are whole" in said("verify")


def test_what_is_whole_is_said_to_be(store: Telemetry) -> None:
    said("seal")
    assert said("verify") == "5 sealed hours with 152 fixes are whole.\n"


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("UPDATE reach SET west = west + 100000, east = east + 100000 WHERE vehicle = 2", "reach"),
        ("DELETE FROM reach WHERE vehicle = 1", "reach"),
        (f"DELETE FROM frame WHERE minute = {START_HOUR * 60 + 7}", "minute frames"),
        (f"UPDATE frame SET blob = (SELECT blob FROM frame WHERE minute = {START_HOUR * 60})", "minute frames"),
        (f"UPDATE overview SET blob = (SELECT blob FROM overview WHERE hour = {START_HOUR})", "overview"),
        ("UPDATE overview SET blob = substr(blob, 1, length(blob) - 3)", "overview"),
    ],
)
def test_what_is_derived_is_repaired(store: Telemetry, damage: str, words: str) -> None:
    said("seal")
    run(store, damage)
    with pytest.raises(CommandError, match="--repair"):
        said("verify")
    repaired = said("verify", "--repair")
    assert words in repaired and ", 0 left." in repaired
    assert "are whole" in said("verify")


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE sealed SET fixes = fixes + 1 WHERE vehicle = 1",
        "UPDATE sealed SET blob = (SELECT blob FROM sealed WHERE vehicle = 2 ORDER BY hour LIMIT 1) WHERE vehicle = 1",
    ],
)
def test_wrong_fixes_cannot_be_repaired(store: Telemetry, damage: str) -> None:
    """They are named."""
    said("seal")
    run(store, damage)
    with pytest.raises(CommandError, match="backup"):
        said("verify", "--repair")


def test_an_archive_fills_an_empty_store_with_the_same(
    store: Telemetry, other: Telemetry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From hot and sealed fixes; once more changes nothing."""
    said("seal")
    add(store, [make_fix(30)])
    exported = said("export", "--to", tmp_path / "archive")
    assert f"{DAY}.parquet: 152 fixes of 2 vehicles" in exported and f"{NEXT_DAY}.parquet: 1 fixes of 1" in exported
    files = sorted((tmp_path / "archive").iterdir())
    use(other, monkeypatch)
    assert "152 new fixes, 0 known already" in said("import", *files)
    assert tracks(other) == tracks(store)
    assert "0 new fixes, 152 known already" in said("import", *files)
    assert tracks(other) == tracks(store)
    assert [row.latest.fix for row in other.load_latest()] == [row.latest.fix for row in store.load_latest()]


def test_only_asked_days_are_exported(store: Telemetry, tmp_path: Path) -> None:
    said("export", "--to", tmp_path / "archive", "--last", DAY)
    assert [path.name for path in (tmp_path / "archive").iterdir()] == [f"{DAY}.parquet"]


def test_fixes_of_unknown_vehicles_are_told(store: Telemetry, tmp_path: Path) -> None:
    Vehicle.objects.filter(slug="bus").delete()
    assert "1 of vehicles that the office does not know left out" in said("export", "--to", tmp_path / "archive")


def test_a_file_that_does_not_fit_stores_nothing(store: Telemetry, tmp_path: Path) -> None:
    said("export", "--to", tmp_path)
    Vehicle.objects.filter(slug="bus").update(slug="coach")
    with pytest.raises(CommandError, match="no vehicles 'bus'; make them first"):
        said("import", tmp_path / f"{DAY}.parquet")
    (tmp_path / "text.parquet").write_text("no Parquet")
    with pytest.raises(CommandError, match="cannot be read"):
        said("import", tmp_path / "text.parquet")
    with pytest.raises(CommandError, match="cannot be read"):
        said("import", tmp_path / "missing.parquet")


@pytest.mark.parametrize("args", [("export", "--to", "archive"), ("import", "a.parquet")])
def test_without_pyarrow_it_says_how_to_get_it(
    store: Telemetry, args: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "parquet", None)
    with pytest.raises(CommandError, match=r"pip install -r requirements-parquet.txt"):
        said(*args)


def test_a_store_that_a_server_writes_to_is_left_alone(store: Telemetry) -> None:
    """On SQLite; PostgreSQL takes several."""
    writer = store.open_writer()
    if isinstance(store, SqliteTelemetry):
        with pytest.raises(CommandError, match="another process writes"):
            said("seal")
    else:
        assert "Sealed 152" in said("seal")
    writer.close()


def test_old_fixes_are_pruned(store: Telemetry) -> None:
    said("prune")
    assert tracks(store) == [[], []]
