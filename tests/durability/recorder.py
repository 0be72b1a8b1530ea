"""Records the calls by which SQLite changes files: a VFS of its own in the very library that the sqlite3 module uses.

It is the default VFS with some functions replaced: they note the call and pass it on. So the product runs unchanged, and a clean
machine needs no tracer, compiler or package. A call is noted before it is made, a sync when it has returned.
"""

import _sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import (
    CDLL,
    CFUNCTYPE,
    POINTER,
    Structure,
    addressof,
    c_char_p,
    c_int,
    c_int64,
    c_void_p,
    cast,
    pointer,
    string_at,
)
from pathlib import Path
from typing import Any, NamedTuple

SQLITE_OK = 0
OPEN_CREATE = 0x4
Close = CFUNCTYPE(c_int, c_void_p)
Write = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
Truncate = CFUNCTYPE(c_int, c_void_p, c_int64)
Sync = CFUNCTYPE(c_int, c_void_p, c_int)
Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, POINTER(c_int))
Delete = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
OpenDirectory = CFUNCTYPE(c_int, c_char_p, POINTER(c_int))
SetSystemCall = CFUNCTYPE(c_int, c_void_p, c_char_p, c_void_p)
GetSystemCall = CFUNCTYPE(c_void_p, c_void_p, c_char_p)


class IoMethods(Structure):
    """sqlite3_io_methods, version 3; what is not replaced is carried over."""

    _fields_ = [
        ("version", c_int), ("close", c_void_p), ("read", c_void_p), ("write", Write), ("truncate", Truncate),
        ("sync", Sync), ("others", c_void_p * 13),
    ]  # fmt: skip


class OpenFile(Structure):
    """sqlite3_file: what every VFS's files begin with."""

    _fields_ = [("methods", POINTER(IoMethods))]


class Vfs(Structure):
    """sqlite3_vfs, version 3."""

    _fields_ = [
        ("version", c_int), ("file_bytes", c_int), ("longest_path", c_int), ("next", c_void_p), ("name", c_char_p),
        ("data", c_void_p), ("open", Open), ("delete", Delete), ("others", c_void_p * 11),
        ("set_system_call", SetSystemCall), ("get_system_call", GetSystemCall), ("next_system_call", c_void_p),
    ]  # fmt: skip


class Call(NamedTuple):
    """`name`: of the file. `kind`: create, delete, write, truncate, sync, or sync_folder, which makes names durable."""

    kind: str
    name: str = ""
    offset: int = 0
    data: bytes = b""


class Recorder:
    """Notes what happens to files in `folder`."""

    def __init__(self, folder: Path, log: list[Any]) -> None:
        self._log = log
        self._folder = folder
        self._names: dict[int, str] = {}
        self._methods: dict[int, tuple[IoMethods, IoMethods]] = {}
        self._sqlite = library()
        self._default = Vfs.from_address(self._sqlite.sqlite3_vfs_find(None))
        self._vfs = Vfs.from_buffer_copy(self._default)
        self._vfs.name = b"recorder"
        self._vfs.open, self._vfs.delete = Open(self._open), Delete(self._delete)
        self._open_folder = OpenDirectory(self._default.get_system_call(addressof(self._default), b"openDirectory"))
        self._noted_open_folder = OpenDirectory(self._sync_folder)

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Every connection made inside is recorded; close it inside as well."""
        self._sqlite.sqlite3_vfs_register(pointer(self._vfs), 1)
        self._replace_system_call(cast(self._noted_open_folder, c_void_p))
        try:
            yield
        finally:
            self._replace_system_call(None)
            self._sqlite.sqlite3_vfs_unregister(pointer(self._vfs))
        assert any(call.kind == "sync" for call in self._log if isinstance(call, Call)), "SQLite passed by the recorder"

    def _replace_system_call(self, function: c_void_p | None) -> None:
        """None puts the system's own back."""
        self._default.set_system_call(addressof(self._default), b"openDirectory", function)

    def _open(self, _vfs: int, path: int | None, file: int, flags: int, out: Any) -> int:
        name = self._name_of(string_at(path)) if path else ""
        is_new = bool(name) and flags & OPEN_CREATE and not (self._folder / name).exists()
        code: int = self._default.open(addressof(self._default), path, file, flags, out)
        if name and code == SQLITE_OK:
            if is_new:
                self._log.append(Call("create", name))
            self._names[file] = name
            opened = OpenFile.from_address(file)
            opened.methods = pointer(self._noting(opened.methods))
        return code

    def _name_of(self, path: bytes) -> str:
        """Empty for what is not in the folder."""
        found = Path(path.decode())
        return found.name if found.parent == self._folder else ""

    def _noting(self, methods: Any) -> IoMethods:
        """The same methods, which note; one copy for each kind of file."""
        address = addressof(methods.contents)
        if address not in self._methods:
            own, noting = methods.contents, IoMethods.from_buffer_copy(methods.contents)

            def write(file: int, data: int, size: int, offset: int) -> int:
                self._log.append(Call("write", self._names[file], offset, string_at(data, size)))
                return int(own.write(file, data, size, offset))

            def truncate(file: int, size: int) -> int:
                self._log.append(Call("truncate", self._names[file], size))
                return int(own.truncate(file, size))

            def sync(file: int, flags: int) -> int:
                code = int(own.sync(file, flags))
                self._log.append(Call("sync", self._names[file]))
                return code

            noting.write, noting.truncate, noting.sync = Write(write), Truncate(truncate), Sync(sync)
            self._methods[address] = own, noting
        return self._methods[address][1]

    def _delete(self, _vfs: int, path: bytes, sync_folder: int) -> int:
        if name := self._name_of(path):
            self._log.append(Call("delete", name))
        return int(self._default.delete(addressof(self._default), path, sync_folder))

    def _sync_folder(self, path: bytes, descriptor: Any) -> int:
        """SQLite opens a folder for no other purpose, and syncs it at once."""
        if Path(path.decode()).parent == self._folder:
            self._log.append(Call("sync_folder"))
        return self._open_folder(path, descriptor)


def library() -> CDLL:
    """The SQLite that the sqlite3 module calls: a shared library, or a part of the module."""
    maps = Path("/proc/self/maps").read_text().splitlines()
    paths = [line.split()[-1] for line in maps if "libsqlite3" in line] or [_sqlite3.__file__]
    sqlite = CDLL(paths[0])
    sqlite.sqlite3_vfs_find.restype = c_void_p
    return sqlite
