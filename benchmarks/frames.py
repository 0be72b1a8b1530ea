"""What a frame of the live map costs the browser's main thread, in headless Chromium with software rendering."""

import os
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from benchmarks.machine import busy_cpu_s, wait_until_quiet
from benchmarks.report import median_of, number, percent, print_goal, print_head, print_table
from benchmarks.servers import Product, running, temporary_folder

SIZES = (1_000, 10_000, 50_000)
NAMES = {
    "product": "live page",
    "circle": "Leaflet circle markers, canvas",
    "marker": "Leaflet markers, one element each",
}
PAGES = tuple((mode, size) for mode in NAMES for size in SIZES)
GOAL_SIZES = (1_000, 10_000)
GOAL_MS = 2.0
FRAME_GOALS_MS = {10_000: (1.5, 8.0), 50_000: (2.5, 16.0)}  # median, 95th percentile
FPS_GOAL, HEAP_GOAL_MB, HAND_GOAL_MS = 55.0, 40.0, 50.0
ZOOM = 12
VIEW = {"width": 1600, "height": 900}
HAND = (800, 400)
WARMUP_S, WINDOW_S = 5.0, 10.0
READY_WITHIN_MS = 60_000
HAND_KEYS = ("drag_ms", "zoom_ms")
HAND_FROM_FPS = 5.0
"""A page with fewer frames a second does not follow a hand."""
STEPS = 20
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
METHOD = f"""
The live page as it is, list open, clusters, names and the trails of thirty selected vehicles on, {VIEW["width"]} by
{VIEW["height"]} pixels at zoom {ZOOM}, all vehicles in view; only the far end of its WebSocket is a worker that writes the
frames a server would send, each vehicle at 1 Hz. CPU is what the kernel counts for the main thread of the page's process
over {WINDOW_S:.0f} s after {WARMUP_S:.0f} s of warm-up, divided by the frames shown; `frame` is from the animation frame's callback to the
first task after it, by the clock; `drag` and `zoom` are the 95th percentile of frames while a hand drags the map and
turns the wheel. Leaflet's own markers stand on the bare map, moved at each frame, without list, names or status; where
they show no frame within {READY_WITHIN_MS // 1000} s larger fleets of them are not tried. Medians of interleaved rounds.
"""


def run(*, rounds: int, port: int) -> None:
    print_head("map: main-thread CPU per frame", METHOD)
    runs: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    with (
        temporary_folder() as folder,
        running(Product(folder / "fleet").serve(port=port, FLEET_BENCH_PAGE="1")) as server,
        sync_playwright() as playwright,
    ):
        for _ in range(rounds):
            _round(playwright, server.port, runs)
    _print(runs)


def _round(playwright: Playwright, port: int, runs: dict[tuple[str, int], list[dict[str, Any]]]) -> None:
    hopeless: set[str] = set()
    for mode, size in PAGES:
        if mode in hopeless:
            continue
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("TEST_CHROMIUM") or "chromium", args=list(FLAGS)
        )
        url = f"http://127.0.0.1:{port}/bench/map?n={size}&z={ZOOM}&mode={mode}"
        try:
            runs[mode, size].append(_measure(browser, url))
        except PlaywrightTimeout:
            if mode == "product":
                raise
            hopeless.add(mode)
        browser.close()


def _measure(browser: Browser, url: str) -> dict[str, Any]:
    # The page's own policy allows no evaluation of strings, by which the figures are asked for.
    page = browser.new_context(viewport=VIEW, bypass_csp=True).new_page()  # type: ignore[arg-type]
    page.goto(url)
    page.wait_for_function("window.bench && bench.ready", timeout=READY_WITHIN_MS)
    wait_until_quiet(patience_s=WARMUP_S)
    time.sleep(WARMUP_S)
    pid = _busiest_renderer(browser)
    _ask(page, "bench.reset()")
    began_s, before_s, busy_s = time.monotonic(), _main_thread_s(pid), busy_cpu_s()
    time.sleep(WINDOW_S)
    cpu_s, wall_s = _main_thread_s(pid) - before_s, time.monotonic() - began_s
    machine = (busy_cpu_s() - busy_s) / wall_s
    figures = _ask(page, "bench.report()")
    if figures["frame"]["n"] == 0:
        raise PlaywrightTimeout(f"no frame in {WINDOW_S:.0f} s")
    is_alive = figures["fps"] >= HAND_FROM_FPS
    hand = {"drag_ms": _frames_while(page, _drag), "zoom_ms": _frames_while(page, _zoom)} if is_alive else {}
    return {
        "cpu_ms": 1000 * cpu_s / max(1, figures["frame"]["n"]),
        "fps": figures["fps"],
        "p50_ms": figures["frame"]["p50"],
        "p95_ms": figures["frame"]["p95"],
        "feed_ms": figures["feed"]["p50"] or 0.0,
        "heap_mb": _heap_bytes(page) / 1e6,
        "machine": machine,
        **hand,
    }


