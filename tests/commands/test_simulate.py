"""A simulation reports through the public door and ends in order."""

import os
import signal
import threading
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.clients.fake_server import FakeHttp
from tests.demo.towns import make_town
from tracking.models import DeviceToken, Vehicle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_town(monkeypatch: pytest.MonkeyPatch) -> None:
    """Quicker to load than a real one."""
    monkeypatch.setattr("tracking.demo.simulation.load_streets", lambda **_: make_town(1))


def simulate(server: FakeHttp, **options: Any) -> str:
    out = StringIO()
    call_command("simulate", url=server.url, stdout=out, stderr=out, **{"vehicles": 3, "seconds": 0.4, **options})
    return out.getvalue()


def test_each_vehicle_reports_at_its_rate_until_the_end(server: FakeHttp) -> None:
    assert "stored 12, duplicates 0, refused 0" in simulate(server, hz=10)
    assert [fix["vehicle"] for fix in server.fixes[:4]] == ["sim-0001", "sim-0002", "sim-0003", "sim-0001"]


def test_the_same_seed_gives_the_same_drives(server: FakeHttp) -> None:
    simulate(server, hz=10)
    simulate(server, hz=10)
    places = [(fix["lat"], fix["lon"], fix["speed_mps"]) for fix in server.fixes]
    assert places[:12] == places[12:]


def test_the_demo_fleet_comes_first_and_others_are_made(server: FakeHttp) -> None:
    Vehicle.objects.create(slug="demo-001", name="First", kind="bike")
    simulate(server, hz=10)
    assert list(Vehicle.objects.values_list("slug", flat=True)) == ["demo-001", "sim-0001", "sim-0002"]
    assert server.fixes[0]["vehicle"] == "demo-001"


def test_it_can_begin_in_the_past(server: FakeHttp) -> None:
    """Trails and history are there from the start."""
    assert "stored 1,800" in simulate(server, past=600, seconds=0)
    assert server.fixes[-1]["fix_time"] - server.fixes[0]["fix_time"] == pytest.approx(600_000, abs=1_000)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_and_its_token(server: FakeHttp, number: signal.Signals) -> None:
    def interrupt() -> None:
        server.heard_fixes.wait(30)
        os.kill(os.getpid(), number)

    threading.Thread(target=interrupt).start()
    assert "simulate: stored" in simulate(server, seconds=60)
    assert DeviceToken.objects.get().revoked_at is not None


def test_a_given_token_is_used_and_kept(server: FakeHttp) -> None:
    simulate(server, token="given")
    assert not DeviceToken.objects.exists()


def test_refused_fixes_are_told(server: FakeHttp, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = [{"index": 0, "reason": "unknown_vehicle", "detail": "No vehicle has the slug."}]
    monkeypatch.setattr(
        "tests.clients.fake_server.judge",
        lambda fixes: {"stored": 0, "duplicates": 0, "refused": [refused[0] for _ in fixes]},
    )
    told = simulate(server, hz=10)
    assert "refuses fixes: No vehicle has the slug." in told
    assert "refused 12 (unknown_vehicle 12)" in told


def test_a_server_that_does_not_come_up_is_told(server: FakeHttp) -> None:
    with pytest.raises(CommandError, match="no server at http"):
        call_command("simulate", url="http://127.0.0.1:1", wait=0.1, vehicles=1, stdout=StringIO())


@pytest.mark.parametrize("options", [{"vehicles": 0}, {"hz": 0}, {"hz": 51}, {"url": "127.0.0.1"}])
def test_options_out_of_range_are_refused(server: FakeHttp, options: dict[str, Any]) -> None:
    with pytest.raises(CommandError, match="must"):
        call_command("simulate", **{"vehicles": 1, "url": server.url, "stdout": StringIO(), **options})
