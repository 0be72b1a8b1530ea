"""Connections that post now and then, read by looks."""

from collections.abc import AsyncIterator

import pytest

from tests.transports.sockets import make_pair, until
from tracking.transports.patience import AWAITED_S, PROMPT_S, Patience
from tracking.transports.poller import Poller


class Server:
    """What it does for the connection."""

    def __init__(self) -> None:
        self.reads, self.is_aborted = True, False

    def pause(self) -> None:
        self.reads = False

    def resume(self) -> None:
        self.reads = True

    def abort(self) -> None:
        self.is_aborted = True


class Connection:
    def __init__(self) -> None:
        self.ours, self.theirs = make_pair()
        self.ours.setblocking(False)
        self.server, self.heard = Server(), list[bytes]()
        self.patience = Patience(Poller(lambda _: None), self.ours.fileno(), self.server, self.hear)

    def hear(self, data: bytes) -> None:
        if data == b"bad":
            raise ValueError("on hearing")
        self.heard.append(data)

    def post(self, at_s: float, *, is_awaited: bool = False) -> bool:
        """Whether the server reads the next one."""
        self.patience.posted(at_s, is_awaited=is_awaited)
        self.patience.answered(at_s)
        return self.server.reads


@pytest.fixture
async def connection() -> AsyncIterator[Connection]:
    made = Connection()
    yield made
    made.patience.lose()
    made.ours.close()
    made.theirs.close()


async def test_from_the_second_slow_post_on_the_server_reads_no_more(connection: Connection) -> None:
    assert connection.post(0)
    assert not connection.post(1)
    connection.theirs.send(b"a post")
    await until(lambda: connection.heard == [b"a post"])
    assert connection.post(1 + PROMPT_S / 2), "who posts at once again has a backlog"
    assert not connection.post(2)


async def test_what_somebody_waits_for_is_read_at_once_for_a_while(connection: Connection) -> None:
    connection.post(0)
    assert connection.post(1, is_awaited=True)
    assert connection.post(2)
    assert not connection.post(1 + AWAITED_S)


async def test_the_end_of_a_connection_is_left_to_the_server(connection: Connection) -> None:
    connection.post(0)
    connection.post(1)
    connection.theirs.close()
    await until(lambda: connection.server.reads)
    assert not connection.heard
    assert connection.ours.recv(1) == b""


async def test_a_look_out_of_turn_tells_whether_anything_had_come(connection: Connection) -> None:
    assert not connection.patience.look(), "the server reads"
    connection.post(0)
    connection.post(1)
    assert not connection.patience.look()
    connection.theirs.send(b"a post")
    assert connection.patience.look()
    assert connection.heard == [b"a post"]


async def test_one_that_cannot_be_heard_is_ended(connection: Connection, caplog: pytest.LogCaptureFixture) -> None:
    connection.post(0)
    connection.post(1)
    connection.theirs.send(b"bad")
    await until(lambda: connection.server.is_aborted)
    assert "could not be served" in caplog.text
