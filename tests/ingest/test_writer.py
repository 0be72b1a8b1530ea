"""What one turn of the loop brings is one commit, and nobody waits for ever for a writer that has ended."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.builders import make_directory, make_fix
from tracking.domain.counters import Counters
from tracking.domain.errors import Overloaded, Unavailable
from tracking.ingest.commit import Committed
from tracking.ingest.upkeep import Upkeep
from tracking.ingest.writer import BRIEFEST_PACE_S, FixWriter
from tracking.storage.sqlite import SqliteTelemetry

TURNS, REPORTS = 20, 5


class Bench(NamedTuple):
    writer: FixWriter
    commits: list[Committed]


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    telemetry = SqliteTelemetry(tmp_path / "telemetry.sqlite3")
    telemetry.prepare()
    commits: list[Committed] = []
    writer = FixWriter(
        telemetry, directory=make_directory, on_commit=commits.append, counters=Counters(), upkeep=Upkeep([])
    )
    writer.open()
    yield Bench(writer, commits)
    await asyncio.to_thread(writer.stop)
    telemetry.close()


async def test_a_turn_that_goes_on_while_the_writer_wakes_up_is_not_torn(bench: Bench) -> None:
    for turn in range(TURNS):
        stored = asyncio.Semaphore(0)
        for report in range(REPORTS):
            fix = make_fix(vehicle=report, at_s=turn)
            bench.writer.submit([fix], lambda _, stored=stored: stored.release(), is_urgent=False)  # type: ignore[misc]
            time.sleep(BRIEFEST_PACE_S / 2)  # noqa: ASYNC251 - the turn goes on
        for _ in range(REPORTS):
            await stored.acquire()
    assert [len(committed.stored) for committed in bench.commits] == [REPORTS] * TURNS


async def test_what_was_given_before_the_end_is_stored_and_what_comes_after_is_refused(bench: Bench) -> None:
    told: asyncio.Queue[int | Exception] = asyncio.Queue()
    bench.writer.submit([make_fix()], told.put_nowait)
    await asyncio.to_thread(bench.writer.stop)
    assert await told.get() == 1
    with pytest.raises(Overloaded):
        bench.writer.submit([make_fix(at_s=1)], told.put_nowait)
    with pytest.raises(Unavailable):
        await bench.writer.do(lambda _: None)
