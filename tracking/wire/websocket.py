"""RFC 6455 after the handshake, on the server's side: bytes in, messages out, and frames as bytes. RFC 7692 without context takeover.

Without takeover a compressed frame is the same for every reader, so that it is made once for all.
"""

import zlib
from enum import IntEnum
from typing import NamedTuple

WINDOW_BITS = 12  # 4 KiB; what the offer of a client may ask for at least
WORTH_DEFLATING_BYTES = 256
SYNC_TAIL = b"\x00\x00\xff\xff"
FIN, RSV1, OTHER_RSV, OPCODE = 0x80, 0x40, 0x30, 0x0F
MASKED = 0x80
MOST_CONTROL_BYTES = 125


class Opcode(IntEnum):
    CONTINUATION = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10


DATA = {int(opcode) for opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONTINUATION)}
FIRST_CONTROL = 8
CONTROL = {int(opcode) for opcode in (Opcode.CLOSE, Opcode.PING, Opcode.PONG)}
WHOLE_TEXT = int(FIN | Opcode.TEXT)
WHOLE = {WHOLE_TEXT, int(FIN | Opcode.BINARY)}
"""First bytes of frames that are a message each, uncompressed: most are so."""


class Status(IntEnum):
    """Close codes of RFC 6455, 7.4.1."""

    NORMAL = 1000
    PROTOCOL_ERROR = 1002
    NONE_RECEIVED = 1005
    ABNORMAL = 1006
    INVALID_DATA = 1007
    TOO_BIG = 1009


class Violation(Exception):
    """The other side broke the protocol; the connection ends with `status`."""

    def __init__(self, status: Status, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Heard(NamedTuple):
    """A whole message or a control frame: `data` is str for TEXT, bytes else; of a CLOSE without its code."""

    opcode: int
    data: str | bytes
    close_code: int = 0


class FrameReader:
    """Messages of one connection; `most_bytes` of one, inflated. Once it has met a `violation` it hears nothing more."""

    def __init__(self, *, most_bytes: int, deflates: bool) -> None:
        self._most_bytes = most_bytes
        self._deflates = deflates
        self._rest = bytearray()
        self._opcode = 0
        self._is_deflated = False
        self._parts: list[bytes] = []
        self._parts_bytes = 0
        self.violation: Violation | None = None

    def sole_text(self, data: bytes) -> str | None:
        """The text that `data` is, whole and nothing else, as most of what is received; of anything else nothing is taken."""
        if self._rest or self._opcode or self.violation or len(data) < 8 or data[0] != WHOLE_TEXT:
            return None
        size, start = data[1] - MASKED, 2
        if size == 126:
            size, start = int.from_bytes(data[2:4], "big"), 4
        if len(data) != start + 4 + size or not 0 <= size <= self._most_bytes or data[1] == MASKED + 127:
            return None
        try:
            return xor(data[start + 4 :], data[start : start + 4]).decode()
        except UnicodeDecodeError:
            return None

    def feed(self, data: bytes) -> list[Heard]:
        """What is complete now."""
        heard: list[Heard] = []
        if self.violation is None:
            try:
                self._feed(data, heard)
            except Violation as violation:
                self.violation = violation
        return heard

    def _feed(self, data: bytes, heard: list[Heard]) -> None:
        if self._rest:
            self._rest += data
            del self._rest[: self._read_frames(self._rest, heard)]
        elif (used := self._read_frames(data, heard)) < len(data):
            self._rest += data[used:]

    def _read_frames(self, buffer: bytes | bytearray, heard: list[Heard]) -> int:
        """How many bytes were read."""
        at, end = 0, len(buffer)
        while end - at >= 2:
            head, size, start = buffer[at], buffer[at + 1] & 0x7F, at + 2
            if size >= 126:
                start += 2 if size == 126 else 8
                if end < start:
                    break
                size = int.from_bytes(buffer[at + 2 : start], "big")
            is_plain = head in WHOLE and not self._opcode
            if not is_plain or size > self._most_bytes or buffer[at + 1] < MASKED:
                self._check(head, is_masked=buffer[at + 1] >= MASKED, size=size)
            after = start + 4 + size
            if end < after:
                break
            payload = xor(buffer[start + 4 : after], buffer[start : start + 4])
            if is_plain:
                heard.append(Heard(head & OPCODE, _text(payload) if head & OPCODE == Opcode.TEXT else payload))
            else:
                self._take(head, payload, heard)
            at = after
        return at

    def _check(self, head: int, *, is_masked: bool, size: int) -> None:
        opcode = head & OPCODE
        if not is_masked:
            raise Violation(Status.PROTOCOL_ERROR, "a frame is not masked")
        if head & OTHER_RSV or (head & RSV1 and not (self._deflates and opcode in {Opcode.TEXT, Opcode.BINARY})):
            raise Violation(Status.PROTOCOL_ERROR, "a reserved bit is set")
        if opcode in CONTROL:
            if not head & FIN or size > MOST_CONTROL_BYTES:
                raise Violation(Status.PROTOCOL_ERROR, "a control frame is fragmented or too long")
        elif opcode not in DATA:
            raise Violation(Status.PROTOCOL_ERROR, "an opcode is unknown")
        elif (opcode == Opcode.CONTINUATION) != bool(self._opcode):
            raise Violation(Status.PROTOCOL_ERROR, "a message begins within another, or goes on without a beginning")
        elif self._parts_bytes + size > self._most_bytes:
            raise Violation(Status.TOO_BIG, f"a message may have {self._most_bytes} bytes at most")

    def _take(self, head: int, payload: bytes, heard: list[Heard]) -> None:
        opcode = head & OPCODE
        if opcode in CONTROL:
            heard.append(_control(opcode, payload))
        elif opcode and head & FIN:
            heard.append(self._message(opcode, payload, is_deflated=bool(head & RSV1)))
        else:
            self._take_part(head, payload, heard)

    def _take_part(self, head: int, payload: bytes, heard: list[Heard]) -> None:
        if head & OPCODE:
            self._opcode, self._is_deflated = head & OPCODE, bool(head & RSV1)
        self._parts.append(payload)
        self._parts_bytes += len(payload)
        if head & FIN:
            heard.append(self._message(self._opcode, b"".join(self._parts), is_deflated=self._is_deflated))
            self._opcode, self._parts, self._parts_bytes = 0, [], 0

    def _message(self, opcode: int, payload: bytes, *, is_deflated: bool) -> Heard:
        if is_deflated:
            payload = inflated(payload, most_bytes=self._most_bytes)
        return Heard(opcode, _text(payload) if opcode == Opcode.TEXT else payload)


def _control(opcode: int, payload: bytes) -> Heard:
    if opcode != Opcode.CLOSE:
        return Heard(opcode, payload)
    if not payload:
        return Heard(opcode, b"", Status.NONE_RECEIVED)
    code = int.from_bytes(payload[:2], "big")
    _text(payload[2:])
    if len(payload) < 2 or not _may_be_received(code):
        raise Violation(Status.PROTOCOL_ERROR, f"the close code {code} may not be sent")
    return Heard(opcode, payload[2:], code)


def _may_be_received(code: int) -> bool:
    return code in {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014} or 3000 <= code <= 4999


def _text(payload: bytes) -> str:
    try:
        return payload.decode()
    except UnicodeDecodeError as error:
        raise Violation(Status.INVALID_DATA, "a text is not UTF-8") from error


def xor(payload: bytes | bytearray, mask: bytes | bytearray) -> bytes:
    """Masks or unmasks."""
    size = len(payload)
    key = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "little") ^ int.from_bytes(key, "little")).to_bytes(size, "little")


