"""What a sealed track costs the server, the wire and the page: packed, and as JSON."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from benchmarks.machine import tree_cpu_s
from benchmarks.report import median_of, number, print_head, print_table
from benchmarks.servers import NODE_HOME, ROOT, Product, Server, clean_environment, running, temporary_folder
from tracking.wire.rfc3339 import encode_time

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
CASES = {"a day of 86,400 fixes": (1, 1), "a week at 10 s": (10, 7)}
WAYS: dict[str, dict[str, str]] = {
    "packed": {"format": "packed", "max_points": "100000"},
    "JSON": {},
    "JSON, 9,000 points": {"max_points": "9000"},
}
LEAST_S = 2.0
METHOD = """
One vehicle, sealed as a whole, SQLite, daphne; one request after the other over one connection. Server: CPU of its process per request,
with rights, ETag and headers. Page: CPU of V8 (Node) for reading the body to columns, by the page's own modules; the page does it in a
worker for packed tracks, on its main thread for JSON. Bytes: the body as it goes over the wire.
"""


def run(*, rounds: int, port: int) -> None:
    print_head("packed: a sealed track for the page", METHOD)
    for name, (every_s, days) in CASES.items():
        with temporary_folder() as folder:
            product = Product(folder / "fleet", vehicles=1, dispatchers=1)
            end_ms = int(time.time()) // 3600 * HOUR_MS - DAY_MS
            _fill(folder / "fleet", every_s=every_s, days=days, end_ms=end_ms)
            asked = {"from": encode_time(end_ms - days * DAY_MS), "to": encode_time(end_ms)}
            with running(product.serve(port=port)) as server:
                runs = [_measure(product, server, asked, folder) for _ in range(rounds)]
        _print(name, runs)


def _fill(folder: Path, **options: int) -> None:
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    command = [sys.executable, "-m", "benchmarks.fleet_past", "--vehicles=1", "--hot-hours=0", *flags]
    subprocess.run(command, cwd=ROOT, env=clean_environment() | {"FLEET_DATA_DIR": str(folder)}, check=True)


def _measure(product: Product, server: Server, asked: dict[str, str], folder: Path) -> dict[str, Any]:
    url = f"http://127.0.0.1:{server.port}/api/v1/vehicles/{product.office['vehicles'][0]['slug']}/track"
    cookies = {"sessionid": product.office["reader_session"]}
    figures: dict[str, Any] = {}
    with httpx.Client(cookies=cookies, trust_env=False, timeout=60) as client:
        for name, more in WAYS.items():
            body = client.get(url, params={**asked, **more}).raise_for_status().content
            before_s, began_s, requests = tree_cpu_s(server.pid), time.monotonic(), 0
            while time.monotonic() - began_s < LEAST_S:
                client.get(url, params={**asked, **more}).raise_for_status()
                requests += 1
            figures[f"{name} server"] = 1e3 * (tree_cpu_s(server.pid) - before_s) / requests
            figures[f"{name} bytes"] = len(body)
            figures[f"{name} page"] = _reading_ms(body, folder / "body", more.get("format", "json"))
    return figures


def _reading_ms(body: bytes, file: Path, format_: str) -> float:
    file.write_bytes(body)
    script = ROOT / "benchmarks" / "load" / "read_track.mjs"
    command = [str(NODE_HOME / "bin" / "node"), str(script), str(file), format_]
    return float(subprocess.run(command, check=True, capture_output=True).stdout)


def _print(case: str, runs: list[dict[str, Any]]) -> None:
    parts = ("server", "bytes", "page")
    rows = [[f"{case}: {name}", *(number(median_of(runs, f"{name} {part}")) for part in parts)] for name in WAYS]
    print_table(["", "server, ms", "bytes", "page, ms"], rows)
