"""A PostgreSQL whose user may create databases."""

import getpass
import os
import pwd
import shutil
import signal
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg

from .children import LOOPBACK, Child, Children, free_port, wait_until_listening
from .provision import Missing, Say, run_quietly

PORT = 5432
DATABASES = ("postgres", "template1")
SOCKET_FOLDERS = ("/var/run/postgresql", "/tmp")
STARTS_WITHIN_S = 30.0
MAY_CREATE = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"


class Postgres:
    name = "PostgreSQL"
    variable = "TEST_DATABASE_URL"
    packages: Sequence[str] = ("postgresql",)
    advice = "set DATABASE_URL=postgresql://user:password@host/database of a user who may create databases"

    def find_given(self, environment: Mapping[str, str], say: Say) -> str | None:
        url = environment.get("DATABASE_URL", "")
        if not url.startswith(("postgresql:", "postgres:")):
            return None
        if may_create_databases(url):
            return url
        say("PostgreSQL: the user in DATABASE_URL cannot connect or may not create databases; looking for another")
        return None

    def find_running(self) -> str | None:
        return next((url for url in standard_urls() if may_create_databases(url)), None)

    def start(self, children: Children, folder: Path, say: Say) -> str | None:
        if (initdb := find_program("initdb")) is None or (server := find_program("postgres")) is None:
            return None
        say("PostgreSQL: starting a private one for this run")
        cluster = Cluster(children, folder, initdb=initdb, server=server)
        cluster.start()
        return cluster.url


class Cluster:
    """A private one with its data below `folder`. PostgreSQL refuses root, so that root runs it as another user."""

    def __init__(self, children: Children, folder: Path, *, initdb: Path, server: Path) -> None:
        self._children = children
        self.user = unprivileged_user() if os.geteuid() == 0 else None
        self.data = make_folder(folder, self.user)
        self._log = folder / "postgres.log"
        self._server = server
        self._port = free_port()
        self._child: Child | None = None
        self.url = f"postgresql://postgres@{LOOPBACK}:{self._port}/postgres"
        run_quietly(
            [str(initdb), "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8"],
            folder=self.data,
            user=self.user,
        )

    def start(self) -> None:
        """Returns once it answers. Raises Missing with its log when it does not."""
        with self._log.open("ab") as sink:
            child = self._launch(sink)
        if not wait_until_listening(child, self._port, within_s=STARTS_WITHIN_S):
            raise Missing(f"PostgreSQL has not started:\n{self._log.read_text()[-4000:]}")
        self._child = child

    def _launch(self, log: IO[bytes]) -> Child:
        return self._children.start(self.command, folder=self.data, user=self.user, log=log, errors=log)

    @property
    def command(self) -> list[str]:
        settings = [f"listen_addresses={LOOPBACK}", f"port={self._port}", "unix_socket_directories="]
        return [str(self._server), "-D", str(self.data), *(word for setting in settings for word in ("-c", setting))]

    def kill(self) -> None:
        """As `pg_ctl stop -m immediate`: all its processes end at once, and the next start recovers from the log."""
        assert self._child is not None
        self._child.send_signal(signal.SIGQUIT)
        self._child.wait()


def standard_urls() -> Iterator[str]:
    """By loopback and by local socket, for each user who might be the right one."""
    sockets = [quote(folder, safe="") for folder in SOCKET_FOLDERS if Path(folder, f".s.PGSQL.{PORT}").exists()]
    for host in (LOOPBACK, *sockets):
        for user in dict.fromkeys((getpass.getuser(), "postgres", "root")):
            for database in DATABASES:
                yield f"postgresql://{user}@{host}:{PORT}/{database}"


def may_create_databases(url: str) -> bool:
    """Whether one can connect, and that user has the right."""
    with suppress(psycopg.OperationalError), psycopg.connect(url, connect_timeout=3) as connection:
        row = connection.execute(MAY_CREATE).fetchone()
        return row is not None and bool(row[0])
    return False


def find_program(name: str) -> Path | None:
    """In PATH, else where Debian keeps it: the newest version's, as a number."""
    if given := shutil.which(name):
        return Path(given).resolve()
    kept = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    return max(kept, key=lambda path: float(path.parts[-3]), default=None)


def unprivileged_user() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def make_folder(parent: Path, user: str | None) -> Path:
    """For the cluster's data, owned by `user`, who can reach it through `parent`."""
    parent.chmod(0o711)
    data = Path(tempfile.mkdtemp(prefix="postgres-", dir=parent))
    if user:
        shutil.chown(data, user)
    return data
