"""One command gives a moving map, and its end leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scripts.support.children import LOOPBACK, free_port, is_free
from tests.deploy.site import clean_environment

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN_S = 60.0
ENDS_WITHIN_S = 30.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared, so that all starts but the first find a database."""
    return tmp_path_factory.mktemp("var")


@contextmanager
def demo(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    environment = clean_environment() | {"FLEET_DATA_DIR": str(folder)}
    command = [sys.executable, "scripts/run_demo.py", "--port", str(port)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True) as child:
        try:
            yield child
        finally:
            child.terminate()


def read_until(child: subprocess.Popen[str], words: str) -> str:
    """What the demo has said so far."""
    assert child.stdout is not None
    said = ""
    while words not in said:
        line = child.stdout.readline()
        assert line, said + child.communicate()[1]
        said += line
    return said


def children_of(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_and_who_and_ends_with_all_it_started(folder: Path, number: signal.Signals) -> None:
    """On Ctrl-C and on SIGTERM."""
    port = free_port()
    with demo(folder, port) as child:
        said = read_until(child, "Ctrl-C ends it")
        assert f"http://{LOOPBACK}:{port}/" in said and "dispatcher" in said and "fleet-demo" in said
        started = children_of(child.pid)
        child.send_signal(number)
        assert child.wait(ENDS_WITHIN_S) == 0
    assert len(started) == 2 and not any(map(is_running, started))
    assert is_free(port)


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    """With the way to take another, and before anything is made."""
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with demo(tmp_path, port) as child:
            assert child.wait(STARTS_WITHIN_S) == 1
            assert child.stderr is not None and f"port {port} is taken" in child.stderr.read()
    assert not list(tmp_path.iterdir())


def test_a_dead_child_ends_the_demo(folder: Path) -> None:
    """With its name; nothing goes on by halves."""
    with demo(folder, free_port()) as child:
        read_until(child, "Ctrl-C ends it")
        server, simulation = sorted(children_of(child.pid))
        os.kill(simulation, signal.SIGKILL)
        assert child.wait(ENDS_WITHIN_S) == 1
        assert child.stderr is not None and "the simulation has ended by itself" in child.stderr.read()
    assert not is_running(server)
