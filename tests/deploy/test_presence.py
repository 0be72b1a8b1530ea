"""Who is connected to any process is seen at every other, on PostgreSQL and Redis."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple

import pytest
from websockets.asyncio.client import ClientConnection, connect

from fleet_client import log_in
from scripts.support.children import LOOPBACK, Child, Children
from tests.deploy.conftest import empty_database
from tests.deploy.site import clean_environment, make_demo, start_server

WITHIN_S = 30.0
DRIVERS = ("demo-001", "demo-002")


class Processes(NamedTuple):
    """`tokens`: of a device of each of DRIVERS."""

    ports: list[int]
    children: list[Child]
    tokens: list[str]


@pytest.fixture
def processes(postgres_url: str, redis_url: str, tmp_path: Path) -> Iterator[Processes]:
    """Three of one installation."""
    with empty_database(postgres_url) as url, Children() as children:
        environment = clean_environment() | {
            "FLEET_DATA_DIR": str(tmp_path),
            "DATABASE_URL": url,
            "REDIS_URL": redis_url,
            "SECRET_KEY": token_hex(),
            "FLEET_BUS_PREFIX": f"test-{token_hex(4)}",
        }
        tokens = make_demo(environment, *(["device_token", vehicle] for vehicle in DRIVERS))
        started = [start_server(children, environment, server) for server in ("daphne", "daphne", "uvicorn")]
        yield Processes([port for port, _ in started], [child for _, child in started], tokens)


async def open_socket(port: int, hello: Mapping[str, Any], **options: Any) -> ClientConnection:
    socket = await connect(f"ws://{LOOPBACK}:{port}/live/v1/ws", subprotocols=["fleet.v1.json"], proxy=None, **options)
    await socket.send(json.dumps({"type": "hello", **hello}))
    return socket


async def until_drivers(socket: ClientConnection, known: dict[str, int], expected: set[str]) -> None:
    """Until just these vehicles have a driver; `known` is what the socket was told before."""
    async with asyncio.timeout(WITHIN_S):
        while {vehicle for vehicle, connections in known.items() if connections} != expected:
            message = json.loads(await socket.recv())
            if message["type"] == "presence":
                known |= {person["vehicle"]: person["connections"] for person in message["people"] if person["vehicle"]}


async def test_drivers_of_other_processes_come_and_leave(processes: Processes) -> None:
    """One process says goodbye, the other is killed."""
    ports = processes.ports
    headers, origin = await log_in(f"http://{LOOPBACK}:{ports[0]}", "admin", "fleet-demo")
    staff = await open_socket(ports[0], {}, additional_headers=headers, origin=origin)
    await staff.send(json.dumps({"type": "join", "id": 1, "channel": "admin:ops"}))
    known: dict[str, int] = {}
    drivers = [
        await open_socket(port, {"token": token}) for port, token in zip(ports[1:], processes.tokens, strict=True)
    ]
    await until_drivers(staff, known, set(DRIVERS))
    processes.children[1].terminate()
    processes.children[2].kill()
    await until_drivers(staff, known, set())
    for socket in (staff, *drivers):
        await socket.close()
