"""Medians over rounds, and how they are printed."""

import platform
import statistics
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any


def median_of(runs: Iterable[dict[str, Any]], name: str) -> float:
    return float(statistics.median(run[name] for run in runs))


def median_ratio(over: Sequence[float], under: Sequence[float]) -> float:
    """Of figures from the same rounds, each divided within its round."""
    return statistics.median(a / b for a, b in zip(over, under, strict=True))


def print_head(title: str, method: str) -> None:
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    print(
        f"\n## {title}\n{now}, {platform.machine()}, Python {platform.python_version()}\n\n{method.strip()}\n",
        flush=True,
    )


def print_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """As Markdown; the first column is text, the others are figures."""
    lines = [list(head), ["---"] + ["--:"] * (len(head) - 1), *map(list, rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    for line in lines:
        first, *others = line
        cells = [first.ljust(widths[0]), *(text.rjust(width) for text, width in zip(others, widths[1:], strict=True))]
        print(f"| {' | '.join(cells)} |")
    print(flush=True)


def print_goal(what: str, value: float, *, goal: float, unit: str = "", at_least: bool) -> None:
    reached = value >= goal if at_least else value <= goal
    sign = "at least" if at_least else "at most"
    verdict = "reached" if reached else "NOT reached"
    print(f"- {what}: {number(value)}{unit}; goal {sign} {number(goal)}{unit}: {verdict}", flush=True)


def number(value: float) -> str:
    """Three digits that count."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def percent(share: float) -> str:
    return f"{100 * share:.0f} %"
