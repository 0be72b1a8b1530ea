"""Other methods than GET."""

import pytest

from tests.api.conftest import Fleet, assert_is_problem

TRACK = "vehicles/bus-1/track?from=2026-01-01T09:00:00Z&to=2026-01-01T10:00:00Z"


@pytest.mark.parametrize("path", ["vehicles", "vehicles/bus-1", "regions", TRACK])
async def test_head_is_the_head_of_get(fleet: Fleet, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """A track's rows are not even read."""
    fleet.store(fleet.make_fix())
    async with fleet.as_user("chief") as client:
        whole = await client.get(path)
        monkeypatch.setattr(fleet.telemetry, "load_columns", None)
        head = await client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == whole.headers


async def test_head_of_what_is_not_there_is_not_found(fleet: Fleet) -> None:
    async with fleet.as_user("chief") as client:
        assert (await client.head("vehicles/bus-9")).status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_method_that_is_not_there_is_a_problem_that_names_those_that_are(fleet: Fleet, method: str) -> None:
    async with fleet.as_user("chief") as client:
        response = await client.request(method, "vehicles/bus-1")
    assert_is_problem(response, 405)
    assert response.headers["allow"] == "GET, HEAD"
