"""A PostgreSQL whose user may create databases."""

import getpass
import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psycopg

from .children import LOOPBACK, Children, free_port, wait_until_listening
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
        """A private cluster. PostgreSQL refuses root, so that root starts it as another user."""
        if (initdb := find_program("initdb")) is None or (server := find_program("postgres")) is None:
            return None
        say("PostgreSQL: starting a private one for this run")
        user = unprivileged_user() if os.geteuid() == 0 else None
        data = make_folder(folder, user)
        run_quietly(
            [str(initdb), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8"],
            folder=data,
            user=user,
        )
        port = free_port()
        settings = [f"listen_addresses={LOOPBACK}", f"port={port}", "unix_socket_directories="]
        command = [str(server), "-D", str(data), *(word for setting in settings for word in ("-c", setting))]
        log = folder / "postgres.log"
        with log.open("wb") as sink:
            child = children.start(command, folder=data, user=user, log=sink, errors=sink)
        if not wait_until_listening(child, port, within_s=STARTS_WITHIN_S):
            raise Missing(f"PostgreSQL has not started:\n{log.read_text()[-4000:]}")
        return f"postgresql://postgres@{LOOPBACK}:{port}/postgres"


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
