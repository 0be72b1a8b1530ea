"""The server deletes old data itself, between the commits of new data."""

import time

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.utils import timezone

from tests.transports.conftest import Process, layer, process
from tests.transports.test_websocket import item, post
from tracking.domain.errors import Unavailable
from tracking.models import Look, Message, Share, Vehicle

__all__ = ["layer", "process"]

DAY_MS = 86_400_000
END_MS = 1 << 41
LONG_AGO = timezone.now() - timezone.timedelta(days=401)


async def fill_store(process: Process) -> None:
    """The bus was seen 399 days ago, the van just now; what is older than 300 days shall go."""
    old_ms = time.time_ns() // 1_000_000 - 399 * DAY_MS
    await post(process, item(), *(item(vehicle="bus", fix_time=old_ms + number) for number in range(5)))
    process.fleet.housekeeper._retention_ms = 300 * DAY_MS


def fill_office() -> None:
    van, boss = Vehicle.objects.get(slug="van"), User.objects.get(username="boss")
    for number, moment in enumerate((LONG_AGO, timezone.now())):
        Message.objects.create(vehicle=van, from_driver=True, key=str(number), text="Hello", sent_at=moment)
        Look.objects.create(at=moment, kind="track", who="anna")
        Share.objects.create(kind="vehicle", vehicle=van, maker=boss, digest=bytes([number]), expires_at=moment)


async def test_what_is_too_old_goes_while_new_fixes_come(process: Process) -> None:
    await fill_store(process)
    await sync_to_async(fill_office)()
    deleted = await process.fleet.housekeeper.clean()
    assert deleted["message"] == deleted["look"] == deleted["share"] == deleted["latest"] == 1
    assert process.fleet.telemetry.load_track(2, 0, END_MS, limit=9) == []
    assert len(process.fleet.telemetry.load_track(1, 0, END_MS, limit=9)) == 1
    await post(process, item(1))
    assert not await process.fleet.housekeeper.clean()


async def test_a_server_that_ends_begins_no_other_step(process: Process) -> None:
    await fill_store(process)
    await process.fleet.housekeeper.stop()
    with pytest.raises(Unavailable):
        await process.fleet.housekeeper.clean()
