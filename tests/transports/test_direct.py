"""Sockets that were handed over: a real pair of them, one end is ours."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from asgiref.sync import sync_to_async

from tests.transports.conftest import Process
from tests.transports.sockets import make_pair, until
from tests.wire.test_websocket import masked
from tracking.live import limits
from tracking.live.channels import find_channel
from tracking.live.session import State
from tracking.models import DeviceToken
from tracking.transports import direct
from tracking.transports.direct import MOST_HELD_MESSAGES, MOST_WAITING_BYTES, DirectSocket
from tracking.transports.direct_connection import DirectConnection
from tracking.transports.patience import PROMPT_S
from tracking.transports.poller import Line, Poller
from tracking.wire.websocket import FrameReader, Heard, Opcode, Status, close_frame, frame

MOST_BYTES = 1_000


class Ear:
    """What the application hears; `gate` closed, it does not get through with a message."""

    def __init__(self) -> None:
        self.heard: list[str | bytes] = []
        self.overflows = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.socket = DirectSocket(self.hear, most_bytes=MOST_BYTES, deflates=False, on_overflow=self.overflow)

    async def hear(self, message: str | bytes) -> None:
        self.heard.append(message)
        await self.gate.wait()
        if message == "fail":
            raise ValueError(message)

    def overflow(self) -> None:
        self.overflows += 1


class Peer:
    """The other end."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    async def send(self, data: bytes) -> None:
        await asyncio.get_running_loop().sock_sendall(self._sock, data)

    async def read(self, size: int) -> bytes:
        data = b""
        while len(data) < size and (more := await asyncio.get_running_loop().sock_recv(self._sock, 65_536)):
            data += more
        return data

    def leave(self) -> None:
        self._sock.close()


@asynccontextmanager
async def connected() -> AsyncIterator[tuple[Ear, Peer]]:
    ours, theirs = make_pair()
    theirs.setblocking(False)
    ear = Ear()
    ear.socket.line = Poller(lambda _: None).adopt(ours, ear.socket)
    yield ear, Peer(theirs)
    theirs.close()
    ear.socket.line.abort()


async def test_nothing_is_heard_before_it_begins() -> None:
    async with connected() as (ear, peer):
        await peer.send(masked(Opcode.TEXT, b"early") + masked(Opcode.PING, b"1"))
        await asyncio.sleep(0.05)
        assert ear.heard == []
        ear.socket.begin()
        assert ear.heard == ["early"]
        assert await peer.read(3) == frame(Opcode.PONG, b"1")


async def test_messages_keep_their_order_while_one_takes_time() -> None:
    async with connected() as (ear, peer):
        ear.socket.begin()
        ear.gate.clear()
        await peer.send(b"".join(masked(Opcode.TEXT, b"%d" % i) for i in range(3)))
        await until(lambda: ear.heard)
        await peer.send(masked(Opcode.TEXT, b"3"))
        ear.gate.set()
        await until(lambda: len(ear.heard) == 4)
        assert ear.heard == ["0", "1", "2", "3"]


async def test_a_sender_is_not_read_while_too_many_messages_are_held() -> None:
    """Held are at most what one read brings on top of the limit; the rest waits in the kernel and comes in the end."""
    async with connected() as (ear, peer):
        ear.socket.begin()
        ear.gate.clear()
        count = 40 * MOST_HELD_MESSAGES
        sending = asyncio.create_task(peer.send(masked(Opcode.BINARY, bytes(900)) * count))
        await until(lambda: ear.socket.is_held_up)
        assert len(ear.heard) == 1
        ear.gate.set()
        await until(lambda: len(ear.heard) == count)
        await sending
        assert not ear.socket.is_held_up


async def test_a_message_that_fails_does_not_end_the_conversation(caplog: pytest.LogCaptureFixture) -> None:
    async with connected() as (ear, peer):
        ear.socket.begin()
        await peer.send(masked(Opcode.TEXT, b"fail") + masked(Opcode.TEXT, b"next"))
        await until(lambda: len(ear.heard) == 2)
        assert "could not be received" in caplog.text


async def test_what_a_slow_reader_cannot_take_arrives_later() -> None:
    async with connected() as (ear, peer):
        data = bytes(range(256)) * 4_000
        for at in range(0, len(data), 100_000):
            ear.socket.write(data[at : at + 100_000])
        flushing = asyncio.create_task(ear.socket.flush())
        assert await peer.read(len(data)) == data
        await flushing
        assert ear.overflows == 0


