"""`python -m benchmarks [NAMES…]`: runs the named benchmarks, or all of them."""

import argparse
import signal
import sys
from collections.abc import Callable
from types import FrameType

from benchmarks import (
    autobahn,
    backlog,
    capacity,
    compare,
    flood,
    frames,
    fuzz,
    history,
    idle,
    ingest,
    kill9,
    live,
    packed,
    past,
    postgres_stops,
    redis_kills,
    reports,
    sealing,
    slow,
    store,
    trips,
)

BENCHMARKS: dict[str, Callable[[argparse.Namespace], None]] = {
    "ingest": lambda asked: ingest.run(rounds=asked.rounds, port=asked.port),
    "backlog": lambda asked: backlog.run(port=asked.port, database=asked.database),
    "live": lambda asked: live.run(rounds=asked.rounds, port=asked.port),
    "compare": lambda asked: compare.run(rounds=asked.rounds, port=asked.port),
    "capacity": lambda asked: capacity.run(steps=asked.steps, port=asked.port),
    "reports": lambda asked: reports.run(rounds=asked.rounds, port=asked.port),
    "history": lambda asked: history.run(rounds=asked.rounds),
    "sealing": lambda asked: sealing.run(rounds=asked.rounds),
    "store": lambda asked: store.run(rounds=asked.rounds, fixes=asked.fixes, engines=asked.engines or store.ENGINES),
    "idle": lambda asked: idle.run(rounds=asked.rounds, port=asked.port),
    "slow": lambda asked: slow.run(rounds=asked.rounds, port=asked.port),
    "fuzz": lambda asked: fuzz.run(count=asked.count, port=asked.port),
    "flood": lambda asked: flood.run(port=asked.port),
    "autobahn": lambda asked: autobahn.run(port=asked.port),
    "map": lambda asked: frames.run(rounds=asked.rounds, port=asked.port),
    "packed": lambda asked: packed.run(rounds=asked.rounds, port=asked.port),
    "past": lambda asked: past.run(rounds=asked.rounds, port=asked.port),
    "kill9": lambda asked: kill9.run(times=asked.times, port=asked.port, database=asked.database),
    "postgres_stops": lambda asked: postgres_stops.run(times=asked.times, port=asked.port),
    "trips": lambda asked: trips.run(days=asked.days, seed=asked.seed),
    "redis_kills": lambda asked: redis_kills.run(times=asked.times, port=asked.port),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; none means all")
    parser.add_argument(
        "--rounds", type=int, default=3, help="interleaved rounds, of which medians count (%(default)s)"
    )
    parser.add_argument("--steps", type=int, default=6, help="how often capacity's load may grow (%(default)s)")
    parser.add_argument("--times", type=int, default=20, help="how often is killed (%(default)s)")
    parser.add_argument("--count", type=int, default=10_000, help="malformed messages at each door (%(default)s)")
    parser.add_argument("--days", type=int, default=198, help="made-up days of trips (%(default)s)")
    parser.add_argument("--fixes", type=int, default=1_000_000, help="of store's fleet in a day (%(default)s)")
    parser.add_argument("--engine", dest="engines", action="append", choices=store.ENGINES, help="of store, else both")
    parser.add_argument("--seed", type=int, default=20261126, help="of these days (%(default)s)")
    parser.add_argument(
        "--database", choices=("sqlite", "postgres"), default="sqlite", help="of kill9 and backlog (%(default)s)"
    )
    parser.add_argument("--port", type=int, default=8160, help="the first of four ports to listen on (%(default)s)")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(BENCHMARKS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, _exit)
    for name in asked.names or BENCHMARKS:
        BENCHMARKS[name](asked)


def _exit(number: int, _frame: FrameType | None) -> None:
    """So that servers are ended too."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
