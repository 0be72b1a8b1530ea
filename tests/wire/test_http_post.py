"""What of HTTP the quick way reads by itself: it agrees with a whole HTTP parser, or leaves the request alone."""

import h11
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracking.wire.http_post import Head, read_head, response

PATH = b"/api/v1/fixes"
FIRST = b"POST /api/v1/fixes HTTP/1.1\r\n"
PLAIN = [b"Host: fleet", b"Content-Type: application/json", b"Authorization: Bearer secret", b"Content-Length: 2"]


def post(*fields: bytes, first: bytes = FIRST, body: bytes = b"[]") -> bytes:
    return first + b"".join(field + b"\r\n" for field in fields) + b"\r\n" + body


def test_a_plain_post_is_read() -> None:
    data = post(*PLAIN)
    assert read_head(data, PATH) == Head("secret", len(data) - 2, len(data))


@pytest.mark.parametrize("part", [b"", b"POST", post(*PLAIN)[:-10]])
def test_a_head_that_is_not_whole_is_not_read(part: bytes) -> None:
    assert read_head(part, PATH) is None


def test_a_body_may_still_be_on_its_way() -> None:
    data = post(*PLAIN, body=b"")
    assert read_head(data, PATH) == Head("secret", len(data), len(data) + 2)


@pytest.mark.parametrize(
    "fields",
    [
        [*PLAIN, b"Transfer-Encoding: chunked"],
        [*PLAIN, b"Content-Encoding: gzip"],
        [*PLAIN, b"Expect: 100-continue"],
        [*PLAIN, b"Upgrade: websocket"],
        [*PLAIN, b"Connection: close"],
        [*PLAIN, b"Connection: keep-alive, Upgrade"],
        [*PLAIN, b"content-length: 2"],
        [*PLAIN, b"Authorization: Bearer other"],
        [*PLAIN, b"no colon"],
        [*PLAIN, b"X: 1", b" folded"],
        [*PLAIN, b"Space : 1"],
        [*PLAIN, b"X: \x00"],
        [*PLAIN, b"X: bare\nY: 1"],
        [*PLAIN[:3], b"Content-Length: +2"],
        [*PLAIN[:3], b"Content-Length: 0x2"],
        [*PLAIN[:3], b"Content-Length: 10000000000"],
        [*PLAIN[:3]],
        [*PLAIN[1:]],
        [PLAIN[0], b"Content-Type: application/x-ndjson", *PLAIN[2:]],
        [*PLAIN[:2], b"Authorization: Basic c2VjcmV0", PLAIN[3]],
        [*PLAIN, b"X: " + b"x" * 4096],
    ],
)
def test_what_is_not_plain_is_left_alone(fields: list[bytes]) -> None:
    assert read_head(post(*fields), PATH) is None


@pytest.mark.parametrize(
    "first",
    [
        b"GET /api/v1/fixes HTTP/1.1\r\n",
        b"POST /api/v1/fixes HTTP/1.0\r\n",
        b"POST /api/v1/fixes?a=b HTTP/1.1\r\n",
        b"POST /api/v1/fixes/ HTTP/1.1\r\n",
        b"POST  /api/v1/fixes HTTP/1.1\r\n",
        b"POST /api/v1/fixes HTTP/1.1\n",
    ],
)
def test_another_request_is_left_alone(first: bytes) -> None:
    assert read_head(post(*PLAIN, first=first), PATH) is None


NAMES = st.sampled_from([b"Host", b"Content-Length", b"Authorization", b"Connection", b"Transfer-Encoding", b"X-Other"])
VALUES = st.sampled_from(
    [b"2", b" 2 ", b"keep-alive", b"Bearer a", b"bearer  b ", b"chunked", b"", b"\t", b"2, 2", b"\xff"]
)
FIELDS = st.builds(
    lambda name, colon, value: name + colon + value, NAMES, st.sampled_from([b":", b": ", b" :"]), VALUES
)
JUNK = st.one_of(FIELDS, st.binary(max_size=12))


@given(st.lists(JUNK, max_size=4), st.permutations(PLAIN))
@example([b"X-Other:"], PLAIN)
@example([b"\r\n"], PLAIN)
def test_what_is_read_a_whole_parser_reads_alike(more: list[bytes], plain: list[bytes]) -> None:
    data = post(*plain, *more)
    head = read_head(data, PATH)
    if head is None:
        return
    server = h11.Connection(h11.SERVER)
    server.receive_data(data)
    request = server.next_event()
    assert isinstance(request, h11.Request)
    fields = dict(request.headers)
    assert (request.method, request.target, len(fields)) == (b"POST", PATH, len(request.headers))
    assert fields[b"authorization"].decode("latin-1").split(" ", 1)[1].strip() == head.token
    assert server.next_event().data == data[head.start : head.end]
    assert isinstance(server.next_event(), h11.EndOfMessage)


def test_an_answer_is_what_a_client_reads() -> None:
    client = h11.Connection(h11.CLIENT)
    client.send(h11.Request(method="POST", target=PATH, headers=[("host", "fleet"), ("content-length", "0")]))
    client.send(h11.EndOfMessage())
    client.receive_data(response(503, {b"retry-after": b"1"}, b"{}"))
    answer = client.next_event()
    assert isinstance(answer, h11.Response)
    assert (answer.status_code, answer.reason, dict(answer.headers)) == (
        503,
        b"Service Unavailable",
        {b"retry-after": b"1", b"content-length": b"2"},
    )
    assert client.next_event().data == b"{}"
