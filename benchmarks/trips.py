"""How right trips are: made-up days of which every stop is known, seen by random trackers; failures counted by kind."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from benchmarks.report import print_head, print_table
from tests.domain.drives import Drive, Jam, Park, Part, Tracker, Truth, day
from tracking.domain.rest import MANNERS
from tracking.domain.trips import Stop, detect

SAMPLINGS_S = (1, 2, 5, 10, 15, 30, 60, 90, 120, 180, 240)
EXACT_S = 15
METHOD = """
A day is a drive of 0.3 to 40 km at up to 8 to 35 m/s, a stop of 2 minutes to 5 hours, and so on, with lights of 10 to 100 s and jams
(20 to 80 m every 20 to 80 s) between; a fifth of the long stops are silent. A tracker has one sampling, jitter of 0 to 8 m, fresh or
drifting, and spikes of 0 to 1 %. A stop of two minutes and two intervals has to be found, a shorter one may be. Its ends are right within
an interval and 15 s. Order of arrival does not matter: the detector is a function of the stored fixes.
"""
FAULTS = ("missed", "invented in jams", "invented elsewhere", "start wrong", "end wrong")
KINDS = ("days", "without fault", "stops", *FAULTS, "shorter", "of them missed")

Span = tuple[int, int]


def run(*, days: int, seed: int) -> None:
    print_head(f"trips: {days} days, seed {seed}", METHOD)
    chance = np.random.default_rng(seed)
    counts: dict[str, Counter[str]] = {}
    for index in range(days):
        every_s = SAMPLINGS_S[index % len(SAMPLINGS_S)]
        tracker = random_tracker(chance, every_s)
        name = f"{every_s} s"
        counts.setdefault(name, Counter()).update(faults(day(random_parts(chance), tracker), tracker))
    total = sum(counts.values(), Counter())
    rows = [[name, *(str(count[kind]) for kind in KINDS)] for name, count in [*counts.items(), ("all", total)]]
    print_table(["sampling", *KINDS], rows)


def random_tracker(chance: np.random.Generator, every_s: float) -> Tracker:
    return Tracker(
        every_s=every_s,
        jitter_m=chance.uniform(0, 8),
        memory_s=chance.choice([0, 60]),
        spikes=chance.choice([0, 0.003, 0.01]),
        seed=int(chance.integers(1 << 31)),
    )


def random_parts(chance: np.random.Generator) -> list[Part]:
    """Eight to twelve hours; the ends are stops that every sampling sees."""
    parts: list[Part] = [Park(1_800)]
    length_s = chance.uniform(8, 12) * 3_600
    while length_s > 0:
        ways_m = np.exp(chance.uniform(np.log(300), np.log(40_000), chance.integers(1, 4)))
        top_mps = chance.uniform(8, 35)
        for way_m in ways_m:
            parts += [Drive(way_m, chance.uniform(0, 360), top_mps), random_pause(chance)]
        rest_s = float(np.exp(chance.uniform(np.log(125), np.log(18_000))))
        parts[-1] = Park(rest_s, is_silent=bool(rest_s > 1_200 and chance.random() < 0.2))
        length_s -= rest_s + ways_m.sum() / top_mps
    return [*parts, Drive(8_000), Park(1_800)]


def random_pause(chance: np.random.Generator) -> Part:
    if chance.random() < 0.2:
        return Jam(chance.uniform(200, 900), wait_s=chance.uniform(20, 80), go_m=chance.uniform(20, 80))
    return Park(chance.uniform(10, 100))


def faults(truth: Truth, tracker: Tracker) -> Counter[str]:
    """What was found belongs to the true stop it shares most time with; a second one for the same stop is invented."""
    found = [(item.start_ms, item.end_ms) for item in detect(truth.readings, MANNERS["car"]) if isinstance(item, Stop)]
    counts = Counter(days=1)
    first: dict[Span, Span] = {}
    for span in found:
        match = best(truth.stops, span)
        if match is not None and match not in first:
            first[match] = span
        else:
            counts["invented in jams" if best(truth.jams, span) else "invented elsewhere"] += 1
    for stop in truth.stops:
        counts += judged(stop, first.get(stop), tracker.every_s)
    counts["without fault"] += not any(counts[kind] for kind in FAULTS)
    return counts


def judged(stop: Span, found: Span | None, every_s: float) -> Counter[str]:
    if stop[1] - stop[0] < 1000 * (120 + 2 * every_s):
        return Counter({"shorter": 1, "of them missed": found is None})
    exact_ms = 1000 * (every_s + EXACT_S)
    start_ms, end_ms = found or stop
    return Counter(
        {
            "stops": 1,
            "missed": found is None,
            "start wrong": abs(start_ms - stop[0]) > exact_ms,
            "end wrong": abs(end_ms - stop[1]) > exact_ms,
        }
    )


def best(stops: Sequence[Span], span: Span) -> Span | None:
    shared = [(min(stop[1], span[1]) - max(stop[0], span[0]), stop) for stop in stops]
    most, stop = max(shared, default=(0, None))
    return stop if most > 0 else None
