"""Fake servers, and no waiting between tries."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.clients.fake_server import FakeHttp, FakeLive, fake_http, fake_live


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jitter of a hundredth."""
    monkeypatch.setattr("fleet_client.backoff.FIRST_BOUND_S", 0.005)


@pytest.fixture
def http() -> Iterator[FakeHttp]:
    with fake_http() as server:
        yield server


@pytest.fixture
async def live() -> AsyncIterator[FakeLive]:
    async with fake_live() as server:
        yield server
