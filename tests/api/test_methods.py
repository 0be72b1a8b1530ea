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


async def test_what_was_sent_is_named(fleet: Fleet) -> None:
    """Though HEAD is answered as GET."""
    async with fleet.as_user("chief") as client:
        got, headed = [await client.request(method, "alerts/1/acknowledge") for method in ("GET", "HEAD")]
    assert int(headed.headers["content-length"]) == int(got.headers["content-length"]) + 1


async def test_a_path_with_a_zero_character_leads_nowhere(fleet: Fleet) -> None:
    """PostgreSQL would take it for a failure."""
    async with fleet.as_user("chief") as client:
        response = await client.get("regions/ha%00ga")
    assert_is_problem(response, 404)
    assert response.json()["detail"] == "There is nothing at '/api/v1/regions/ha\\x00ga'."


@pytest.mark.parametrize("path", ["vehicles", "fleet/summary?day=2026-01-01&format=csv", TRACK, f"{TRACK}&format=csv"])
@pytest.mark.parametrize("named", ["*", "the one"])
async def test_a_304_says_nothing_of_the_type(fleet: Fleet, path: str, named: str) -> None:
    """A cache would take it for that of its copy (RFC 9111, section 3.2)."""
    fleet.store(fleet.make_fix())
    async with fleet.as_user("chief") as client:
        etag = (await client.get(path)).headers["etag"]
        again = await client.get(path, headers={"If-None-Match": named.replace("the one", etag)})
    assert (again.status_code, "content-type" in again.headers) == (304, False)
