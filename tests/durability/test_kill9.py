"""The server is killed under load and started again; `FLEET_KILLS` is how often."""

import os
from pathlib import Path

import pytest

from benchmarks.crashes import CONNECTIONS, crash_rounds
from benchmarks.kill9 import database_url
from benchmarks.servers import Product
from scripts.support.children import free_port
from tracking.wiring import open_telemetry

TIMES = int(os.environ.get("FLEET_KILLS", "10"))


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_every_acknowledged_fix_is_there_after_sigkill(tmp_path: Path, database: str) -> None:
    """Acknowledged means stored, and what the track gives back is what was sent."""
    with database_url(database) as url:
        product = Product(tmp_path / "fleet", database_url=url, vehicles=CONNECTIONS, dispatchers=1)
        rounds = list(crash_rounds(product, times=TIMES, port=free_port()))
        telemetry = open_telemetry(url or f"sqlite:///{tmp_path / 'fleet' / 'telemetry.sqlite3'}")
        assert telemetry.read("SELECT 1 FROM sealed LIMIT 1"), "hours were sealed between the kills"
        telemetry.close()
    assert len(rounds) == TIMES and rounds[-1].acknowledged > 100
    assert [(round_.lost, round_.invented) for round_ in rounds] == [(0, 0)] * TIMES
