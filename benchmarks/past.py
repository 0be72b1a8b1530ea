"""What the past costs on the screens: scrubbing the fleet over a day, and going through a week of its vehicles, in headless Chromium."""

import json
import os
import statistics
import subprocess
import sys
import time
from bisect import bisect_right
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.frames import FLAGS, VIEW
from benchmarks.machine import tree_cpu_s, wait_until_quiet
from benchmarks.report import median_of, number, print_goal, print_head, print_table
from benchmarks.servers import ROOT, Product, clean_environment, running, temporary_folder

VEHICLES, EVERY_S, WEEK_DAYS = 200, 10, 8
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
MOVES = 40
TURNS, PLAY_S, BESIDE = 8, 5, 7
SCRUB_GOAL_MS, FRAME_GOAL_MS = 200.0, 50.0
WITHIN_MS = 60_000
SAME_FRAME_US = 4_000  # callbacks of one frame follow each other sooner
METHOD = f"""
{VEHICLES} vehicles with a fix each {EVERY_S} s over {WEEK_DAYS} days, sealed but for the last two hours; SQLite, daphne, Chromium beside.
`scrub`: the live page goes into the past, and its scrubber is put to {MOVES} places of the 24 hours, one after the other as soon as the
last was reached; `first` are three moves while most hours have not come, `shown` counts until the vehicles stand near where they were
then, by an outline in steps of six minutes or better, `coarse` until they do so to two minutes' steps, `fine` to ten seconds' steps; by
the clock, in the page. `drag` goes over the whole day in {MOVES}
frames. `server` is the CPU of all of it: 24 coarse hours and the fine ones around the places. `week`: the history page opens seven days
of a vehicle, turns to {TURNS} others one after the other, plays at 300 times for {PLAY_S} s, looks closer at two days in the chart, and
takes {BESIDE} more beside. Tasks are those of its main thread, by CPU, from Chromium's trace; frames are the gaps between animation
frames, by the clock, which is worth something on a quiet machine only;
CPU of a frame is that of all tasks between two of them. `to be seen` is from the turn to the drawn chart.
"""
SCRUB = """
async ({share, grade}) => {
  const slider = document.querySelector('.replay-scrub input');
  const bar = document.getElementById('replay');
  const [from, to] = [Number(slider.min), Number(slider.max)];
  const began = performance.now();
  slider.value = String(from + share * (to - from));
  slider.dispatchEvent(new Event(grade === 'drag' ? 'input' : 'change'));
  const said = document.body.classList;
  const isShown = () => said.contains('is-past') && !said.contains('is-past-awaited');
  const isThere = {
    drag: isShown,
    shown: isShown,
    coarse: () => isShown() && !said.contains('is-past-rough'),
    fine: () => bar.getAttribute('aria-busy') === 'false',
  }[grade];
  do await new Promise(requestAnimationFrame); while (!isThere());
  return performance.now() - began;
}
"""
OBSERVE = """
window.frameGaps = [];
let last = performance.now();
requestAnimationFrame(function look(now) { frameGaps.push(now - last); last = now; requestAnimationFrame(look); });
"""


def run(*, rounds: int, port: int) -> None:
    print_head("past: scrubbing a day of the fleet, going through a week of its vehicles", METHOD)
    with temporary_folder() as folder, sync_playwright() as playwright:
        product = Product(folder / "fleet", vehicles=VEHICLES, dispatchers=1)
        end_ms = int(time.time()) // 3600 * HOUR_MS
        _fill(folder / "fleet", end_ms)
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("TEST_CHROMIUM") or "chromium", args=list(FLAGS)
        )
        with running(product.serve(port=port)) as server:
            runs = [_measure(browser, product, server.port, server.pid, end_ms) for _ in range(rounds)]
        browser.close()
    _print(runs)


def _fill(folder: Path, end_ms: int) -> None:
    options = [f"--vehicles={VEHICLES}", f"--every-s={EVERY_S}", f"--days={WEEK_DAYS}", f"--end-ms={end_ms}"]
    env = clean_environment() | {"FLEET_DATA_DIR": str(folder)}
    subprocess.run([sys.executable, "-m", "benchmarks.fleet_past", *options], cwd=ROOT, env=env, check=True)


