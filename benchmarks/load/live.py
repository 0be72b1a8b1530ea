"""Open loop: every vehicle reports once a second at its own moment, dispatchers watch a region each.

Every vehicle has reported once before the dispatchers come, and has been told to have entered its region, which is told once it
has been there for 10 s: a whole fleet that enters at once, told to everybody, is no usual second.
"""

import asyncio
import gc
import json
import sys
import time
from typing import Any

import uvloop

from benchmarks.load.dialects import DIALECTS
from benchmarks.load.log import Log
from benchmarks.load.memory import Memory
from benchmarks.load.senders import Vehicles
from benchmarks.load.slow_reader import SlowReader
from benchmarks.load.watchers import make_watchers
from benchmarks.load.window import figures_between, usage

SETTLE_S = 1.0


async def measure(settings: dict[str, Any]) -> dict[str, Any]:
    log = Log()
    vehicles, watchers = Vehicles(settings, log), make_watchers(settings, log)
    await vehicles.way.open()
    await vehicles.enter()
    await asyncio.sleep(DIALECTS[settings["dialect"]].entering_s(len(settings["vehicles"])))
    await watchers.open()
    slow = SlowReader(settings, log)
    reading = asyncio.create_task(slow.run()) if settings["slow_bytes_per_s"] else None
    await asyncio.sleep(SETTLE_S)
    end_s = time.time() + settings["warmup_s"] + settings["window_s"]
    sending = asyncio.create_task(vehicles.run(until_s=end_s + 0.5))
    await asyncio.sleep(settings["warmup_s"])
    log.clear()
    traffic = watchers.traffic_bytes
    before = usage(settings["server_pid"], redis_url=settings["redis_url"])
    memory = Memory(settings["server_pid"])
    await memory.watch(settings["window_s"])
    after = usage(settings["server_pid"], redis_url=settings["redis_url"])
    figures = figures_between(before, after) | log.figures()
    figures["bytes_per_update"] = (watchers.traffic_bytes - traffic) / max(1, figures["delivered"])
    figures["is_compressed"] = watchers.is_compressed
    figures |= {"grown_mb": memory.grown_mb, "slow_frames": slow.frames}
    await sending
    if reading is not None:
        reading.cancel()
    vehicles.way.close()
    watchers.close()
    return figures | {"errors": dict(log.errors)}


if __name__ == "__main__":
    gc.disable()
    print(json.dumps(uvloop.run(measure(json.load(sys.stdin)))))
