"""Several processes on PostgreSQL and Redis act as one server; SQLite belongs to one process."""

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path

from websockets.asyncio.client import ClientConnection, connect

from scripts.support.children import LOOPBACK, Children
from tests.deploy.proxies import ROOT
from tests.deploy.site import Site, clean_environment, migrate, start_server

ROUNDS = 4
WITHIN_S = 2.0  # without the bus it would be 5, when a process reads again what it has missed


async def watch(site: Site, port: int, cookie: str) -> ClientConnection:
    """Joins everything at one process, past the proxy, and takes the snapshot."""
    socket = await connect(
        f"ws://{LOOPBACK}:{port}/live/v1/ws",
        origin=f"http://{LOOPBACK}:{port}",
        additional_headers={"Cookie": cookie},
        subprotocols=["fleet.v1.json"],
        proxy=None,
    )
    await socket.send(json.dumps({"type": "hello"}))
    await socket.send(json.dumps({"type": "join", "id": 1, "channel": "region:all"}))
    while json.loads(await socket.recv())["type"] != "snapshot":
        pass
    return socket


async def wait_for_fix(socket: ClientConnection, fix_time: int) -> None:
    async with asyncio.timeout(WITHIN_S):
        while True:
            message = json.loads(await socket.recv())
            if message["type"] == "delta" and any(row[1] == fix_time for row in message["rows"]):
                return


async def test_watchers_of_every_process_see_a_fix_posted_to_any(large_site: Site) -> None:
    """The proxy gives posts and requests to the processes in turn; the session is known to all."""
    with large_site.client() as client:
        assert large_site.log_in(client).status_code == 302
        cookie = f"sessionid={client.cookies['sessionid']}"
        watchers = [await watch(large_site, port, cookie) for port in large_site.web_ports]
        for number in range(ROUNDS):
            fix_time = int(time.time() * 1000)
            fix = {"fix_time": fix_time, "lat": 57.70 + number / 1000, "lon": 11.95}
            answer = client.post("/api/v1/fixes", json=fix, headers={"Authorization": f"Bearer {large_site.token}"})
            assert answer.json()["stored"] == 1
            await asyncio.gather(*(wait_for_fix(watcher, fix_time) for watcher in watchers))
        for watcher in watchers:
            await watcher.close()


def test_a_second_process_on_sqlite_is_refused(tmp_path: Path) -> None:
    """At its start, and with a sentence that says what to do."""
    environment = clean_environment() | {"FLEET_DATA_DIR": str(tmp_path)}
    migrate(environment)
    with Children() as children:
        start_server(children, environment, "daphne")
        second = subprocess.run(
            [sys.executable, "manage.py", "serve", "--port", "0"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert second.returncode == 1
    assert "DATABASE_URL" in second.stderr and "Traceback" not in second.stderr
