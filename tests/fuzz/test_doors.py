"""Every door of a running server under malformed input; `make bench ARGS=fuzz` sends 10,000 to each."""

from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.fuzz import DOORS, knock
from benchmarks.servers import Product, Server, running
from scripts.support.children import free_port

COUNT = 200

Running = tuple[Server, dict[str, Any]]


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def product(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    office = Product(tmp_path_factory.mktemp("fuzz") / "office", vehicles=20, dispatchers=3)
    with running(office.serve(port=free_port(), server=request.param)) as server:
        yield server, office.office


@pytest.mark.parametrize("door", DOORS)
def test_malformed_input_has_an_answer_and_leaves_no_traceback(product: Running, door: str) -> None:
    """No failure of the server, whatever comes."""
    server, office = product
    findings = knock(server, office, door, count=COUNT, seed=door)
    assert not findings.faults
    assert len(findings.answers) > 1
