"""PostgreSQL is stopped under load as by a crash, and started again."""

import pytest

from benchmarks.postgres_stops import Trial
from scripts.support.children import free_port

TIMES = 2
AWAY_S = (0.2, 9.5)


@pytest.mark.postgres
async def test_all_goes_on_by_itself_after_an_immediate_stop_of_postgresql() -> None:
    """No acknowledged fix is lost; whoever asks meanwhile waits or hears 503 with Retry-After; sockets stay open."""
    trial = Trial(ports=(free_port(), free_port()))
    stops = [stop.outage async for stop in trial.stops(TIMES, away_s=AWAY_S, vehicles=40, dispatchers=8)]
    assert [stop.sockets_closed for stop in stops] == [0] * TIMES
    assert stops[-1].acknowledged > 100 and stops[-1].lost == 0
    assert trial.troubles == [] and trial.busy["ready"] > 0
    assert "Traceback" not in trial.log
