"""The fleet of the past once it is sealed: the same answers, which can be kept."""

from typing import Any

import httpx
import pytest

from tests.api.conftest import HAGA_LON, Fleet
from tracking.ingest.sealing import Sealer
from tracking.storage.frames import build_frames, find_stale, save_frames

HOUR = "from=2026-01-01T09:00:00Z&to=2026-01-01T10:00:00Z"
BOX = f"west={HAGA_LON - 0.002}&south=57.689&east={HAGA_LON + 0.002}&north=57.691"
PATHS = (
    "fleet/at?time=2026-01-01T09:10:00Z",
    "fleet/at?time=2026-01-01T09:10:17.4Z",
    "fleet/at?time=2026-01-01T09:59:00Z&region=haga",
    f"fleet/replay?{HOUR}",
    f"fleet/replay?{HOUR}&step_s=10",
    f"fleet/replay?{HOUR}&step_s=600&region=haga",
    f"fleet/within?{HOUR}&{BOX}",
)
READERS = ("chief", "haga")


@pytest.fixture(autouse=True)
def frames_of_few_fixes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracking.storage.frames.FIXES_A_ROW", 0)


def seal_all(fleet: Fleet) -> None:
    writer = fleet.telemetry.open_writer()
    sealer, is_done = Sealer(closed_ms=0), False
    while not is_done:
        with writer.transaction() as transaction:
            is_done = sealer(transaction) is None
    for stale in find_stale(fleet.telemetry, quiet_ms=-1_000, limit=100):
        blobs = build_frames(fleet.telemetry, stale.hour)
        with writer.transaction() as transaction:
            save_frames(transaction, stale, blobs)
    writer.close()


def drive(fleet: Fleet) -> None:
    """A bus goes to and fro over Haga's border and is silent for a while, another stands in the box, a truck comes late."""
    to_and_fro = [
        fleet.make_fix("bus-1", at_s=s, lon=HAGA_LON + (s % 60 - 30) / 2_000, speed_mps=5) for s in range(0, 2_400, 7)
    ]
    fleet.store(*to_and_fro, fleet.make_fix("bus-2", at_s=-1_800), fleet.make_fix("bus-2", at_s=7_200))
    fleet.store(*(fleet.make_fix("truck", at_s=s, lon=HAGA_LON, course_deg=90) for s in range(600, 3_000, 60)))


async def ask(fleet: Fleet, user: str, path: str, *, etag: str = "") -> httpx.Response:
    async with fleet.as_user(user) as client:
        response = await client.get(path, headers={"If-None-Match": etag} if etag else {})
    assert response.status_code in (200, 304), response.text
    return response


async def answers(fleet: Fleet) -> dict[tuple[str, str], Any]:
    return {(user, path): (await ask(fleet, user, path)).json() for user in READERS for path in PATHS}


async def test_sealing_changes_no_answer(fleet: Fleet) -> None:
    drive(fleet)
    hot = await answers(fleet)
    seal_all(fleet)
    assert await answers(fleet) == hot
    assert all(len(answer.get("vehicles", answer.get("tracks"))) for answer in hot.values())


async def test_a_late_fix_is_told_before_and_after_it_is_sealed(fleet: Fleet) -> None:
    drive(fleet)
    seal_all(fleet)
    old = await answers(fleet)
    fleet.store(
        fleet.make_fix("truck", at_s=610, lon=HAGA_LON + 0.0019),
        fleet.make_fix("bus-2", at_s=300, lon=HAGA_LON + 0.001),
    )
    late = await answers(fleet)
    seal_all(fleet)
    assert await answers(fleet) == late
    assert late["chief", PATHS[1]] != old["chief", PATHS[1]] and late["chief", PATHS[-1]] == old["chief", PATHS[-1]]


@pytest.mark.parametrize("path", PATHS)
async def test_what_is_sealed_can_be_kept(fleet: Fleet, path: str) -> None:
    """Until a fix comes late, or the office changes; and each reader has answers of their own."""
    drive(fleet)
    seal_all(fleet)
    first = await ask(fleet, "chief", path)
    etag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, max-age=3600, immutable"
    assert (await ask(fleet, "chief", path, etag=etag)).status_code == 304
    assert (await ask(fleet, "haga", path, etag=etag)).status_code == 200
    fleet.store(*(fleet.make_fix(slug, at_s=599, lon=HAGA_LON - 0.001) for slug in ("bus-1", "truck")))
    late = await ask(fleet, "chief", path, etag=etag)
    assert (late.status_code, late.headers["cache-control"]) == (200, "private, max-age=60")
    seal_all(fleet)
    resealed = await ask(fleet, "chief", path, etag=etag)
    assert (resealed.status_code, resealed.json()) == (200, late.json())


async def test_a_304_reads_no_fix(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stamps of the hours are enough."""
    drive(fleet)
    seal_all(fleet)
    etags = [(await ask(fleet, "chief", path)).headers["etag"] for path in PATHS]
    for module in ("sealed_hour", "minute_frame"):
        monkeypatch.setattr(f"tracking.domain.{module}.unpack", None)
        monkeypatch.setattr(f"tracking.domain.{module}.unpack_each", None)
    for path, etag in zip(PATHS, etags, strict=True):
        assert (await ask(fleet, "chief", path, etag=etag)).status_code == 304