def _measure(browser: Browser, product: Product, port: int, pid: int, end_ms: int) -> dict[str, Any]:
    wait_until_quiet()
    url = f"http://127.0.0.1:{port}"
    # The page's own policy allows no evaluation of strings, by which the figures are asked for.
    context = browser.new_context(viewport=VIEW, bypass_csp=True)  # type: ignore[arg-type]
    session = {"name": "sessionid", "value": product.office["reader_session"], "url": url}
    context.add_cookies([session])  # type: ignore[list-item]
    context.set_default_timeout(WITHIN_MS)
    figures = _scrub(context, url, pid, end_ms) | _open_week(browser, context, url, product, end_ms)
    context.close()
    return figures


def _scrub(context: BrowserContext, url: str, pid: int, end_ms: int) -> dict[str, Any]:
    page = context.new_page()
    page.goto(f"{url}/?at=12/57.7/11.96")
    page.get_by_text("LIVE", exact=True).wait_for()
    before_s = tree_cpu_s(pid)
    page.keyboard.press("b")
    places = [(0.37 * (move + 1)) % 1 for move in range(MOVES)]
    first = [_put(page, place, "shown") for place in places[:3]]
    shown, coarse, fine = [], [], []
    for place in places[3:]:
        shown.append(_put(page, place, "shown"))
        coarse.append(shown[-1] + _put(page, place, "coarse"))
        fine.append(shown[-1] + _put(page, place, "fine"))
    cpu_s = tree_cpu_s(pid) - before_s
    drag = [_put(page, move / MOVES, "drag") for move in range(MOVES)]
    page.close()
    return {
        "first_ms": max(first),
        "shown_ms": statistics.median(shown),
        "shown_worst_ms": max(shown),
        "coarse_worst_ms": max(coarse),
        "fine_ms": statistics.median(fine),
        "fine_worst_ms": max(fine),
        "drag_worst_ms": max(drag),
        "server_s": cpu_s,
    }


def _put(page: Page, share: float, grade: str) -> float:
    return float(page.evaluate(SCRUB, {"share": share, "grade": grade}))


