"""A server that answers reports as told: a script of answers, then success; both doors."""

import asyncio
import gzip
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from websockets.asyncio.server import ServerConnection, serve

TOKEN, WRONG_TOKEN = "right", "wrong"
WELCOME = {"type": "welcome", "heartbeat_s": 20, "limits": {"messages_per_s": 1_000}}


def judge(fixes: list[dict[str, Any]]) -> dict[str, Any]:
    """Refuses what has no lat, stores the rest."""
    refused = [i for i, fix in enumerate(fixes) if not isinstance(fix.get("lat"), float)]
    reasons = [{"index": i, "reason": "bad_type", "detail": "lat must be a number"} for i in refused]
    return {"stored": len(fixes) - len(refused), "duplicates": 0, "refused": reasons}


class FakeHttp(ThreadingHTTPServer):
    """`script` holds (status, headers) to answer first; None hangs up without an answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script: list[tuple[int, dict[str, str]] | None] = []
        self.fixes: list[dict[str, Any]] = []
        self.requests: list[dict[str, str]] = []
        self.heard_fixes = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FakeHttp

    def do_GET(self) -> None:
        self._answer(405, {"title": "Method Not Allowed"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append({**dict(self.headers), "port": str(self.client_address[1])})
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        fixes = json.loads(body)
        scripted = self.server.script.pop(0) if self.server.script and fixes else (200, {})
        if scripted is None:
            self.close_connection = True
        elif self.headers["Authorization"] == f"Bearer {WRONG_TOKEN}":
            self._answer(401, {"title": "Unauthorized", "detail": "The token is unknown."})
        elif scripted[0] != 200:
            self._answer(scripted[0], {"title": "No", "detail": "as scripted"}, scripted[1])
        else:
            self.server.fixes += fixes
            self._answer(200, judge(fixes))
            if fixes:
                self.server.heard_fixes.set()

    def _answer(self, status: int, value: object, headers: dict[str, str] | None = None) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        for name, text in {**(headers or {}), "Content-Length": str(len(body))}.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""


@contextmanager
def fake_http() -> Iterator[FakeHttp]:
    with FakeHttp() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class FakeLive:
    """`script` holds what to do with the next reports: a message to answer with, or None to hang up. Watchers get `frames`."""

    def __init__(self) -> None:
        self.url = ""
        self.script: list[dict[str, Any] | None] = []
        self.frames: list[list[dict[str, Any]]] = []
        self.heard: list[dict[str, Any]] = []
        self._news = asyncio.Event()
        self.fixes: list[dict[str, Any]] = []

    async def wait_until(self, condition: Callable[[], bool]) -> None:
        """Looks again whenever a message came."""
        async with asyncio.timeout(5):
            while not condition():
                self._news.clear()
                await self._news.wait()

    async def serve(self, socket: ServerConnection) -> None:
        hello = json.loads(await socket.recv())
        if hello.get("token") == WRONG_TOKEN:
            await socket.send(json.dumps({"type": "bye", "code": 4500, "reason": "unknown", "retry_ms": None}))
            return await socket.close(4500)
        await socket.send(json.dumps(WELCOME))
        async for text in socket:
            message = json.loads(text)
            self.heard.append(message)
            self._news.set()
            if message["type"] == "report":
                await self._answer(socket, message)
            elif message["type"] == "join":
                await self._show(socket, message)
        return None

    async def _answer(self, socket: ServerConnection, message: dict[str, Any]) -> None:
        if self.script:
            scripted = self.script.pop(0)
            if scripted is None:
                await socket.close(4000)
            else:
                await socket.send(json.dumps({"id": message["id"], **scripted}))
            return
        self.fixes += message["fixes"]
        await socket.send(json.dumps({"type": "ok", "id": message["id"], "result": judge(message["fixes"])}))

    async def _show(self, socket: ServerConnection, message: dict[str, Any]) -> None:
        await socket.send(json.dumps({"type": "ok", "id": message["id"], "result": {}}))
        for frame in self.frames.pop(0) if self.frames else []:
            await socket.send(json.dumps({"channel": message["channel"], **frame}))
        if self.frames and not self.frames[0]:
            self.frames.pop(0)
            await socket.close(4000)


@asynccontextmanager
async def fake_live() -> AsyncIterator[FakeLive]:
    fake = FakeLive()
    async with serve(fake.serve, "127.0.0.1", 0) as server:
        host, port = next(iter(server.sockets)).getsockname()[:2]
        fake.url = f"http://{host}:{port}"
        yield fake
        await asyncio.sleep(0)
