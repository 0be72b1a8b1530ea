"""A PostgreSQL whose disk can be made full: on a tmpfs in a mount namespace of its own, which takes root."""

from pathlib import Path
from typing import IO

from scripts.support.children import Child, Children
from scripts.support.postgres import Cluster, find_program
from tests.durability.full_disk import fill_up

MOUNTED_MB = 120
MOUNT = (
    'mount -t tmpfs -o size={mb}m,mode=711 none "$1" && cp -a "$0" "$1/" && user=$2 && cd "$1" && shift 2'
    ' && exec setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups "$@"'
)


class SmallCluster(Cluster):
    """Begins as a copy of the one that was made in `folder`."""

    def __init__(self, children: Children, folder: Path) -> None:
        initdb, server = find_program("initdb"), find_program("postgres")
        assert initdb and server, "install postgresql"
        super().__init__(children, folder, initdb=initdb, server=server)
        self._made = self.data
        self._mounted = folder / "mounted"
        self._mounted.mkdir()
        self._filler = Path()

    def _launch(self, log: IO[bytes]) -> Child:
        self.data = self._mounted / self._made.name
        script = MOUNT.format(mb=MOUNTED_MB)
        words = [
            "unshare",
            "-m",
            "sh",
            "-c",
            script,
            str(self._made),
            str(self._mounted),
            str(self.user),
            *self.command,
        ]
        child = self._children.start(words, log=log, errors=log)
        self._filler = Path(f"/proc/{child.pid}/root{self._mounted}/filler")
        return child

    def fill(self) -> None:
        fill_up(self._filler)

    def empty(self) -> None:
        self._filler.unlink()
