"""The most that one process holds: deliveries a second to 100 dispatchers of one region, and dispatchers at size M."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.compare import HELD
from benchmarks.live import pair
from benchmarks.report import number, percent, print_head, print_table
from benchmarks.servers import Product, temporary_folder
from benchmarks.targets import (
    NODE_WS,
    ON_DAPHNE,
    ON_UVICORN,
    PACKED_UVICORN,
    SOCKETIO,
    TUTORIAL,
    Size,
    Target,
    Window,
    run_once,
)

WINDOW = Window(warmup_s=2.0, window_s=4.0)
DISPATCHERS = 100
MOST_VEHICLES, MOST_DISPATCHERS = 48_000, 8_192
MOST_P99_MS = 1_000.0
ROOMY = {"vehicles": MOST_VEHICLES, "dispatchers": 1_100, "regions": 1}
AT_M = {"vehicles": 1_000, "dispatchers": 1_100, "regions": 4}
METHOD = f"""
Held: at least {HELD:.0%} of the positions delivered, p99 at most {MOST_P99_MS:,.0f} ms,
over {WINDOW.window_s:.0f} s after {WINDOW.warmup_s:.0f} s. The load grows from step to step until one is not held twice;
every step has a server of its own. Deliveries: vehicles at 1 Hz in one region, {DISPATCHERS} dispatchers; eight gateway sockets
report up to 500 positions a message (the tutorial: a socket a vehicle), so that taking in costs little. Dispatchers:
1,000 vehicles at 1 Hz, a socket each, 4 regions. Frames are acknowledged as clients do. One load process: where its core is
near 100 %, the load was the limit, not the server.
"""


class Climb(NamedTuple):
    """Begins at `first` and grows by `factor`."""

    target: Target
    first: int
    factor: float


PLAIN_UVICORN = ON_UVICORN._replace(name="product, uvicorn, no compression", offers_compression=False)
DELIVERIES = [
    Climb(ON_DAPHNE.by("batch"), 2_000, 1.5),
    Climb(ON_UVICORN.by("batch"), 2_000, 1.5),
    Climb(PLAIN_UVICORN.by("batch"), 4_000, 1.5),
    Climb(PACKED_UVICORN.by("batch"), 4_000, 1.5),
    Climb(SOCKETIO.by("batch"), 200, 1.5),
    Climb(NODE_WS.by("batch"), 2_000, 1.5),
    Climb(TUTORIAL.by("socket"), 10, 1.5),
]
WATCHERS = [
    Climb(ON_DAPHNE.by("socket"), 256, 2),
    Climb(ON_UVICORN.by("socket"), 256, 2),
    Climb(SOCKETIO.by("socket"), 64, 2),
    Climb(NODE_WS.by("socket"), 256, 2),
    Climb(TUTORIAL.by("socket"), 4, 2),
]
SizeOf = Callable[[int], Size]


def run(*, steps: int, port: int) -> None:
    """`steps`: how often a load may grow."""
    print_head("capacity", METHOD)
    print("### Deliveries a second\n")
    _run(DELIVERIES, ROOMY, lambda count: Size("", count, DISPATCHERS, 1), MOST_VEHICLES, steps=steps, port=port)
    print("### Dispatchers at M\n")
    _run(WATCHERS, AT_M, lambda count: Size("", 1_000, count, 4), MOST_DISPATCHERS, steps=steps, port=port)


def _run(climbs: Sequence[Climb], office: dict[str, int], size_of: SizeOf, most: int, *, steps: int, port: int) -> None:
    rows = []
    with temporary_folder() as folder:
        product = Product(folder / "office", database_url="", **office)
        for number_, climb in enumerate(climbs):
            counts = [min(most, round(climb.first * climb.factor**step)) for step in range(steps)]
            sizes = [size_of(count) for count in sorted(set(counts))]
            rows.append(_row(climb.target, *_climb(climb.target, product, folder / f"{number_}", sizes, port)))
    head = [
        "way",
        "vehicles",
        "dispatchers",
        "held/s",
        "CPU µs each",
        "p50 / p99 ms",
        "server core",
        "load core",
        "what ended it",
    ]
    print_table(head, rows)


def _climb(
    target: Target, product: Product, folder: Path, sizes: Sequence[Size], port: int
) -> tuple[Size | None, dict[str, Any], str]:
    """The largest size held, its figures, and why no larger one was."""
    best: tuple[Size | None, dict[str, Any]] = (None, {})
    for number_, size in enumerate(sizes):
        for attempt in range(2):
            figures, trouble = _try(target, product, folder.with_name(f"{folder.name}-{number_}-{attempt}"), size, port)
            if not trouble:
                best = (size, figures)
                break
        else:
            return *best, f"{size.vehicles:,} × {size.dispatchers:,}: {trouble}"
    return *best, "no more was tried"


def _try(target: Target, product: Product, folder: Path, size: Size, port: int) -> tuple[dict[str, Any], str]:
    """Figures, and why it was not held."""
    try:
        figures = run_once(target, product, folder, size, port=port, window=WINDOW)
    except RuntimeError as error:
        return {}, str(error)[:80]
    if figures["share"] < HELD:
        return figures, f"{percent(figures['share'])} delivered, load core {percent(figures['load_share'])}"
    if figures["p99_ms"] > MOST_P99_MS:
        return figures, f"p99 {number(figures['p99_ms'])} ms, load core {percent(figures['load_share'])}"
    return figures, ""


def _row(target: Target, size: Size | None, figures: dict[str, Any], end: str) -> list[str]:
    if size is None:
        return [target.name, *["–"] * 7, end]
    return [
        target.name,
        f"{size.vehicles:,}",
        f"{size.dispatchers:,}",
        number(figures["updates_per_s"]),
        number(figures["us"]),
        pair([figures], "p50_ms", "p99_ms"),
        percent(figures["server_share"]),
        percent(figures["load_share"]),
        end,
    ]
