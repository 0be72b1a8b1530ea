"""The Autobahn cases against both servers, set up as `manage.py serve` does it."""

from pathlib import Path

import pytest

from benchmarks.autobahn import AT_ONCE, KNOWN_FAILURES, Way, failures, run_cases
from scripts.support.children import free_port


@pytest.mark.parametrize("way", KNOWN_FAILURES, ids="-".join)
def test_no_case_fails_but_those_that_are_named(way: Way, tmp_path: Path) -> None:
    """Each of them with its reason."""
    verdicts = run_cases(way, tmp_path / "cases", port=free_port(), at_once=AT_ONCE)
    assert len(verdicts) > 200
    assert failures(verdicts).keys() <= KNOWN_FAILURES[way].keys()
