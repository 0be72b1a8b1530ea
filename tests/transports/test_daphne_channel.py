"""daphne's HTTP connections, between and after quick posts."""

import asyncio
from collections.abc import Callable
from typing import Any

from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport

from tests.transports.sockets import make_pair
from tracking.transports.daphne_server import QuickChannel
from tracking.transports.guard import Verdict
from tracking.transports.poller import Poller

IDLE_S = 60


class Wire(StringTransport):
    """A transport of Twisted's with a descriptor that can be listened to."""

    dataBuffer, _tempDataBuffer = b"", ()

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self.fileno = lambda: descriptor

    def writeSomeData(self, data: bytes) -> int:
        self.write(data)
        return len(data)

    def stopReading(self) -> None: ...

    def startReading(self) -> None: ...


class Posts:
    def __init__(self) -> None:
        self.answers: list[Callable[[bytes], None]] = []

    def begin(self, data: bytes, answer: Callable[[bytes], None]) -> Verdict:
        self.answers.append(answer)
        return Verdict.TAKEN


async def test_a_connection_that_is_idle_after_a_post_is_ended() -> None:
    ours, theirs = make_pair()
    ours.setblocking(False)
    posts, clock, wire = Posts(), Clock(), Wire(ours.fileno())
    poller = Poller(lambda _: None)
    channel: Any = QuickChannel(lambda: poller, posts)
    channel.callLater, channel.timeOut, channel.abortTimeout = clock.callLater, IDLE_S, None
    channel.makeConnection(wire)
    for _ in range(3):
        channel.dataReceived(b"a post")
        clock.advance(2 * IDLE_S)
        assert not wire.disconnecting, "it waits for the disk"
        posts.answers.pop()(b"an answer")
        await asyncio.sleep(0.03)
        clock.advance(IDLE_S - 1)
    assert not wire.disconnecting
    clock.advance(IDLE_S)
    assert wire.disconnecting
    channel.connectionLost(None)
    ours.close()
    theirs.close()
