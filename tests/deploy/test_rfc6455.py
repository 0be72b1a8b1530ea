"""The Autobahn cases against both servers, set up as `manage.py serve` does it."""

from pathlib import Path

import pytest

from benchmarks.autobahn import KNOWN_FAILURES, failures, run_cases
from benchmarks.servers import free_port

AT_ONCE = 8


@pytest.mark.parametrize("server", KNOWN_FAILURES)
def test_no_case_fails_but_those_that_are_named(server: str, tmp_path: Path) -> None:
    """Each of them with its reason."""
    verdicts = run_cases(server, tmp_path / "cases", port=free_port(), at_once=AT_ONCE)
    assert len(verdicts) > 200
    assert failures(verdicts).keys() <= KNOWN_FAILURES[server].keys()
