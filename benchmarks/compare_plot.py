"""Draws bars as SVG that reads on a light and a dark page."""

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, LEFT, RIGHT = 900, 240, 140
TITLE_HEIGHT, BAR_HEIGHT, GAP, TOP = 34, 20, 14, 46
OURS, OTHERS = "#2f9e6e", "#8a8f98"
TEXT = "#7d8590"

Bar = tuple[str, float, bool]
"""Way, CPU µs an update, whether it kept up."""


def plot(tables: Mapping[str, Sequence[Bar]]) -> str:
    y, parts = TOP, []
    for title, bars in tables.items():
        parts.append(_text(8, y + 16, title, weight="bold"))
        y += TITLE_HEIGHT
        longest = max(us for _, us, _ in bars)
        for way, us, is_held in sorted(bars, key=lambda bar: bar[1]):
            parts += _bar(y, way, us, is_held=is_held, share=us / longest)
            y += BAR_HEIGHT
        y += GAP
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}" '
        f'font-family="system-ui, sans-serif" font-size="13" role="img">'
    )
    caption = _text(8, 22, "Server CPU per delivered position, µs (shorter is better)", size=16, weight="bold")
    return "\n".join([head, "<title>Server CPU per delivered position</title>", caption, *parts, "</svg>", ""])


def _bar(y: int, way: str, us: float, *, is_held: bool, share: float) -> list[str]:
    width = max(1.0, share * (WIDTH - LEFT - RIGHT))
    colour = OURS if way.startswith("product") else OTHERS
    value = f"{us:,.0f}" if us >= 10 else f"{us:.1f}"
    note = "" if is_held else ", overloaded"
    return [
        _text(LEFT - 8, y + 14, way, anchor="end"),
        f'<rect x="{LEFT}" y="{y + 2}" width="{width:.1f}" height="{BAR_HEIGHT - 5}" rx="2" fill="{colour}"/>',
        _text(LEFT + width + 6, y + 14, value + note),
    ]


def _text(x: float, y: float, words: str, *, anchor: str = "start", weight: str = "normal", size: int = 13) -> str:
    return (
        f'<text x="{x:.1f}" y="{y}" fill="{TEXT}" text-anchor="{anchor}" font-weight="{weight}" font-size="{size}">'
        f"{escape(words)}</text>"
    )
