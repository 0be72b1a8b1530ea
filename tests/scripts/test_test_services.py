"""Tests get what they need, or a message: never silence."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from scripts.support.children import LOOPBACK, Children, free_port
from scripts.support.postgres import may_create_databases
from scripts.support.provision import Missing, Need, Say, provide

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = [sys.executable, "scripts/test_services.py", "--no-install"]
WITHIN_S = 60.0
USES_ALL = """
import os, psycopg, redis
names = ("TEST_DATABASE_URL", "TEST_REDIS_URL", "TEST_CHROMIUM", "TEST_NGINX", "TEST_HAPROXY")
print(*(os.environ[name] for name in names))
with psycopg.connect(os.environ["TEST_DATABASE_URL"], autocommit=True) as connection:
    connection.execute("CREATE DATABASE another")
with redis.Redis.from_url(os.environ["TEST_REDIS_URL"]) as client:
    client.ping()
raise SystemExit(7)
"""


class FakeNeed:
    """Found, running or startable as told."""

    name = "Thing"
    variable = "TEST_THING"
    packages = ("thing",)
    advice = "set THING"

    def __init__(self, *, given: str | None = None, running: str | None = None, startable: str | None = None) -> None:
        self._given, self._running, self._startable = given, running, startable

    def find_given(self, environment: object, say: Say) -> str | None:
        return self._given

    def find_running(self) -> str | None:
        return self._running

    def start(self, children: Children, folder: Path, say: Say) -> str | None:
        return self._startable


def find(need: Need, *, ignore_running: bool = False, prefer_own: bool = False) -> str:
    with Children() as children:
        found = provide(
            [need],
            environment={},
            children=children,
            folder=Path(),
            say=lambda _: None,
            ignore_running=ignore_running,
            prefer_own=prefer_own,
            may_install=False,
        )
    return found["TEST_THING"]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*SCRIPT, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=WITHIN_S,
    )


def test_what_is_given_comes_first() -> None:
    """Then what runs, then what can be started."""
    assert find(FakeNeed(given="a", running="b", startable="c")) == "a"
    assert find(FakeNeed(running="b", startable="c")) == "b"
    assert find(FakeNeed(startable="c")) == "c"


def test_what_runs_can_be_passed_by() -> None:
    """For tests of the rest."""
    assert find(FakeNeed(running="b", startable="c"), ignore_running=True) == "c"


def test_what_can_be_started_may_come_before_what_runs() -> None:
    """As for tests in memory, which take what runs where there is no program to start."""
    assert find(FakeNeed(running="runs", startable="own"), prefer_own=True) == "own"
    assert find(FakeNeed(running="runs"), prefer_own=True) == "runs"
    assert find(FakeNeed(given="given", startable="own"), prefer_own=True) == "given"


def test_what_is_missing_is_named_with_a_way_to_get_it() -> None:
    """Both ways: the package and the variable."""
    with pytest.raises(Missing, match=r"Thing: apt-get install thing, or set THING"):
        find(FakeNeed())


def test_a_server_counts_only_if_databases_can_be_made_in_it(postgres_url: str) -> None:
    """The suite makes its own."""
    assert may_create_databases(postgres_url)
    assert not may_create_databases(f"postgresql://postgres@{LOOPBACK}:{free_port()}/postgres")


def test_private_services_serve_and_end_with_the_command() -> None:
    """PostgreSQL and Redis of this run's own; the exit code is the command's."""
    done = run("--ignore-running", "--", sys.executable, "-c", USES_ALL, DATABASE_URL="", REDIS_URL="")
    assert done.returncode == 7, done.stderr
    url = done.stdout.split()[0]
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)


def test_the_command_does_not_see_the_persons_own_databases(postgres_url: str, redis_url: str) -> None:
    """They become those of the tests, which make databases of their own in them."""
    program = "import os; print(os.environ.get('DATABASE_URL'), os.environ['TEST_DATABASE_URL'])"
    done = run("--", sys.executable, "-c", program, DATABASE_URL=postgres_url, REDIS_URL=redis_url)
    assert done.stdout.split() == ["None", postgres_url]


def test_a_signal_reaches_the_command(postgres_url: str, redis_url: str) -> None:
    """And ends both."""
    command = [*SCRIPT, "--", sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
    environment = {**os.environ, "DATABASE_URL": postgres_url, "REDIS_URL": redis_url}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None and child.stdout.readline() == b"up\n"
        began_s = time.monotonic()
        child.send_signal(signal.SIGTERM)
        assert child.wait(WITHIN_S) == 128 + signal.SIGTERM
    assert time.monotonic() - began_s < 10
