"""The disk under SQLite is full for a while, under office and telemetry alike."""

import asyncio
import json
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from benchmarks.crashes import load_track, start_ms
from benchmarks.knocking import Answer, Knocker
from benchmarks.load.dispatcher import Dispatcher, holds, running
from benchmarks.outages import make_dispatcher
from benchmarks.servers import Product, temporary_folder
from benchmarks.servers import running as running_server
from fleet_client.http import Answer as HttpAnswer
from fleet_client.http import Exchange
from fleet_client.login import cookie
from scripts.support.children import Children, free_port
from tests.durability.full_disk import Disk, may_mount, on_small_disk, with_limited_files
from tests.durability.small_cluster import SmallCluster

READING = ("vehicles", "events", "poll", "page", "ready")
WRITING = ("fixes", "phones", "message")
KEPT_WITHIN_S, LOOK_S = 20.0, 0.2
BAD_FIX = b'{"fix_time": 1, "lat": 91, "lon": 0}'
WAYS = [
    pytest.param(
        on_small_disk,
        id="no space",
        marks=pytest.mark.skipif(
            not may_mount(), reason="a small disk takes root or user namespaces: `unshare -rm mount`"
        ),
    ),
    pytest.param(with_limited_files, id="no file may grow"),
]


async def ask_once(url: str, method: str, path: str, token: str, body: bytes = b"") -> HttpAnswer:
    exchange = Exchange(url)
    answer = await asyncio.to_thread(exchange.request, method, path, body, {"Authorization": f"Bearer {token}"})
    exchange.abort()
    return answer


class Trial:
    """One server and what is asked of it."""

    def __init__(self, product: Product, url: str) -> None:
        self._vehicle, self._reader = product.office["vehicles"][-1], product.office["reader_token"]
        self._url = url
        self._session = product.office["sessions"][0]
        self.knocker = Knocker(url, product.office)
        self.dispatcher = self.new_dispatcher()

    def new_dispatcher(self) -> Dispatcher:
        return make_dispatcher(self._url, self._session)

    async def ask(self, method: str, path: str, token: str, body: bytes = b"") -> Any:
        answer = await ask_once(self._url, method, path, token, body)
        assert answer.status == 200, answer
        return json.loads(answer.body)

    async def refuse_one(self) -> None:
        """Its tally is the office's to write."""
        answer = await self.ask("POST", "/api/v1/fixes", self._vehicle["token"], BAD_FIX)
        assert answer["refused"][0]["reason"] == "lat_out_of_range"

    async def log_out(self) -> tuple[int, str | None]:
        """Status and Retry-After; the session is the office's to delete."""
        exchange = Exchange(self._url)
        page = await asyncio.to_thread(exchange.request, "GET", "/login/", b"", {})
        csrf = cookie(page, "csrftoken")
        headers = {"Cookie": f"sessionid={self._session}; csrftoken={csrf}", "X-CSRFToken": str(csrf)}
        answer = await asyncio.to_thread(exchange.request, "POST", "/logout/", b"", headers)
        exchange.abort()
        return answer.status, answer.headers["Retry-After"]

    async def refusals(self) -> list[int]:
        page = await self.ask("GET", "/api/v1/refusals", self._reader)
        return [item["count"] for item in page["items"]]

    def answers_since(self, first: int, doors: tuple[str, ...]) -> list[Answer]:
        return [answer for answer in self.knocker.answers[first:] if answer.door in doors]


@pytest.mark.parametrize("on_disk", WAYS)
async def test_a_full_disk_stops_writing_alone_and_for_as_long_as_it_is_full(
    on_disk: Callable[..., AbstractContextManager[Disk]], tmp_path: Path
) -> None:
    """Who writes hears 503 with Retry-After; reading, pages and live go on; what was acknowledged is kept."""
    product, port = Product(tmp_path / "fleet", vehicles=20, dispatchers=3), free_port()
    trial = Trial(product, f"http://127.0.0.1:{port}")
    knocker = trial.knocker
    with on_disk(product, port=port) as disk:
        async with running(trial.dispatcher.watch()), knocker.knocking():
            await knocker.until_all_well()
            disk.fill()
            filled = len(knocker.answers)
            await holds(lambda: all(knocker.busy(door) for door in WRITING))
            await trial.refuse_one()
            assert await trial.log_out() == (503, "1")
            async with running(trial.new_dispatcher().watch()):
                await asyncio.sleep(1)
            assert {answer.status for answer in trial.answers_since(filled, READING)} == {200}
            disk.empty()
            await knocker.until_all_well()
            async with asyncio.timeout(KEPT_WITHIN_S):
                while await trial.refusals() != [1]:  # noqa: ASYNC110
                    await asyncio.sleep(LOOK_S)
        assert knocker.troubles() == []
        assert len(trial.dispatcher.connections) == 1
        stored = load_track(port, product.office["reader_token"], product.office["vehicles"][-1]["slug"])
        assert knocker.acknowledged() <= set(stored)
        assert "Traceback" not in disk.server.log_text()


@pytest.mark.postgres
@pytest.mark.skipif(not (os.geteuid() == 0 and may_mount()), reason="PostgreSQL on a small disk takes root")
async def test_posts_are_put_off_while_postgresql_has_no_space() -> None:
    """Reading goes on, and the next attempt after there is space stores."""
    with temporary_folder() as folder, Children() as children:
        cluster, port = SmallCluster(children, folder), free_port()
        cluster.start()
        product = Product(folder / "fleet", database_url=cluster.url, vehicles=2, dispatchers=1)
        vehicle, reader = product.office["vehicles"][0], product.office["reader_token"]
        with running_server(product.serve(port=port)) as server:
            ask = partial(ask_once, f"http://127.0.0.1:{port}")
            first, second = backlogs(vehicle)
            assert (await ask("POST", "/api/v1/fixes", vehicle["token"], first)).status == 200
            cluster.fill()
            put_off = await ask("POST", "/api/v1/fixes", vehicle["token"], second)
            assert (put_off.status, put_off.headers["Retry-After"]) == (503, "1")
            assert (await ask("GET", "/api/v1/vehicles", reader)).status == 200
            cluster.empty()
            assert (await ask("POST", "/api/v1/fixes", vehicle["token"], second)).status == 200
            assert len(load_track(port, reader, vehicle["slug"])) == 2_000
            assert "Traceback" not in server.log_text()


def backlogs(vehicle: dict[str, Any]) -> list[bytes]:
    """Two posts of a thousand fixes, more than the pages that are there can take."""
    place = {"lat": vehicle["lat"], "lon": vehicle["lon"]}
    fixes = [{"fix_time": start_ms() + i * 1000, **place} for i in range(2_000)]
    return [json.dumps(fixes[:1_000]).encode(), json.dumps(fixes[1_000:]).encode()]
