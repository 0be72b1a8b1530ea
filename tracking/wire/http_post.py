"""A plain HTTP/1.1 POST as bytes, and the answer to it. What is not plain is for a whole HTTP server."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple

MOST_HEAD_BYTES = 4 * 1024
END_OF_HEAD = b"\r\n\r\n"
FIELD = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\x00-\x08\x0a-\x1f\x7f]*\r\n"
FIELDS = re.compile(rb"(?:" + FIELD + rb")+")
PAIRS = re.compile(rb"([^:]+):[ \t]*([^\r]*?)[ \t]*\r\n")
NOT_PLAIN = {b"transfer-encoding", b"content-encoding", b"expect", b"upgrade"}
JSON_TYPES = {b"", b"application/json"}


class Head(NamedTuple):
    """Of a post with a Bearer token: its body is what lies from `start` up to `end`."""

    token: str
    start: int
    end: int


def read_head(data: bytes, path: bytes) -> Head | None:
    """Of a post of JSON to `path` at the beginning of `data`; None when it is not whole or not plain.

    Plain: each field once and of legal characters, a Content-Length, nothing encoded, the connection kept alive.
    """
    first = b"POST %s HTTP/1.1\r\n" % path
    size = data.find(END_OF_HEAD, 0, MOST_HEAD_BYTES)
    if size < len(first) or not data.startswith(first) or not FIELDS.fullmatch(data, len(first), size + 2):
        return None
    pairs = PAIRS.findall(data, len(first), size + 2)
    fields = {name.lower(): value for name, value in pairs}
    if len(fields) < len(pairs) or not fields.keys().isdisjoint(NOT_PLAIN):
        return None
    scheme, _, token = fields.get(b"authorization", b"").partition(b" ")
    length = fields.get(b"content-length", b"")
    is_json = fields.get(b"content-type", b"").partition(b";")[0].lower() in JSON_TYPES
    is_kept = fields.get(b"connection", b"keep-alive").lower() == b"keep-alive"
    if scheme.lower() != b"bearer" or not (is_json and is_kept and b"host" in fields and _is_length(length)):
        return None
    start = size + len(END_OF_HEAD)
    return Head(token.strip().decode("latin-1"), start, start + int(length))


def _is_length(text: bytes) -> bool:
    return text.isdigit() and len(text) < 10


def response(status: int, fields: Mapping[bytes, bytes], body: bytes) -> bytes:
    """The whole of it."""
    lines = [b"HTTP/1.1 %d %s" % (status, HTTPStatus(status).phrase.encode())]
    lines += [b"%s: %s" % field for field in fields.items()]
    return b"\r\n".join([*lines, b"content-length: %d" % len(body), b"", body])
