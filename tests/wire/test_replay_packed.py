"""Packed replays: what the browser's reader is held against is what is written."""

import json

from tests.wire.replay_samples import FILE, document


def test_the_samples_of_the_browser_are_what_is_written() -> None:
    """`python -m tests.wire.replay_samples` writes them anew."""
    assert json.loads(FILE.read_text()) == document()
