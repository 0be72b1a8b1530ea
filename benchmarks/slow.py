"""One dispatcher who reads 1 KB/s beside 200 who keep up: what it costs the server and the others."""

from benchmarks.report import median_of, median_ratio, number, print_goal, print_head, print_table
from benchmarks.targets import ON_DAPHNE, ON_UVICORN, Runs, Size, Window, measure

WINDOW = Window(warmup_s=5.0, window_s=60.0)
SIZE = Size("1,000 vehicles at 1 Hz, 4 regions, 200 dispatchers", 1_000, 200, 4)
BYTES_PER_S = 1_000
MOST_MB, MOST_SHARE = 5, 1.1
METHOD = f"""
{SIZE.name}, one POST a position. With and without one more dispatcher
who reads {BYTES_PER_S:,} bytes a second and acknowledges each frame it has read. Memory is the resident set of the server's process
tree, its peak over {WINDOW.window_s:.0f} s less what it was after {WINDOW.warmup_s:.0f} s of warm-up. Medians of interleaved rounds.
"""


def run(*, rounds: int, port: int) -> None:
    print_head("slow", METHOD)
    alone = [ON_DAPHNE, ON_UVICORN]
    targets = [twin for target in alone for twin in (target, target.beside_slow(BYTES_PER_S))]
    runs = measure(targets, SIZE, rounds=rounds, port=port, window=WINDOW)
    _print(runs)
    for target in alone:
        _print_goals(runs, target.name, target.beside_slow(BYTES_PER_S).name)


def _print(runs: Runs) -> None:
    head = ["way", "memory grew MB", "p50 ms", "p99 ms", "delivered/s", "its frames"]
    figures = ("grown_mb", "p50_ms", "p99_ms", "updates_per_s", "slow_frames")
    print_table(head, [[name, *(number(median_of(runs[name], figure)) for figure in figures)] for name in runs])


def _print_goals(runs: Runs, without: str, with_slow: str) -> None:
    more_mb = median_of(runs[with_slow], "grown_mb") - median_of(runs[without], "grown_mb")
    times = median_ratio([run_["p99_ms"] for run_ in runs[with_slow]], [run_["p99_ms"] for run_ in runs[without]])
    print_goal(f"{without}: memory for the slow one", more_mb, goal=MOST_MB, unit=" MB", at_least=False)
    print_goal(f"{without}: p99 of the others, times that without", times, goal=MOST_SHARE, at_least=False)
