"""What a command that deletes telemetry needs: the store's writing connection, which SQLite gives to one process only."""

from collections.abc import Iterator
from contextlib import contextmanager

from tracking.storage.pruning import Chore, Do
from tracking.storage.telemetry import Telemetry


@contextmanager
def owning(telemetry: Telemetry) -> Iterator[Do]:
    """Raises Unavailable when a server holds it."""
    writer = telemetry.open_writer()

    def do(chore: Chore) -> int:
        with writer.transaction() as transaction:
            return chore(transaction)

    try:
        yield do
    finally:
        writer.close()
