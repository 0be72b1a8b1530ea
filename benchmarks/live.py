"""From a post to the dispatchers' WebSockets: delay and CPU at full size, the product alone."""

import math
from typing import Any

from benchmarks.report import median_of, number, percent, print_goal, print_head, print_table
from benchmarks.targets import CONNECTIONS, ON_DAPHNE, ON_DAPHNE_REDIS, ON_UVICORN, Runs, Size, Window, measure

WINDOW = Window(warmup_s=2.0, window_s=7.0)
FULL = Size("1,000 vehicles at 1 Hz, 4 regions, 50 dispatchers (and one on the quiet region)", 1_000, 50, 4, True)
METHOD = f"""
Open loop: each vehicle posts one fix a second at its own moment over one of {CONNECTIONS} kept-alive connections; dispatchers hold a
WebSocket each with a session cookie, come when every vehicle has reported once and was told to have entered its region, watch one
region, offer compression as browsers do and acknowledge as the live page does. Delay is counted from the moment the post was due to
the moment the frame was read, over every row of every frame. The quiet region has one vehicle that posts every 0.6 to 1.4 s, beside
the full load. CPU is user + system time of the server's process tree from /proc over {WINDOW.window_s:.0f} s after
{WINDOW.warmup_s:.0f} s of warm-up, posts taken in and stored included; with Redis also Redis' own, as it reports it. One load
process; `late` is how late it sent (p99), which every delay contains. Medians of interleaved rounds.
"""


def run(*, rounds: int, port: int) -> None:
    print_head(f"live: {FULL.name}", METHOD)
    runs = measure([ON_DAPHNE, ON_DAPHNE_REDIS, ON_UVICORN], FULL, rounds=rounds, port=port, window=WINDOW)
    _print(runs)
    for name in (ON_DAPHNE.name, ON_DAPHNE_REDIS.name):
        several = runs[name]
        for figure, goal in (("p50", 150), ("p99", 300), ("quiet_p50", 15)):
            value = median_of(several, f"{figure}_ms")
            print_goal(f"{name}: {figure.replace('_', ' ')}", value, goal=goal, unit=" ms", at_least=False)


def _print(runs: Runs) -> None:
    head = [
        "way", "p50 / p99 ms", "quiet p50 / p90 ms", "answer p50 / p99 ms", "CPU µs an update", "of it Redis", "updates/s",
        "delivered", "bytes an update", "server core", "load core", "late ms", "others",
    ]  # fmt: skip
    print_table(head, [_row(name, several) for name, several in runs.items()])


def pair(runs: list[dict[str, Any]], first: str, second: str) -> str:
    """Medians of both; a dash when there were none."""
    values = median_of(runs, first), median_of(runs, second)
    return "–" if math.isnan(values[0]) else " / ".join(f"{value:.0f}" for value in values)


def _row(name: str, runs: list[dict[str, Any]]) -> list[str]:
    return [
        name + (", compressed" if runs[0]["is_compressed"] else ""),
        pair(runs, "p50_ms", "p99_ms"),
        pair(runs, "quiet_p50_ms", "quiet_p90_ms"),
        pair(runs, "answer_p50_ms", "answer_p99_ms"),
        number(median_of(runs, "us")),
        number(median_of(runs, "redis_us")),
        number(median_of(runs, "updates_per_s")),
        percent(median_of(runs, "share")),
        number(median_of(runs, "bytes_per_update")),
        percent(median_of(runs, "server_share")),
        percent(median_of(runs, "load_share")),
        number(median_of(runs, "late_p99_ms")),
        percent(median_of(runs, "others_share")),
    ]
