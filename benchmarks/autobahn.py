"""The Autobahn cases of RFC 6455 against both servers as the product sets them up.

The live endpoint closes on what is not its protocol, and the cases expect an echo: an application that echoes stands in its place, once
with the socket taken over as the live endpoint does it, and once over ASGI.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.report import print_head, print_table
from benchmarks.servers import Server, clean_environment, running, temporary_folder

CASES = {
    "1": "framing",
    "2": "ping",
    "3": "reserved bits",
    "4": "opcodes",
    "5": "fragments",
    "6": "UTF-8",
    "7": "close",
    "10": "odd sizes",
}


class Way(NamedTuple):
    """`path` of the echo: with the socket taken over, or over ASGI."""

    server: str
    path: str


PASSED = ("OK", "NON-STRICT", "INFORMATIONAL")
EMPTY = "daphne drops empty messages, and the live protocol has none"
KNOWN_FAILURES: dict[Way, dict[str, str]] = {
    Way("daphne", "direct"): {},
    Way("uvicorn", "direct"): {},
    Way("daphne", "asgi"): dict.fromkeys(("1.1.1", "1.2.1", "6.1.1", "6.1.2"), EMPTY),
    Way("uvicorn", "asgi"): {"7.1.5": "a close within a fragmented message"},
}
"""By case, with the reason why it is left so."""
METHOD = """
Cases of the Autobahn test suite, run by kosoku. Left out: 9 (speed, and messages beyond the product's limit of 512 KiB), 12 and 13
(compression: 1,000 echoes a case, and kosoku fails by itself on the shortest). Over ASGI daphne drops empty messages, which 1.1.1,
1.2.1, 6.1.1 and 6.1.2 ask for; the live protocol has none.
"""
LONGEST_S = 400
AT_ONCE = 8


def run(*, port: int) -> None:
    print_head("autobahn", METHOD)
    with temporary_folder() as folder:
        results = {way: run_cases(way, folder / "-".join(way), port=port, at_once=AT_ONCE) for way in KNOWN_FAILURES}
    rows = [
        [f"{', '.join(way)}: {words}", *_counts(cases, f"{group}.")]
        for way, cases in results.items()
        for group, words in CASES.items()
    ]
    print_table(["cases", "OK", "non-strict", "informational", "failed"], rows)
    for way, cases in results.items():
        for case, verdict in failures(cases).items():
            print(f"- {', '.join(way)}: case {case}: {verdict}; {KNOWN_FAILURES[way].get(case, 'not known')}")


def failures(cases: Mapping[str, str]) -> dict[str, str]:
    """Those of the verdicts that are none of PASSED."""
    return {case: verdict for case, verdict in cases.items() if verdict not in PASSED}


def run_cases(way: Way, folder: Path, *, port: int, at_once: int) -> dict[str, str]:
    """Verdict by case."""
    folder.mkdir()
    command = [sys.executable, "-m", "benchmarks.echo", way.server, str(port)]
    with running(Server(way.server, command, port=port, env=clean_environment(), log=folder / "server.log")):
        include = [part for group in CASES for part in ("-i", f"{group}.*")]
        address = ["-p", str(at_once), "-o", str(folder), f"ws://127.0.0.1:{port}/{way.path}"]
        kosoku = [str(Path(sys.executable).with_name("kosoku")), *include, *address]
        subprocess.run(kosoku, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=LONGEST_S, check=False)
    found: dict[str, dict[str, Any]] = json.loads((folder / "index.json").read_text())
    return {case: verdict["behavior"] for agent in found.values() for case, verdict in agent.items()}


def _counts(cases: dict[str, str], group: str) -> list[str]:
    verdicts = Counter(verdict for case, verdict in cases.items() if case.startswith(group))
    known = [verdicts.pop(verdict, 0) for verdict in PASSED]
    return [str(count) for count in (*known, verdicts.total())]
