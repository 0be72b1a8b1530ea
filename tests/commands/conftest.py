"""A fake server for commands that post."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.fake_server import FakeHttp, fake_http


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHttp]:
    """Takes whatever token the command makes; retries come at once."""
    monkeypatch.setattr("fleet_client.backoff.FIRST_BOUND_S", 0.005)
    with fake_http() as fake:
        yield fake


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Five rows: three good ones of two vehicles, one that a server refuses, one that nobody can read."""
    path = tmp_path / "recording.csv"
    path.write_text(
        "vehicle_id,fix_time,lat,lon,heading_deg\n"
        "1,2026-01-01T10:00:00Z,57.70,11.90,10\n"
        "2,2026-01-01T10:00:30Z,57.71,11.91,\n"
        "1,2026-01-01T10:00:20Z,abc,11.90,10\n"
        f"1,2026-01-01T10:00:40Z,{'5' * 300},11.90,10\n"
        "1,2026-01-01T10:01:00Z,57.72,11.92,10\n"
    )
    return path