def _open_week(browser: Browser, context: BrowserContext, url: str, product: Product, end_ms: int) -> dict[str, Any]:
    page = context.new_page()
    page.add_init_script(OBSERVE)
    last, first = _day(end_ms - DAY_MS), _day(end_ms - 7 * DAY_MS)
    slugs = [vehicle["slug"] for vehicle in product.office["vehicles"][:VEHICLES]]
    browser.start_tracing(page=page, categories=["toplevel", "devtools.timeline"])
    page.goto(f"{url}/history?vehicle={slugs[0]}&from={first}&to={last}")
    _wait_until_drawn(page)
    turns_ms = [_turn_to(page, slugs[VEHICLES // (TURNS + 1) * turn], "/") for turn in range(1, TURNS + 1)]
    page.keyboard.press("Escape")
    _play(page)
    _look_closer(page)
    for beside in range(1, BESIDE + 1):
        _turn_to(page, slugs[beside], "a")
        page.locator(".episode-vehicle").nth(beside).wait_for()
    trace = json.loads(browser.stop_tracing())
    gaps = page.evaluate("frameGaps")
    page.close()
    tasks, frames = _tasks_ms(trace["traceEvents"]), _frames_ms(trace["traceEvents"])
    return {
        "frame_cpu_ms": max(frames),
        "task_ms": max(tasks),
        "long_tasks": sum(task > FRAME_GOAL_MS for task in tasks),
        "slow_frames": sum(gap > FRAME_GOAL_MS for gap in gaps),
        "frame_ms": max(gaps),
        "frames": len(gaps),
        "turn_ms": statistics.median(turns_ms),
    }


def _turn_to(page: Page, slug: str, key: str) -> float:
    """`/` looks for another vehicle, `a` for one more."""
    page.locator("body").press("Escape")
    page.keyboard.press(key)
    page.keyboard.type(slug)
    began_s = time.perf_counter()
    page.keyboard.press("Enter")
    page.wait_for_function("slug => location.search.includes(slug)", arg=slug)
    _wait_until_drawn(page)
    return (time.perf_counter() - began_s) * 1000


def _wait_until_drawn(page: Page) -> None:
    page.locator(".episode").nth(20).wait_for()
    page.locator(".chart canvas").wait_for()
    page.wait_for_function("!document.querySelector('#state').textContent.includes('Loading')")


def _play(page: Page) -> None:
    page.get_by_label("How many times as fast as it was").select_option("300")
    page.keyboard.press("Escape")
    page.locator("body").press("Space")
    page.wait_for_timeout(PLAY_S * 1000)
    page.locator("body").press("Space")


def _look_closer(page: Page) -> None:
    box = page.locator(".chart .u-over").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.3, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, middle, steps=10)
    page.mouse.up()
    page.wait_for_timeout(1_000)


def _tasks_ms(events: list[dict[str, Any]]) -> list[float]:
    """CPU, on the main thread of the process that showed the history page."""
    return [event.get("tdur", 0) / 1000 for event in _of_main(events) if event["name"].endswith("RunTask")]


def _frames_ms(events: list[dict[str, Any]]) -> list[float]:
    """CPU of the same thread from the callbacks of an animation frame to those of the next."""
    of_main = _of_main(events)
    starts: list[int] = []
    for start_us in sorted(event["ts"] for event in of_main if event["name"] == "FireAnimationFrame"):
        if not starts or start_us - starts[-1] > SAME_FRAME_US:
            starts.append(start_us)
    frames_ms = [0.0] * (len(starts) + 1)
    for event in of_main:
        if event["name"].endswith("RunTask"):
            frames_ms[bisect_right(starts, event["ts"])] += event.get("tdur", 0) / 1000
    return frames_ms[1:]


def _of_main(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    shown = [event for event in events if event["name"] == "CommitLoad"]
    processes = {event["pid"] for event in shown if "/history" in event["args"]["data"]["url"]}
    threads = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain" and event["pid"] in processes
    }
    return [event for event in events if event.get("ph") == "X" and (event["pid"], event["tid"]) in threads]


def _day(time_ms: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(time_ms / 1000))


def _print(runs: list[dict[str, Any]]) -> None:
    rows = [
        ["scrub: first moves, worst, ms", number(median_of(runs, "first_ms"))],
        ["scrub: shown, median / worst, ms", _pair(runs, "shown_ms", "shown_worst_ms")],
        ["scrub: coarse, worst, ms", number(median_of(runs, "coarse_worst_ms"))],
        ["scrub: fine, median / worst, ms", _pair(runs, "fine_ms", "fine_worst_ms")],
        ["drag: a move, worst, ms", number(median_of(runs, "drag_worst_ms"))],
        ["server CPU, s", number(median_of(runs, "server_s"))],
        ["week: longest task, CPU ms", number(median_of(runs, "task_ms"))],
        ["week: tasks over 50 ms of CPU", number(median_of(runs, "long_tasks"))],
        ["week: most CPU in a frame, ms", number(median_of(runs, "frame_cpu_ms"))],
        ["week: frames over 50 ms / longest, ms", _pair(runs, "slow_frames", "frame_ms")],
        ["week: all frames", number(median_of(runs, "frames"))],
        ["week: another vehicle to be seen, median, ms", number(median_of(runs, "turn_ms"))],
    ]
    print_table(["what", "measured"], rows)
    print_goal("scrub, worst", median_of(runs, "shown_worst_ms"), goal=SCRUB_GOAL_MS, unit=" ms", at_least=False)
    print_goal("scrub, worst of the first", median_of(runs, "first_ms"), goal=SCRUB_GOAL_MS, unit=" ms", at_least=False)
    print_goal("week, longest task", median_of(runs, "task_ms"), goal=FRAME_GOAL_MS, unit=" ms", at_least=False)


def _pair(runs: list[dict[str, Any]], name: str, other: str) -> str:
    return f"{number(median_of(runs, name))} / {number(median_of(runs, other))}"
