"""What one turn of the loop brings is one commit."""

import asyncio
import time
from pathlib import Path

from tests.builders import make_directory, make_fix
from tracking.domain.counters import Counters
from tracking.ingest.commit import Committed
from tracking.ingest.upkeep import Upkeep
from tracking.ingest.writer import BRIEFEST_PACE_S, FixWriter
from tracking.storage.sqlite import SqliteTelemetry

TURNS, REPORTS = 20, 5


async def test_a_turn_that_goes_on_while_the_writer_wakes_up_is_not_torn(tmp_path: Path) -> None:
    telemetry = SqliteTelemetry(tmp_path / "telemetry.sqlite3")
    telemetry.prepare()
    commits: list[Committed] = []
    writer = FixWriter(
        telemetry, directory=make_directory, on_commit=commits.append, counters=Counters(), upkeep=Upkeep([])
    )
    writer.open()
    try:
        for turn in range(TURNS):
            stored = asyncio.Semaphore(0)
            for report in range(REPORTS):
                fix = make_fix(vehicle=report, at_s=turn)
                writer.submit([fix], lambda _, stored=stored: stored.release(), is_urgent=False)  # type: ignore[misc]
                time.sleep(BRIEFEST_PACE_S / 2)  # noqa: ASYNC251 - the turn goes on
            for _ in range(REPORTS):
                await stored.acquire()
    finally:
        await asyncio.to_thread(writer.stop)
        telemetry.close()
    assert [len(committed.stored) for committed in commits] == [REPORTS] * TURNS
