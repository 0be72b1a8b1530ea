"""`python -m benchmarks [NAMES…]`: runs the named benchmarks, or all of them."""

import argparse
import signal
import sys
from types import FrameType

from benchmarks import ingest, live

BENCHMARKS = {"ingest": ingest.run, "live": live.run, "tutorial": live.run_beside_tutorial}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; none means all")
    parser.add_argument(
        "--rounds", type=int, default=3, help="interleaved rounds, of which medians count (%(default)s)"
    )
    parser.add_argument("--port", type=int, default=8160, help="the first of three ports to listen on (%(default)s)")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, _exit)
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    for name in options.names or BENCHMARKS:
        BENCHMARKS[name](rounds=options.rounds, port=options.port)


def _exit(number: int, _frame: FrameType | None) -> None:
    """So that servers are ended too."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
