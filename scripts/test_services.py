#!/usr/bin/env python3
"""Runs a command with everything around it that tests need: PostgreSQL, Redis, Chromium, nginx, haproxy, Mosquitto.

Each is taken from the environment (DATABASE_URL, REDIS_URL, CHROMIUM, NGINX, HAPROXY, MOSQUITTO), else from what runs on this machine, else
started for this run from installed programs, else installed with apt-get. The command finds them in TEST_DATABASE_URL,
TEST_REDIS_URL, TEST_CHROMIUM, TEST_NGINX, TEST_HAPROXY and TEST_MOSQUITTO. What was started ends with the
command. With --in-memory, data is kept in memory if there is room, and what runs is taken only if nothing can be started.
Exit code: the command's; 2 when something is missing.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

from support.children import Children
from support.postgres import Postgres
from support.programs import make_chromium, make_haproxy, make_mosquitto, make_nginx
from support.provision import Missing, provide
from support.redis_server import Redis

MISSING = 2
TAKEN_OVER = ("DATABASE_URL", "TELEMETRY_URL", "REDIS_URL")
"""The command does not see these: tests must not touch what a person uses the product with."""
MEMORY = Path("/dev/shm")
MEMORY_NEEDED_BYTES = 4 << 30
"""PostgreSQL alone may keep 1 GB of its log (`max_wal_size`); a container may have as little as 64 MB."""


def main() -> int:
    arguments = parse_arguments()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, exit_on)
    parent = memory_folder() if arguments.in_memory else None
    with tempfile.TemporaryDirectory(prefix="fleet-tests-", dir=parent) as folder, Children() as children:
        try:
            found = provide(
                [Postgres(), Redis(), make_chromium(), make_nginx(), make_haproxy(), make_mosquitto()],
                environment=os.environ,
                children=children,
                folder=Path(folder),
                say=say,
                ignore_running=arguments.ignore_running,
                prefer_own=parent is not None,
                may_install=not arguments.no_install,
            )
        except Missing as missing:
            say(str(missing))
            return MISSING
        return run(arguments.command, {**without_taken_over(os.environ), **found, "PYTEST_DEBUG_TEMPROOT": folder})


def memory_folder() -> Path | None:
    """A file system in memory with enough room."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= MEMORY_NEEDED_BYTES else None


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--ignore-running", action="store_true", help="start own services even if the standard ports answer"
    )
    parser.add_argument("--in-memory", action="store_true", help="keep all data in memory if there is room")
    parser.add_argument("--no-install", action="store_true", help="install nothing")
    parser.add_argument("command", nargs="+", help="after --")
    return parser.parse_args()


def without_taken_over(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name not in TAKEN_OVER}


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """The exit code as a shell gives it. Ctrl-C and SIGTERM reach the command, which ends in its own way."""
    child = subprocess.Popen(command, env=environment)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    signal.signal(signal.SIGINT, lambda *_: None)  # the terminal has sent it to the command as well
    code = child.wait()
    return code if code >= 0 else 128 - code


def exit_on(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def say(text: str) -> None:
    sys.stderr.write(f"• {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
