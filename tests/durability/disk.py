"""What a disk may have of files when the power fails: all that was synced, and anything of what was written since."""

from collections.abc import Iterable
from pathlib import Path
from random import Random

from tests.durability.recorder import Call

SECTOR_BYTES = 512  # a disk writes one whole or not at all


class File:
    """`synced` is on the disk for certain; `since` are the calls after the last sync."""

    def __init__(self) -> None:
        self.synced = bytearray()
        self.since: list[Call] = []

    def sync(self) -> None:
        for call in self.since:
            apply(self.synced, call)
        self.since = []

    def left_by_power_cut(self, chance: Random) -> bytes:
        """Each sector is as some number of the calls left it, and so is the size: none, all, a torn prefix, or any."""
        calls = len(self.since)
        torn_at = chance.randint(0, calls)
        low, high = chance.choice(((0, 0), (calls, calls), (torn_at, min(torn_at + 1, calls)), (0, calls)))
        seen_calls: dict[int, int] = {}
        image, whole, sizes = bytearray(self.synced), bytearray(self.synced), [len(self.synced)]
        for number, call in enumerate(self.since):
            apply(whole, call)
            sizes.append(len(whole))
            end = call.offset + len(call.data) if call.kind == "write" else len(image)
            for sector in range(call.offset // SECTOR_BYTES, -(-end // SECTOR_BYTES)):
                if number < seen_calls.setdefault(sector, chance.randint(low, high)):
                    apply_within(image, call, sector * SECTOR_BYTES, (sector + 1) * SECTOR_BYTES)
        size = sizes[chance.randint(low, high)]
        return bytes(image[:size].ljust(size, b"\0"))


def apply(image: bytearray, call: Call) -> None:
    if call.kind == "truncate":
        del image[call.offset :]
        image.extend(bytes(call.offset - len(image)))
    else:
        write(image, call.offset, call.data)


def apply_within(image: bytearray, call: Call, start: int, end: int) -> None:
    """As `apply`, of the bytes from start to end alone; the size never shrinks."""
    first = max(start, call.offset)
    if call.kind == "truncate":
        write(image, first, bytes(max(0, min(end, len(image)) - first)))
    else:
        write(image, first, call.data[first - call.offset : end - call.offset])


def write(image: bytearray, offset: int, data: bytes) -> None:
    image.extend(bytes(max(0, offset - len(image))))
    image[offset : offset + len(data)] = data


class Disk:
    """One folder. A name that was made or deleted since the folder's last sync may be there or not."""

    def __init__(self) -> None:
        self._files: dict[str, File] = {}
        self._synced_names: dict[str, File] = {}
        self._renamed: list[tuple[str, File | None]] = []

    def run(self, calls: Iterable[object]) -> None:
        """What else is in the log passes by."""
        for call in calls:
            if isinstance(call, Call):
                self._run(call)

    def _run(self, call: Call) -> None:
        match call.kind:
            case "create":
                self._files[call.name] = File()
                self._renamed.append((call.name, self._files[call.name]))
            case "delete":
                self._files.pop(call.name, None)
                self._renamed.append((call.name, None))
            case "sync":
                self._files[call.name].sync()
            case "sync_folder":
                self._synced_names, self._renamed = dict(self._files), []
            case _:
                self._files[call.name].since.append(call)

    def write_out(self, folder: Path, chance: Random) -> None:
        """One of the ways in which a power cut could leave the folder now."""
        names = dict(self._synced_names)
        for name, file in self._renamed:
            if chance.random() < 0.5:
                names.pop(name, None)
                names |= {} if file is None else {name: file}
        for name, file in names.items():
            (folder / name).write_bytes(file.left_by_power_cut(chance))
