"""The product beside what one would pick otherwise: tutorial consumer, Socket.IO, AJAX polling; one interleaved table a size and ingest."""

import shutil

from benchmarks.compare_plot import plot
from benchmarks.live import pair
from benchmarks.report import median_of, median_ratio, number, percent, print_head, print_table
from benchmarks.servers import ROOT
from benchmarks.targets import (
    AJAX,
    AJAX_LOGIN,
    AJAX_SINCE,
    LIMIT,
    LONG_POLL,
    NODE_WS,
    ON_DAPHNE,
    ON_DAPHNE_REDIS,
    ON_UVICORN,
    PACKED_DAPHNE,
    PACKED_UVICORN,
    POLL,
    SOCKETIO,
    SSE,
    TUTORIAL,
    TUTORIAL_REDIS,
    Runs,
    Size,
    Target,
    Window,
    measure,
)

PLOT = ROOT / "docs" / "figures" / "compare.svg"
WINDOW = Window(warmup_s=1.5, window_s=5.0)
XS = Size("XS: 50 vehicles, 20 dispatchers, 1 region", 50, 20, 1)
S = Size("S: 200 vehicles, 50 dispatchers, 1 region", 200, 50, 1)
P = Size("P: 250 vehicles, 20 dispatchers, 1 region", 250, 20, 1)
M = Size("M: 1,000 vehicles, 100 dispatchers, 4 regions", 1_000, 100, 4)
INGESTS = {"socket": "positions over WebSockets, one a vehicle", "post": "a POST a position"}
SOCKETS = [ON_DAPHNE, ON_UVICORN, PACKED_DAPHNE, PACKED_UVICORN, SOCKETIO, NODE_WS]
STREAMS = [ON_DAPHNE_REDIS, SSE, LONG_POLL, POLL]
POLLING = [AJAX, AJAX_SINCE, AJAX_LOGIN]
LIMITS = [LIMIT] if shutil.which("cc") else []
TUTORIALS = [TUTORIAL, TUTORIAL_REDIS]
TABLES: list[tuple[Size, str, list[Target]]] = [
    (M, "socket", [*SOCKETS, *LIMITS]),
    (M, "post", [*SOCKETS, *LIMITS]),
    (S, "socket", [*SOCKETS, TUTORIAL]),
    (XS, "socket", [*SOCKETS, TUTORIAL]),
    (XS, "post", [*SOCKETS, *STREAMS, *TUTORIALS, *POLLING]),
    (P, "post", [ON_DAPHNE, ON_UVICORN, *POLLING]),
]
"""Each with the ways that hold it, or nearly."""
HELD = 0.94  # a window of 5 s may end a tick early, of which it has twenty
METHOD = f"""
Open loop: each vehicle reports once a second at its own moment; each dispatcher follows one region. An update is a position newer
than the last that the dispatcher had of the vehicle. CPU is user + system time of the server's process tree (and Redis' own) over
{WINDOW.window_s:.0f} s after {WINDOW.warmup_s:.1f} s, taking positions in included: compare only within a table. The product checks
tokens, finds regions and stores every fix durably; polling keeps the latest in SQLite; tutorial, Socket.IO, ws and C store nothing and
ask for no token. Packed is `fleet.v1.bin`. Delay counts from the moment the report was due. Bytes are the dispatchers', both ways,
headers included (polls have a browser's). Every server starts anew for each run; medians of interleaved rounds, ratios within a round.
"""


def run(*, rounds: int, port: int) -> None:
    print_head("compare", METHOD)
    if not LIMITS:
        print("There is no C compiler (`cc`): what C would take is not measured.\n")
    bars = {}
    for size, ingest, targets in TABLES:
        title = f"{size.name}; {INGESTS[ingest]}"
        print(f"### {title}\n")
        by_ingest = [target.by(ingest) for target in targets]
        runs = measure(by_ingest, size, rounds=rounds, port=port, window=WINDOW)
        _print(runs)
        bars[title] = [(name, median_of(runs[name], "us"), _is_held(runs, name)) for name in runs]
    PLOT.parent.mkdir(exist_ok=True)
    PLOT.write_text(plot(bars))
    print(f"Plot: {PLOT.relative_to(ROOT)}")


def _is_held(runs: Runs, name: str) -> bool:
    return median_of(runs[name], "share") >= HELD


def _print(runs: Runs) -> None:
    head = [
        "way", "CPU µs an update", "× product, daphne", "× product, uvicorn", "bytes an update", "p50 / p99 ms", "delivered", "requests/s",
        "server core", "load core", "others",
    ]  # fmt: skip
    print_table(head, [_row(name, runs) for name in runs])


def _row(name: str, runs: Runs) -> list[str]:
    several = runs[name]
    return [
        name + ("" if _is_held(runs, name) else " (overloaded)"),
        number(median_of(several, "us")),
        f"{_times_the_cpu(runs, name, ON_DAPHNE.name):.1f}",
        f"{_times_the_cpu(runs, name, ON_UVICORN.name):.1f}",
        number(median_of(several, "bytes_per_update")),
        pair(several, "p50_ms", "p99_ms"),
        percent(median_of(several, "share")),
        number(median_of(several, "requests_per_s")),
        percent(median_of(several, "server_share")),
        percent(median_of(several, "load_share")),
        percent(median_of(several, "others_share")),
    ]


def _times_the_cpu(runs: Runs, over: str, under: str) -> float:
    return median_ratio([run_["us"] for run_ in runs[over]], [run_["us"] for run_ in runs[under]])
