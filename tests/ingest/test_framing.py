"""The server makes minute frames itself, beside the commits."""

import asyncio
import time

import pytest

from tests.transports.conftest import Process, layer, process
from tests.transports.test_websocket import item, post
from tracking.ingest import framing
from tracking.ingest.sealing import Sealer

__all__ = ["layer", "process"]

DAY_MS = 86_400_000


@pytest.fixture(autouse=True)
def frames_of_few_fixes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracking.storage.frames.FIXES_A_ROW", 0)


async def test_sealed_hours_get_their_frames(process: Process) -> None:
    """Once they are quiet; a late fix takes them away and they come again."""
    fleet, old_ms = process.fleet, time.time_ns() // 1_000_000 - 2 * DAY_MS
    framer = framing.Framer(fleet.telemetry, fleet._writer, directory=lambda: fleet.directory, quiet_ms=-1_000)
    for late_ms in (0, 5_000):
        await post(process, item(fix_time=old_ms + late_ms))
        sealer = Sealer(closed_ms=0)
        while await fleet._writer.do(sealer) is not None:
            pass
        assert await fleet.framer.frame() == 0
        assert await framer.frame() == 1
        ((frames,),) = await asyncio.to_thread(fleet.telemetry.read, "SELECT count(*) FROM frame")
        assert (frames, await framer.frame()) == (60, 0)
