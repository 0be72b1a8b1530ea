"""What machines ask a process about itself."""

from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.transports.conftest import Process
from tests.transports.test_websocket import item
from tracking.domain.errors import Unavailable

ELSEWHERE = ("203.0.113.9", 4711)
THIS_MACHINE = ("127.0.0.1", 4711)


async def ask(process: Process, path: str, *, client: tuple[str, int] = ELSEWHERE, **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=process.application, client=client)
    async with httpx.AsyncClient(transport=transport, base_url="http://any-name") as asker:
        return await asker.get(path, headers=headers)


async def samples(process: Process) -> dict[tuple[str, ...], float]:
    """By name and the values of its labels."""
    text = (await ask(process, "/metrics", client=THIS_MACHINE)).text
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_a_process_is_alive_and_ready(process: Process) -> None:
    for path in ("/healthz", "/readyz"):
        answer = await ask(process, path)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")


async def test_one_that_drains_is_alive_and_not_ready(process: Process) -> None:
    await process.fleet.drain.run(spread_s=0)
    assert (await ask(process, "/healthz")).status_code == 200
    answer = await ask(process, "/readyz")
    assert (answer.status_code, answer.text) == (503, "draining\n")


async def test_one_whose_store_is_away_is_not_ready(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> Any:
        raise Unavailable("away")

    assert (await ask(process, "/readyz")).status_code == 200
    monkeypatch.setattr(process.fleet.telemetry, "read", away)
    assert (await ask(process, "/readyz")).status_code == 503
    monkeypatch.undo()
    assert (await ask(process, "/readyz")).status_code == 200


async def test_fixes_are_counted_by_what_became_of_them(process: Process) -> None:
    async with process.http() as client:
        await client.post("fixes", json=[item(), item(1)])
        await client.post("fixes", json=[item(), item(lat=99)])
    seen = await samples(process)
    assert seen["fleet_fixes_total", "stored"] == 2
    assert seen["fleet_fixes_total", "duplicate"] == 1
    assert seen["fleet_fixes_refused_total", "lat_out_of_range"] == 1
    assert seen["fleet_commit_fixes_sum",] == 3
    assert seen["fleet_commit_fixes_bucket", "1.0"] == 1
    assert seen["fleet_commit_seconds_bucket", "+Inf"] == 2


async def test_open_connections_are_counted_by_way(process: Process) -> None:
    socket = await process.connect("boss")
    await socket.join("region:all")
    seen = await samples(process)
    assert (seen["fleet_under_way", "websocket"], seen["fleet_under_way", "http"]) == (1, 1)
    assert (seen["fleet_bus_stale",], seen["fleet_draining",]) == (0, 0)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via"])
async def test_metrics_are_not_for_whom_a_proxy_brings(process: Process, header: str) -> None:
    answer = await ask(process, "/metrics", client=THIS_MACHINE, **{header: "127.0.0.1"})
    assert answer.status_code == 403


async def test_metrics_are_not_for_strangers_without_the_token(process: Process) -> None:
    assert (await ask(process, "/metrics")).status_code == 403
    assert (await ask(process, "/metrics", Authorization="Bearer ")).status_code == 403


async def test_metrics_are_for_who_shows_the_token(process: Process) -> None:
    from django.test import override_settings

    from fleet.asgi import django_application
    from tracking.wiring import make_application

    with override_settings(METRICS_TOKEN="let-me-in"):
        process.application = make_application(process.fleet, django_application)
    assert (await ask(process, "/metrics", Authorization="Bearer let-me-in")).status_code == 200
    assert (await ask(process, "/metrics", Authorization="Bearer let-me-out")).status_code == 403
