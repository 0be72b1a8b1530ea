"""Child processes that end when their parent is done with them."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

LOOPBACK = "127.0.0.1"
STOP_WITHIN_S = 10.0
POLL_S = 0.05

Child = subprocess.Popen[bytes]


class Children:
    """Ends all it started, the newest first: a signal, a bounded wait, then a kill.

    Each child leads a session of its own, so that Ctrl-C reaches the parent alone, which then ends them in order.
    """

    def __init__(self) -> None:
        self._running: list[Child] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._running:
            end(self._running.pop())

    def start(
        self,
        command: Sequence[str],
        *,
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
        log: IO[bytes] | int | None = None,
        errors: IO[bytes] | int | None = None,
    ) -> Child:
        """`user` is who runs it (None: who runs this); `log` and `errors` take its output (None: shown)."""
        child = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            user=user,
            group=user and primary_group(user),
            extra_groups=[] if user else None,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=errors,
            start_new_session=True,
        )
        self._running.append(child)
        return child


def end(child: Child, *, within_s: float = STOP_WITHIN_S) -> None:
    """Asks with SIGTERM and insists with SIGKILL once the time is over, which reaches its own children as well."""
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(within_s)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def primary_group(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


def free_port() -> int:
    """A loopback port that is given to nobody else while this process runs, for a server that sets SO_REUSEADDR."""
    bound = socket.socket()
    bound.bind((LOOPBACK, 0))
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    port: int = bound.getsockname()[1]
    bound.detach()  # bound as long as the process lives, and never listening
    return port


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def wait_until_listening(child: Child, port: int, *, within_s: float) -> bool:
    """False when the child ends, or the time does, before its port answers."""
    deadline_s = time.monotonic() + within_s
    while child.poll() is None and time.monotonic() < deadline_s:
        try:
            socket.create_connection((LOOPBACK, port), timeout=1).close()
        except OSError:
            time.sleep(POLL_S)
        else:
            return True
    return False
