"""The requests of phone apps in `tests/data/phones`, and what each becomes."""

import json
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

FOLDER = Path(__file__).parent.parent / "data" / "phones"
DIALECTS = sorted(path.stem for path in FOLDER.glob("*.json"))


class Sample(NamedTuple):
    """`query` as it stands in an address; see `tests/data/phones/README.md`."""

    dialect: str
    says: str
    query: str
    body: bytes
    reply: bytes
    fixes: list[list[Any]]
    refused: list[str]
    passed_over: list[str]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return parse_qsl(self.query, keep_blank_values=True)


def load_samples(dialect: str) -> list[Sample]:
    table = json.loads((FOLDER / f"{dialect}.json").read_text())
    return [
        Sample(
            dialect,
            row["says"],
            row.get("query", ""),
            _bytes(row.get("body", "")),
            row.get("reply", table["reply"]).encode(),
            row["fixes"],
            row["refused"],
            row["passed_over"],
        )
        for row in table["rows"]
    ]


def _bytes(body: Any) -> bytes:
    return (body if isinstance(body, str) else json.dumps(body)).encode()


SAMPLES = [sample for dialect in DIALECTS for sample in load_samples(dialect)]
