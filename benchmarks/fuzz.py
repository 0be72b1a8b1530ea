"""Malformed input at each door of a real server: each is answered, none makes it fail."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote_from_bytes

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from benchmarks import malformed
from benchmarks.report import print_head, print_table
from benchmarks.servers import Product, Server, running, temporary_folder

VISITORS = 4  # below the connections that one user may have
ANSWERED_WITHIN_S = 10.0
MESSAGES_A_SOCKET = 18  # with as many sentinels just within the burst that the server allows
FIRST_SENTINEL = 1_000_000
MOST_CHARS = 600
METHOD = """
Each malformed message must have one clear answer: `error` or `bye` on a WebSocket, a status below 500 with a JSON document over HTTP,
and success for whatever a phone app sends.
`faults` are those that had none, an answer that says the server failed, and tracebacks in its log.
"""


@dataclass(slots=True)
class Findings:
    """Answers by their code or status; `faults` in words."""

    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


Door = Callable[[int, dict[str, Any], Random, int, Findings], Coroutine[Any, Any, None]]
"""Port, office, chance, how many."""


def run(*, count: int, port: int) -> None:
    print_head(f"fuzz: {count:,} malformed messages at each door", METHOD)
    with temporary_folder() as folder:
        office = Product(folder / "office")
        rows = []
        for server_name in ("daphne", "uvicorn"):
            product = office.copy(folder / server_name)
            with running(product.serve(port=port, server=server_name)) as server:
                rows += [[f"{server_name}, {door}", *_measured(server, office.office, door, count)] for door in DOORS]
    print_table(["door", "answers", "faults", "seconds"], rows)


def _measured(server: Server, office: dict[str, Any], door: str, count: int) -> list[str]:
    began_s = time.monotonic()
    findings = knock(server, office, door, count=count, seed=door)
    for fault in findings.faults[:10]:
        print(f"- {door}: {fault[:MOST_CHARS]}")
    answers = ", ".join(f"{code} {times:,}" for code, times in findings.answers.most_common())
    return [answers, str(len(findings.faults)), f"{time.monotonic() - began_s:.0f}"]


def knock(server: Server, office: dict[str, Any], door: str, *, count: int, seed: str) -> Findings:
    """The same messages for the same seed."""
    findings, logged = Findings(), server.log_text().count("Traceback")
    asyncio.run(_visit(DOORS[door], server.port, office, seed, count, findings))
    if (failures := server.log_text().count("Traceback") - logged) > 0:
        findings.faults.append(f"{failures} tracebacks in the log: …{server.log_text()[-MOST_CHARS:]}")
    return findings


async def _visit(door: Door, port: int, office: dict[str, Any], seed: str, count: int, findings: Findings) -> None:
    """Several at once, since each waits for its answers."""
    shares = [count // VISITORS + (i < count % VISITORS) for i in range(VISITORS)]
    async with asyncio.TaskGroup() as visits:
        for i, share in enumerate(shares):
            visits.create_task(door(port, office, Random(f"{seed} {i}"), share, findings))


async def _socket(port: int, office: dict[str, Any], chance: Random, count: int, findings: Findings) -> None:
    sent = number = 0
    while sent < count:
        as_device = chance.random() < 0.5
        session = office["sessions"][number % len(office["sessions"])]
        token = office["vehicles"][number % len(office["vehicles"])]["token"]
        headers = {} if as_device else {"Cookie": f"sessionid={session}"}
        number += 1
        async with connect(
            f"ws://127.0.0.1:{port}/live/v1/ws",
            subprotocols=["fleet.v1.json"],  # type: ignore[list-item]
            origin=None if as_device else f"http://127.0.0.1:{port}",  # type: ignore[arg-type]
            additional_headers=headers,
            max_size=None,
        ) as socket:
            if is_greeted := chance.random() < 0.8:
                await socket.send(json.dumps({"type": "hello", **({"token": token} if as_device else {})}))
            most = min(MESSAGES_A_SOCKET, count - sent) if is_greeted else 1
            sent += await _talk(socket, chance, most, findings)


async def _talk(socket: ClientConnection, chance: Random, count: int, findings: Findings) -> int:
    """How many were sent; after each comes a sentinel, whose answer, or bye to who never said hello, ends the wait."""
    for i in range(count):
        message, sentinel = malformed.message(chance), FIRST_SENTINEL + i
        try:
            await socket.send(message)
            await socket.send(f'{{"type":"leave","id":{sentinel},"channel":"region:north-east"}}')
            async with asyncio.timeout(ANSWERED_WITHIN_S):
                codes = await _codes_before(socket, sentinel)
        except TimeoutError:
            findings.faults.append(f"no answer to {message[:200]!r}")
            return i + 1
        except ConnectionClosed as closed:
            findings.faults.append(f"closed without bye ({closed}) after {message[:200]!r}")
            return i + 1
        findings.answers.update(codes)
        if _must_be_refused(message) and not _is_one_refusal(codes):
            findings.faults.append(f"{codes} for {message[:200]!r}")
        if any(code.startswith("bye") for code in codes):
            return i + 1
    return count


async def _codes_before(socket: ClientConnection, sentinel: int) -> list[str]:
    codes: list[str] = []
    while True:
        answer = json.loads(await socket.recv())
        if answer.get("id") == sentinel:
            return codes
        if answer["type"] == "bye":
            return [*codes, f"bye {answer['code']}"]
        if answer["type"] in {"error", "ok"}:
            codes.append(answer.get("code", "ok"))


def _is_one_refusal(codes: list[str]) -> bool:
    """Besides the `ok` of a report before; who never said hello may then be sent away for the sentinel."""
    refusals = [code for code in codes if code != "ok"]
    return len(refusals) == 1 or (len(refusals) == 2 and refusals[1] == "bye 4502")


def _must_be_refused(message: str | bytes) -> bool:
    try:
        return not isinstance(json.loads(message), dict)
    except (ValueError, RecursionError):
        return True


async def _posts(port: int, office: dict[str, Any], chance: Random, count: int, findings: Findings) -> None:
    for i in range(count):
        token = office["gateway_token"] if i % 2 else office["vehicles"][i % len(office["vehicles"])]["token"]
        headers = {
            "Authorization": malformed.header(chance) if chance.random() < 0.1 else f"Bearer {token}",
            "Content-Type": chance.choice(
                ("application/json", "application/json", "application/x-ndjson", "", "text/plain")
            ),
        }
        if chance.random() < 0.1:
            headers["Content-Encoding"] = chance.choice(("gzip", malformed.header(chance)))
        await _ask(port, "POST /api/v1/fixes", headers, malformed.fixes_body(chance), findings)


async def _phones(port: int, office: dict[str, Any], chance: Random, count: int, findings: Findings) -> None:
    """What comes with a right token always succeeds: the phone would send it for ever."""
    for i in range(count):
        token = office["gateway_token"] if i % 2 else office["vehicles"][i % len(office["vehicles"])]["token"]
        is_known = chance.random() < 0.9
        query, body = malformed.phone_request(chance)
        path = f"/in/{token if is_known else quote_from_bytes(chance.randbytes(12), safe='')}"
        status = await _ask(port, f"{chance.choice(('POST', 'GET'))} {path}?{query}", {}, body, findings)
        if status is not None and status != (expected := "200" if is_known else "401"):
            findings.faults.append(f"{status}, not {expected}, for {query[:200]} {body[:200]!r}")


async def _commands(port: int, office: dict[str, Any], chance: Random, count: int, findings: Findings) -> None:
    for i in range(count):
        if i % 2:
            headers = {"Authorization": f"Bearer {office['vehicles'][i % len(office['vehicles'])]['token']}"}
        else:
            session = office["sessions"][i % len(office["sessions"])]
            headers = {"Cookie": f"sessionid={session}", "Origin": f"http://127.0.0.1:{port}", "X-Fleet": "1"}
        if chance.random() < 0.1:
            headers[chance.choice(("Authorization", "X-Fleet", "Origin", "Content-Type"))] = malformed.header(chance)
        message = malformed.message(chance)
        body = message if isinstance(message, bytes) else message.encode("utf-8", "surrogatepass")
        await _ask(port, "POST /live/v1/command", headers, body, findings)


def _stream(path: str) -> Door:
    async def door(port: int, office: dict[str, Any], chance: Random, count: int, findings: Findings) -> None:
        for i in range(count):
            headers = {"Cookie": f"sessionid={office['sessions'][i % len(office['sessions'])]}"}
            if chance.random() < 0.2:
                name = chance.choice(("Authorization", "If-None-Match", "Last-Event-ID", "Cookie", "Accept"))
                headers[name] = malformed.header(chance)
            await _ask(port, f"GET {path}?{malformed.query(chance)}", headers, b"", findings)

    return door


async def _ask(port: int, line: str, headers: dict[str, str], body: bytes, findings: Findings) -> str | None:
    """The status. One request on a connection of its own, which is left as soon as there is an answer."""
    fields = {"Host": f"127.0.0.1:{port}", **headers, "Content-Length": str(len(body)), "Connection": "close"}
    head = "\r\n".join([f"{line} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(head.encode() + body)
        async with asyncio.timeout(ANSWERED_WITHIN_S):
            answer = await reader.readuntil(b"\r\n\r\n")
            is_stream = b"text/event-stream" in answer
            document = b"" if is_stream else await reader.read()
    except (TimeoutError, asyncio.IncompleteReadError, ConnectionError) as error:
        findings.faults.append(f"{type(error).__name__} for {line[:300]} {body[:200]!r}")
        return None
    finally:
        writer.close()
    status = answer[9:12].decode()
    findings.answers[status] += 1
    if int(status) >= 500 or (int(status) >= 400 and not document.startswith(b"{")):
        findings.faults.append(f"{status} {document[:200]!r} for {line[:300]} {headers} {body[:200]!r}")
    return status


DOORS: dict[str, Door] = {
    "socket": _socket,
    "fixes": _posts,
    "phones": _phones,
    "command": _commands,
    "poll": _stream("/live/v1/poll"),
    "sse": _stream("/live/v1/sse"),
}