async def test_a_reader_who_takes_nothing_overflows() -> None:
    async with connected() as (ear, _peer):
        for _ in range(100):
            ear.socket.write(bytes(MOST_WAITING_BYTES // 8))
            if ear.overflows:
                break
        assert ear.overflows == 1


async def test_either_side_may_close() -> None:
    async with connected() as (ear, peer):
        ear.socket.begin()
        await peer.send(masked(Opcode.CLOSE, (1001).to_bytes(2, "big")))
        assert await peer.read(4) == close_frame(1001)
        await until(lambda: ear.socket.is_over)
        assert ear.socket.close_code == 1001
    async with connected() as (ear, peer):
        ear.socket.begin()
        ear.socket.close(4000)
        ear.socket.write(frame(Opcode.TEXT, b"after the end"))
        assert await peer.read(4) == close_frame(4000)
        await peer.send(masked(Opcode.TEXT, b"unheard") + masked(Opcode.CLOSE, (4000).to_bytes(2, "big")))
        await until(lambda: ear.socket.is_over)
        assert (ear.socket.close_code, ear.heard) == (4000, [])


async def test_who_says_goodbye_and_reads_no_more_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for it is given up."""
    monkeypatch.setattr(direct, "CLOSE_WITHIN_S", 0.01)
    async with connected() as (ear, peer):
        ear.socket.begin()
        while not ear.overflows:
            ear.socket.write(bytes(MOST_WAITING_BYTES // 8))
        await peer.send(masked(Opcode.CLOSE, (1001).to_bytes(2, "big")))
        await until(lambda: ear.socket.is_over)


async def test_a_violation_closes_with_its_code() -> None:
    async with connected() as (ear, peer):
        ear.socket.begin()
        await peer.send(masked(Opcode.TEXT, b"good") + masked(Opcode.TEXT, bytes(MOST_BYTES + 1)))
        assert await peer.read(4) == close_frame(Status.TOO_BIG)
        assert ear.heard == ["good"]


async def test_a_peer_that_vanishes_is_noticed() -> None:
    lost = []
    async with connected() as (ear, peer):
        ear.socket.on_lost = lambda: lost.append(1)
        ear.socket.begin()
        peer.leave()
        await until(lambda: ear.socket.is_over)
        ear.socket.write(b"to nobody")
        ear.socket.close(4000)
    assert (lost, ear.socket.close_code) == ([1], Status.ABNORMAL)


async def test_many_sockets_share_a_poller() -> None:
    """What comes soon after something else waits a little, and none of it is lost."""
    poller, reader = Poller(lambda _: None), FrameReader(most_bytes=MOST_BYTES, deflates=False)
    pairs = [make_pair() for _ in range(50)]
    heard: list[Heard] = []

    class Listener:
        def data_received(self, data: bytes) -> None:
            heard.extend(reader.feed(data))

        def writable(self) -> None: ...

        def connection_lost(self) -> None: ...

    lines = [poller.adopt(ours, Listener()) for ours, _ in pairs]
    for turn in range(20):
        for _, theirs in pairs:
            theirs.send(masked(Opcode.TEXT, b"%d" % turn))
        await asyncio.sleep(0.003)
    await until(lambda: len(heard) == 1_000)
    for line, (_, theirs) in zip(lines, pairs, strict=True):
        line.abort()
        theirs.close()


async def test_a_listener_that_fails_ends_its_own_socket_only(caplog: pytest.LogCaptureFixture) -> None:
    poller, heard = Poller(lambda _: None), list[bytes]()

    class Listener:
        def __init__(self, *, fails: bool) -> None:
            self._fails = fails

        def data_received(self, data: bytes) -> None:
            if self._fails:
                raise ValueError("on hearing")
            heard.append(data)

        def writable(self) -> None: ...

        def connection_lost(self) -> None:
            if self._fails:
                raise ValueError("on losing")

    pairs = [make_pair() for _ in range(2)]
    lines = [poller.adopt(ours, Listener(fails=i == 0)) for i, (ours, _) in enumerate(pairs)]
    for number in range(3):
        for _, theirs in pairs[number > 0 :]:
            theirs.send(b"%d" % number)
        await until(lambda: b"".join(heard) == b"012"[: number + 1])  # noqa: B023
    assert [line.is_open for line in lines] == [False, True]
    assert "could not be served" in caplog.text and "was not taken" in caplog.text
    for line, (_, theirs) in zip(lines, pairs, strict=True):
        line.abort()
        theirs.close()


async def test_who_is_hurried_as_at_first_is_heard_while_others_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracking.transports.poller.wait_s", lambda _: 3_600)
    poller, heard = Poller(lambda _: None), list[bytes]()

    class Listener:
        def data_received(self, data: bytes) -> None:
            heard.append(data)

        def writable(self) -> None: ...

        def connection_lost(self) -> None: ...

    pairs = [make_pair() for _ in range(2)]
    lines = [poller.adopt(ours, Listener()) for ours, _ in pairs]
    (_, patient), (_, hurried) = pairs
    lines[0].hurry(False)
    patient.send(b"the first after a pause")
    await until(lambda: len(heard) == 1)
    patient.send(b"later")
    hurried.send(b"now")
    await until(lambda: len(heard) == 2)
    hurried.send(b"and again")
    await until(lambda: len(heard) == 3)
    lines[1].hurry(False)
    lines[0].hurry(True)
    await until(lambda: len(heard) == 4)
    assert heard[1:] == [b"now", b"and again", b"later"]
    for line, (_, theirs) in zip(lines, pairs, strict=True):
        line.abort()
        theirs.close()


async def test_what_was_heard_at_once_counts_for_how_often_is_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    counts, heard, lines = list[int](), list[bytes](), list[Line]()

    def rate(_known: float, count: int, _since_s: float) -> float:
        counts.append(count)
        return 0.0

    class Reporter:
        def data_received(self, data: bytes) -> None:
            heard.append(data)
            lines[data[0]].hurry(False)

        def writable(self) -> None: ...

        def connection_lost(self) -> None: ...

    monkeypatch.setattr("tracking.transports.poller.rate_per_s", rate)
    poller, pairs = Poller(lambda _: None), [make_pair() for _ in range(3)]
    lines += [poller.adopt(ours, Reporter()) for ours, _ in pairs]
    for i, (_, theirs) in enumerate(pairs):
        theirs.send(bytes([i]))
    await until(lambda: len(heard) == 3)
    pairs[0][1].send(bytes([0]))
    await until(lambda: len(heard) == 4)
    assert sum(counts) == 4
    for line, (_, theirs) in zip(lines, pairs, strict=True):
        line.abort()
        theirs.close()


class Tape:
    """A line that only remembers."""

    waiting = 0

    def __init__(self) -> None:
        self.sent = b""
        self.is_hurried = True

    def write(self, data: bytes) -> None:
        self.sent += data

    def hurry(self, is_on: bool) -> None:
        self.is_hurried = is_on

    def abort(self) -> None: ...


async def test_who_reports_as_soon_as_the_last_is_answered_is_hurried(process: Process) -> None:
    await process.fleet.start()
    connection = DirectConnection(process.fleet, is_packed=False, deflates=False)
    connection.socket.line = tape = Tape()  # type: ignore[assignment]
    await connection.receive(json.dumps({"type": "hello", "token": await sync_to_async(make_phone)()}))
    for pause_s, is_hurried in ((PROMPT_S / 2, True), (2 * PROMPT_S, False), (PROMPT_S / 2, True)):
        connection.socket.heard_s = time.monotonic() + pause_s
        await connection.receive('{"type":"report","id":1,"fixes":[]}')
        assert tape.is_hurried is is_hurried


async def test_a_silent_peer_is_asked_whether_it_is_there_and_then_left(process: Process) -> None:
    await process.fleet.start()
    connection = DirectConnection(process.fleet, is_packed=False, deflates=False)
    connection.socket.line = tape = Tape()  # type: ignore[assignment]
    connection.session.state = State.OPEN
    connection.socket.heard_s -= limits.PING_AFTER_S
    connection.beat(time.monotonic())
    assert tape.sent == frame(Opcode.PING, b"")
    connection.beat(time.monotonic() + limits.SILENT_AFTER_S)
    assert b'"type":"bye","code":4003' in tape.sent
    assert tape.sent.endswith(close_frame(4003))


async def test_who_leaves_before_it_is_known_who_asks_is_not_present(process: Process) -> None:
    """A token that was just made is looked for in the office, which takes a while."""
    await process.fleet.start()
    token = await sync_to_async(make_phone)()
    connection = DirectConnection(process.fleet, is_packed=False, deflates=False)
    connection.socket.line = Tape()  # type: ignore[assignment]
    rest = connection.hear(json.dumps({"type": "hello", "token": token}))
    assert rest is not None
    asking = asyncio.create_task(rest)
    await asyncio.sleep(0)
    connection.gone()
    await asking
    assert connection.session.state is State.CLOSED
    everybody = find_channel("admin:ops", process.fleet.directory)
    assert everybody is not None and process.fleet.presence.people(everybody) == []


def make_phone() -> str:
    phone = DeviceToken(label="phone", vehicle_id=1)
    token = phone.renew_secret()
    phone.save()
    return token
