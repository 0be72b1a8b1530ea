"""A Redis that can be killed and started again on its port."""

import shutil
import signal
from pathlib import Path

from scripts.support.children import LOOPBACK, Child, Children, free_port, wait_until_listening

UP_WITHIN_S = 10.0


class OwnRedis:
    """Runs when made; ends with `children`. It keeps nothing."""

    def __init__(self, children: Children, folder: Path, *, port: int = 0) -> None:
        self._children = children
        self._folder = folder
        self._port = port or free_port()
        self._child: Child | None = None
        self.url = f"redis://{LOOPBACK}:{self._port}/0"
        self.start()

    def start(self) -> None:
        """Returns once it answers."""
        program = shutil.which("redis-server") or shutil.which("valkey-server")
        assert program, "install redis-server"
        options = ["--bind", LOOPBACK, "--port", str(self._port), "--save", "", "--appendonly", "no"]
        with (self._folder / "redis.log").open("ab") as log:
            child = self._children.start([program, *options], folder=self._folder, log=log, errors=log)
        assert wait_until_listening(child, self._port, within_s=UP_WITHIN_S), "Redis has not started"
        self._child = child

    def kill(self) -> None:
        """SIGKILL."""
        self.signal(signal.SIGKILL)
        assert self._child is not None
        self._child.wait()

    def signal(self, number: signal.Signals) -> None:
        """SIGSTOP makes it hang until SIGCONT."""
        assert self._child is not None
        self._child.send_signal(number)
