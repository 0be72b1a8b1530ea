#!/usr/bin/env python3
"""Runs the demo: a seeded database in `var/`, the server, and vehicles that drive. Ctrl-C ends it."""

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn

from support.children import LOOPBACK, POLL_S, Child, Children, is_free, wait_until_listening

ROOT = Path(__file__).resolve().parent.parent
MANAGE = (sys.executable, "manage.py")
VEHICLES = 60
HZ = 1
FIRST_PAST_S = 600
LISTENS_WITHIN_S = 60.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Someone asked the demo to end."""


class Failed(Exception):
    """Carries a sentence for the person who started the demo."""


def main() -> int:
    port = parse_arguments().port
    for number in STOP_SIGNALS:
        signal.signal(number, stop)
    try:
        with Children() as children:
            run(children, port)
    except Stopped:
        say("\nThe demo has ended.")
        return 0
    except Failed as failure:
        say(f"The demo cannot run: {failure}", error=True)
        return 1


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (%(default)s)")
    return parser.parse_args()


def stop(_number: int, _frame: FrameType | None) -> None:
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not cut the orderly end short
    raise Stopped


def run(children: Children, port: int) -> NoReturn:
    """Until someone ends it (Stopped) or something does not work (Failed)."""
    if not is_free(port):
        raise Failed(f"port {port} is taken; another one: make run PORT={port + 1}")
    os.environ.setdefault("FLEET_DEMO", "1")
    os.environ.setdefault("FLEET_SOCKETIO", "1")
    is_fresh = not (Path(os.environ.get("FLEET_DATA_DIR", ROOT / "var")) / "telemetry.sqlite3").exists()
    say("• database")
    manage("migrate", "--verbosity", "0")
    manage("seed_demo", "--quiet")
    say("• server")
    server = start(children, "serve", "--port", str(port))
    if not wait_until_listening(server, port, within_s=LISTENS_WITHIN_S):
        raise Failed("the server has not come up; its message is above")
    url = f"http://{LOOPBACK}:{port}"
    past_s = FIRST_PAST_S if is_fresh else 0  # again later it would drive the same minutes a second way
    vehicles = start(
        children, "simulate", "--url", url, "--vehicles", str(VEHICLES), "--hz", str(HZ), "--past", str(past_s)
    )
    say(invitation(url))
    watch({"server": server, "simulation": vehicles})


def manage(*arguments: str) -> None:
    """Runs a command of `manage.py` to its end, in silence unless it fails."""
    command = [*MANAGE, *arguments]
    if subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True, check=False).returncode:
        raise Failed(f"`manage.py {arguments[0]}` has failed; its message is above")


def start(children: Children, *arguments: str) -> Child:
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    return children.start([*MANAGE, *arguments], folder=ROOT, environment=environment, log=subprocess.DEVNULL)


def watch(running: dict[str, Child]) -> NoReturn:
    while True:
        for name, child in running.items():
            if (code := child.poll()) is not None:
                raise Failed(f"the {name} has ended by itself (exit code {code}); its message is above")
        time.sleep(POLL_S)


def invitation(url: str) -> str:
    """The address and who may log in."""
    sys.path.insert(0, str(ROOT))
    from tracking.demo.office import PASSWORD, USERS

    logins = "\n".join(f"    {user.username:<12}{user.what}" for user in USERS)
    return f"""
Fleet runs at {url}/ with {VEHICLES} demo vehicles.

  Log in with the password {PASSWORD} as
{logins}

  Ctrl-C ends it."""


def say(text: str, *, error: bool = False) -> None:
    (sys.stderr if error else sys.stdout).write(text + "\n")
    (sys.stderr if error else sys.stdout).flush()


if __name__ == "__main__":
    sys.exit(main())