def frame(opcode: Opcode, payload: bytes, *, is_deflated: bool = False) -> bytes:
    """A whole message or control frame as a server sends it."""
    head, size = FIN | int(opcode) | (RSV1 if is_deflated else 0), len(payload)
    if size < 126:
        return bytes((head, size)) + payload
    if size < 1 << 16:
        return bytes((head, 126)) + size.to_bytes(2, "big") + payload
    return bytes((head, 127)) + size.to_bytes(8, "big") + payload


def deflated_frame(opcode: Opcode, payload: bytes) -> bytes:
    """For those who agreed to `permessage-deflate`; short messages are left as they are."""
    if len(payload) < WORTH_DEFLATING_BYTES:
        return frame(opcode, payload)
    deflater = zlib.compressobj(level=1, wbits=-WINDOW_BITS)
    deflated = deflater.compress(payload) + deflater.flush(zlib.Z_SYNC_FLUSH)
    return frame(opcode, deflated.removesuffix(SYNC_TAIL), is_deflated=True)


def close_frame(code: int) -> bytes:
    return frame(Opcode.CLOSE, code.to_bytes(2, "big"))


def inflated(payload: bytes, *, most_bytes: int) -> bytes:
    """Raises Violation."""
    inflater = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
    try:
        data = inflater.decompress(payload + SYNC_TAIL, most_bytes + 1)
    except zlib.error as error:
        raise Violation(Status.INVALID_DATA, f"a message cannot be inflated: {error}") from error
    if len(data) > most_bytes:
        raise Violation(Status.TOO_BIG, f"a message may have {most_bytes} bytes at most")
    return data


def accept_deflate(offers: str) -> str | None:
    """The answer to a `Sec-WebSocket-Extensions` header; None when nothing in it can be agreed to."""
    for offer in offers.split(","):
        name, *parameters = (part.strip() for part in offer.split(";"))
        given = dict(_pair(parameter) for parameter in parameters)
        if name == "permessage-deflate" and given.keys() <= KNOWN_PARAMETERS and _fits(given):
            window = f"; server_max_window_bits={WINDOW_BITS}" if SERVER_WINDOW in given else ""
            return f"permessage-deflate; server_no_context_takeover; client_no_context_takeover{window}"
    return None


SERVER_WINDOW, CLIENT_WINDOW = "server_max_window_bits", "client_max_window_bits"
KNOWN_PARAMETERS = {SERVER_WINDOW, CLIENT_WINDOW, "server_no_context_takeover", "client_no_context_takeover"}


def _pair(parameter: str) -> tuple[str, str]:
    name, _, value = parameter.partition("=")
    return name.strip(), value.strip(' "')


def _fits(given: dict[str, str]) -> bool:
    bits = given.get(SERVER_WINDOW, str(WINDOW_BITS))
    return bits.isdecimal() and WINDOW_BITS <= int(bits) <= zlib.MAX_WBITS
