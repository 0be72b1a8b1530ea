"""Servers whose disk can be made full and given space again, without rights that a test may not have."""

import errno
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from benchmarks.servers import Product, Server, running

MOUNTED_MB = 24
MOUNT = 'mount -t tmpfs -o size={mb}m none "$0" && cp -a "$1/." "$0" && shift && exec "$@"'


class Disk(Protocol):
    server: Server

    def fill(self) -> None: ...

    def empty(self) -> None: ...


class SmallDisk:
    """A tmpfs in a mount namespace of the server's own, which ends with it: ENOSPC, as any full disk."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server = server
        self._filler = Path(f"/proc/{server.pid}/root{folder}/filler")

    def fill(self) -> None:
        fill_up(self._filler)

    def empty(self) -> None:
        self._filler.unlink()


class LimitedFiles:
    """The server may write no byte to any file: EFBIG, which SQLite tells as an input/output error."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def fill(self) -> None:
        resource.prlimit(self.server.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))

    def empty(self) -> None:
        resource.prlimit(self.server.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def fill_up(filler: Path) -> None:
    """Takes all space there is."""
    with filler.open("wb", buffering=0) as file:
        for size in (64 * 1024, 512):
            try:
                while True:
                    file.write(bytes(size))
            except OSError as error:
                assert error.errno == errno.ENOSPC


def may_mount() -> bool:
    """As root, or where people may make namespaces."""
    if shutil.which("unshare") is None:
        return False
    done = subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False)
    return done.returncode == 0


@contextmanager
def on_small_disk(product: Product, *, port: int) -> Iterator[Disk]:
    """The server has its data folder on it, begun as a copy of the product's."""
    mounted = product.folder.with_name("mounted")
    mounted.mkdir()
    serve = [sys.executable, "manage.py", "serve", "--port", str(port)]
    script = MOUNT.format(mb=MOUNTED_MB)
    command = ["unshare", "-rm", "sh", "-c", script, str(mounted), str(product.folder), *serve]
    env = {"FLEET_DATA_DIR": str(mounted), "LOG_LEVEL": "WARNING"}
    log = product.folder.with_name("server.log")
    with running(Server("product on a small disk", command, port=port, env=env, log=log)) as server:
        yield SmallDisk(server, mounted)


@contextmanager
def with_limited_files(product: Product, *, port: int) -> Iterator[Disk]:
    with running(product.serve(port=port)) as server:
        yield LimitedFiles(server)
