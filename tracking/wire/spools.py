"""Bytes that a format writes after others that come at the same time."""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile

SPOOL_MEMORY_BYTES = 1 << 20
CHUNK_BYTES = 1 << 18


class Spool:
    """In memory up to SPOOL_MEMORY_BYTES, then in a temporary file; a second reading of the store might find more fixes than the first."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=SPOOL_MEMORY_BYTES)  # noqa: SIM115  close() ends it

    def write(self, content: bytes) -> None:
        self._file.write(content)

    def drain(self) -> Iterator[bytes]:
        """All that was written; it is empty afterwards."""
        self._file.seek(0)
        while chunk := self._file.read(CHUNK_BYTES):
            yield chunk
        self._file.seek(0)
        self._file.truncate()

    def close(self) -> None:
        self._file.close()
