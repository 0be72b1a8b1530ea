"""Bodies with a limit, read from a client that sends in pieces."""

from collections.abc import Iterator
from typing import Any

import pytest

from tracking.domain.errors import BadRequest
from tracking.transports.http import MAX_PASSED_OVER_BYTES, ClientLeft, read_body

MOST = 1000


class Client:
    """Sends `pieces`; `taken` says how many of them were read."""

    def __init__(self, pieces: list[bytes], *, leaves: bool = False) -> None:
        self._messages = self._told(pieces, leaves)
        self.taken = 0

    @staticmethod
    def _told(pieces: list[bytes], leaves: bool) -> Iterator[dict[str, Any]]:
        for i, piece in enumerate(pieces):
            yield {"type": "http.request", "body": piece, "more_body": leaves or i < len(pieces) - 1}
        yield {"type": "http.disconnect"}

    async def receive(self) -> dict[str, Any]:
        self.taken += 1
        return next(self._messages)


async def test_a_body_within_the_limit_is_whole() -> None:
    assert await read_body(Client([b"a" * 600, b"b" * 400]).receive, most_bytes=MOST) == b"a" * 600 + b"b" * 400


async def test_too_large_a_body_is_read_to_its_end_before_the_answer() -> None:
    """A server closes a connection with unread bytes by a reset, and the client would lose what it was told."""
    client = Client([b"a" * 600] * 5)
    with pytest.raises(BadRequest, match="A body may have 1000 bytes at most"):
        await read_body(client.receive, most_bytes=MOST)
    assert client.taken == 5


async def test_a_body_without_end_is_not() -> None:
    piece = b"a" * 65_536
    client = Client([piece] * 1000)
    with pytest.raises(BadRequest, match="1000 bytes"):
        await read_body(client.receive, most_bytes=MOST)
    assert client.taken == MAX_PASSED_OVER_BYTES // len(piece) + 1


@pytest.mark.parametrize("pieces", [[b"a"], [b"a" * 600] * 3])
async def test_who_leaves_gets_no_answer(pieces: list[bytes]) -> None:
    with pytest.raises(ClientLeft):
        await read_body(Client(pieces, leaves=True).receive, most_bytes=MOST)
