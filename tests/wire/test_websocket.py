"""RFC 6455 and 7692 by their own examples, and by a client that others wrote."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.client import ClientProtocol
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory, PerMessageDeflate
from websockets.frames import Frame
from websockets.protocol import State
from websockets.uri import parse_uri

from tracking.wire.websocket import (
    FrameReader,
    Heard,
    Opcode,
    Status,
    accept_deflate,
    close_frame,
    deflated_frame,
    frame,
    xor,
)

MOST_BYTES = 100_000
MASK = b"\x01\x02\x03\x04"


def masked(opcode: int, payload: bytes, *, is_last: bool = True, rsv1: bool = False) -> bytes:
    """A frame as a client sends it, or should not."""
    head = bytearray(frame(Opcode.BINARY, payload)[: -len(payload) or None])
    head[0] = is_last << 7 | rsv1 << 6 | opcode
    head[1] |= 0x80
    return bytes(head) + MASK + xor(payload, MASK)


def read(data: bytes, *, deflates: bool = False, most_bytes: int = MOST_BYTES) -> tuple[list[Heard], Status | None]:
    reader = FrameReader(most_bytes=most_bytes, deflates=deflates)
    heard = reader.feed(data)
    return heard, reader.violation and reader.violation.status


def test_the_masked_example_of_the_rfc_is_read() -> None:
    """RFC 6455, 5.7."""
    assert read(bytes.fromhex("818537fa213d7f9f4d5158")) == ([Heard(Opcode.TEXT, "Hello")], None)


def test_the_unmasked_example_of_the_rfc_is_written() -> None:
    assert frame(Opcode.TEXT, b"Hello") == bytes.fromhex("810548656c6c6f")


def test_the_deflated_example_of_the_rfc_is_read() -> None:
    """RFC 7692, 7.2.3.1."""
    payload = bytes.fromhex("f248cdc9c90700")
    assert read(masked(Opcode.TEXT, payload, rsv1=True), deflates=True) == ([Heard(Opcode.TEXT, "Hello")], None)


@given(st.lists(st.tuples(st.booleans(), st.binary(max_size=70_000)), max_size=5), st.integers(1, 5_000))
def test_messages_are_the_same_however_they_are_cut(messages: list[tuple[bool, bytes]], size: int) -> None:
    sent = b"".join(
        masked(Opcode.BINARY, data[:3], is_last=False)
        + masked(Opcode.PING, b"!")
        + masked(Opcode.CONTINUATION, data[3:])
        if is_cut
        else masked(Opcode.BINARY, data)
        for is_cut, data in messages
    )
    reader = FrameReader(most_bytes=MOST_BYTES, deflates=False)
    heard = [one for at in range(0, len(sent), size) for one in reader.feed(sent[at : at + size])]
    assert [one.data for one in heard if one.opcode == Opcode.BINARY] == [data for _, data in messages]
    assert reader.violation is None


@given(st.text(max_size=40), st.sampled_from([0, 100, 70_000]), st.binary(max_size=3), st.sampled_from([0, 1, 3]))
def test_a_sole_text_is_what_feeding_would_have_given(text: str, longer: int, after: bytes, cut: int) -> None:
    whole = masked(Opcode.TEXT, (text + "x" * longer).encode())
    sent = whole[: len(whole) - cut] + after
    reader = FrameReader(most_bytes=MOST_BYTES, deflates=False)
    sole = reader.sole_text(sent)
    assert sole is None or read(sent) == ([Heard(Opcode.TEXT, sole)], None)
    assert sent != whole or len(whole) > 65_536 or len(whole) < 8 or sole == text + "x" * longer
    reader.feed(whole[:3])
    assert reader.sole_text(whole) is None


@given(st.binary(max_size=200))
def test_only_text_is_a_sole_text(data: bytes) -> None:
    sole = FrameReader(most_bytes=100, deflates=True).sole_text(data)
    assert sole is None or read(data, most_bytes=100) == ([Heard(Opcode.TEXT, sole)], None)


@pytest.mark.parametrize(
    "sent",
    [
        masked(Opcode.TEXT, b"\xff\xfe"),
        masked(Opcode.TEXT, b"x" * 101),
        masked(Opcode.TEXT, b"xx", rsv1=True),
        masked(Opcode.TEXT, b"xx", is_last=False),
        masked(Opcode.BINARY, b"xx"),
        frame(Opcode.TEXT, b"unmasked"),
        b"\x81\xff" + bytes(131),
    ],
)
def test_what_is_more_or_less_than_a_text_is_none(sent: bytes) -> None:
    assert FrameReader(most_bytes=100, deflates=True).sole_text(sent) is None


@given(st.binary(max_size=3_000))
def test_whatever_comes_there_is_no_exception(data: bytes) -> None:
    for deflates in (False, True):
        reader = FrameReader(most_bytes=1_000, deflates=deflates)
        for at in range(0, len(data), 7):
            reader.feed(data[at : at + 7])


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (frame(Opcode.TEXT, b"unmasked"), Status.PROTOCOL_ERROR),
        (masked(Opcode.TEXT, b"deflated", rsv1=True), Status.PROTOCOL_ERROR),
        (b"\xa1\x80abcd", Status.PROTOCOL_ERROR),
        (b"\x83\x80abcd", Status.PROTOCOL_ERROR),
        (b"\x89\xfe\x00\x7eabcd" + bytes(126), Status.PROTOCOL_ERROR),
        (b"\x09\x80abcd", Status.PROTOCOL_ERROR),
        (masked(Opcode.CONTINUATION, b"of nothing"), Status.PROTOCOL_ERROR),
        (masked(Opcode.TEXT, b"a", is_last=False) + masked(Opcode.TEXT, b"b"), Status.PROTOCOL_ERROR),
        (masked(Opcode.TEXT, b"\xff"), Status.INVALID_DATA),
        (masked(Opcode.TEXT, b"\xe2", is_last=False) + masked(Opcode.CONTINUATION, b"\x28"), Status.INVALID_DATA),
        (masked(Opcode.CLOSE, b"\x03"), Status.PROTOCOL_ERROR),
        (masked(Opcode.CLOSE, (1005).to_bytes(2, "big")), Status.PROTOCOL_ERROR),
        (masked(Opcode.CLOSE, (1000).to_bytes(2, "big") + b"\xff"), Status.INVALID_DATA),
        (masked(Opcode.BINARY, bytes(MOST_BYTES + 1)), Status.TOO_BIG),
        (
            masked(Opcode.BINARY, bytes(60_000), is_last=False) + masked(Opcode.CONTINUATION, bytes(60_000)),
            Status.TOO_BIG,
        ),
    ],
)
def test_what_breaks_the_protocol_is_named_by_its_close_code(sent: bytes, status: Status) -> None:
    whole = masked(Opcode.TEXT, b"before")
    assert read(whole + sent + masked(Opcode.TEXT, b"after")) == ([Heard(Opcode.TEXT, "before")], status)


def test_a_size_is_refused_before_its_bytes_have_come() -> None:
    assert read(masked(Opcode.BINARY, bytes(MOST_BYTES + 1))[:14])[1] == Status.TOO_BIG


def test_a_bomb_is_not_inflated() -> None:
    deflater = zlib.compressobj(wbits=-15)
    bomb = deflater.compress(bytes(50_000_000)) + deflater.flush(zlib.Z_SYNC_FLUSH)
    assert read(masked(Opcode.BINARY, bomb[:-4], rsv1=True), deflates=True) == ([], Status.TOO_BIG)


def test_what_cannot_be_inflated_is_invalid() -> None:
    assert read(masked(Opcode.BINARY, b"\xff\xff\xff", rsv1=True), deflates=True) == ([], Status.INVALID_DATA)


def test_a_close_tells_its_code() -> None:
    sent = masked(Opcode.CLOSE, (4000).to_bytes(2, "big") + b"bye") + masked(Opcode.CLOSE, b"")
    assert read(sent) == (
        [Heard(Opcode.CLOSE, b"bye", 4000), Heard(Opcode.CLOSE, b"", Status.NONE_RECEIVED)],
        None,
    )


@given(st.binary(max_size=300), st.binary(min_size=4, max_size=4))
def test_masking_twice_is_nothing(payload: bytes, mask: bytes) -> None:
    assert xor(xor(payload, mask), mask) == payload
    assert xor(payload, mask) == bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))


def heard_by_a_client(sent: bytes, *, deflates: bool) -> list[Frame]:
    client = ClientProtocol(parse_uri("ws://localhost/"), state=State.OPEN)
    if deflates:
        client.extensions = [PerMessageDeflate(True, True, 12, 12)]
    client.receive_data(sent)
    return [event for event in client.events_received() if isinstance(event, Frame)]


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
@pytest.mark.parametrize("deflates", [False, True])
def test_a_client_reads_what_is_written(size: int, deflates: bool) -> None:
    payload = b"row, " * (size // 5) + b"x" * (size % 5)
    encode = deflated_frame if deflates else frame
    sent = encode(Opcode.TEXT, payload) * 2 + close_frame(4000)
    first, second, close = heard_by_a_client(sent, deflates=deflates)
    assert first.data == second.data == payload
    assert bytes(close.data[:2]) == (4000).to_bytes(2, "big")


def test_the_offers_of_browsers_and_of_the_library_are_accepted() -> None:
    plain = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
    assert accept_deflate("permessage-deflate") == plain
    assert accept_deflate("permessage-deflate; client_max_window_bits") == plain
    (offer,) = [
        f"permessage-deflate; {'; '.join(name if value is None else f'{name}={value}' for name, value in parameters)}"
        for parameters in [ClientPerMessageDeflateFactory(server_max_window_bits=12).get_request_params()]
    ]
    assert accept_deflate(offer) == f"{plain}; server_max_window_bits=12"


@pytest.mark.parametrize(
    "offers",
    [
        "",
        "x-webkit-deflate-frame",
        "permessage-deflate; server_max_window_bits=9",
        "permessage-deflate; server_max_window_bits=x",
        "permessage-deflate; unknown",
    ],
)
def test_an_offer_that_does_not_fit_is_declined(offers: str) -> None:
    assert accept_deflate(offers) is None


def test_the_first_offer_that_fits_is_accepted() -> None:
    offers = "permessage-deflate; server_max_window_bits=9, permessage-deflate"
    assert accept_deflate(offers) == "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