def _ask(page: Page, expression: str) -> Any:
    """A page that draws nothing any more does not answer either; asked in any other way it would be waited for without end."""
    answer = page.wait_for_function(f"({{ value: {expression} }})", timeout=READY_WITHIN_MS, polling=1_000)
    return answer.evaluate("answer => answer.value")


def _frames_while(page: Page, move: Callable[[Page], None]) -> float:
    _ask(page, "bench.reset()")
    move(page)
    return float(_ask(page, "bench.report()")["frame"]["p95"] or 0)


def _drag(page: Page) -> None:
    page.mouse.move(*HAND)
    page.mouse.down()
    for step in range(STEPS):
        page.mouse.move(HAND[0] + 10 * step, HAND[1] + 5 * step)
        page.wait_for_timeout(50)
    page.mouse.up()


def _zoom(page: Page) -> None:
    page.mouse.move(*HAND)
    for delta in (120, -120):
        page.mouse.wheel(0, delta)
        page.wait_for_timeout(600)


def _busiest_renderer(browser: Browser) -> int:
    """The process of the one page; Chromium keeps a spare one, which idles."""
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    return int(max((p for p in processes if p["type"] == "renderer"), key=lambda p: p["cpuTime"])["id"])


def _main_thread_s(pid: int) -> float:
    return int(Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()[0]) / 1e9


def _heap_bytes(page: Page) -> float:
    devtools = page.context.new_cdp_session(page)
    devtools.send("HeapProfiler.collectGarbage")
    return float(devtools.send("Runtime.getHeapUsage")["usedSize"])


def _print(runs: dict[tuple[str, int], list[dict[str, Any]]]) -> None:
    head = ["way", "vehicles", "CPU ms a frame", "frames/s", "frame p50 / p95 ms", "drag / zoom p95 ms"]
    head += ["a message ms", "heap MB", "all cores"]
    print_table(head, [_row(mode, size, runs[mode, size]) for mode, size in PAGES])
    for size in GOAL_SIZES:
        value = median_of(runs["product", size], "cpu_ms")
        print_goal(f"{size:,} vehicles, CPU a frame", value, goal=GOAL_MS, unit=" ms", at_least=False)
    for size, goals in FRAME_GOALS_MS.items():
        _print_goals(size, runs["product", size], dict(zip(("p50_ms", "p95_ms"), goals, strict=True)))


def _print_goals(size: int, several: list[dict[str, Any]], frame_goals_ms: dict[str, float]) -> None:
    goals_ms = {**frame_goals_ms, "drag_ms": HAND_GOAL_MS, "zoom_ms": HAND_GOAL_MS}
    for key, goal in goals_ms.items():
        value = median_of(several, key)
        name = f"{size:,} vehicles, {key.removesuffix('_ms')}"
        print_goal(name, value, goal=goal, unit=" ms", at_least=False)
    print_goal(f"{size:,} vehicles, frames/s", median_of(several, "fps"), goal=FPS_GOAL, unit="", at_least=True)
    heap_mb = median_of(several, "heap_mb")
    print_goal(f"{size:,} vehicles, heap", heap_mb, goal=HEAP_GOAL_MB, unit=" MB", at_least=False)


def _row(mode: str, size: int, several: list[dict[str, Any]]) -> list[str]:
    head = [NAMES[mode], f"{size:,}"]
    if not several:
        return [*head, f"no frame in {READY_WITHIN_MS // 1000} s", *["–"] * 6]
    hand = [median_of(one, key) if (one := [run for run in several if key in run]) else None for key in HAND_KEYS]
    return [
        *head,
        number(median_of(several, "cpu_ms")),
        number(median_of(several, "fps")),
        f"{median_of(several, 'p50_ms'):.1f} / {median_of(several, 'p95_ms'):.1f}",
        " / ".join("–" if value is None else f"{value:.0f}" for value in hand),
        number(median_of(several, "feed_ms")),
        number(median_of(several, "heap_mb")),
        percent(median_of(several, "machine")),
    ]
