"""Messages and queries that are almost, or not at all, what the server expects."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qsl, quote, quote_from_bytes, urlencode

FIX = {
    "fix_time": "2026-01-05T08:00:00Z",
    "lat": 57.7,
    "lon": 11.97,
    "speed_mps": 9.5,
    "course_deg": 80.0,
    "accuracy_m": 4,
}
MESSAGES: list[dict[str, Any]] = [
    {"type": "hello", "token": "none", "window": 8},
    {"type": "auth", "token": "none"},
    {"type": "join", "id": 1, "channel": "region:quiet", "cursor": "1.2.3"},
    {"type": "leave", "id": 2, "channel": "region:quiet"},
    {"type": "ack", "seq": 1},
    {"type": "ack", "seq": float("nan")},
    {"type": "report", "id": 3, "fixes": [FIX]},
    {"type": "send", "id": 4, "channel": "driver:v0001", "text": "Come back."},
    {"type": "read", "id": 5, "channel": "driver:v0001", "event_id": 1},
]
ODD: list[Any] = [
    None, True, False, 0, -1, 0.5, 1e308, 2**31, 2**63, 10**40, -(10**40), float("nan"), float("inf"), "", " ", "0", "\0", "é" * 300,
    "\ud7ff￿", "region:", ":", "region:all", "region:../..", "vehicle:v0001", "admin:ops", "fix_time", "'; --", "x" * 5_000,
    [], [[]], {}, {"type": "hello"}, [None] * 200,
]  # fmt: skip
PHONES = Path(__file__).parent.parent / "tests" / "data" / "phones"
PHONE_REQUESTS = [row for path in sorted(PHONES.glob("*.json")) for row in json.loads(path.read_text())["rows"]]
DEEP = 5_000
TOO_LONG = 17 * 1024


def message(chance: Random) -> str | bytes:
    """For the live protocol."""
    return _damaged(chance, json.dumps(_mutated(chance, chance.choice(MESSAGES))))


def fixes_body(chance: Random) -> bytes:
    """For POST /api/v1/fixes: one, an array or lines."""
    texts = [json.dumps(_mutated(chance, FIX)) for _ in range(chance.choice((1, 1, 2, 5)))]
    body = chance.choice((texts[0], f"[{','.join(texts)}]", "\n".join(texts)))
    damaged = _damaged(chance, body)
    return damaged.encode("utf-8", "surrogatepass") if isinstance(damaged, str) else damaged


def phone_request(chance: Random) -> tuple[str, bytes]:
    """The query and the body for `/in/{token}`: an app's own, with values changed at any depth or damaged."""
    row = chance.choice(PHONE_REQUESTS)
    body = row.get("body", "")
    text = body if isinstance(body, str) else json.dumps(_mutated_within(chance, body))
    damaged = _damaged(chance, text) if text else chance.choice(("", "", "null", "{", "a=b"))
    pairs = parse_qsl(row.get("query", ""), keep_blank_values=True)
    if pairs and chance.random() < 0.7:
        pairs[chance.randrange(len(pairs))] = (chance.choice(pairs)[0], str(chance.choice(ODD))[:500])
    encoded = damaged.encode("utf-8", "surrogatepass") if isinstance(damaged, str) else damaged
    return urlencode(pairs, errors="replace"), encoded


def query(chance: Random) -> str:
    """For the streams; one that asks to wait never asks for long."""
    pairs = [
        (name, chance.choice(values))
        for name, often, values in (
            ("channel", 1, ("region:quiet", "region:all", "region:none", "x", "", ":", "vehicle:v0001", "a" * 250)),
            ("cursor", 1, ("", "x", "1.2.3", ",,,", "-1", "9" * 200, "\0", "é")),
            ("wait", 1, ("0", "-1", "x", "", "26", "1e9", "NaN", "0.0", "٣")),
            ("token", 0.1, ("", "x", "a.b.c", "é" * 30)),
        )
        for _ in range(chance.choice((0, 0, 1, 1, 1, 2, 40)))
        if chance.random() < often
    ]
    pairs.append(("wait", chance.choice(("0", "x"))))
    chance.shuffle(pairs)
    text = urlencode(pairs)
    if chance.random() < 0.3:
        text += "&" + quote_from_bytes(chance.randbytes(20), safe="=&%")
    return text


def header(chance: Random) -> str:
    """A value for any header."""
    return chance.choice(
        ("", "x", "Bearer", "Bearer ", "Bearer x.y.z", "gzip", '"', "*", '"1.2.3"', quote("é"), "0" * 3_000)
    )


def _mutated(chance: Random, whole: dict[str, Any]) -> Any:
    value = deepcopy(whole)
    for _ in range(chance.choice((1, 1, 2))):
        key = chance.choice(list(value) or ["x"])
        match chance.randrange(4):
            case 0:
                value.pop(key, None)
            case 1:
                value[chance.choice(("x", "id", "type", "seq", ""))] = chance.choice(ODD)
            case _:
                value[key] = chance.choice(ODD)
    return value


def _mutated_within(chance: Random, value: Any) -> Any:
    """One place in a JSON value."""
    if isinstance(value, list) and value:
        place = chance.randrange(len(value))
        return [*value[:place], _mutated_within(chance, value[place]), *value[place + 1 :]]
    if not isinstance(value, dict) or not value or chance.random() < 0.5:
        return _mutated(chance, value) if isinstance(value, dict) and value else chance.choice(ODD)
    key = chance.choice(list(value))
    return {**value, key: _mutated_within(chance, value[key])}


def _damaged(chance: Random, text: str) -> str | bytes:
    """Half of them as they are."""
    ways: list[Callable[[], str | bytes]] = [
        lambda: text[: chance.randrange(len(text))],
        lambda: text[chance.randrange(len(text)) :],
        lambda: text.replace(chance.choice(text), chance.choice("{}[]\",:0\0é"), 1),
        lambda: text + chance.choice(("}", ",", "null", text)),
        lambda: chance.choice(("", "null", "1", '"x"', "[]", "{}", "NaN", "\ufeff{}", "[1,", "tru")),
        lambda: "[" * DEEP,
        lambda: '{"type":' * DEEP,
        lambda: text + " " * TOO_LONG,
        lambda: chance.randbytes(chance.randrange(200)),
        lambda: text.encode("utf-16"),
    ]  # fmt: skip
    return text if chance.random() < 0.5 else chance.choice(ways)()
